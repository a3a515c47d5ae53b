"""A local emulator of the Genesys Web Services Chat API v2, written from its OpenAPI document, `openapi.yaml`.

The path of a Leave:

1. `gateway.front` normalises the path and checks access.
2. `gateway.pipeline` finds the operation, authenticates the request, reads and validates the body, and calls the
   handler: `api.chats.perform_chat_operation`. At the start connexion has read the operations from `openapi.yaml` and
   bound them to their handlers (`x-openapi-router-controller` and `operationId`).
3. The handler finds the chat (`domain.repository`). `domain.leave` changes it and returns events.
4. `gateway.notification_queue` has `api.notifier` make a notification of each event, and holds them.
5. `gateway.pipeline` sends the response and releases them. Unless the simulation is off, they pass `simulation.faults`
   and are recorded by `simulation.journal`.
6. `api.notifier` publishes them with `cometd`. The client receives them in the response to its held poll, which is
   another request (`api.cometd_endpoint`).

`gateway.error_responses` turns an exception into the response, unless the response has already started. `app` creates
the objects.

Comments label each choice: documented (by the vendor), observed (in real traffic or a public client) or assumed (ours).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import flask


def create_app() -> flask.Flask:
    """Create the application for `flask --app gws_chat run`, with settings from the environment."""
    from gws_chat.servers.flask_server import create_app  # noqa: PLC0415 - importing the package stays cheap

    return create_app()

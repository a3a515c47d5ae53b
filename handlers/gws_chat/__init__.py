"""A local emulator of the Genesys Web Services Chat API v2, written from its OpenAPI document, `openapi.yaml`.

The path of a Leave:

1. `gateway.front` normalises the path and checks access. connexion routes and authenticates the request.
2. `gateway.pipeline` reads and validates the body and calls the handler that `openapi.yaml` names
   (`x-openapi-router-controller` and `operationId`): `api.chats.perform_chat_operation`.
3. The handler finds the chat (`domain.repository`). `domain.leave` changes it and returns events.
4. `gateway.pipeline` sends the response and then delivers the events (`gateway.event_queue`). Unless the simulation is
   off, `simulation.faults` applies faults to them and `simulation.journal` records them.
5. `api.notifier` turns each event into a notification (`api.serialization.notifications`) and publishes it with
   `cometd`. It leaves with the response of the agent's held poll, another request (`api.cometd_endpoint`).

`gateway.error_responses` turns an exception into the response, unless the response has already started. `app` creates
the objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import flask


def create_app() -> flask.Flask:
    """Create the application for `flask --app gws_chat run`, with settings from the environment."""
    from gws_chat.servers.flask_server import create_app  # noqa: PLC0415 - importing the package stays cheap

    return create_app()

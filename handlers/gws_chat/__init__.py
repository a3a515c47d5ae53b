"""A local emulator of the Genesys Web Services Chat API v2, written from its OpenAPI document, `openapi.yaml`.

The path of a Leave:

1. `servers.http_protocol` parses the request. `gateway.front` normalises its path and checks access.
2. `gateway.pipeline` finds the operation, authenticates the request, reads and validates the body, and calls the
   handler: `api.chats.perform_chat_operation`. Before the first request connexion has read the operations from
   `openapi.yaml` and bound them to their handlers (`x-openapi-router-controller` and `operationId`).
3. The handler finds the chat (`domain.repository`). `domain.leave.leave` changes it and returns events.
4. `gateway.notification_queue` has `create_notification_and_start_timer` (in `app`) make a notification of each event,
   by `Notifier.create_notification` (in `api.notifier`), and holds them.
5. `gateway.pipeline` returns the response. `gateway.front` sends it by `servers.http_protocol` and releases the
   notifications: the queue calls `simulation.Simulation.publish` with each, which applies the faults of
   `simulation.faults`, publishes it by `Notifier.publish`, and records it in `simulation.journal`. If the API for
   tests, `/simulation`, is off, `simulation.NoSimulation` only publishes it.
6. `Notifier.publish` passes the notification as JSON to `cometd.server`, which adds it to the queues of the agent's
   sessions. A client receives it in the response to its held poll, which is another request. To that request
   `api.cometd_endpoint` returns an awaitable; `gateway.front` awaits the body and sends the response.

`gateway.error_responses` turns an exception into the response. `app` creates the objects, and connects those of the
steps 4 to 6.

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

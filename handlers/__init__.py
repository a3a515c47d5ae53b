"""A local stand-in for the Chat API of Genesys Web Services v2, written from its document, openapi.yaml.

The way of a Leave: `gateway` reads, authenticates and validates the request and calls the function that
the document names for it (`x-openapi-router-controller` and `operationId`), in `chats`. That finds the chat
(`domain.repository`), has `domain.leave` change it, gives the events that this returned to the `notifier`,
and answers. After the answer was written (`gateway.after_answer`), `cometd` delivers what `wire` made of
the events. `problems` turns whatever was raised into an answer; `app` puts all of it together, and hands
each function what it names as keywords.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import flask


def create_app() -> flask.Flask:
    """Make the service for Flask's command line, `flask --app handlers run`. Set by the environment."""
    from handlers.command_line import flask_application  # noqa: PLC0415 - importing the package stays cheap

    return flask_application()

"""Unmodified connexion applications, synchronous and asynchronous, with a handler that does nothing."""

from pathlib import Path

import connexion
from connexion.resolver import Resolver

DOCUMENT = Path(__file__).with_name("openapi.yaml")


def agent_of(username, password):
    return {"sub": username} if (username, password) == ("agent1", "secret1") else None


def leave(id, body):  # noqa: A002, ARG001 - connexion passes arguments by name
    return {"statusCode": 0}


async def leave_on_the_loop(id, body):  # noqa: A002, ARG001 - as above
    return {"statusCode": 0}


def flask_app():
    app = connexion.FlaskApp(__name__)
    app.add_api(DOCUMENT, resolver=Resolver(lambda _: leave))
    return app


def async_app():
    app = connexion.AsyncApp(__name__)
    app.add_api(DOCUMENT, resolver=Resolver(lambda _: leave_on_the_loop))
    return app

"""Calling Flask from the event loop, inline.

Replaces a2wsgi's thread pool under connexion's FlaskApp: handlers are in memory and never block, and
inline nothing happens between two of them. No request crosses threads.
"""

from __future__ import annotations

import sys
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import flask
from connexion.frameworks.flask import flaskify_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from connexion.operations import AbstractOperation
    from starlette.types import Scope
    from werkzeug.sansio.response import Response

JSON = "application/json"
ARGUMENTS = "handlers.arguments"
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class FlaskViews:
    """The operations that Flask serves, each a plain view that gets its arguments with the call.

    What it returns is answered as JSON, or as it is, if the document has another media type for it.
    """

    def __init__(self, app: flask.Flask) -> None:
        self._app = app
        self._wsgi_app = app.wsgi_app  # before Flask's own server is given another one
        app.config["PROPAGATE_EXCEPTIONS"] = True  # one table maps errors, and it is connexion's

    def add(self, operation: AbstractOperation) -> None:
        function = operation.function
        (media_type,) = operation.responses["200"]["content"]
        respond: Callable[[Any], Response] = self._app.json.response
        if media_type != JSON:
            respond = partial(flask.Response, content_type=media_type)

        def view(**_: str) -> Response:
            return respond(function(**flask.request.environ[ARGUMENTS]))

        path = flaskify_path(operation.path, operation.get_path_parameter_types())
        self._app.add_url_rule(path, operation.operation_id, view, methods=[operation.method.upper()])

    def call(self, scope: Scope, arguments: dict[str, Any]) -> Answer:
        """Call the view that Flask finds, and return status, headers and body.

        What the view raises comes through.
        """
        started: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], *_: object
        ) -> Callable[[bytes], None]:
            started[:] = status, headers
            return _not_called

        chunks = self._wsgi_app(_environ(scope, arguments), start_response)
        body = b"".join(chunks)
        status, headers = started
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return int(status[:3]), encoded, body


def _environ(scope: Scope, arguments: dict[str, Any]) -> dict[str, Any]:
    """Build what Flask needs to find the view; the request itself has been read already."""
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        ARGUMENTS: arguments,
    }


def _not_called(_: bytes) -> None:
    raise NotImplementedError("a view returns its body")

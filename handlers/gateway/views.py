"""Calling Flask's views from the event loop, inline.

Replaces a2wsgi's thread pool under connexion's FlaskApp: handlers are in memory and never block, and
inline nothing happens between two of them. No request crosses threads. A view runs in Flask's
application context and answers by its JSON provider; Flask's own routing, request, session and response
are left out: connexion has routed and read the request, and it all would be done twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from connexion.frameworks.flask import flaskify_path
from flask.json.provider import JSONProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    import flask
    from connexion.operations import AbstractOperation

JSON = "application/json"
View: TypeAlias = "tuple[Callable[..., bytes], bytes]"


class CompactJSON(JSONProvider):
    """Flask's way to and from JSON, by encoders made once: in the order of the answer, without blanks."""

    _encode = staticmethod(json.JSONEncoder(separators=(",", ":")).encode)

    def dumps(self, obj: Any, **_: Any) -> str:
        return self._encode(obj)

    def loads(self, s: str | bytes, **keywords: Any) -> Any:
        return json.loads(s, **keywords)


class FlaskViews:
    """The operations that Flask serves, each a plain view.

    What a handler returns is answered as JSON, or as it is, if the document has another media type for it.
    """

    def __init__(self, app: flask.Flask) -> None:
        self._app = app

    def add(self, operation: AbstractOperation) -> View:
        """Make the operation a view, and return what calls it with the media type of its answers.

        What the view raises comes through.
        """
        app, function = self._app, operation.function
        (media_type,) = operation.responses["200"]["content"]
        encode: Callable[[Any], str] = str if media_type != JSON else app.json.dumps

        def view(**arguments: Any) -> bytes:
            with app.app_context():
                return encode(function(**arguments)).encode()

        path = flaskify_path(operation.path, operation.get_path_parameter_types())
        app.add_url_rule(path, operation.operation_id, view, methods=[operation.method.upper()])
        return view, media_type.encode()

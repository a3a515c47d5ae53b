"""The innermost application: the OpenAPI documents, Swagger UI, the console. Everything else is an error."""

import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import flask_swagger_ui
from starlette.types import Receive, Scope

from gws_chat.gateway.errors import MethodNotAllowed, PathUnknown
from gws_chat.gateway.openapi import Document
from gws_chat.gateway.responses import Header, Response

File = tuple[Path | bytes, str, list[Header]]  # the file or its content, the media type, the headers
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
# Swagger UI sets styles in elements, and its images are `data:` URLs
SWAGGER_UI_POLICY = f"{POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
NO_REFERRER = (b"referrer-policy", b"no-referrer")
SWAGGER_UI_HEADERS = [(b"content-security-policy", SWAGGER_UI_POLICY.encode()), NO_REFERRER]
CONSOLE_HEADERS = [(b"cache-control", b"no-cache"), (b"content-security-policy", POLICY.encode()), NO_REFERRER]
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
SWAGGER_UI = [
    Path(__file__).with_name("swagger_ui.js"),
    Path(__file__).with_name("swagger_ui.html"),
    *(
        Path(flask_swagger_ui.__file__).with_name("dist") / name
        for name in ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
    ),
]


class StaticFiles:
    """Serves the documents, Swagger UI for each of them, and the files of the folder `console`.

    `documents` maps the base URL path of each document to it. `openapi.yaml`, `openapi.json` and `ui/` are served
    under that path. connexion's own openapi.json is dereferenced and sorted, so generators would find no named schemas
    in it. `allowed_methods` returns the methods of the operations at a path, for a request with another method.
    """

    def __init__(self, documents: Mapping[str, Document], console: Path, allowed_methods: Callable[[str], str]) -> None:
        self._allowed_methods = allowed_methods
        self._files: dict[str, File] = dict(_console_files(console))
        for base, document in documents.items():
            self._files |= dict(_swagger_ui_files(f"{base}ui/"))
            self._files[f"{base}openapi.yaml"] = document.text, "application/yaml", []
            self._files[f"{base}openapi.json"] = json.dumps(document.content).encode(), "application/json", []

    async def respond(self, scope: Scope, receive: Receive) -> Response:
        del receive
        path, method = scope["path"], scope["method"]
        allowed = "GET, HEAD" if self.has(path) else self._allowed_methods(path)
        if not allowed:
            raise PathUnknown(path)
        if not self.has(path) or method not in {"GET", "HEAD"}:
            raise MethodNotAllowed(method, allowed)
        return self._response_to(path)

    def has(self, path: str) -> bool:
        return path in self._files or f"{path}/" in self._files

    def _response_to(self, path: str) -> Response:
        if path not in self._files:
            target = f"{path.rpartition('/')[2]}/"  # relative, as all addresses of Swagger UI
            return Response(HTTPStatus.TEMPORARY_REDIRECT, headers=[(b"location", target.encode())])
        content, media_type, headers = self._files[path]
        if isinstance(content, Path):  # kept in memory, the files of Swagger UI would take 4 MiB
            content = content.read_bytes()
        return Response(200, content, media_type, headers)


def _swagger_ui_files(base: str) -> Iterator[tuple[str, File]]:
    """Yield the path and the file for each: the page is at `base` and shows `../openapi.yaml`."""
    for file in SWAGGER_UI:
        path = base if file.suffix == ".html" else base + file.name
        yield path, (file, MEDIA_TYPES[file.suffix], SWAGGER_UI_HEADERS)


def _console_files(folder: Path) -> Iterator[tuple[str, File]]:
    """Yield the path and the file for each: index.html is at `/`, the others are below `/console/`."""
    for file in folder.iterdir():
        if file.suffix in MEDIA_TYPES:
            path = "/" if file.name == "index.html" else f"/console/{file.name}"
            yield path, (file, MEDIA_TYPES[file.suffix], CONSOLE_HEADERS)

"""The end of the line: the document as it is written, the page at `/`, and for everything else a refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

    File = tuple[bytes, str, dict[str, str]]

PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def methods_of(document: dict[str, Any]) -> Callable[[str], str]:
    """Return what tells the methods of a path, as an Allow header lists them.

    Starlette's own header names only the first method of a path, or is missing.
    """
    paths = [
        (compile_path(path)[0], ", ".join(sorted(_methods(item)))) for path, item in document["paths"].items()
    ]

    def methods(path: str) -> str:
        return next((methods for pattern, methods in paths if pattern.match(path)), "GET, HEAD")

    return methods


def _methods(path_item: dict[str, Any]) -> set[str]:
    methods = {name.upper() for name in path_item} & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return methods | {"HEAD"} if "GET" in methods else methods


def _files_of(page: Path) -> Iterator[tuple[str, File]]:
    """Find the page itself at `/`, and what it is made of below `/page/`."""
    for file in page.iterdir():
        if file.suffix in MEDIA_TYPES:
            address = "/" if file.name == "index.html" else f"/page/{file.name}"
            yield address, (file.read_bytes(), MEDIA_TYPES[file.suffix], PAGE_HEADERS)


class DocumentApp:
    """Serves `/openapi.yaml` and `/openapi.json`, and the files of the folder `page`.

    Connexion's own documents are dereferenced and sorted anew, so that generators find no named schemas.
    """

    def __init__(self, path: Path, document: dict[str, Any], page: Path) -> None:
        self._files: dict[str, File] = {
            "/openapi.yaml": (path.read_bytes(), "application/yaml", {}),
            "/openapi.json": (json.dumps(document).encode(), "application/json", {}),
            **dict(_files_of(page)),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] not in self._files:
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405)
        content, media_type, headers = self._files[scope["path"]]
        await Response(content, headers=headers, media_type=media_type)(scope, receive, send)

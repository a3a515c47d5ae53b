"""The innermost application: openapi.yaml and the files of the console. Everything else is an error."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

File = tuple[bytes, str, dict[str, str]]
CONSOLE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MEDIA_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


class StaticFiles:
    """Serves `/openapi.yaml` and `/openapi.json`, and the files of the folder `console`.

    connexion's own /openapi.json is dereferenced and sorted, so that generators find no named schemas.
    """

    def __init__(self, document_path: Path, document: dict[str, Any], console: Path) -> None:
        self._files: dict[str, File] = {
            "/openapi.yaml": (document_path.read_bytes(), "application/yaml", {}),
            "/openapi.json": (json.dumps(document).encode(), "application/json", {}),
            **dict(_console_files(console)),
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


def _console_files(folder: Path) -> Iterator[tuple[str, File]]:
    """Yield the path and content of each file: index.html is at `/`, the others are below `/page/`."""
    for file in folder.iterdir():
        if file.suffix in MEDIA_TYPES:
            path = "/" if file.name == "index.html" else f"/page/{file.name}"
            yield path, (file.read_bytes(), MEDIA_TYPES[file.suffix], CONSOLE_HEADERS)

"""The end of the line: the document as it is written, and for everything else a refusal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import Receive, Scope, Send


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


class DocumentApp:
    """Serves `/openapi.yaml` and `/openapi.json`.

    Connexion's own are dereferenced and sorted anew, so that generators find no named schemas.
    """

    def __init__(self, path: Path, document: dict[str, Any]) -> None:
        self._files = {
            "/openapi.yaml": (path.read_bytes(), "application/yaml"),
            "/openapi.json": (json.dumps(document).encode(), "application/json"),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] not in self._files:
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405)
        content, media_type = self._files[scope["path"]]
        await Response(content, media_type=media_type)(scope, receive, send)

"""The document as far as connexion needs it, which checks, resolves and copies all it gets several times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = "#/components/schemas/"


def abridged(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is for readers only.

    Of the answers the media type of the good one is kept, of the schemas those that requests are made of.
    """
    components = document["components"]
    paths = _without_answers(document["paths"])
    others = {name: components[name] for name in ("parameters", "securitySchemes")}
    schemas: dict[str, Any] = {}
    wanted = {*_schemas_in(paths), *_schemas_in(others)}
    while wanted:
        name = wanted.pop()
        schemas[name] = components["schemas"][name]
        wanted.update(_schemas_in(schemas[name]))
        wanted -= schemas.keys()
    return {**document, "paths": paths, "components": {**others, "schemas": schemas}}


def _without_answers(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_answers(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {"200": _media_types(value["200"])} if key == "responses" else _without_answers(value)
        for key, value in node.items()
        if key != "examples"
    }


def _media_types(answer: dict[str, Any]) -> dict[str, Any]:
    return {"description": answer["description"], "content": {name: {} for name in answer["content"]}}


def _schemas_in(node: Any) -> Iterator[str]:
    """Find the names of the schemas that are referred to."""
    if isinstance(node, str):
        if node.startswith(SCHEMAS):
            yield node.removeprefix(SCHEMAS)
    elif isinstance(node, dict):
        yield from _schemas_in(list(node.values()))
    elif isinstance(node, list):
        for item in node:
            yield from _schemas_in(item)

"""The examples in openapi.yaml, each with its schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

JSON = "application/json"


@dataclass(frozen=True)
class Example:
    """An example: `place` is its position in the document, `extensions` holds its `x-` members."""

    place: str
    name: str
    value: Any
    schema: dict[str, Any]
    extensions: dict[str, Any]


def resolved(document: dict, node: Any) -> Any:
    """Follow the reference if the node is one."""
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def examples_of(document: dict, holder: dict, place: str) -> Iterator[Example]:
    """Yield the examples of a media type, a parameter, a header or a schema."""
    schema = holder.get("schema", holder)
    if "example" in holder:
        yield Example(place, "example", holder["example"], schema, {})
    for name, reference in holder.get("examples", {}).items():
        example = resolved(document, reference)
        extensions = {key: value for key, value in example.items() if key.startswith("x-")}
        yield Example(place, name, example["value"], schema, extensions)


def all_examples(document: dict) -> Iterator[Example]:
    """Yield every example in the document that has a schema beside it."""
    yield from _below(document, document, "")


def _below(document: dict, node: Any, place: str) -> Iterator[Example]:
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _below(document, item, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    if "schema" in node or "type" in node or "anyOf" in node:
        yield from examples_of(document, node, place)
    for key, value in node.items():
        if key not in {"example", "examples"} or place == "/components":
            yield from _below(document, value, f"{place}/{key}")

"""Both OpenAPI documents, their operations, and their examples, each with its schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gws_chat import simulation
from gws_chat.gateway.openapi import document_path, load_content

JSON = "application/json"
DOCUMENT = load_content(document_path())
SIMULATION = load_content(Path(simulation.__file__).with_name("openapi.yaml"))
DOCUMENTS = {"emulator": DOCUMENT, "simulation": SIMULATION}
SCAFFOLDING = yaml.safe_load(Path(__file__).with_name("scaffolding.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Example:
    """An example. `place` is its position in the document."""

    place: str
    name: str
    value: Any
    schema: dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """An operation. `path` includes the base path of the document."""

    document: dict[str, Any]
    method: str
    path: str
    content: dict[str, Any]

    @property
    def requests(self) -> dict[str, Any]:
        """The request examples by name."""
        return self._values(self.content["requestBody"]) if "requestBody" in self.content else {}

    def responses(self, status: str = "200") -> dict[str, Any]:
        """Return the response examples by name."""
        return self._values(resolved(self.document, self.content["responses"][status]))

    def _values(self, holder: dict[str, Any]) -> dict[str, Any]:
        (media_type,) = holder["content"].values()
        return {example.name: example.value for example in examples_of(self.document, media_type, "")}


def base_of(document: dict) -> str:
    """Return the base path of a document, without a slash at the end."""
    return document["servers"][0]["url"].rstrip("/")


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
        yield Example(place, "example", holder["example"], schema)
    for name, example in holder.get("examples", {}).items():
        yield Example(place, name, resolved(document, example)["value"], schema)


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


OPERATIONS = {
    content["operationId"]: Operation(document, method.upper(), base_of(document) + path, content)
    for document in DOCUMENTS.values()
    for path, item in document["paths"].items()
    for method, content in item.items()
    if method != "parameters"
}
"""The operations of both documents by operationId."""

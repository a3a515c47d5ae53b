"""The OpenAPI documents: their content, and the part of it that connexion needs.

openapi.yaml describes the default mode: schemas of requests leave out `additionalProperties`, and other members are
ignored. `strict_content` rejects them. `x-strict` marks a document whose operations reject unknown query parameters,
for which OpenAPI has no rule.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from connexion.spec import OpenAPISpecification

from gws_chat.gateway.paths import METHODS

SCHEMAS = "#/components/schemas/"


class Document(NamedTuple):
    """The content of an OpenAPI document, and the YAML text that is served."""

    content: dict[str, Any]
    text: bytes


class ValidSpecification(OpenAPISpecification):
    """The parts of a document that connexion reads.

    connexion's validation is left out: it takes most of the time of `build`. tests/contract
    validates both documents, also with connexion.
    """

    @classmethod
    def _validate_spec(cls, spec: dict[str, Any]) -> None:
        pass


def document_path() -> Path:
    """Return the path of openapi.yaml: inside an installed package, or at the root of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "openapi.yaml"
    return installed if installed.exists() else package.parents[1] / "openapi.yaml"


@cache
def load_content(path: Path) -> dict[str, Any]:
    """Parse the content of a document once per process. All applications share the result; do not change it."""
    # libyaml's loader is ten times as fast; PyYAML may be built without it
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 - both loaders are safe
    return content


def read_document(path: Path) -> Document:
    """Return the content and the text of a document."""
    return Document(load_content(path), path.read_bytes())


def strict_content(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content for `--strict`: the schemas that leave out `additionalProperties` reject other members."""
    schemas = {
        name: {"additionalProperties": False, **schema} if schema.get("type") == "object" else schema
        for name, schema in content["components"]["schemas"].items()
    }
    return {**content, "x-strict": True, "components": {**content["components"], "schemas": schemas}}


@cache
def strict_document(path: Path) -> Document:
    """Return the document for `--strict`. Its text is written once per process, as `load_content` reads it once."""
    content = strict_content(load_content(path))
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: bytes = yaml.dump(content, Dumper=dumper, sort_keys=False, allow_unicode=True, encoding="utf-8")
    return Document(content, text)


def operation_names(content: dict[str, Any]) -> set[str]:
    """Return each operationId, and each operationName of a request."""
    paths, schemas = content["paths"].values(), content["components"]["schemas"].values()
    operation_ids = {item[method]["operationId"] for item in paths for method in item if method.upper() in METHODS}
    names = (schema.get("properties", {}).get("operationName", {}).get("enum", ()) for schema in schemas)
    return operation_ids.union(*names)


def content_for_connexion(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content without examples, error responses and schemas that only responses use.

    connexion resolves and copies it several times. Without these parts the service uses 15 MiB less memory.
    """
    components = content["components"]
    paths = _reduced(content["paths"], components["responses"])
    kept = {name: components[name] for name in ("parameters", "securitySchemes") if name in components}
    schemas: dict[str, Any] = {}
    names = {*_schema_names(paths), *_schema_names(kept)}
    while names:
        name = names.pop()
        schemas[name] = components["schemas"][name]
        names.update(_schema_names(schemas[name]))
        names -= schemas.keys()
    return {**content, "paths": paths, "components": {**kept, "schemas": schemas}}


def _reduced(node: Any, shared: dict[str, Any]) -> Any:
    """Return the node without examples, and with only the media types of the 200 response.

    `shared` are the document's shared responses.
    """
    if isinstance(node, list):
        return [_reduced(item, shared) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {"200": _media_types(value["200"], shared)} if key == "responses" else _reduced(value, shared)
        for key, value in node.items()
        if key != "examples"
    }


def _media_types(response: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in response:
        response = shared[response["$ref"].rpartition("/")[2]]
    return {"description": response["description"], "content": {name: {} for name in response["content"]}}


def _schema_names(node: Any) -> Iterator[str]:
    """Yield the names of the schemas that the node refers to."""
    if isinstance(node, str) and node.startswith(SCHEMAS):
        yield node.removeprefix(SCHEMAS)
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _schema_names(item)

"""openapi.yaml is valid, describes every operation and contains nothing unused."""

import json

import jsonschema
import openapi_spec_validator
import pytest

from gws_chat.gateway.openapi import load_document
from tests.contract.examples import all_examples, resolved
from tests.contract.strategies import AGENT_OPERATIONS, CUSTOMER_OPERATIONS

DOCUMENT = load_document()
OPERATIONS = {
    f"{method} {path}": item[method]
    for path, item in DOCUMENT["paths"].items()
    for method in ("get", "post", "delete")
    if method in item
}


def validator(document: dict, schema: dict) -> jsonschema.Draft4Validator:
    """Return a validator that checks formats and resolves references into the document."""
    whole = {**schema, "components": document["components"]}
    return jsonschema.Draft4Validator(whole, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def test_document_is_valid_openapi(document):
    openapi_spec_validator.validate(document)


def test_every_example_matches_its_schema(document):
    examples = list(all_examples(document))

    errors = [
        f"{example.place} {example.name}: {error.message}"
        for example in examples
        for error in validator(document, example.schema).iter_errors(example.value)
    ]

    assert len(examples) > 100
    assert [] == errors


def test_every_component_is_referenced(document):
    text = json.dumps(document)

    unused = [
        f"{kind}/{name}"
        for kind, components in document["components"].items()
        for name in components
        if kind != "securitySchemes" and f'"#/components/{kind}/{name}"' not in text
    ]

    assert [] == unused


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_declares_its_failures_with_examples(document, name):
    operation = OPERATIONS[name]
    expected = {"400", "404", "405", "500"}
    if operation.get("security") != [] or operation["tags"] == ["Simulation"]:
        expected |= {"403"}
    if name == "get /health":
        expected |= {"503"}
    if "requestBody" in operation:
        expected |= {"413", "415"}

    failures = {status: each for status, each in operation["responses"].items() if status != "200"}

    assert expected == set(failures)
    for status, failure in failures.items():
        assert resolved(document, failure)["content"]["application/json"]["examples"], status


def test_every_cometd_request_example_matches_its_schema(document):
    schemas = document["components"]["schemas"]["BayeuxRequest"]["x-messages"]
    body = document["paths"]["/api/v2/notifications"]["post"]["requestBody"]["content"]["application/json"]

    messages = [each for example in body["examples"].values() for each in resolved(document, example)["value"]]

    assert set(schemas) == {message["channel"] for message in messages}
    for message in messages:
        validator(document, schemas[message["channel"]]).validate(message)


@pytest.mark.parametrize(
    ("schema", "implemented"), [("ChatOperation", AGENT_OPERATIONS), ("CustomerOperation", CUSTOMER_OPERATIONS)]
)
def test_document_describes_exactly_the_implemented_operations(schema, implemented, document):
    union = document["components"]["schemas"][schema]
    mapping = union["discriminator"]["mapping"]

    assert sorted(implemented) == sorted(mapping)
    for name, reference in mapping.items():
        described = resolved(document, {"$ref": reference})
        assert [name] == described["properties"]["operationName"]["enum"]
        assert {"$ref": reference} in union["oneOf"]


def test_every_agent_operation_has_an_example(document):
    examples = document["components"]["examples"].values()

    assert set(AGENT_OPERATIONS) == {example["value"]["operationName"] for example in examples if "x-chat" in example}

"""The document is valid, says what it should, and nothing in it is idle."""

from __future__ import annotations

import json

import jsonschema
import openapi_spec_validator
import pytest

from handlers import chats, customers
from tests.contract.examples import all_examples, resolved

OPERATIONS = [
    ("get", "/api/v2/me"),
    ("post", "/api/v2/me"),
    ("get", "/api/v2/me/chats"),
    ("get", "/api/v2/me/chats/{id}"),
    ("post", "/api/v2/me/chats/{id}"),
    ("get", "/api/v2/me/chats/{id}/messages"),
    ("post", "/api/v2/chats"),
    ("get", "/api/v2/chats/{id}"),
    ("post", "/api/v2/chats/{id}"),
    ("get", "/api/v2/chats/{id}/messages"),
    ("post", "/api/v2/notifications"),
    ("get", "/health"),
    ("get", "/metrics"),
    ("post", "/simulation/reset"),
    ("post", "/simulation/clock"),
    ("get", "/simulation/journal"),
    ("post", "/simulation/faults"),
    ("delete", "/simulation/faults"),
    ("post", "/simulation/sessions/forget"),
    ("post", "/simulation/chats"),
    ("post", "/simulation/chats/{id}/customer"),
    ("post", "/simulation/chats/{id}/agents/{userName}"),
]


def test_it_is_valid_openapi(document):
    openapi_spec_validator.validate(document)


def test_it_has_these_operations_and_no_others(document):
    methods = {"get", "post", "put", "delete", "patch", "head", "options", "trace"}

    described = [
        (method, path) for path, item in document["paths"].items() for method in item.keys() & methods
    ]

    assert sorted(OPERATIONS) == sorted(described)


def test_every_example_is_as_the_schema_beside_it_says(document):
    examples = list(all_examples(document))

    faults = [
        f"{example.place} {example.name}: {error.message}"
        for example in examples
        for error in validator(document, example.schema).iter_errors(example.value)
    ]

    assert len(examples) > 100
    assert [] == faults


def test_every_named_example_response_schema_and_parameter_is_referred_to(document):
    text = json.dumps(document)

    idle = [
        f"{kind}/{name}"
        for kind, components in document["components"].items()
        for name in components
        if kind != "securitySchemes" and f'"#/components/{kind}/{name}"' not in text
    ]

    assert [] == idle


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_declares_how_it_can_fail_each_with_an_example(document, method, path):
    operation = document["paths"][path][method]
    expected = {"400", "404", "405", "500"}
    if operation.get("security") != [] or operation["tags"] == ["Simulation"]:
        expected |= {"403"}
    if path == "/health":
        expected |= {"503"}
    if "requestBody" in operation:
        expected |= {"413", "415"}

    failures = {status for status in operation["responses"] if status != "200"}

    assert expected == failures
    for status in failures:
        answer = resolved(document, operation["responses"][status])
        assert answer["content"]["application/json"]["examples"], status


def test_every_message_of_a_session_is_as_its_schema_says(document):
    schemas = document["components"]["schemas"]["BayeuxRequest"]["x-messages"]
    exchange = document["paths"]["/api/v2/notifications"]["post"]
    examples = exchange["requestBody"]["content"]["application/json"]["examples"].values()

    messages = [message for example in examples for message in resolved(document, example)["value"]]

    assert set(schemas) == {message["channel"] for message in messages}
    for message in messages:
        validator(document, schemas[message["channel"]]).validate(message)


def validator(document: dict, schema: dict) -> jsonschema.Draft4Validator:
    """Hold values against a schema, formats too, with the references of the whole document."""
    whole = {**schema, "components": document["components"]}
    return jsonschema.Draft4Validator(whole, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


@pytest.mark.parametrize(
    ("schema", "performed"),
    [("ChatOperation", chats.OPERATIONS), ("CustomerOperation", customers.OPERATIONS)],
)
def test_every_operation_that_is_performed_is_described_and_the_other_way_round(schema, performed, document):
    union = document["components"]["schemas"][schema]
    described = list(union["discriminator"]["mapping"])

    assert sorted(performed) == sorted(described)
    for name, reference in union["discriminator"]["mapping"].items():
        schema = resolved(document, {"$ref": reference})
        assert [name] == schema["properties"]["operationName"]["enum"]
        assert {"$ref": reference} in union["oneOf"]


def test_every_operation_has_an_example_that_is_told(document):
    examples = document["components"]["examples"].values()
    stories = {
        name: example for name, example in document["components"]["examples"].items() if "x-chat" in example
    }

    told = {example["x-story"] for example in examples if "x-story" in example}

    assert set(chats.OPERATIONS) == {story["value"]["operationName"] for story in stories.values()}
    assert set(stories) == told

"""Both OpenAPI documents are valid, describe every operation and contain nothing unused."""

import json
import re

import jsonschema
import openapi_spec_validator
import pytest

from gws_chat.gateway.openapi import document_path, strict_content
from tests.contract.examples import DOCUMENT, DOCUMENTS, OPERATIONS, SIMULATION, all_examples, resolved
from tests.contract.strategies import AGENT_OPERATIONS, CUSTOMER_OPERATIONS

SCHEMAS = DOCUMENT["components"]["schemas"]


@pytest.fixture(params=DOCUMENTS.values(), ids=DOCUMENTS)
def document(request):
    return request.param


def validator(document: dict, schema: dict) -> jsonschema.Draft4Validator:
    """Return a validator that checks formats and resolves references into the document."""
    whole = {**schema, "components": document["components"]}
    return jsonschema.Draft4Validator(whole, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def test_document_is_valid_openapi(document):
    openapi_spec_validator.validate(document)


def test_document_has_less_than_4000_lines():
    assert len(document_path().read_text(encoding="utf-8").splitlines()) < 4000


def test_every_example_matches_its_schema(document):
    examples = list(all_examples(document))

    errors = [
        f"{example.place} {example.name}: {error.message}"
        for example in examples
        for error in validator(document, example.schema).iter_errors(example.value)
    ]

    assert len(examples) > 100
    assert [] == errors


def test_notifications_in_the_journal_match_their_schema():
    entries = OPERATIONS["read_journal"].responses()["JournalOfLeave"]["entries"]

    (notification,) = [entry["notification"] for entry in entries if "notification" in entry]

    validator(DOCUMENT, SCHEMAS["Notification"]).validate(notification)


def test_every_component_is_referenced(document):
    text = json.dumps(document)

    unused = [
        f"{kind}/{name}"
        for kind, components in document["components"].items()
        for name in components
        if kind != "securitySchemes" and f'"#/components/{kind}/{name}"' not in text
    ]

    assert [] == unused


def test_both_documents_have_the_same_version():
    assert DOCUMENT["info"]["version"] == SIMULATION["info"]["version"]


def test_schemas_of_both_documents_are_equal():
    """The simulation is strict: its schemas are those of `--strict`."""
    strict = strict_content(DOCUMENT)["components"]["schemas"]
    shared = SIMULATION["components"]["schemas"].keys() & SCHEMAS.keys()

    assert "ChatOperation" in shared
    assert {name: strict[name] for name in shared} == {
        name: SIMULATION["components"]["schemas"][name] for name in shared
    }


def test_only_extensions_that_are_read_occur(document):
    used = {"x-openapi-router-controller", "x-dependencies", "x-exactly-one", "x-form-field", "x-messages", "x-strict"}

    assert set() == set(re.findall(r'"(x-[^"]*)":', json.dumps(document))) - used


def operation_schemas() -> dict[str, dict]:
    """Return the schemas of all request bodies but CometD's, by name."""
    bodies = [
        each.content["requestBody"]["content"]["application/json"]["schema"]
        for name, each in OPERATIONS.items()
        if each.document is DOCUMENT and "requestBody" in each.content and name != "exchange_messages"
    ]
    choices = [choice for body in bodies for choice in resolved(DOCUMENT, body).get("oneOf", [body])]
    return {choice["$ref"].rpartition("/")[2]: resolved(DOCUMENT, choice) for choice in choices}


def test_exactly_the_schemas_of_operations_are_open():
    objects = {name: schema for name, schema in SCHEMAS.items() if schema.get("type") == "object"}

    assert {*operation_schemas()} == {name for name, each in objects.items() if "additionalProperties" not in each}


@pytest.mark.parametrize("name", operation_schemas())
def test_exactly_the_optional_parameters_are_nullable(name):
    schema = SCHEMAS[name]
    properties = {name: resolved(DOCUMENT, each) for name, each in schema["properties"].items()}

    # without a type, any value is allowed, also null
    nullable = {name for name, each in properties.items() if each.get("nullable", False) or "type" not in each}

    assert properties.keys() - {*schema["required"]} == nullable
    assert [] == [name for name in nullable if None not in properties[name].get("enum", [None])]


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_operation_declares_its_failures_with_examples(operation_id):
    operation = OPERATIONS[operation_id]
    expected = {"400", "500"}
    if operation.content["tags"] != ["Service"]:
        expected |= {"403"}
    if "{" in operation.path or operation_id in {"forget_sessions", "add_fault"}:
        expected |= {"404"}
    if operation_id in {"perform_chat_operation", "reset"}:  # once in each document
        expected |= {"405"}
    if operation_id in {"get_health", "request_chat", "advance_clock"}:
        expected |= {"503"}
    if "requestBody" in operation.content:
        expected |= {"413", "415"}

    failures = operation.content["responses"].keys() - {"200"}

    assert expected == failures
    assert set() == {status for status in failures if not operation.responses(status)}


def test_every_cometd_request_example_matches_its_schema():
    schemas = SCHEMAS["BayeuxRequest"]["x-messages"]

    messages = [each for example in OPERATIONS["exchange_messages"].requests.values() for each in example]

    assert set(schemas) == {message["channel"] for message in messages}
    for message in messages:
        validator(DOCUMENT, schemas[message["channel"]]).validate(message)


@pytest.mark.parametrize(
    ("schema", "implemented"), [("ChatOperation", AGENT_OPERATIONS), ("CustomerOperation", CUSTOMER_OPERATIONS)]
)
def test_document_describes_exactly_the_implemented_operations(schema, implemented):
    union = SIMULATION["components"]["schemas"][schema]
    mapping = union["discriminator"]["mapping"]

    assert sorted(implemented) == sorted(mapping)
    for name, reference in mapping.items():
        described = resolved(SIMULATION, {"$ref": reference})
        assert [name] == described["properties"]["operationName"]["enum"]
        assert {"$ref": reference} in union["oneOf"]


def test_every_agent_operation_has_an_example():
    examples = OPERATIONS["perform_chat_operation"].requests.values()

    assert set(AGENT_OPERATIONS) == {example["operationName"] for example in examples}

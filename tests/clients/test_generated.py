"""Generated clients and types work with the service, and linters accept `openapi.yaml`."""

import base64
import importlib
import json
import os
import shutil
import sys
from pathlib import Path

import pydantic
import pytest

from gws_chat.gateway.openapi import document_path
from tests.clients.node import HERE, require_node
from tests.commands import run
from tests.contract.examples import all_examples
from tests.service import ROOT

PYTHON_PROGRAMS = Path(sys.executable).parent
NODE_PROGRAMS = HERE / "node_modules" / ".bin"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def run_tool(program: Path, *arguments: Path | str, folder: Path = ROOT) -> str:
    """Run a generator, compiler or linter, check that it succeeds, and return its output."""
    search_path = os.pathsep.join([str(PYTHON_PROGRAMS), os.environ["PATH"]])
    status, output, error = run([program, *arguments], folder, PATH=search_path, **QUIET)
    assert 0 == status, output + error
    return output


@pytest.fixture(scope="session")
def generated(tmp_path_factory) -> Path:
    """Return a directory with the modules that the two Python generators wrote."""
    folder = tmp_path_factory.mktemp("generated")
    run_tool(
        *(PYTHON_PROGRAMS / "openapi-python-client", "generate", "--path", document_path()),
        *("--meta", "none", "--output-path", folder / "chat_client", "--fail-on-warning"),
    )
    run_tool(
        *(PYTHON_PROGRAMS / "datamodel-codegen", "--input", document_path(), "--input-file-type", "openapi"),
        *("--preset", "standard-py311-20261027", "--output", folder / "chat_models.py"),
        # by default, operation names become one-value enumerations with numbered names
        *("--enum-field-as-literal", "all", "--naming-strategy", "full-path"),
    )
    return folder


@pytest.fixture
def chat_client(generated, monkeypatch):
    """Import a module of the client that openapi-python-client generated."""
    monkeypatch.syspath_prepend(generated)
    return lambda name: importlib.import_module(f"chat_client.{name}")


def test_generated_python_client_leaves_a_chat(chat_client, serve):
    models, api = chat_client("models"), "api.chats"
    token = base64.b64encode(b"agent1:secret1").decode()
    chat_id = "0071023821aec011"
    operation = models.LeaveOperation(
        operation_name=models.LeaveOperationOperationName.LEAVE, text="Goodbye!", treat_as=models.TreatAs.SYSTEM
    )

    client = chat_client("client").AuthenticatedClient(serve("uvicorn").url, token=token, prefix="Basic")
    with client:
        me = chat_client("api.me.get_me").sync(client=client)
        left = chat_client(f"{api}.perform_chat_operation").sync(chat_id, client=client, body=operation)
        shown = chat_client(f"{api}.get_chat").sync(chat_id, client=client)
        log = chat_client(f"{api}.list_messages").sync(chat_id, client=client)
        missing = chat_client(f"{api}.get_chat").sync("no-such-chat", client=client)

    assert "agent1" == me.user.user_name
    assert models.OperationAnswer(status_code=0) == left
    assert models.ChatState.LEFTCHAT == shown.chat.state
    farewell, departure = log.messages[-2:]
    assert ("Goodbye!", "System") == (farewell.text, farewell.treat_as)
    assert models.ChatMessageType.PARTICIPANTLEFT == departure.type_
    assert isinstance(missing, models.Failure)
    assert 6 == missing.status_code


def test_generated_python_client_requests_a_chat(chat_client, serve):
    models, api = chat_client("models"), "api.customers"
    request = models.RequestChatOperation(
        operation_name=models.RequestChatOperationOperationName.REQUESTCHAT, nickname="Eva"
    )

    url = serve("uvicorn").url
    with chat_client("client").Client(url, headers={"ContactCenterId": "any"}) as client:
        requested = chat_client(f"{api}.request_chat").sync(client=client, body=request)
        shown = chat_client(f"{api}.get_chat_by_uri").sync(requested.id, client=client)

    assert isinstance(shown, models.CustomerChatAnswer)
    assert models.CustomerChatState.WAITINGFORAGENT == shown.chat.state


def test_generated_pydantic_models_preserve_the_examples(generated, monkeypatch, document):
    monkeypatch.syspath_prepend(generated)
    models = importlib.import_module("chat_models")
    examples = [
        (getattr(models, example.schema["$ref"].rpartition("/")[2]), example.value)
        for example in all_examples(document)
        if "$ref" in example.schema
    ]

    written = [
        model.model_validate(value).model_dump_json(by_alias=True, exclude_unset=True) for model, value in examples
    ]

    assert len(examples) > 100
    # pydantic writes the UTC offset as Z
    expected = [json.loads(json.dumps(value).replace(".000+00:00", "Z")) for _, value in examples]
    assert expected == [json.loads(text) for text in written]
    with pytest.raises(pydantic.ValidationError):
        models.LeaveOperation.model_validate({"operationName": "Leave", "treatAs": "Loud"})


def test_generated_typescript_types_compile(tmp_path):
    require_node()
    run_tool(NODE_PROGRAMS / "openapi-typescript", document_path(), "--output", tmp_path / "openapi.d.ts")
    shutil.copy(HERE / "leave.ts", tmp_path)

    options = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext"]
    run_tool(NODE_PROGRAMS / "tsc", *options, "leave.ts", folder=tmp_path)


def test_redocly_reports_no_problems():
    require_node()

    report = run_tool(NODE_PROGRAMS / "redocly", "lint", "--format=json", "openapi.yaml")

    assert [] == json.loads(report)["problems"]

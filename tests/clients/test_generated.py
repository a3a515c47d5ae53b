"""What generators make of the document works against the service, and the document is as they like it."""

from __future__ import annotations

import base64
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pydantic
import pytest

from handlers.app import document_path
from tests.clients.node import HERE, require_node
from tests.contract.examples import all_examples
from tests.service import ROOT

PROGRAMS = Path(sys.executable).parent
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def run(program: Path | str, *arguments: Path | str, cwd: Path = ROOT) -> str:
    """Run one of the generators, expect it to succeed, and return what it printed."""
    search = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    ended = subprocess.run(
        [program, *arguments],
        cwd=cwd,
        env={**os.environ, **QUIET, "PATH": search},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == ended.returncode, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="session")
def generated(tmp_path_factory) -> Path:
    """A folder, from which can be imported, with what the two generators in Python have made."""
    folder = tmp_path_factory.mktemp("generated")
    run(
        *(PROGRAMS / "openapi-python-client", "generate", "--path", document_path()),
        *("--meta", "none", "--output-path", folder / "chat_client", "--fail-on-warning"),
    )
    run(
        *(PROGRAMS / "datamodel-codegen", "--input", document_path(), "--input-file-type", "openapi"),
        *("--preset", "standard-py311-20261027", "--output", folder / "chat_models.py"),
        # without these the names of operations are enumerations of one value, with numbers for names
        *("--enum-field-as-literal", "all", "--naming-strategy", "full-path"),
    )
    return folder


@pytest.fixture
def chat_client(generated, monkeypatch):
    """Import a module of the client that openapi-python-client has made."""
    monkeypatch.syspath_prepend(generated)
    return lambda name: importlib.import_module(f"chat_client.{name}")


def test_the_python_client_leaves_a_chat_and_reads_it(chat_client, serve):
    models, api = chat_client("models"), "api.chats"
    basic = base64.b64encode(b"agent1:secret1").decode()
    alone = "0071023821aec011"
    leave = models.LeaveOperation(
        operation_name=models.LeaveOperationOperationName.LEAVE,
        text="Goodbye!",
        treat_as=models.TreatAs.SYSTEM,
    )

    with chat_client("client").AuthenticatedClient(
        serve("uvicorn").url, token=basic, prefix="Basic"
    ) as client:
        me = chat_client("api.me.get_me").sync(client=client)
        left = chat_client(f"{api}.perform_chat_operation").sync(alone, client=client, body=leave)
        shown = chat_client(f"{api}.get_chat").sync(alone, client=client)
        log = chat_client(f"{api}.list_messages").sync(alone, client=client)
        gone = chat_client(f"{api}.get_chat").sync("no-such-chat", client=client)

    assert "agent1" == me.user.user_name
    assert models.OperationAnswer(status_code=0) == left
    assert models.ChatState.LEFTCHAT == shown.chat.state
    assert ("Goodbye!", "System") == (log.messages[-2].text, log.messages[-2].treat_as)
    assert models.ChatMessageType.PARTICIPANTLEFT == log.messages[-1].type_
    assert isinstance(gone, models.Failure)
    assert 6 == gone.status_code


def test_the_python_client_requests_a_chat_as_a_customer(chat_client, serve):
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


def test_the_pydantic_models_read_and_write_the_examples_of_the_document(generated, monkeypatch, document):
    monkeypatch.syspath_prepend(generated)
    models = importlib.import_module("chat_models")
    named = [
        (getattr(models, example.schema["$ref"].rpartition("/")[2]), example.value)
        for example in all_examples(document)
        if "$ref" in example.schema
    ]

    written = [
        model.model_validate(value).model_dump_json(by_alias=True, exclude_unset=True)
        for model, value in named
    ]

    assert len(named) > 100
    # pydantic has its own spelling of the same moment
    expected = [json.loads(json.dumps(value).replace(".000+00:00", "Z")) for _, value in named]
    assert expected == [json.loads(text) for text in written]
    with pytest.raises(pydantic.ValidationError):
        models.LeaveOperation.model_validate({"operationName": "Leave", "treatAs": "Loud"})


def test_what_uses_the_types_for_typescript_compiles(tmp_path):
    require_node()
    programs = HERE / "node_modules" / ".bin"
    run(programs / "openapi-typescript", document_path(), "--output", tmp_path / "openapi.d.ts")
    shutil.copy(HERE / "leave.ts", tmp_path)

    run(
        programs / "tsc",
        "--strict",
        "--noEmit",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "leave.ts",
        cwd=tmp_path,
    )


def test_redocly_finds_nothing():
    require_node()

    found = run(HERE / "node_modules" / ".bin" / "redocly", "lint", "--format=json", "openapi.yaml")

    assert [] == json.loads(found)["problems"]

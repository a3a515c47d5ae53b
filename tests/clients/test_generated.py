"""Generators and linters accept both OpenAPI documents, and what is generated works with the service."""

import base64
import importlib
import json
import os
import re
import shutil
import sys
from itertools import product
from pathlib import Path

import pydantic
import pytest

from gws_chat import simulation
from gws_chat.gateway.openapi import document_path
from tests.clients.node import HERE, require_node, require_program
from tests.commands import run
from tests.contract.examples import all_examples
from tests.service import ROOT

PYTHON_PROGRAMS = Path(sys.executable).parent
NODE_PROGRAMS = HERE / "node_modules" / ".bin"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
# shorter start of Java
JAVA = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
DOCUMENTS = {"openapi": document_path(), "simulation": Path(simulation.__file__).with_name("openapi.yaml")}
LEAVE_OPERATION = {
    "java": "src/main/java/org/openapitools/client/model/LeaveOperation.java",
    "csharp": "src/Org.OpenAPITools/Model/LeaveOperation.cs",
    "go": "model_leave_operation.go",
    "typescript-fetch": "models/LeaveOperation.ts",
}
"""The languages of openapi-generator, each with the file of one schema."""
UNNAMED_SCHEMA = re.compile(r"(All|Any|One)Of|Not(?!Ready)[A-Z]|Inline|_(all|any|one)_of|_not_(?!ready)|inline|\d")
"""Occurs in the names that generators invent for schemas without a name, and not in NotReadyOperation."""


def run_tool(program: Path, *arguments: Path | str, folder: Path = ROOT) -> str:
    """Run a generator, compiler or linter, check that it succeeds, and return its output."""
    search_path = os.pathsep.join([str(PYTHON_PROGRAMS), os.environ["PATH"]])
    status, output, error = run([program, *arguments], folder, PATH=search_path, **QUIET, **JAVA)
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


def test_generated_python_client_leaves_a_chat(chat_client, share):
    models, api = chat_client("models"), "api.chats"
    token = base64.b64encode(b"agent1:secret1").decode()
    chat_id = "0071023821aec011"
    operation = models.LeaveOperation(
        operation_name=models.LeaveOperationOperationName.LEAVE, text="Goodbye!", treat_as=models.TreatAsType1.SYSTEM
    )

    client = chat_client("client").AuthenticatedClient(share("uvicorn").url, token=token, prefix="Basic")
    with client:
        me = chat_client("api.me.get_me").sync(client=client)
        left = chat_client(f"{api}.perform_chat_operation").sync(chat_id, client=client, body=operation)
        shown = chat_client(f"{api}.get_chat").sync(chat_id, client=client)
        log = chat_client(f"{api}.list_messages").sync(chat_id, client=client)
        missing = chat_client(f"{api}.get_chat").sync("no-such-chat", client=client)

    assert "agent1" == me.user.user_name
    assert models.OperationResponse(status_code=0) == left
    assert models.ChatState.LEFTCHAT == shown.chat.state
    farewell, departure = log.messages[-2:]
    assert ("Goodbye!", "System") == (farewell.text, farewell.treat_as)
    assert models.ChatMessageType.PARTICIPANTLEFT == departure.type_
    assert isinstance(missing, models.ErrorResponse)
    assert 6 == missing.status_code


def test_generated_python_client_requests_a_chat(chat_client, share):
    models, api = chat_client("models"), "api.customers"
    request = models.RequestChatOperation(
        operation_name=models.RequestChatOperationOperationName.REQUESTCHAT, nickname="Eva"
    )

    url = share("uvicorn").url
    with chat_client("client").Client(url) as client:
        requested = chat_client(f"{api}.request_chat").sync(client=client, body=request, contact_center_id="any")
        shown = chat_client(f"{api}.get_chat_by_uri").sync(requested.id, client=client, contact_center_id="any")

    assert isinstance(shown, models.CustomerChatResponse)
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


def test_generated_python_names_are_those_of_the_document(generated):
    modules = [file.stem for file in (generated / "chat_client").rglob("*.py")]

    # openapi-python-client adds this to the names of enums and objects that are nullable
    names = [re.sub(r"(_type_\d)+$", "", module) for module in modules]
    assert {"leave_operation", "treat_as"} <= {*names}
    assert [] == list(filter(UNNAMED_SCHEMA.search, names))


def test_openapi_generator_writes_clients_that_compile(tmp_path):
    require_node()
    require_program("java", "apt-get install default-jre-headless")
    pairs = [*product(["openapi"], LEAVE_OPERATION), ("simulation", "typescript-fetch")]  # one language takes seconds
    clients = {(name, language): tmp_path / name / language for name, language in pairs}
    for (name, language), folder in clients.items():
        options = {"inputSpec": str(DOCUMENTS[name]), "generatorName": language, "outputDir": str(folder)}
        (tmp_path / f"{name}-{language}.json").write_text(json.dumps(options))

    # one process for all, because Java starts slowly; it validates the documents as well
    run_tool(PYTHON_PROGRAMS / "openapi-generator-cli", "batch", "--fail-fast", *tmp_path.glob("*.json"))

    files = [folder / LEAVE_OPERATION[language] for (_, language), folder in clients.items()]
    assert [] == [file for file in files if not file.exists()]
    models = [each.stem for file in files for each in file.parent.iterdir()]
    assert [] == list(filter(UNNAMED_SCHEMA.search, models))
    compile_typescript(tmp_path, *(f"{name}/typescript-fetch/index.ts" for name in DOCUMENTS))


def compile_typescript(folder: Path, *files: str) -> None:
    options = ["--strict", "--noEmit", "--skipDefaultLibCheck", "--target", "es2022", "--lib", "es2022,dom"]
    modules = ["--module", "esnext", "--moduleResolution", "bundler"]
    run_tool(NODE_PROGRAMS / "tsc", *options, *modules, *files, folder=folder)


def test_generated_typescript_types_compile(tmp_path):
    require_node()
    for name, path in DOCUMENTS.items():
        run_tool(NODE_PROGRAMS / "openapi-typescript", path, "--output", tmp_path / f"{name}.d.ts")
    shutil.copy(HERE / "leave.ts", tmp_path)

    compile_typescript(tmp_path, "leave.ts", *(f"{name}.d.ts" for name in DOCUMENTS))


@pytest.mark.parametrize("path", DOCUMENTS.values(), ids=DOCUMENTS)
def test_redocly_reports_no_problems(path):
    require_node()

    report = run_tool(NODE_PROGRAMS / "redocly", "lint", "--config=.redocly.yaml", "--format=json", path)

    assert [] == json.loads(report)["problems"]


def test_spectral_reports_no_problems():
    require_node()

    options = ["--quiet", "--format=json", "--fail-severity=hint"]
    report = run_tool(NODE_PROGRAMS / "spectral", "lint", *options, *DOCUMENTS.values())

    assert [] == json.loads(report)

"""The wheel serves where nothing else of the project is, and does not disturb other projects."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx2
import pytest

from gws_chat.gateway.openapi import load_content
from tests.commands import PYTEST
from tests.service import ROOT, Service

PACKAGE = ROOT / "handlers" / "gws_chat"
PROJECT = {
    "handlers/__init__.py": "",
    "handlers/desktop.py": "OPERATION = 'Leave'\n",
    "conftest.py": "from handlers.desktop import OPERATION\n",
    "tests/test_desktop.py": """\
import pytest

from gws_chat.pytest_plugin import GwsChat
from handlers.desktop import OPERATION


@pytest.mark.gws_chat(strict=True)
def test_leave(gws_chat: GwsChat) -> None:
    chat = gws_chat.create_chat({"agent": "agent1", "state": "Chatting"}, customer="Eva", userData={"tier": 1})
    gws_chat.inject_fault("notificationDuplicated", agent="agent1", kind="StatusChange", times=1)
    gws_chat.act_as_agent(chat["id"], "agent1", OPERATION, text="Goodbye")

    assert gws_chat.wait_for_notification(agent="agent1", state="LeftChat")["chat"]["id"] == chat["id"]
    assert len(gws_chat.journal(kind="StatusChange", state="LeftChat")) == 2
""",
}
"""A project that has a package called `handlers`, as the source root of this one."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Return the interpreter of an environment with the wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", f"{wheel}[pytest]"], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # the folder is searched, but its own .pth files, among them that of the checkout, are not read
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


@pytest.fixture
def project(tmp_path):
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_wheel_installs_one_package_with_all_its_files(wheel):
    files = {
        f"gws_chat/{path.relative_to(PACKAGE)}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert {*files, "gws_chat/openapi.yaml"} == names
    assert {"gws_chat/py.typed", "gws_chat/scenario/demo.yaml", "gws_chat/console/index.html"} <= names


def test_the_readme_names_the_wheel(wheel):
    names = re.findall(r"gws_chat_emulator-[^\[' ]+", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert [wheel.name] * 2 == names


@pytest.mark.parametrize("document", [ROOT / "openapi.yaml", PACKAGE / "simulation" / "openapi.yaml"])
def test_both_documents_have_the_version_of_the_wheel(document, wheel):
    version = load_content(document)["info"]["version"]

    assert f"gws_chat_emulator-{version}-py3-none-any.whl" == wheel.name


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_the_wheel_serves_from_another_folder(server, python, tmp_path):
    with Service(server, python=python, folder=tmp_path) as service:
        left = httpx2.post(
            f"{service.url}/api/v2/me/chats/0071023821aec011",
            auth=("agent1", "secret1"),
            json={"operationName": "Leave"},
        )
        documents = [httpx2.get(f"{service.url}{base}/openapi.yaml").content for base in ("", "/simulation")]

    assert (200, {"statusCode": 0}) == (left.status_code, left.json())
    assert [(folder / "openapi.yaml").read_bytes() for folder in (ROOT, PACKAGE / "simulation")] == documents


def test_the_environment_has_the_wheel_and_not_the_checkout(python, tmp_path):
    command = [python, "-c", "import gws_chat; print(gws_chat.__file__)"]

    location = subprocess.check_output(command, cwd=tmp_path, text=True)

    assert Path(location).is_relative_to(python.parents[1])


@pytest.mark.parametrize(
    ("command", "environment"),
    [
        (["-c", "import pytest; raise SystemExit(pytest.main(['--rootdir=.']))"], {}),
        (["-m", "pytest"], {}),
        (["-m", "pytest", "-n", "2"], {}),
        (["-m", "pytest", "--import-mode=importlib"], {"PYTHONPATH": "."}),
    ],
    ids=["pytest", "python -m pytest", "-n 2", "importlib"],
)
def test_the_plugin_works_beside_a_package_called_handlers(command, environment, python, project):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}

    ended = subprocess.run(
        [python, *command],
        cwd=project,
        env={**inherited, **PYTEST, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout


def test_mypy_checks_tests_of_another_project(python, project):
    wrong = "from gws_chat.pytest_plugin import GwsChat\n\n\ndef check(gws_chat: GwsChat) -> None:\n"
    (project / "wrong.py").write_text(
        f'{wrong}    gws_chat.inject_fault("explode")\n    gws_chat.journal(agnt="agent1")\n'
    )
    mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "--cache-dir", project / "cache"]

    accepted = subprocess.run(
        [*mypy, "tests/test_desktop.py"], cwd=project, capture_output=True, text=True, timeout=300, check=False
    )
    rejected = subprocess.run([*mypy, "wrong.py"], cwd=project, capture_output=True, text=True, timeout=60, check=False)

    assert (0, "") == (accepted.returncode, accepted.stderr), accepted.stdout
    assert ["wrong.py:5", "wrong.py:6"] == [line.partition(": error: ")[0] for line in rejected.stdout.splitlines()[:2]]

"""The package, built and installed where nothing else of the project is, serves."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx2
import pytest

from tests.service import ROOT, Service


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """An environment with the package in it; what it depends on is where the tests have it."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # a folder that such a file names is searched, but such files in it, the checkout's own, are not read
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def test_it_has_all_of_the_package_and_the_document(wheel):
    files = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "handlers").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    names = set(zipfile.ZipFile(wheel).namelist())

    assert {*files, "handlers/openapi.yaml"} == {name for name in names if name.startswith("handlers/")}
    assert "handlers/demo.yaml" in names


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_it_serves_from_another_folder(server, python, tmp_path):
    service = Service(server, python=python, folder=tmp_path)
    try:
        service.wait_until_ready()
        left = httpx2.post(
            f"{service.url}/api/v2/me/chats/0071023821aec011",
            auth=("agent1", "secret1"),
            json={"operationName": "Leave"},
        )
        document = httpx2.get(f"{service.url}/openapi.yaml")
    finally:
        service.end()

    assert (200, {"statusCode": 0}) == (left.status_code, left.json())
    assert (ROOT / "openapi.yaml").read_bytes() == document.content


def test_what_serves_is_the_package_and_not_the_checkout(python, tmp_path):
    where = subprocess.check_output(
        [python, "-c", "import handlers; print(handlers.__file__)"], cwd=tmp_path, text=True
    )

    assert Path(where).is_relative_to(python.parents[1])

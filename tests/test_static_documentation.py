"""The README's command builds documentation that works without a network and shows Leave first."""

import re
import shlex

import pytest

from tests.clients.node import require_node
from tests.commands import run
from tests.service import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(tmp_path_factory, browser):
    """Build the documentation by the README's command, open it in a browser, and return the content of the screens."""
    command = re.search(r"^npm ci .* && (node .*build_docs\.js .*)$", README, flags=re.MULTILINE)[1]
    file = tmp_path_factory.mktemp("documentation") / "documentation.html"
    _, *arguments, _output = shlex.split(command)
    status, _, error = run([require_node(), *arguments, file])
    assert (0, "") == (status, error)
    return browser.run("open_docs.js", file.as_uri())


def test_page_loads_without_a_network_or_errors(shown):
    assert [] == shown["errors"]


def test_first_screen_shows_leave_and_its_notification(shown):
    first = shown["firstScreen"]

    assert "Leave" in shown["menu"][0]
    assert "Leave in one minute" in first["headings"]
    request, notification = first["json"]
    assert {"operationName": "Leave"} == request
    assert ("StatusChange", "LeftChat") == (notification["notificationType"], notification["chat"]["state"])


def test_leave_operation_begins_with_cases_and_notifications(shown):
    leave, below = shown["leave"], shown["belowLeave"]

    assert "Leave, or perform another operation on a chat" == leave["headings"][0]
    [cases] = leave["tables"]
    assert {"LeftChat", "Completed"} < set(re.split(r"\s", cases))
    assert ["NewMessages", "StatusChange"] == [each["notificationType"] for each in below["json"]]


def test_no_table_or_notification_is_cut(shown):
    assert [] == shown["cut"]

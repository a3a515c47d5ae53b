"""Pytest fixtures for tests against the emulator.

The fixture `gws_chat` starts an emulator for the test run, resets it before each test, and controls it. The mark
`gws_chat` selects its options.
"""

import sys
import warnings
from collections.abc import Generator, Hashable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from gws_chat.service_process import ServiceProcess
from gws_chat.simulation_client import (
    Effect,
    GwsChat,
    GwsChatError,
    InjectedFault,
    NewChat,
    NotificationKind,
    NotificationTimeout,
    State,
)

__all__ = [
    "Effect",
    "GwsChat",
    "GwsChatError",
    "InjectedFault",
    "NewChat",
    "NotificationKind",
    "NotificationTimeout",
    "State",
]

MARK = (
    "gws_chat(scenario=..., strict=True, ...): options of the emulator, named as those of the command gws-chat, with _"
    " instead of -. A mark on a test overrides single options of its class or module. Paths are relative to pytest's"
    " rootdir."
)
CONTROL = pytest.StashKey[GwsChat]()
RESERVED = ("host", "port", "simulation")  # the plugin sets these options


class GwsChatServices:
    """The running emulators, one for each configuration. They run in `folder`."""

    def __init__(self, folder: Path, temporary_folders: pytest.TempPathFactory) -> None:
        self._folder = folder
        self._temporary_folders = temporary_folders
        self._processes: dict[Hashable, ServiceProcess] = {}
        self._failures: dict[Hashable, str] = {}

    def start(self, **options: object) -> ServiceProcess:
        """Return the emulator with these options. Start it if it does not run.

        Raises `pytest.UsageError` for options that this plugin sets and for null characters. Raises `RuntimeError` if
        the emulator does not start, for example because of a wrong option, or did not start before.
        """
        arguments = list(_arguments(options))
        configuration = _configuration(arguments)
        if configuration in self._failures:
            raise RuntimeError(self._failures[configuration])
        process = self._processes.get(configuration)
        if process is not None and process.is_running:
            return process
        if process is not None:
            process.end()
        log = self._temporary_folders.mktemp("gws_chat") / "log"
        try:
            self._processes[configuration] = ServiceProcess(arguments, self._folder, log)
        except RuntimeError as error:
            self._failures[configuration] = str(error)
            raise
        return self._processes[configuration]

    def end(self) -> None:
        for process in self._processes.values():
            process.end()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARK)


@pytest.fixture(scope="session")
def gws_chat_services(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GwsChatServices]:
    """Start emulators for fixtures of any scope: `gws_chat_services.start(strict=True).control.url`.

    Tests with the same options share the emulator. The fixture `gws_chat` resets it before each test.
    """
    services = GwsChatServices(pytestconfig.rootpath, tmp_path_factory)
    yield services
    services.end()


@pytest.fixture
def gws_chat(request: pytest.FixtureRequest, gws_chat_services: GwsChatServices) -> Iterator[GwsChat]:
    """Control an emulator in its initial state. It generates the same IDs in each test.

    `gws_chat.url` is its base URL. `@pytest.mark.gws_chat(strict=True, scenario="my.yaml")` on the test, its class or
    its module selects its options. The log of a failed test is in its captured stderr.
    """
    try:
        service = gws_chat_services.start(**_options_of(request.node))
    except (RuntimeError, pytest.UsageError) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    request.node.stash[CONTROL] = service.control
    log_start = service.log_size
    service.control.reset(seed=1)
    yield service.control
    sys.stderr.write(service.log_since(log_start))
    if not service.is_running:
        warnings.warn(str(service.describe_end()), stacklevel=1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the faults that never happened, or the end of the emulator, to the report of a test that has failed.

    The fixture of a user, which may fail as well, is part of the test.
    """
    report = yield
    control = item.stash.get(CONTROL, None)
    if report.when != "teardown" and report.failed and control is not None:
        try:
            unused = [str(each["fault"]) for each in control.faults() if not each["fired"]]
        except GwsChatError as error:
            report.sections.append(("gws_chat", str(error)))
        else:
            if unused:
                report.sections.append(("gws_chat", "\n".join(["faults that never happened:", *unused])))
    return report


def _options_of(node: pytest.Item) -> dict[str, object]:
    """Return the options of all marks, those of the test first."""
    options: dict[str, object] = {}
    for mark in node.iter_markers("gws_chat"):
        if mark.args:
            raise pytest.UsageError(f"gws_chat: takes named options only, got {mark.args[0]!r}")
        options = {**mark.kwargs, **options}
    return options


def _arguments(options: Mapping[str, object]) -> Iterator[str]:
    """Return the arguments of the command `gws-chat`, several for an option with a list."""
    for name, value in options.items():
        if name in RESERVED:
            raise pytest.UsageError(f"gws_chat: the plugin sets {name}, got {value!r}")
        if "\0" in str(value):
            raise pytest.UsageError(f"gws_chat: {name} must not contain a null character, got {value!r}")
        for each in value if isinstance(value, list | tuple) else [value]:
            text = {True: "yes", False: "no"}[each] if isinstance(each, bool) else each
            yield f"--{name.replace('_', '-')}={text}"


def _configuration(arguments: Sequence[str]) -> Hashable:
    """Return the same for arguments that mean the same. Those with an error are compared as text."""
    # not at the top: most test runs that load the plugin do not use it
    import click  # noqa: PLC0415

    from gws_chat.options import setting_options  # noqa: PLC0415
    from gws_chat.settings import Settings  # noqa: PLC0415

    try:
        return Settings(**click.Command("gws-chat", params=setting_options()).make_context("", [*arguments]).params)
    except click.ClickException:
        return tuple(sorted(arguments))

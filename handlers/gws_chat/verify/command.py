"""The command `verify`: its options, its output and its exit status."""

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from gws_chat.scenario.schema import ScenarioError
from gws_chat.verify.calibration import facts_of_scenario, write_scenario
from gws_chat.verify.desk import Desk, NoVerdict
from gws_chat.verify.facts import Fact, load_facts
from gws_chat.verify.http_client import HttpClient, without_password
from gws_chat.verify.interrupts import Interrupted, interruptible
from gws_chat.verify.observations import Observations
from gws_chat.verify.play import Play, RunOptions
from gws_chat.verify.report import DIFFERS, Redactor, json_report, judge, text_lines
from gws_chat.verify.run import left_behind, run
from gws_chat.verify.stories import ARRIVAL, CLEAN_UP, END, START, STORIES
from gws_chat.verify.stories.resources import dispositions

NO_VERDICT = 2
ACCEPT_FACT = "accept.state"  # the fact that is reached if a chat was accepted
TAKES_CHATS = (
    "If no chat can be requested as a customer, chats that are routed to the agents are accepted and ended,\n"
    "whoever the customer is. --chat-timeout 0 prevents that.\n"
    "If an agent has a session already, its other channels and its unanswered invitations are lost."
)


def verify(options: dict[str, Any]) -> int:
    """Check the facts against a server and print the report. Return the exit status."""
    facts = load_facts()
    try:
        if options["expect"]:
            facts = facts_of_scenario(options["expect"], facts)
        accounts = _accounts(options["agent"])
        for name in ("url", "customer_url"):
            if options[name]:
                _check_url(options[name], name)
    except (ScenarioError, ValueError) as error:
        return _fail(str(error))
    if options["dry_run"]:
        _print_plan(facts, options["url"], [name for name, _ in accounts])
        return 0
    return _verify(facts, accounts, options)


def _verify(facts: dict[str, Fact], accounts: list[tuple[str, str]], options: dict[str, Any]) -> int:
    try:
        for name in ("json", "write_scenario"):
            if options[name]:
                _check_writable(options[name])
    except OSError as error:
        return _fail(f"cannot write {error.filename}: {error.strerror}")
    run_options = RunOptions(options["timeout"], options["chat_timeout"], options["settle"], options["queue"])
    try:
        with interruptible():
            seen, play = run(
                options["url"],
                accounts,
                frozenset(facts),
                run_options,
                _report_progress,
                options["customer_url"],
                options["contact_center_id"],
            )
    except NoVerdict as error:
        return _fail(_redactor([], accounts, facts).clean(str(error)))
    except Interrupted as interruption:
        left = ", ".join(interruption.left_behind)
        ended = f"could not be ended: {left}" if left else "the chats and sessions of this run have been ended"
        return _fail(f"interrupted; {ended}")
    return _report(facts, seen, play, _redactor(play.all_desks, accounts, facts), options)


def _report(facts: dict[str, Fact], seen: Observations, play: Play, redactor: Redactor, options: dict[str, Any]) -> int:
    """Print the report and write the files. Return the exit status."""
    rows = [row.redacted(redactor) for row in judge(facts, seen)]
    _print_lines(text_lines(rows))
    unexpressed = None
    try:
        if options["write_scenario"]:
            found = dispositions(play.all_desks[0])
            unexpressed = write_scenario(options["write_scenario"], rows, found[1] if found else None)
        if options["json"]:
            content = json.dumps(json_report(rows, unexpressed, left_behind(play)), indent=2, ensure_ascii=False)
            options["json"].write_text(content + "\n", encoding="utf-8")
    except NoVerdict as error:
        return _fail(redactor.clean(str(error)))
    except OSError as error:
        return _fail(f"cannot write {error.filename}: {error.strerror}")
    _print_lines([f"not in the scenario  {line}" for line in unexpressed or []])
    _print_lines([f"could not be ended   {line}" for line in left_behind(play)])
    if any(row.verdict == DIFFERS for row in rows):
        return 1
    if options["expect"] and not any(row.fact.id == ACCEPT_FACT and row.is_reached for row in rows):
        # a scenario that forbids Accept would confirm itself
        return _fail("no chat could be accepted, so that almost nothing of the scenario was checked")
    return 0


def _check_writable(path: Path) -> None:
    """Raise `OSError` if the file cannot be written. Does not change it."""
    existed = path.exists()
    if existed and not path.is_file():
        return  # whoever reads a pipe would take this for its end
    path.open("a").close()
    if not existed:
        path.unlink()


def _account(text: str) -> tuple[str, str]:
    name, colon, password = text.partition(":")
    if not name or not colon:
        raise ValueError("--agent: must be NAME:PASSWORD")
    return name, password


def _accounts(texts: list[str]) -> list[tuple[str, str]]:
    accounts = [_account(each) for each in texts]
    names = [name for name, _ in accounts]
    if len(set(names)) < len(names):
        raise ValueError(f"--agent: must be different agents, got {', '.join(names)}")
    return accounts


def _check_url(url: str, name: str) -> None:
    try:
        HttpClient(url, 1)
    except ValueError as error:
        raise ValueError(f"--{name.replace('_', '-')}: {error}") from None


def _redactor(desks: list[Desk], accounts: list[tuple[str, str]], facts: dict[str, Fact]) -> Redactor:
    secrets = [password for _, password in accounts]
    for desk in desks:
        secrets += [*desk.http.cookies.values(), *desk.http.headers.values(), desk.listener.client_id]
    return Redactor(secrets, facts)


def _print_plan(facts: dict[str, Fact], url: str, names: list[str]) -> None:
    click.echo(f"would check {len(facts)} facts against {without_password(url)} as {', '.join(names)}:")
    plan = [
        ("Sign in, and become Ready", START),
        ("Begin most of the following with a chat", ARRIVAL),
        *((story.title, story.operations or ("only GET requests",)) for story in STORIES),
        ("End the chat, if it has not ended", CLEAN_UP),
        ("End the contact-center sessions of the agents, then try Ready once more", END),
    ]
    for title, operations in plan:
        click.echo(f"- {title}")
        click.echo(f"    {', '.join(operations)}")
    click.echo(TAKES_CHATS)


def _print_lines(lines: Iterable[str]) -> None:
    """Print the lines. If the reader has ended, as `head` does, the exit status is still the verdict."""
    try:
        for line in lines:
            click.echo(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # otherwise the interpreter fails at its end, when it writes the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _report_progress(line: str) -> None:
    with suppress(BrokenPipeError):
        click.echo(line, err=True)


def _fail(reason: str) -> int:
    print(f"no verdict: {reason}", file=sys.stderr)  # noqa: T201 - the same as click.echo
    return NO_VERDICT

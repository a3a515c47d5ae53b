"""What a person sees: the first lines of the command that serves, and one line where it cannot."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from werkzeug.serving import is_running_from_reloader

from handlers.app import build
from handlers.logs import configure, request_log
from handlers.scenario import ScenarioError
from handlers.settings import DEMO, LOOPBACK, read_settings
from handlers.watch import watch

if TYPE_CHECKING:
    import flask

    from handlers.app import Application
    from handlers.settings import Settings

FEW = 10
"""As many agents and chats are listed; of more than these the rest is counted."""


def flask_application() -> flask.Flask:
    """Make the service for Flask's command line.

    `flask run` alone knows host and port, in click's context, and has no hook that would say them after
    it has loaded the application: so it is told here, and only where that command is running. With
    `--debug` the application is loaded twice, the second time by the reloader's own process.
    """
    settings = read_settings([], os.environ)
    context = click.get_current_context(silent=True)
    is_served = context is not None and context.info_name == "run"
    if context is not None and is_served:
        settings = replace(settings, host=context.params["host"], port=context.params["port"])
    else:  # another server's address is not known
        settings = replace(settings, simulation=settings.simulation or False)
    application = build_or_exit(settings)
    application.flask.cli.add_command(watch)
    if not is_served:
        return application.flask
    configure(settings)
    if not is_running_from_reloader():
        click.echo(introduction(application, settings))
    return application.flask


def build_or_exit(settings: Settings) -> Application:
    """Build the service, or end the process with the one line that says why not."""
    try:
        return build(settings, log=request_log(settings))
    except ScenarioError as error:
        sys.exit(f"scenario: {error}")


def introduction(application: Application, settings: Settings) -> str:
    """Say where everything is, and who and what is there."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}"
    scenario = application.scenario
    agents = [f"{agent.user_name} / {password}" for agent, password in scenario.accounts[:FEW]]
    chats = [
        f"{chat.id}: {chat.customer.nickname if chat.customer else 'customer gone'}, "
        + ", ".join(
            f"{seat.agent.user_name} {'Consultant' if seat.is_consultant else seat.state}"
            for seat in chat.seats.values()
        )
        for chat in scenario.chats[:FEW]
    ]
    lines = [
        f"API            {url}/api/v2",
        f"Page           {url}/",
        f"Documentation  {url}/ui/",
        f"CometD         {url}/api/v2/notifications",
        _listed("Agents", agents, len(scenario.accounts)),
        _listed("Chats", chats, len(scenario.chats)),
    ]
    if settings.host not in LOOPBACK and settings.scenario == DEMO:
        lines.append(
            f"WARNING        {settings.host} is reachable by others, and the demo's passwords are public"
        )
    return "\n".join(lines)


def _listed(title: str, entries: list[str], count: int) -> str:
    rest = [f"and {count - len(entries)} more"] if count > len(entries) else []
    return "\n".join(
        f"{title if not number else '':<15}{entry}" for number, entry in enumerate([*entries, *rest])
    )

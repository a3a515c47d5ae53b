"""The command `gws-chat`, which serves. `watch` prints an agent's notifications, `verify` checks a server."""

import gc
import os
import sys
import threading
from pathlib import Path
from typing import Any

import click

from gws_chat.options import setting_options
from gws_chat.servers.unused_libraries import leave_out_unused_libraries
from gws_chat.settings import Settings

SECONDS = click.FloatRange(0, 3600, min_open=True)
INPUT_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(invoke_without_command=True, params=setting_options())
@click.version_option(package_name="gws-chat-emulator", prog_name="gws-chat", message="%(prog)s %(version)s")
@click.option(
    "--until-stdin-ends",
    is_flag=True,
    help="End when standard input ends, for example because the program that started this one has ended.",
)
@click.pass_context
def gws_chat(context: click.Context, /, *, until_stdin_ends: bool, **options: Any) -> None:
    """Serve a local emulator of the Genesys Web Services Chat API v2."""
    if context.invoked_subcommand is None:
        if until_stdin_ends:
            threading.Thread(target=exit_when_stdin_ends, daemon=True).start()
        gc.disable()  # until it serves: the start leaves 0.4 MiB of garbage, and collections take a sixth of the start
        leave_out_unused_libraries()
        # not at the top: --help needs neither connexion nor uvicorn
        from gws_chat.servers.uvicorn_server import serve  # noqa: PLC0415

        serve(Settings(**options))


@gws_chat.command
@click.option("--user", required=True, help="The agent's user name.")
@click.option("--password", required=True, help="The agent's password.")
@click.option(
    "--url", default="http://localhost:8080", show_default=True, help="Base URL of the service or of its API."
)
def watch(**options: Any) -> None:
    """Print an agent's notifications as they arrive."""
    from gws_chat.watch import watch as run_watch  # noqa: PLC0415 - as serve

    run_watch(**options)


@gws_chat.command
@click.option("--url", required=True, help="Base URL of the server, such as http://server:8090.")
@click.option(
    "--agent",
    multiple=True,
    required=True,
    metavar="NAME:PASSWORD",
    help="An agent; two for conferences, three for Transfer in a conference.",
)
@click.option("--customer-url", help="Base URL for customers, if it is another one.")
@click.option("--contact-center-id", help="The ContactCenterId of customers.  [default: that of the agent]")
@click.option("--queue", help="A queue to invite an agent of.")
@click.option("--timeout", type=SECONDS, default=10, show_default=True, help="Seconds for a response or notification.")
@click.option(
    "--settle", type=SECONDS, default=0.1, show_default=True, help="Seconds to wait for further notifications."
)
@click.option(
    "--chat-timeout",
    type=click.FloatRange(0, 3600),
    default=120,
    show_default=True,
    help="Seconds to wait for a routed chat if none can be requested. 0 accepts no chat of other customers.",
)
@click.option("--expect", type=INPUT_FILE, help="A scenario: expect what it leads to.")
@click.option("--write-scenario", type=OUTPUT_FILE, help="Write a scenario that behaves as the server does.")
@click.option("--json", type=OUTPUT_FILE, help="Write the report as JSON.")
@click.option("--dry-run", is_flag=True, help="List what would be done, and do nothing.")
def verify(**options: Any) -> None:
    """Check the assumptions of the emulator against a server.

    Requests chats as a customer, plays them as a desktop does, and ends them. If it cannot request chats, it waits for
    chats that are routed to the agents, and accepts and ends each, whoever the customer is. The contact-center
    sessions of the agents become sessions for chat only, and end with the run. So use accounts that do no other work.

    The exit status is 0 if nothing differs, 1 if something does, and 2 if the server could not be checked or the
    report not written. With --expect it is also 2 if nothing differs and no chat could be accepted.
    """
    from gws_chat.verify.command import verify as run_verify  # noqa: PLC0415 - as serve

    sys.exit(run_verify(options))


def exit_when_stdin_ends() -> None:
    """End this process when standard input ends, which also happens if the program at its other end is killed."""
    while os.read(0, 1024):
        pass
    # a program that starts this one without a pipe would otherwise see nothing
    os.write(2, b"gws-chat: standard input has ended\n")
    os._exit(0)  # at once, because nobody waits for a graceful shutdown


def main() -> None:
    """Run the command. An error in its options prints one line and exits with status 2."""
    try:
        sys.exit(gws_chat.main(prog_name="gws-chat", standalone_mode=False))
    except click.ClickException as error:
        click.echo(f"gws-chat: error: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:  # Ctrl-C
        sys.exit(130)

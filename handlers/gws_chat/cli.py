"""The command `gws-chat`, which serves. `gws-chat watch` prints an agent's notifications."""

import gc
import os
import sys
import threading
from typing import Any

import click

from gws_chat.options import setting_options
from gws_chat.settings import Settings
from gws_chat.watch import watch


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
        # not at the top: --help and watch need neither connexion nor uvicorn
        from gws_chat.servers.uvicorn_server import serve  # noqa: PLC0415

        serve(Settings(**options))


gws_chat.add_command(watch)


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

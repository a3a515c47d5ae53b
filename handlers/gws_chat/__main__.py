"""`python -m gws_chat` is the command `gws-chat`."""

import signal

from gws_chat.signals import exit_on_signals


def main() -> None:
    """Run the command, with handlers for signals that arrive while its modules are imported."""
    exit_on_signals(signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
    from gws_chat import cli  # noqa: PLC0415 - see above

    cli.main()


if __name__ == "__main__":
    main()

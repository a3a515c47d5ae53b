"""`python -m gws_chat` is the command `gws-chat`."""

from gws_chat.signals import END_SIGNALS, exit_on_signals


def main() -> None:
    """Run the command, with handlers for signals that arrive while its modules are imported."""
    exit_on_signals(END_SIGNALS)
    from gws_chat import cli, output  # noqa: PLC0415 - see above

    output.open_missing_descriptors()
    cli.main()


if __name__ == "__main__":
    main()

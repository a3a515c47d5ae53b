"""`python -m gws_chat` is the command `gws-chat`."""

from gws_chat.cli import main

if __name__ == "__main__":
    main()

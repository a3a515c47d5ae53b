"""The service under Flask's development server, `flask --app gws_chat run`.

Flask routes nothing here: its development server passes every request to the ASGI application. It is slower than
uvicorn and uses a thread for each held poll.
"""

import signal
import sys
from dataclasses import replace

import click
import flask
from werkzeug import serving

from gws_chat.logs import configure_logging
from gws_chat.options import settings_from_environment
from gws_chat.output import print_text
from gws_chat.servers.startup import banner, build_or_exit
from gws_chat.servers.wsgi import RequestHandler, WsgiBridge
from gws_chat.signals import END_SIGNALS, exit_on_signals


def create_app() -> flask.Flask:
    """Create the application for Flask's command line, and print the banner if the command is `run`.

    Only click's context knows host and port of `flask run`, and Flask has no hook after loading the application.
    With `--debug` the application is loaded twice, by the process that watches the files and by the one that serves.
    """
    try:
        settings = settings_from_environment()
    except click.UsageError as error:
        sys.exit(error.format_message())
    context = click.get_current_context(silent=True)
    is_served = context is not None and context.info_name == "run"
    if context is not None and is_served:
        serving.WSGIRequestHandler = RequestHandler  # type: ignore[misc]  # `flask run` has no option for it
        # it uses click.echo, which waits for a reader, and the banner below says more
        flask.cli.show_server_banner = lambda *_: None
        host = context.params["host"] or "0.0.0.0"  # noqa: S104 - how werkzeug understands an empty host
        if host == "*" or "[" in host:
            sys.exit(f"--host: must be a host name or an address without brackets, got {host!r}")
        settings = replace(settings, host=host, port=context.params["port"])
    else:  # the address is unknown, so other computers may be able to connect
        settings = replace(settings, host="::")
    log_request = configure_logging(settings)
    application = build_or_exit(settings, log_request)
    app = flask.Flask("gws_chat", static_folder=None)
    app.wsgi_app = WsgiBridge(application.asgi)  # type: ignore[method-assign]  # documented by Flask
    if is_served:
        exit_on_signals(END_SIGNALS - {signal.SIGINT})
    if is_served and not serving.is_running_from_reloader():
        print_text(banner(application, settings))
    return app

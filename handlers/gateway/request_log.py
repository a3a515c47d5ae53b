"""What is to be told of each request: what was asked, by whom, of which chat, and what came of it.

Of what a client has sent only the path and the names of operations and channels are noted: never a query, a
header or anything else of a body, where passwords, cookies, tokens and the ids of sessions are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST = "handlers.request"
"""Where a scope's extensions have what is noted of a request, if anybody wants to know."""
POLL = "/meta/connect"
STATUS_CODE = re.compile(rb'"statusCode": ?(\d{1,3})\b')
BEGINNING = 200
"""As many bytes of an answer as are looked at for its `statusCode`."""
LONGEST = 256
"""Characters of a text that a client chose."""
CHANNELS = 3
"""As many channels of an exchange are named."""


@dataclass(slots=True)
class Noted:
    """A request and its answer; what it never came to is None.

    `operation` is an operationName or the channels of an exchange, else an operationId; `status` is HTTP's;
    `reason` is why it was refused. The milliseconds end where the answer is on its way.
    """

    method: str
    path: str
    operation: str | None = None
    agent: str | None = None
    chat: str | None = None
    status: int | None = None
    status_code: int | None = None
    milliseconds: float = 0.0
    reason: str | None = None

    @property
    def is_poll(self) -> bool:
        return self.operation is not None and self.operation.startswith(POLL)


class RequestLog:
    """Tells of each request once: before the end of its answer is sent, so that nobody who has it knows more.

    What never came to an answer is told of when it is over.
    """

    def __init__(self, app: ASGIApp, *interested: Callable[[Noted], None]) -> None:
        self._app = app
        self._interested = interested

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        noted = Noted(_clipped(scope["method"]), _clipped(scope["path"]))
        scope = {**scope, "extensions": {**(scope.get("extensions") or {}), REQUEST: noted}}

        is_told = False

        def tell() -> None:
            nonlocal is_told
            if not is_told:
                is_told = True
                noted.milliseconds = (perf_counter() - began) * 1000
                for tell_one in self._interested:
                    tell_one(noted)

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                noted.status = message["status"]
            else:
                if noted.status_code is None:
                    found = STATUS_CODE.search(message.get("body", b""), 0, BEGINNING)
                    noted.status_code = int(found[1]) if found else None
                if not message.get("more_body"):
                    tell()
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            tell()


def note_operation(scope: Scope, operation_id: str) -> None:
    """Note which operation of the document a request has come to, whose it is, and what it is about."""
    noted = scope["extensions"].get(REQUEST)
    if noted is not None:
        noted.operation = operation_id
        chat = scope["path_params"].get("id")
        noted.chat = None if chat is None else _clipped(chat)
        user = scope["extensions"].get("connexion_context", {}).get("user")
        noted.agent = getattr(user, "user_name", None)


def note_body(scope: Scope, body: Any) -> None:
    """Note what a body asks for, if it says so: its operation, or the channels of its messages."""
    noted = scope["extensions"].get(REQUEST)
    if noted is None:
        return
    if isinstance(body, dict) and isinstance(body.get("operationName"), str):
        noted.operation = _clipped(body["operationName"])
        return
    messages = body if isinstance(body, list) else [body]
    channels = [message.get("channel") for message in messages if isinstance(message, dict)]
    names = dict.fromkeys(_clipped(channel) for channel in channels if isinstance(channel, str))
    # a poll is to be known as one, wherever in the request it stands
    noted.operation = ",".join(sorted(names, key=POLL.__ne__)[:CHANNELS]) or noted.operation


def note_refusal(scope: Scope, reason: str) -> None:
    """Note why a request is refused."""
    noted = scope["extensions"].get(REQUEST)
    if noted is not None:
        noted.reason = reason


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."

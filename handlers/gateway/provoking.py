"""Letting requests go wrong on demand."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from handlers.gateway.connection import connection_of
from handlers.gateway.entry import API
from handlers.gateway.errors import Provoked
from handlers.gateway.request_log import note_body, note_operation
from handlers.gateway.requests import BODY_LIMIT, BODY_PATIENCE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from handlers.gateway.after_answer import AfterAnswer


class Fault(Protocol):
    """What is to happen to a request."""

    effect: str
    seconds: float
    status: int
    status_code: int
    message: str


class Faults(Protocol):
    """The faults there are; `resets` counts how often all were taken back."""

    resets: int

    def are_of_requests(self) -> bool: ...

    def of_request(self, path: str, operation_name: str | None, user_name: str | None) -> Fault | None: ...


class ProvokingMiddleware:
    """Stands where it is known who asks, and nothing has been performed yet."""

    def __init__(self, app: ASGIApp, faults: Faults, after_answer: AfterAnswer) -> None:
        self._app = app
        self._faults = faults
        self._after_answer = after_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._faults.are_of_requests() or not scope.get("path", "").startswith(f"{API}/"):
            await self._app(scope, receive, send)
            return
        body, receive = await _read(receive)
        content = _decoded(body)
        user = scope["extensions"].get("connexion_context", {}).get("user")
        fault = self._faults.of_request(
            scope["path"], _operation_name(content), getattr(user, "user_name", None)
        )
        if fault is None:
            await self._app(scope, receive, send)
            return
        routing = scope["extensions"].get("connexion_routing", {})
        if routing.get("operation_id"):
            note_operation(scope, routing["operation_id"].rpartition(".")[2])
            note_body(scope, content)
        resets = self._faults.resets

        async def perform(scope: Scope, receive: Receive, send: Send) -> None:
            if resets != self._faults.resets:
                raise Provoked("a reset came before it was performed", fault.status, fault.status_code)
            await self._app(scope, receive, send)

        await EFFECTS[fault.effect](fault, perform, self._after_answer, scope, receive, send)


async def _delay(
    fault: Fault, app: ASGIApp, _: AfterAnswer, scope: Scope, receive: Receive, send: Send
) -> None:
    await asyncio.sleep(fault.seconds)
    await app(scope, receive, send)


async def _refuse(fault: Fault, *_: object) -> None:
    raise Provoked(fault.message, fault.status, fault.status_code)


async def _drop(fault: Fault, _: ASGIApp, __: AfterAnswer, scope: Scope, receive: Receive, ___: Send) -> None:
    """Close the connection; the refusal reaches nobody but the journal."""
    connection_of(scope, receive).drop()
    raise Provoked("the connection was dropped", fault.status, fault.status_code)


async def _drop_answer(
    fault: Fault, app: ASGIApp, _: AfterAnswer, scope: Scope, receive: Receive, send: Send
) -> None:
    """Close the connection instead of answering, or before if that takes longer. Nobody is answered."""
    drop = connection_of(scope, receive).drop
    timer = asyncio.get_running_loop().call_later(fault.seconds, drop)

    async def dropping_send(message: Message) -> None:
        if not timer.cancelled():
            timer.cancel()
            drop()
        await send(message)

    try:
        await app(scope, receive, dropping_send)
    except Exception:  # it is refused, which is an answer, too
        timer.cancel()
        drop()
        raise


async def _notify_first(
    fault: Fault, app: ASGIApp, after_answer: AfterAnswer, scope: Scope, receive: Receive, send: Send
) -> None:
    async def late_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            after_answer.go_ahead()
            await asyncio.sleep(fault.seconds)
        await send(message)

    await app(scope, receive, late_send)


EFFECTS: dict[str, Callable[..., Awaitable[None]]] = {
    "delay": _delay,
    "error": _refuse,
    "drop": _drop,
    "dropAnswer": _drop_answer,
    "notifyFirst": _notify_first,
}


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Read a body, and return it with what gives it out once more."""
    messages: deque[Message] = deque()
    body = bytearray()
    while len(body) <= BODY_LIMIT and (not messages or messages[-1].get("more_body")):
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                messages.append(await receive())
        except TimeoutError:
            messages.append({"type": "http.disconnect"})
        body += messages[-1].get("body", b"")

    async def receive_again() -> Message:
        return messages.popleft() if messages else await receive()

    return bytes(body), receive_again


def _decoded(body: bytes) -> Any:
    """Return what a body says as far as that can be understood; whether it may is seen later."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _operation_name(content: Any) -> str | None:
    name = content.get("operationName") if isinstance(content, dict) else None
    return name if isinstance(name, str) else None

"""The end of connexion's stack: each operation of the document, read, performed, answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware

from handlers.gateway.requests import RequestReader
from handlers.gateway.waiting import wait_above

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from connexion.operations import AbstractOperation
    from starlette.types import ASGIApp, Receive, Scope, Send

    from handlers.gateway.after_answer import AfterAnswer
    from handlers.gateway.views import FlaskViews, View

JSON = b"application/json"


class FlaskOperation:
    """An operation that Flask serves: performed inline, answered, and what it deferred is done then."""

    def __init__(self, reader: RequestReader, view: View, after_answer: AfterAnswer) -> None:
        self._reader = reader
        self._view, self._media_type = view
        self._after_answer = after_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arguments = await self._reader.arguments(scope, receive)
        try:
            body = self._view(**arguments)
        except Exception:
            self._after_answer.discard()
            raise
        deferred = self._after_answer.collect()
        try:
            await _answer(send, body, self._media_type)
        finally:
            self._after_answer.written(deferred)


class CoroutineOperation:
    """An operation whose handler is a coroutine returning JSON in UTF-8: it may wait, and holds no thread."""

    def __init__(self, reader: RequestReader, function: Callable[..., Any]) -> None:
        self._reader = reader
        self._function = function

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arguments = await self._reader.arguments(scope, receive)
        wait_above(scope, _answer_later(send, self._function(**arguments)))


class OperationsAPI(RoutedAPI[FlaskOperation | CoroutineOperation]):
    """The operations of the document, by operationId."""

    def __init__(
        self,
        *arguments: Any,
        views: FlaskViews,
        after_answer: AfterAnswer,
        external_url: Callable[[Scope], str],
        **keywords: Any,
    ) -> None:
        super().__init__(*arguments, **keywords)
        self._views = views
        self._after_answer = after_answer
        self._external_url = external_url
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> FlaskOperation | CoroutineOperation:
        reader = RequestReader(operation, self._external_url)
        if asyncio.iscoroutinefunction(operation.function):
            return CoroutineOperation(reader, operation.function)
        return FlaskOperation(reader, self._views.add(operation), self._after_answer)


class OperationsMiddleware(RoutedMiddleware[OperationsAPI]):
    """Performs what connexion has routed, and passes on what it has not.

    Stands in the place of connexion's request validation, response validation and context, and of
    its FlaskApp: one validator for each operation, made once, and Flask without a thread pool.
    """

    api_cls = OperationsAPI

    def __init__(
        self,
        app: ASGIApp,
        views: FlaskViews,
        after_answer: AfterAnswer,
        external_url: Callable[[Scope], str],
    ) -> None:
        super().__init__(app)
        self._parts: dict[str, Any] = {
            "views": views,
            "after_answer": after_answer,
            "external_url": external_url,
        }

    def add_api(self, specification: Any, **keywords: Any) -> OperationsAPI:
        api: OperationsAPI = super().add_api(specification, **self._parts, **keywords)
        return api


async def _answer_later(send: Send, answer: Coroutine[Any, Any, bytes]) -> None:
    await _answer(send, await answer, JSON, (b"cache-control", b"no-store"))


async def _answer(send: Send, body: bytes, media_type: bytes, *headers: tuple[bytes, bytes]) -> None:
    described = (b"content-type", media_type), (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [*described, *headers]})
    await send({"type": "http.response.body", "body": body})

"""A CometD client that costs little: one session over one connection, its messages ready-made."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks.connection import SOURCE, Connection, request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

EXCHANGE = "/api/v2/notifications"
CHANNEL = "/v2/me/chats"
AT_ONCE = 50
"""As many sessions are opened side by side."""


class Listener:
    """An agent's session, subscribed to its chats. `told_at` is when the last notification came."""

    def __init__(self, connection: Connection, agent: str) -> None:
        self._connection = connection
        self._agent = agent
        self._client_id = ""
        self._connect = b""
        self.told_at = 0.0
        self.told = asyncio.Event()
        self.last: list[dict[str, Any]] = []

    @classmethod
    async def sign_in(cls, port: int, agent: str, source: str = SOURCE) -> Listener:
        listener = cls(await Connection.open(port, source), agent)
        (reply,) = await listener._exchange(
            "handshake", version="1.0", supportedConnectionTypes=["long-polling"]
        )
        listener._client_id = reply["clientId"]
        await listener._exchange("subscribe", subscription=CHANNEL)
        # with a wish for no delay, so that the first one is answered at once by any server
        await listener._exchange("connect", connectionType="long-polling", advice={"timeout": 0})
        listener._connect = listener._request("connect", connectionType="long-polling")
        return listener

    async def keep_polling(self) -> None:
        """Poll until the server hangs up or advises otherwise."""
        with contextlib.suppress(ConnectionError):
            while await self._poll():
                pass

    async def _poll(self) -> bool:
        answer = await self._connection.send(self._connect)
        arrived = time.perf_counter()
        self.last = answer.content
        if any(message["channel"] == CHANNEL for message in self.last):
            self.told_at = arrived
            self.told.set()
        return all(message.get("successful", True) for message in self.last)

    def close(self) -> None:
        self._connection.close()

    async def _exchange(self, meta: str, **members: Any) -> list[dict[str, Any]]:
        answer = await self._connection.send(self._request(meta, **members))
        return answer.content

    def _request(self, meta: str, **members: Any) -> bytes:
        known = {"clientId": self._client_id} if self._client_id else {}
        message = {"channel": f"/meta/{meta}", "id": "1", **known, **members}
        return request("POST", EXCHANGE, [message], agent=self._agent)


@contextlib.asynccontextmanager
async def listening(port: int, agents: Sequence[str]) -> AsyncIterator[list[Listener]]:
    """Sign all agents in and let them poll, from as many loopback addresses as their ports need."""
    listeners: list[Listener] = []
    polling: list[asyncio.Task[None]] = []
    try:
        for start in range(0, len(agents), AT_ONCE):
            source = f"127.0.0.{3 + start // 10_000}"
            group = agents[start : start + AT_ONCE]
            signed_in = await asyncio.gather(*(Listener.sign_in(port, agent, source) for agent in group))
            polling += [asyncio.create_task(each.keep_polling()) for each in signed_in]
            listeners += signed_in
        yield listeners
    finally:
        for task in polling:
            task.cancel()
        await asyncio.gather(*polling, return_exceptions=True)
        for each in listeners:
            each.close()

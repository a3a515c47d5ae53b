"""The data about a request that the access log and the journal keep.

Passwords, cookies, tokens and CometD client IDs must not appear in a log. Therefore the only header in a record is the
Origin of a preflight. The query, the bodies, and `reason`, which may repeat a part of a body, are not logged. The
journal masks the query and the bodies.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gws_chat.cometd.messages import Meta

STATUS_CODE = re.compile(rb'"statusCode": ?(\d{1,3})\b')
STATUS_CODE_WITHIN = 200  # bytes of a response that are searched for its statusCode
MAX_TEXT_LENGTH = 256  # characters that are kept of a text from the client
MAX_CHANNELS = 3  # channels that are recorded of a request to the CometD endpoint
STUB = "stub"  # the operation of a request to which a stub responds
MAX_BODY = 16_384  # bytes that are kept of a body
MAX_IGNORED = 20  # names of ignored members and parameters that are recorded of a request


class RecordedBody(NamedTuple):
    """The first bytes of a body, and its size in bytes."""

    start: bytes
    size: int


@dataclass(slots=True)
class RequestRecord:
    """A request and its response. A member is None if the request did not get that far, or has none.

    `operation` is the operationName, the channels of CometD messages, "stub", or else the operationId. `status` is the
    HTTP status. `reason` is the statusMessage of an error. `milliseconds` is the time until the response is ready.
    `ignored` are the names of the query parameters and members of the body that the operation does not know.
    `origin` is that of a CORS preflight. `fault` is the effect of an injected fault. `client_gave_up`: the
    client closed the connection before it had the response, or the service ended. `cometd_error` is the error of the
    first unsuccessful reply to a CometD message; the journal sets it. `position` is the number of the request in the
    journal, and `journal_resets` the number of resets before it arrived.
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
    ignored: tuple[str, ...] = ()
    origin: str | None = None
    fault: str | None = None
    client_gave_up: bool = False
    cometd_error: str | None = None
    query: RecordedBody | None = field(default=None, repr=False, compare=False)
    request_body: RecordedBody | None = field(default=None, repr=False, compare=False)
    response_body: RecordedBody | None = field(default=None, repr=False, compare=False)
    position: int | None = field(default=None, repr=False, compare=False)
    journal_resets: int | None = field(default=None, repr=False, compare=False)

    @property
    def is_poll(self) -> bool:
        return self.operation is not None and self.operation.split(",")[0] == Meta.CONNECT

    def set_operation(self, body: Any) -> None:
        """Set `operation` to the operationName, or to the channels of the messages, if the body has them."""
        if isinstance(body, dict) and isinstance(body.get("operationName"), str):
            self.operation = shorten_for_record(body["operationName"])
            return
        channels = [message.get("channel") for message in messages_of(body) if isinstance(message, dict)]
        names = dict.fromkeys(shorten_for_record(channel) for channel in channels if isinstance(channel, str))
        # /meta/connect comes first, so that `is_poll` finds it wherever it stands in the request
        self.operation = ",".join(sorted(names, key=lambda name: name != Meta.CONNECT)[:MAX_CHANNELS]) or self.operation

    def add_ignored(self, names: Iterable[str]) -> None:
        self.ignored = tuple([*self.ignored, *map(shorten_for_record, names)][:MAX_IGNORED])

    def set_response(self, status: int, body: bytes) -> None:
        """Add the response. Its statusCode is that of the body, if the first `STATUS_CODE_WITHIN` bytes contain one."""
        self.status, self.response_body = status, record_body(body)
        if found := STATUS_CODE.search(body, 0, STATUS_CODE_WITHIN):
            self.status_code = int(found[1])


def messages_of(body: Any) -> list[Any]:
    """Return the CometD messages of a body, which is one message or a list of them."""
    return body if isinstance(body, list) else [body]


def record_body(body: bytes) -> RecordedBody:
    return RecordedBody(body[:MAX_BODY], len(body))


def shorten_for_record(text: str) -> str:
    return text if len(text) <= MAX_TEXT_LENGTH else text[:MAX_TEXT_LENGTH] + "..."

"""Paths are normalised before routing, responses set new cookies, and each request is recorded once."""

import asyncio
import weakref

import pytest

from gws_chat.gateway.front import FrontMiddleware
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.request import context_of
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.responses import Response
from tests.builders import make_agent

NOSNIFF = (b"x-content-type-options", b"nosniff")
OWN_HEADERS = [(b"x-own", b"1"), (b"content-type", b"text/json"), (b"content-length", b"2")]
COMETD = "/api/v2/notifications"
ANN = make_agent("ann")
REQUEST = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}


class InnerLayer:
    """The next layer: it keeps the scopes and responds. `agent` signs in with the request, which causes `batch`."""

    def __init__(self, agent=None, batch=None):
        self.agent = agent
        self.batch = batch
        self.scopes = []

    async def respond(self, scope, receive):
        del receive
        self.scopes.append(scope)
        context_of(scope).batch = self.batch
        if self.agent:
            context_of(scope).agent_for_new_cookie = self.agent
        return Response(200, b"{}", "text/json", [(b"x-own", b"1")])


@pytest.fixture
def records():
    """Return the list of the records that the observer receives."""
    return []


@pytest.fixture
def sent():
    """Return the list of the messages of the response."""
    return []


class Queue:
    """Adds each batch to the messages of the response when it is released."""

    def __init__(self, sent):
        self._sent = sent

    def release(self, batch):
        self._sent.append(batch)


@pytest.fixture
def call(records, sent):
    """Send a request through FrontMiddleware to a layer. A `broken` connection raises an error for the response."""
    identity = Identity([(ANN, "")], lambda: "token")
    identity.start_login(ANN)

    async def send(message):
        sent.append(message)

    async def fail(_):
        raise ConnectionResetError

    async def call_front(layer, scope, *, broken=False):
        observers = [records.append]
        front = FrontMiddleware(
            layer, identity=identity, check_access=lambda _: None, cors=None, observers=observers, queue=Queue(sent)
        )
        await front(scope, None, fail if broken else send)

    return call_front


@pytest.mark.parametrize(
    ("path", "routed"),
    [
        ("/api/v2/me/", "/api/v2/me"),
        ("/api/v2/me/chats//", "/api/v2/me/chats"),
        ("/", "/"),
        ("//api/v2/me", "/api/v2/me"),
        ("///ui/", "/ui/"),
        ("/api//v2/me", "/api//v2/me"),
        ("/ui/", "/ui/"),
        (f"{COMETD}/", COMETD),
        (f"{COMETD}/handshake", COMETD),
        (f"{COMETD}/handshake/", COMETD),
        (f"{COMETD}/a/b", f"{COMETD}/a/b"),
        (f"{COMETD}s", f"{COMETD}s"),
        ("/api/v2/me/handshake", "/api/v2/me/handshake"),
    ],
)
async def test_path_is_normalised_before_routing(call, path, routed):
    app = InnerLayer()

    await call(app, {**REQUEST, "path": path})

    assert [routed] == [scope["path"] for scope in app.scopes]


async def test_scope_that_is_not_http_is_ignored(call):
    app = InnerLayer()

    await call(app, {"type": "lifespan"})

    assert [] == app.scopes


async def test_new_cookie_is_set_on_the_response(call, sent):
    scope = REQUEST.copy()

    await call(InnerLayer(ANN), scope)

    cookie = b"JSESSIONID=token; Path=/; HttpOnly; SameSite=Lax"
    headers = [*OWN_HEADERS, NOSNIFF, (b"set-cookie", cookie)]
    assert [
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": b"{}"},
    ] == sent
    assert REQUEST == scope  # the server's own scope does not change


async def test_response_without_a_new_cookie_sets_none(call, sent):
    await call(InnerLayer(), REQUEST)

    assert [*OWN_HEADERS, NOSNIFF] == sent[0]["headers"]


async def test_request_without_a_response_is_recorded_once(call, records):
    class CancelledLayer:
        async def respond(self, *_):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await call(CancelledLayer(), REQUEST)

    (record,) = records
    assert record.milliseconds > 0
    assert RequestRecord("GET", "/", milliseconds=record.milliseconds, client_gave_up=True) == record


async def test_notifications_are_delivered_after_the_response(call, sent):
    await call(InnerLayer(batch="batch"), REQUEST)

    assert ["http.response.start", "http.response.body"] == [message["type"] for message in sent[:-1]]
    assert "batch" == sent[-1]


async def test_notifications_are_delivered_even_if_the_response_fails(call, records, sent):
    with pytest.raises(ConnectionResetError):
        await call(InnerLayer(batch="batch"), REQUEST, broken=True)

    assert (["batch"], [200]) == (sent, [record.status for record in records])


async def test_held_poll_does_not_keep_the_inner_scope(call, sent):
    class Mark:
        """An object that supports weak references."""

    class HoldingLayer:
        def __init__(self):
            self.body = asyncio.Event()

        async def respond(self, scope, receive):
            del receive
            mark = scope["mark"] = Mark()
            self.mark = weakref.ref(mark)
            return Response(200, held_body=self.hold())

        async def hold(self):
            await self.body.wait()
            return b"[]"

    layer = HoldingLayer()
    request = asyncio.create_task(call(layer, REQUEST))
    await asyncio.sleep(0)

    assert layer.mark() is None

    layer.body.set()
    await request
    assert b"[]" == sent[1]["body"]


async def test_response_to_head_has_no_body(call, sent):
    await call(InnerLayer(), {**REQUEST, "method": "HEAD"})

    assert (OWN_HEADERS, b"") == (sent[0]["headers"][: len(OWN_HEADERS)], sent[1]["body"])

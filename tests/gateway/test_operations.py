"""Each request reaches the operation, the path parameters and the user that connexion's own middlewares find."""

import gc
import re
import weakref
from base64 import b64encode
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from connexion import ConnexionMiddleware
from connexion.exceptions import OAuthProblem
from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.middleware.routing import RoutingMiddleware
from connexion.middleware.security import SecurityMiddleware
from connexion.security import NO_VALUE
from starlette.exceptions import HTTPException

from gws_chat import simulation
from gws_chat.gateway.errors import AccessDenied, RequestError
from gws_chat.gateway.identity import Identity
from gws_chat.gateway.openapi import content_for_connexion, document_path, load_content
from gws_chat.gateway.paths import Paths
from gws_chat.gateway.pipeline import Pipeline
from gws_chat.gateway.request import CONTEXT, RequestContext
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.security import SecuritySchemes
from tests.builders import make_agent

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", ""]
SEGMENTS = ["x", "", ".", "..", "%2F", "{id}", " ", "é", "x\nx", "chats", "0071023821aec011", "x" * 5000]
DENIED = "denied"
PASSWORD, WRONG = b"Basic " + b64encode(b"ann:secret"), b"Basic " + b64encode(b"ann:wrong")
CREDENTIALS = [
    [],
    *([(b"authorization", value)] for value in (PASSWORD, WRONG, b"", b"Bearer x")),
    *([(b"cookie", b"JSESSIONID=" + value)] for value in (b"token", b"old", b"")),
    *([(b"cookie", b"JSESSIONID=token"), (b"authorization", value)] for value in (PASSWORD, WRONG, b"")),
    [(b"authorization", PASSWORD), (b"authorization", WRONG)],
]


def request(method, path, headers):
    context = RequestContext(RequestRecord(method, path), None)
    return {"type": "http", "method": method, "path": path, "headers": headers, "extensions": {}, CONTEXT: context}


def handler(operation_id):
    return lambda: operation_id


@pytest.fixture(scope="module")
def documents():
    files = [document_path(), Path(simulation.__file__).with_name("openapi.yaml")]
    return [load_content(file) for file in files]


@pytest.fixture(scope="module")
def paths(documents):
    return Paths(documents)


@pytest.fixture
def security():
    """Return the security schemes with one account, whose session cookie is `token`."""
    ann = make_agent("ann")
    identity = Identity([(ann, "secret")], lambda: "token")
    identity.start_login(ann)
    return SecuritySchemes(identity)


@pytest.fixture
def start(documents):
    """Create connexion with some middlewares, and return a function that sends it a request.

    The function returns the scope with which the last application is called, or the status of the error.
    """

    async def create(*middlewares, **options):
        scopes = []

        async def app(scope, *_):
            scopes.append(scope)

        connexion = ConnexionMiddleware(app, middlewares=list(middlewares), resolver=handler, **options)
        for document in documents:
            connexion.add_api(content_for_connexion(document))

        async def send_request(method, path, headers=()):
            try:
                await connexion(request(method, path, headers), None, None)
            except (AccessDenied, OAuthProblem):
                return DENIED
            except HTTPException as error:
                return error.status_code
            return scopes.pop()

        await send_request("GET", "/")  # connexion reads the documents at the first request
        return send_request

    return create


@pytest.fixture
async def pipeline(paths, security, start):
    """Return the emulator's middleware."""
    created = []

    def middleware(app):
        unused = dict.fromkeys(("queue", "csrf", "external_url_of", "hooks"))
        created.append(Pipeline(app, paths=paths, security=security, **unused))
        return created[0]

    async def outermost(*_):
        raise AccessDenied

    await start(lambda _: outermost, middleware)
    return created[0]


def urls(documents):
    for document in documents:
        for path in document["paths"]:
            yield document["servers"][0]["url"].rstrip("/") + path


def odd_paths(documents):
    """Return paths that match a path of the documents, and others that nearly do.

    Left out are paths that FrontMiddleware changes: it removes slashes at the end, and repeated ones at the start. Left
    out is also a newline at the end: starlette's router ignores it in some paths, the emulator in none.
    """
    matching = {re.sub("{.+?}", segment, url) for url, segment in product(urls(documents), SEGMENTS)}
    for path in matching:
        parent, _, segment = path.rpartition("/")
        similar = [path, f"{path}/x", f"{path} ", f"{path}x", path[1:], path.upper(), parent]
        yield from (each for each in [*similar, f"{parent}//{segment}"] if each and each[-1] != "/")


async def test_operation_and_path_parameters_are_those_of_connexion(documents, paths, pipeline, start):
    send = await start(RoutingMiddleware)
    reached = set()

    for method, path in product(METHODS, odd_paths(documents)):
        verdict = await send(method, path)
        operation, parameters = pipeline.find(method, path)

        if operation is not None:
            routing = verdict["extensions"][ROUTING_CONTEXT]
            assert (routing["operation_id"], verdict["path_params"]) == (operation.handle(), parameters)
            reached.add(routing["operation_id"])
        elif paths.allowed_methods(path):
            assert 405 == verdict, (method, path)
        else:
            assert verdict["extensions"][ROUTING_CONTEXT]["operation_id"] is None, (method, path)

    names = [name for document in documents for item in document["paths"].values() for name in item]
    assert sum(name.upper() in METHODS for name in names) == len(reached)


@pytest.mark.parametrize("headers", CREDENTIALS, ids=str)
async def test_user_is_the_one_that_connexion_authenticates(headers, documents, pipeline, security, start):
    def get_fn(scheme, _scopes):
        authenticate = security.by_password if scheme["type"] == "http" else security.by_cookie

        def verify(sent):
            user = authenticate(sent.scope)
            return NO_VALUE if user is None else {"sub": user}

        return verify

    schemes = SimpleNamespace(get_fn=get_fn)
    security_map = {"basic": lambda: schemes, "apiKey": lambda: schemes}
    send = await start(RoutingMiddleware, SecurityMiddleware, security_map=security_map)
    secured = 0

    for method, path in product(METHODS, urls(documents)):
        verdict = await send(method, path, headers)
        operation, _ = pipeline.find(method, path)
        if operation is None:
            continue
        context = {} if verdict == DENIED else verdict["extensions"].get("connexion_context", {})
        try:
            user = operation.user_of(request(method, path, headers))
        except AccessDenied:
            user = None
        assert identity_of(context.get("user")) == identity_of(user), (method, path)
        secured += user is not None

    assert secured or headers != [(b"authorization", PASSWORD)]


def identity_of(user):
    return type(user), getattr(user, "id", None)


async def test_validation_error_is_freed_at_once(pipeline):
    operation, _ = pipeline.find("POST", "/api/v2/me/chats/1")

    gc.disable()  # an error in a reference cycle waits for garbage collection, with the connection of its request
    try:
        operation.validated(b"", {"operationName": "X"}, RequestRecord("POST", "/"))
    except RequestError as error:
        freed = weakref.ref(error)
    finally:
        gc.enable()

    assert freed() is None

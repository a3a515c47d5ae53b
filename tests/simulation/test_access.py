"""`/simulation` is open to programs on this computer and closed to web pages and remote clients."""

import httpx2
import pytest

from gws_chat.app import build
from gws_chat.settings import Settings

ALL_INTERFACES = {"host": "0.0.0.0"}  # noqa: S104 - nothing listens here: it is the value of a setting
ON = {"simulation": True}


async def reset(path="/simulation/reset", *, headers=None, client="127.0.0.1", **settings):
    """Send a reset to a service with these settings, from a client with this address."""
    transport = httpx2.ASGITransport(build(Settings(**settings)).asgi, client=(client, 50000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        return await http.post(path, json={}, headers=headers)


NAMED = {"host": "gws", **ON, "external_url": "https://desk.example/api/v2"}
OWN_HOSTS = ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "gws", "desk.example:443"]
FORWARDED = {
    "Forwarded": "for=127.0.0.1",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Host": "localhost",
    "x-forwarded-proto": "http",
    "Via": "1.1 proxy",
    "X-Real-IP": "::1",
    "X-Client-IP": "",
    "CF-Connecting-IP": "10.0.0.1",
    "True-Client-IP": "10.0.0.1",
    "X-Cluster-Client-IP": "10.0.0.1",
    "Fastly-Client-IP": "10.0.0.1",
    "X-Original-Forwarded-For": "10.0.0.1",
    "X-Envoy-External-Address": "10.0.0.1",
    "X-ProxyUser-Ip": "10.0.0.1",
    "X-Forwarded": "10.0.0.1",
}
ACCEPTED = [
    *({"headers": {name: value}, **ON} for name, value in FORWARDED.items()),
    *({"host": host} for host in ("127.0.0.1", "::1", "localhost", "LOCALHOST")),
    {**ALL_INTERFACES, **ON},
    {"client": "10.0.0.1", **ON},
    *({"client": client} for client in ("127.9.9.9", "::1", "::ffff:127.0.0.1")),
    *({"headers": {"Host": host}, **NAMED} for host in OWN_HOSTS),
    *({"headers": {"Origin": f"http://{host}"}} for host in ("localhost:8080", "127.0.0.1:3000", "[::1]")),
]


@pytest.mark.parametrize("request_and_settings", ACCEPTED, ids=str)
async def test_local_requests_and_allowed_remote_ones_are_accepted(request_and_settings):
    response = await reset(**request_and_settings)

    assert 200 == response.status_code


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("/simulation/reset", ALL_INTERFACES),
        ("/simulation/reset", {"simulation": False}),
        ("/simulation/reset/", ALL_INTERFACES),
        ("/simulation", ALL_INTERFACES),
        ("/simulation/openapi.yaml", ALL_INTERFACES),
        ("/simulation/ui", ALL_INTERFACES),
    ],
)
async def test_paths_are_unknown_when_simulation_is_off(path, settings):
    response = await reset(path, **settings)

    message = f"path: nothing is at {path.rstrip('/')!r}"
    assert (404, {"statusCode": 6, "statusMessage": message}) == (response.status_code, response.json())


@pytest.mark.parametrize("client", ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "nowhere"])
async def test_remote_client_is_rejected(client):
    response = await reset(client=client)

    assert 404 == response.status_code


@pytest.mark.parametrize("header", FORWARDED)
async def test_a_request_that_a_proxy_forwards_is_rejected(header):
    response = await reset(headers={header: FORWARDED[header]})

    assert 404 == response.status_code


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_each_server_rejects_forwarded_requests(share, server):
    url = f"{share(server).url}/simulation/journal"

    statuses = [httpx2.get(url, headers=headers).status_code for headers in ({}, {"X-Forwarded-For": "127.0.0.1"})]

    assert [200, 404] == statuses


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Host", "attacker.example"),
        ("Host", "localhost.attacker.example"),
        ("Host", "10.0.0.1:8080"),
        ("Host", "["),
        ("Origin", "https://attacker.example"),
        ("Origin", "null"),
        ("Origin", "localhost"),
        ("Origin", "http://attacker@localhost"),
        ("Origin", "http://localhost:8080/"),
    ],
)
async def test_disallowed_host_or_origin_is_rejected(header, value):
    response = await reset(headers={header: value})

    allowed = "one of 127.0.0.1, ::1, localhost, or be allowed with the option --allowed-host"
    message = f"{header}: its host must be {allowed}, got {value!r}"
    assert (403, {"statusCode": 3, "statusMessage": message}) == (response.status_code, response.json())


async def test_open_simulation_on_other_addresses_checks_the_host():
    settings = {**ALL_INTERFACES, **ON, "allowed_host": ("gws",)}

    statuses = [(await reset(headers={"Host": host}, **settings)).status_code for host in ("gws:8080", "10.0.0.1")]

    assert [200, 403] == statuses


async def test_other_paths_accept_any_origin(http):
    response = await http.get("/health", headers={"Origin": "https://desk.example"})

    assert 200 == response.status_code

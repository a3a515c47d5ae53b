"""While only programs on this computer can connect, requests must name an allowed host (DNS rebinding)."""

import json

import pytest

from gws_chat.app import build
from gws_chat.settings import Settings
from tests.raw_http import RawConnection, request
from tests.service import client_of

PATHS = ["/", "/ui/", "/health", "/openapi.yaml", "/api/v2/me", "/api/v2/notifications", "/simulation/journal", "/nope"]
LOOPBACK = ["127.0.0.1", "::1", "localhost", "LOCALHOST", "127.0.0.2", "127.1"]
OTHER = ["0.0.0.0", "::", "192.0.2.1", "nowhere.invalid"]  # noqa: S104 - nothing listens here
ALLOWED = ["localhost", "LocalHost:8080", "127.0.0.1:1", "[::1]", "[::1]:65535"]
DISALLOWED = [
    "attacker.example",
    "localhost.attacker.example:8080",
    "10.0.0.1:8080",
    "0.0.0.0:8080",
    "gws:8080",
    "evil@localhost",
    "localhost:evil",
    "localhost:8080:8080",
    "localhost:65536",
    "localhost:",
    "localhost/",
    "localhost, attacker.example",
    "localhost.",
    "::1",
    "[::1",
    "[127.0.0.1]:8080",
    "[localhost]",
    "[",
    "",
]


@pytest.fixture(scope="module")
def application():
    return build(Settings())


async def status_of_health(requested, **settings):
    async with client_of(build(Settings(**settings))) as http:
        response = await http.get("/health", headers={"Host": requested})
    return response.status_code


@pytest.mark.parametrize("path", PATHS)
async def test_every_path_rejects_a_disallowed_host(http, path):
    response = await http.request("TRACE", path, headers={"Host": "attacker.example"})

    assert (403, 3) == (response.status_code, response.json()["statusCode"])


@pytest.mark.parametrize("host", ALLOWED)
async def test_names_of_this_computer_are_allowed(http, host):
    response = await http.get("/health", headers={"Host": host})

    assert 200 == response.status_code


@pytest.mark.parametrize("host", DISALLOWED)
async def test_disallowed_or_malformed_host_is_rejected(http, host):
    response = await http.get("/health", headers={"Host": host})

    message = (
        "Host: its host must be one of 127.0.0.1, ::1, localhost, or be allowed with the option --allowed-host, "
        f"got {host!r}"
    )
    assert (403, {"statusCode": 3, "statusMessage": message}) == (response.status_code, response.json())


async def test_preflight_from_an_allowed_origin_needs_an_allowed_host():
    headers = {"Host": "attacker.example", "Origin": "https://desk.example", "Access-Control-Request-Method": "GET"}

    async with client_of(build(Settings(cors_origin=("https://desk.example",)))) as http:
        response = await http.options("/api/v2/me", headers=headers)

    assert 403 == response.status_code


@pytest.mark.parametrize("host", LOOPBACK)
async def test_hosts_are_checked_on_loopback_addresses(host):
    assert 403 == await status_of_health("attacker.example", host=host)


@pytest.mark.parametrize("host", OTHER)
async def test_other_addresses_accept_any_host(host):
    assert 200 == await status_of_health("gws.example", host=host)


@pytest.mark.parametrize("name", ["gws:8080", "GWS", "gws:9090"])
async def test_an_allowed_host_is_accepted_with_any_port(name):
    settings = {"allowed_host": (name, "host.docker.internal")}

    statuses = [
        await status_of_health(host, **settings)
        for host in ("gws:8080", "Gws", "host.docker.internal:1", "docker.internal")
    ]

    assert [200, 200, 200, 403] == statuses


async def test_allowed_hosts_do_not_change_uris():
    async with client_of(build(Settings(allowed_host=("gws:8080",)))) as http:
        response = await http.get("/api/v2/me", auth=("agent1", "secret1"))

    assert response.json()["user"]["uri"].startswith("http://localhost:8080/api/v2/")


@pytest.mark.parametrize("url", ["https://desk.example/api/v2", "http://Desk.example:8080/gws/api/v2"])
async def test_the_host_of_the_external_url_is_allowed(url):
    assert 200 == await status_of_health("desk.example", external_url=url)


async def test_the_address_of_the_service_is_allowed():
    assert 200 == await status_of_health("127.0.0.2:8080", host="127.0.0.2")


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_each_server_checks_the_host_header(share, server):
    service = share(server)
    get = request("GET", "/health")

    statuses = []
    for lines in ("", "Host: localhost\r\n", "Host:\r\n", "Host: localhost\r\nHost: attacker.example\r\n"):
        packet = get.replace(b"Host: 127.0.0.1\r\n", lines.encode()).replace(b"HTTP/1.1", b"HTTP/1.0")
        status, _, body = await (await RawConnection.sending(service.port, packet)).response()
        statuses.append((status, json.loads(body).get("statusCode")))

    assert [(200, 0), (200, 0), (403, 3), (403, 3)] == statuses


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
async def test_uris_have_the_host_of_the_target(share, server):
    service = share(server)

    get = request("GET", "http://localhost:1234/api/v2/me", user="agent1")
    _, _, body = await (await RawConnection.sending(service.port, get)).response()

    assert json.loads(body)["user"]["uri"].startswith("http://localhost:1234/api/v2/")

"""`/simulation` is for programs on this machine: no page reaches it, and where it is off nothing is there."""

from __future__ import annotations

import httpx2
import pytest

from handlers.app import build
from handlers.settings import Settings

ABROAD = {"host": "0.0.0.0"}  # noqa: S104 - nothing listens here: it is what a setting says


async def reset(path="/simulation/reset", *, headers=None, client="127.0.0.1", **settings):
    """Ask a service with these settings, from this address, to begin anew."""
    transport = httpx2.ASGITransport(build(Settings(**settings)).asgi, client=(client, 50000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        return await http.post(path, json={}, headers=headers)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "LOCALHOST"])
async def test_it_is_on_where_the_service_listens_on_loopback(host):
    assert 200 == (await reset(host=host)).status_code


@pytest.mark.parametrize("settings", [ABROAD, {"simulation": False}])
@pytest.mark.parametrize(
    "path", ["/simulation/reset", "/simulation/reset/", "/simulation/nothing", "/simulation"]
)
async def test_where_it_is_off_its_paths_are_unknown(settings, path):
    answer = await reset(path, **settings)

    plain = path.rstrip("/")
    assert (404, {"statusCode": 6, "statusMessage": f"path: nothing is at {plain!r}"}) == (
        answer.status_code,
        answer.json(),
    )


async def test_where_others_reach_the_service_it_can_be_switched_on():
    assert 200 == (await reset(**ABROAD, simulation=True)).status_code


@pytest.mark.parametrize(
    ("client", "status"),
    [
        *((near, 200) for near in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")),
        *((far, 404) for far in ("10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "nowhere")),
    ],
)
async def test_another_machine_does_not_reach_it_though_flask_run_should_listen_to_all(client, status):
    assert status == (await reset(client=client)).status_code


async def test_another_machine_reaches_it_where_it_is_switched_on():
    assert 200 == (await reset(client="10.0.0.1", simulation=True)).status_code


OWN = ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "gws", "desk.example:443"]


@pytest.mark.parametrize("host", OWN)
async def test_a_host_is_its_own_on_loopback_or_where_it_listens_or_where_it_is_said_to_be(host):
    settings = {"host": "gws", "simulation": True, "external_url": "https://desk.example/api/v2"}

    answer = await reset(headers={"Host": host}, **settings)

    assert 200 == answer.status_code


@pytest.mark.parametrize("origin", ["http://localhost:8080", "http://127.0.0.1:3000", "http://[::1]"])
async def test_a_page_of_this_machine_may_reach_it(origin):
    assert 200 == (await reset(headers={"Origin": origin})).status_code


FOREIGN = [
    ("Host", "attacker.example"),
    ("Host", "localhost.attacker.example"),
    ("Host", "localhost@attacker.example"),
    ("Host", "10.0.0.1:8080"),
    ("Host", "["),
    ("Host", ""),
    ("Origin", "https://attacker.example"),
    ("Origin", "http://localhost.attacker.example"),
    ("Origin", "null"),
    ("Origin", "localhost"),
]


@pytest.mark.parametrize(("header", "value"), FOREIGN)
async def test_what_is_foreign_is_refused_in_one_line(header, value):
    answer = await reset(headers={header: value})

    rule = f"{header}: must be of 127.0.0.1, ::1, localhost, not {value!r}"
    assert (403, {"statusCode": 3, "statusMessage": rule}) == (answer.status_code, answer.json())


async def test_a_form_of_a_page_is_refused_for_its_media_type(http):
    answer = await http.post("/simulation/reset", content="{}", headers={"Content-Type": "text/plain"})

    assert (415, 2) == (answer.status_code, answer.json()["statusCode"])


async def test_the_rest_of_the_service_is_reached_by_any_name(http):
    answer = await http.get("/health", headers={"Host": "gws.example", "Origin": "https://desk.example"})

    assert 200 == answer.status_code

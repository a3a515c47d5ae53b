"""Headers of trusted proxies change the scheme and host of URIs; those of anybody else do not."""

import httpx2
import pytest

from gws_chat.app import build
from gws_chat.settings import Settings

HTTPS = "https://gws.example/api/v2"
UNCHANGED = "http://localhost:8080/api/v2"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "gws.example"}
PROXY = {"trusted_proxy": ("127.0.0.1",), "allowed_host": ("gws.example",)}


async def get_me(*headers, client="127.0.0.1", **settings):
    """Read the agent with a request from a client with this address."""
    transport = httpx2.ASGITransport(build(Settings(**settings)).asgi, client=(client, 50000))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        return await http.get("/api/v2/me", auth=("agent1", "secret1"), headers=list(headers))


async def base_url(*headers, **options):
    """Return the base URL in the response."""
    response = await get_me(*headers, **options)
    return response.json()["user"]["uri"].partition("/users/")[0]


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        (FORWARDED.items(), HTTPS),
        ([("X-Forwarded-Proto", "https")], "https://localhost:8080/api/v2"),
        ([("X-Forwarded-Host", "gws.example:8443")], "http://gws.example:8443/api/v2"),
        ([("Forwarded", "for=10.0.0.1;Proto=https; host=gws.example")], HTTPS),
        ([("Forwarded", 'for="[::1]:4711";host="gws.example:8443";proto=https')], "https://gws.example:8443/api/v2"),
        ([("Forwarded", "host=attacker.example, proto=https;host=gws.example")], HTTPS),
        ([("X-Forwarded-Host", "attacker.example, gws.example")], "http://gws.example/api/v2"),
        ([("X-Forwarded-Host", "attacker.example"), ("X-Forwarded-Host", "gws.example")], "http://gws.example/api/v2"),
        ([*FORWARDED.items(), ("Forwarded", "host=attacker.example;proto=http")], HTTPS),
        ([("X-Forwarded-Proto", "HTTPS")], "https://localhost:8080/api/v2"),
        ([("X-Forwarded-Proto", "ftp")], UNCHANGED),
        ([("X-Forwarded-For", "10.0.0.1"), ("X-Real-IP", "10.0.0.1"), ("Via", "1.1 proxy")], UNCHANGED),
        ([("Forwarded", ";=,")], UNCHANGED),
        ([], UNCHANGED),
    ],
    ids=str,
)
async def test_a_trusted_proxy_sets_scheme_and_host(headers, url):
    assert url == await base_url(*headers, **PROXY)


@pytest.mark.parametrize(
    ("client", "proxies", "is_trusted"),
    [
        ("127.0.0.1", (), False),
        ("127.0.0.2", ("127.0.0.1",), False),
        ("::1", ("127.0.0.1",), False),
        ("::1", ("127.0.0.1", "::1"), True),
        ("::ffff:127.0.0.1", ("127.0.0.1",), True),
        ("172.18.0.9", ("172.16.0.0/12",), True),
        ("172.32.0.9", ("172.16.0.0/12",), False),
        ("nowhere", ("0.0.0.0/0",), False),
    ],
)
async def test_only_addresses_of_the_setting_are_trusted(client, proxies, is_trusted):
    url = await base_url(*FORWARDED.items(), client=client, trusted_proxy=proxies, allowed_host=("gws.example",))

    assert (HTTPS if is_trusted else UNCHANGED) == url


@pytest.mark.parametrize(
    "header", [("X-Forwarded-Host", "attacker.example"), ("Forwarded", "host=evil@localhost")], ids=str
)
async def test_the_forwarded_host_has_to_be_allowed(header):
    response = await get_me(header, **PROXY)

    assert (403, 3) == (response.status_code, response.json()["statusCode"])
    assert response.json()["statusMessage"].startswith("Forwarded host: its host must be one of")


async def test_a_page_cannot_replace_its_host_by_a_header():
    response = await get_me(("Host", "attacker.example"), ("X-Forwarded-Host", "localhost"), **PROXY)

    assert 403 == response.status_code


async def test_a_malformed_forwarded_host_is_ignored_on_other_addresses():
    proxy = {"host": "::", "trusted_proxy": ("127.0.0.1",)}

    assert UNCHANGED == await base_url(("X-Forwarded-Host", "a b"), **proxy)


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
def test_each_server_believes_only_trusted_proxies(serve, server):
    believing = serve(server, GWS_CHAT_TRUSTED_PROXY="127.0.0.1, 10.0.0.0/8", GWS_CHAT_ALLOWED_HOST="gws.example")
    other = serve(server, FORWARDED_ALLOW_IPS="*")  # uvicorn's variable

    responses = [
        httpx2.get(f"{service.url}/api/v2/me", auth=("agent1", "secret1"), headers=FORWARDED).json()
        for service in (believing, other)
    ]

    urls = [response["user"]["uri"].partition("/users/")[0] for response in responses]
    assert [HTTPS, f"{other.url}/api/v2"] == urls

"""The page is served at `/`, as files that a browser takes for what they are."""

from __future__ import annotations

import re

import httpx2
import pytest
from starlette.exceptions import HTTPException

from handlers.app import document_path
from handlers.gateway.documentation import DocumentApp

POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        pytest.param("/", "text/html; charset=utf-8", id="the page"),
        pytest.param("/page/style.css", "text/css; charset=utf-8", id="its style"),
        pytest.param("/page/page.js", "text/javascript; charset=utf-8", id="a module"),
        pytest.param("/page/icon.svg", "image/svg+xml", id="its icon"),
    ],
)
async def test_a_file_of_the_page_has_its_media_type_and_may_reach_nothing_else(http, path, media_type):
    answer = await http.get(path)

    assert (200, media_type) == (answer.status_code, answer.headers["Content-Type"])
    assert POLICY == answer.headers["Content-Security-Policy"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]
    assert "no-cache" == answer.headers["Cache-Control"]


async def test_the_page_is_made_of_files_that_are_there(http):
    page = await http.get("/")
    addresses = re.findall(r'(?:href|src)="(page/[^"]+)"', page.text)

    answers = [await http.get(f"/{address}") for address in addresses]

    assert 3 == len(addresses)
    assert [200] * 3 == [answer.status_code for answer in answers]


@pytest.mark.parametrize("path", ["/index.html", "/page", "/page/index.html", "/page/nope.js", "/style.css"])
async def test_each_file_has_one_address(http, path):
    answer = await http.get(path)

    assert (404, 6) == (answer.status_code, answer.json()["statusCode"])


async def test_what_is_of_no_known_media_type_is_not_served(tmp_path):
    (tmp_path / "page.js~").write_text("")
    transport = httpx2.ASGITransport(DocumentApp(document_path(), {}, tmp_path))

    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        with pytest.raises(HTTPException, match="404"):
            await http.get("/page/page.js~")

"""The console is served at `/`, with media types and security headers."""

import pytest

from gws_chat.gateway.errors import PathUnknown
from gws_chat.gateway.static_files import StaticFiles

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/console/style.css", "text/css; charset=utf-8"),
        ("/console/main.js", "text/javascript; charset=utf-8"),
        ("/console/icon.svg", "image/svg+xml"),
    ],
)
async def test_file_has_its_media_type_and_security_headers(http, path, media_type):
    response = await http.get(path)

    expected = HEADERS | {"Content-Type": media_type}
    assert (200, expected) == (response.status_code, {name: response.headers[name] for name in expected})


@pytest.mark.parametrize("path", ["/index.html", "/console", "/console/index.html", "/console/nope.js", "/style.css"])
async def test_each_file_has_one_address(http, path):
    response = await http.get(path)

    assert (404, 6) == (response.status_code, response.json()["statusCode"])


@pytest.mark.parametrize("path", ["/ui", "/simulation/ui"])
async def test_swagger_ui_is_redirected_to_its_slash(http, path):
    response = await http.get(path)

    assert (307, "ui/") == (response.status_code, response.headers["Location"])


@pytest.mark.parametrize("path", ["/ui/", "/ui/swagger_ui.js", "/simulation/ui/"])
async def test_swagger_ui_runs_only_its_own_scripts(http, path):
    response = await http.get(path)

    policy = f"{HEADERS['Content-Security-Policy']}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    assert (200, policy) == (response.status_code, response.headers["Content-Security-Policy"])


async def test_swagger_ui_has_version_5(http):
    response = await http.get("/ui/swagger-ui-bundle.js")

    assert 'PACKAGE_VERSION:"5.' in response.text


@pytest.mark.parametrize("file_range", ["bytes=9-1", "bytes=-0", "bytes=99999999-", "lines=1-2", "bytes=x"])
async def test_ranges_are_ignored(http, file_range):
    response = await http.get("/ui/", headers={"Range": file_range})

    assert (200, (await http.get("/ui/")).content) == (response.status_code, response.content)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ui",
        "/ui/",
        "/ui/nope",
        "/openapi.yaml",
        "/health",
        "/metrics",
        "/api/v2/me",
        "/nope",
        "/simulation/journal",
    ],
)
async def test_media_type_of_each_response_is_binding(http, path):
    response = await http.get(path)

    assert ["nosniff"] == response.headers.get_list("X-Content-Type-Options")


async def test_file_with_an_unknown_suffix_is_not_served(tmp_path):
    (tmp_path / "main.js~").write_text("")
    files = StaticFiles({}, tmp_path, lambda _: "")

    with pytest.raises(PathUnknown):
        await files.respond({"path": "/console/main.js~", "method": "GET"}, None)

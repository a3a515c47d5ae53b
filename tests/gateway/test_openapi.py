"""connexion receives the part of openapi.yaml that it needs for requests."""

import pytest

from gws_chat.gateway.openapi import content_for_connexion, document_path, load_content


def test_only_schemas_that_requests_need_are_kept(document):
    schemas = content_for_connexion(document)["components"]["schemas"]

    assert {"ChatOperation", "LeaveOperation", "UserData"} <= schemas.keys()
    assert "ChatStateChangeMessage" not in schemas
    assert schemas == {name: document["components"]["schemas"][name] for name in schemas}


@pytest.mark.parametrize(
    ("path", "method", "media_type"), [("/metrics", "get", "text/plain"), ("/api/v2/me", "post", "application/json")]
)
def test_only_the_success_response_and_its_media_type_are_kept(document, path, method, media_type):
    responses = content_for_connexion(document)["paths"][path][method]["responses"]

    assert ["200"] == list(responses)
    assert [media_type] == [name.partition(";")[0] for name in responses["200"]["content"]]


def test_the_document_itself_does_not_change(document):
    content_for_connexion(document)

    assert "examples" in document["components"]


def test_openapi_yaml_is_parsed_once_per_process():
    assert load_content(document_path()) is load_content(document_path())

"""The journal shows bodies without credentials, up to a limit."""

import pytest

from gws_chat.gateway.request_record import record_body
from gws_chat.simulation.bodies import cometd_error_of, masked_body, masked_query

NAMES = ["JSESSIONID", "passwd", "pwd", "jwt", "apiKey", "api_key", "sessionId", "bearer"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"clientId": "4f", "id": "1"}', '{"clientId": "***", "id": "1"}'),
        ('[{"CLIENTID":"a\\"b"},{"id":1}]', '[{"CLIENTID":"***"},{"id":1}]'),
        ('{"loginCode":4711,"queue":"q"}', '{"loginCode":"***","queue":"q"}'),
        ('{"csrfToken":"4f","accessToken":"5f"}', '{"csrfToken":"***","accessToken":"***"}'),
        ('{"credentials":{"user":{"pin":"1"}},"id":1}', '{"credentials":"***"'),
        ('{"password":"cut', '{"password":"***"'),
        (f'{{"{"x" * 100}password": "4f"}}', f'{{"{"x" * 100}password": "***"}}'),
        ('{"changePasswordOnFirstLogin":false}', '{"changePasswordOnFirstLogin":false}'),
        ('{"text":"my token: 4f"}', '{"text":"my token: 4f"}'),
        ("password=4f&operationName=Leave", "password=***&operationName=Leave"),
        ('{"pass\\u0077ord": "4f", "x": "\\\\u0077"}', '{"password": "***", "x": "\\\\u0077"}'),
        (r'{"x": "{\"password\": \"4f\"}"}', r'{"x": "{\"password\": \"***"}"}'),
        ("{'password': '4f', 'id': 1}", "{'password': '***', 'id': 1}"),
        ('{"text": "JSESSIONID=4f; Path=/"}', '{"text": "JSESSIONID=***; Path=/"}'),
        ('{"text": "Basic YWdlbnQ6MQ==, Bearer eyJhbGciOi"}', '{"text": "Basic ***, Bearer ***"}'),
        ('{"text": "Basic questions about Bearer bonds"}', '{"text": "Basic questions about Bearer bonds"}'),
        *((f'{{"{name}": "4f"}}', f'{{"{name}": "***"}}') for name in NAMES),
        ("not JSON", "not JSON"),
    ],
)
def test_credentials_are_masked(body, expected):
    assert expected == masked_body(record_body(body.encode()))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fields=*&index=1", "fields=*&index=1"),
        ("access_token=4f&index=1", "access_token=***&index=1"),
        ("pass%77ord=4f&CLIENTID=4f&flag", "pass%77ord=***&CLIENTID=***&flag"),
        ("", None),
    ],
)
def test_credentials_in_queries_are_masked(query, expected):
    assert expected == masked_query(record_body(query.encode()))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'[{"successful":true},{"successful":false,"error":"402::Unknown client"}]', "402::Unknown client"),
        (b'[{"data":{"userData":{"successful":false}}}]', None),
        (b'[{"successful":true}]', None),
    ],
)
def test_unsuccessful_cometd_reply_is_found(body, expected):
    assert expected == cometd_error_of(record_body(body))


def test_long_body_is_cut_with_a_mark():
    text = masked_body(record_body(b"x" * 20_000))

    assert "x" * 16_384 + "... [cut after 16384 of 20000 bytes]" == text


@pytest.mark.parametrize("body", [None, record_body(b"")])
def test_no_body_is_shown_as_none(body):
    assert masked_body(body) is None


@pytest.mark.parametrize(
    "part", ['"', '"token', "token", '"password":', '"token":"\\', '\\"token', "token=", "Basic a", "\\u00"]
)
def test_masking_takes_little_time(part):
    """A pattern that backtracks without limit would take minutes."""
    assert masked_body(record_body((part * 16_384).encode()))

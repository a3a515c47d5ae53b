"""The grammar of channel names and patterns."""

import pytest

from gws_chat.cometd.channels import is_channel, is_channel_or_pattern, is_meta, patterns_matching

CHANNELS = ["/a", "/v2/me/chats", "/A-z_0!~()$@", "/meta/connect"]
PATTERNS = ["/*", "/**", "/v2/*", "/v2/me/**"]
MISPLACED_SLASHES = ["", "/", "//", "a", "a/b", "/a/", "//a", "/a//b", "/a//*"]
MISPLACED_WILDCARDS = ["*", "**", "/*/a", "/**/a", "/***", "/a*", "/a/*/*"]
FORBIDDEN_CHARACTERS = ["/a b", "/a.b", "/a\n", "/é", "/\ud800"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (CHANNELS, (True, True)),
        (PATTERNS, (False, True)),
        ([*MISPLACED_SLASHES, *MISPLACED_WILDCARDS, *FORBIDDEN_CHARACTERS], (False, False)),
    ],
    ids=["channels", "patterns", "neither"],
)
def test_names_are_channels_patterns_or_neither(names, expected):
    results = {name: (is_channel(name), is_channel_or_pattern(name)) for name in names}

    assert dict.fromkeys(names, expected) == results


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["/meta", "/meta/*", "/meta/**", "/meta/connect", "/meta/a/b"], True),
        (["/metal", "/v2/meta", "/*", "/**"], False),
    ],
    ids=["meta", "other"],
)
def test_meta_channels_have_meta_as_first_segment(names, expected):
    assert dict.fromkeys(names, expected) == {name: is_meta(name) for name in names}


@pytest.mark.parametrize(
    ("channel", "patterns"),
    [("/v2/me/chats", {"/v2/me/chats", "/v2/me/*", "/v2/me/**", "/v2/**", "/**"}), ("/a", {"/a", "/*", "/**"})],
)
def test_channel_matches_itself_and_wildcards_of_its_ancestors(channel, patterns):
    assert patterns == patterns_matching(channel)

import pytest

from handlers.cometd.channels import is_channel, is_channel_or_pattern, is_meta, patterns_matching

CHANNELS = ["/a", "/v2/me/chats", "/A-z_0!~()$@", "/meta/connect"]
PATTERNS = ["/*", "/**", "/v2/*", "/v2/me/**"]
NEITHER = [
    "",
    "/",
    "//",
    "*",
    "**",
    "a",
    "a/b",
    "/a/",
    "//a",
    "/a//b",
    "/a//*",
    "/*/a",
    "/**/a",
    "/***",
    "/a*",
    "/a/*/*",
    "/a b",
    "/a.b",
    "/a\n",
    "/é",
    "/\ud800",
]


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_is_segments_of_permitted_characters(name):
    assert is_channel(name)
    assert is_channel_or_pattern(name)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_wildcard_is_permitted_as_the_last_segment(name):
    assert not is_channel(name)
    assert is_channel_or_pattern(name)


@pytest.mark.parametrize("name", NEITHER, ids=ascii)
def test_anything_else_is_neither_channel_nor_pattern(name):
    assert not is_channel(name)
    assert not is_channel_or_pattern(name)


@pytest.mark.parametrize("name", ["/meta", "/meta/*", "/meta/**", "/meta/connect", "/meta/a/b"])
def test_everything_at_and_below_meta_is_the_protocols_own(name):
    assert is_meta(name)


@pytest.mark.parametrize("name", ["/metal", "/v2/meta", "/*", "/**"])
def test_meta_is_a_whole_first_segment(name):
    assert not is_meta(name)


def test_a_deep_channel_matches_itself_one_star_and_two_stars_of_every_ancestor():
    expected = {"/v2/me/chats", "/v2/me/*", "/v2/me/**", "/v2/**", "/**"}
    assert expected == patterns_matching("/v2/me/chats")


def test_a_top_level_channel_matches_both_wildcards_of_the_root():
    assert {"/a", "/*", "/**"} == patterns_matching("/a")

"""Drives the console in a browser."""

import pytest


@pytest.fixture
def use_console(browser, gws_chat):
    """Return a function that takes steps on the page and returns their results. Exactly the given errors must occur."""

    def use(*steps, errors=(), **options):
        *results, occurred = browser.run("console.js", gws_chat.url, steps, options)
        assert set(errors) == set(occurred)
        return results

    return use

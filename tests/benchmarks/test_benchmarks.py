"""Every benchmark runs, with small numbers."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks.comparison import compare
from tests.benchmarks.figures import chart, percentile, table
from tests.benchmarks.growth import growth, memory_growth
from tests.benchmarks.load import is_installed
from tests.benchmarks.scale import fan_out, held_polls
from tests.benchmarks.servers import peers

needs_wrk = pytest.mark.skipif(not is_installed(), reason="needs wrk: apt-get install wrk")


@needs_wrk
async def test_compare_measures_installed_and_names_missing_peers(tmp_path):
    flask_app, *_ = peers()
    absent = replace(flask_app, name="absent", missing="its-package")

    figures, missing = await compare(tmp_path, [flask_app, absent], passes=1, warm_up=20, requests=60)

    assert ["absent (its-package)"] == missing
    assert [
        "this service",
        "this service, one client notified of each",
        "connexion FlaskApp",
        "flask run, this service",
        "flask run, a bare view",
    ] == [line.split("|")[1].strip() for line in figures.splitlines()[2:]]


@needs_wrk
async def test_growth_has_a_curve_per_quantity(tmp_path):
    curves = await growth(tmp_path, chats=(10, 20), sessions=(1, 3), own=(1, 10), passes=1, requests=100)

    assert [[10, 20], [10, 20], [1, 10], [1, 3]] == [list(curve) for curve in curves.values()]


@needs_wrk
async def test_memory_is_measured_before_and_after():
    before, after = await memory_growth(100)

    assert 0 < before <= after


@needs_wrk
async def test_termination_ends_all_held_polls(tmp_path):
    figures = dict(await held_polls(tmp_path, count=20, rounds=5, requests=50))

    assert "20" == figures["SIGTERM: polls answered with the advice to reconnect"]


async def test_fan_out_notifies_all_sessions(tmp_path):
    figures = await fan_out(tmp_path, count=5, rounds=2, between=0)

    assert "this service: time until the last is notified" == figures[2][0]


def test_percentile_exceeds_its_share_of_values():
    assert 99 == percentile(list(range(100)), 0.99)


def test_table_is_markdown():
    assert "| name | ms |\n| ---- | -: |\n| a    | 10 |" == table(("name", "ms"), [("a", "10")])


def test_chart_has_a_line_per_curve():
    svg = chart("title", "across", "up", {"one": {1: 0.2, 10: 0.3}, "other": {1: 2.0}})

    root = ET.fromstring(svg)  # noqa: S314 - the text was generated above

    assert 2 == len(root.findall("{http://www.w3.org/2000/svg}polyline"))

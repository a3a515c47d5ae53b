"""The benchmark's own parts, on small numbers: what nobody runs rots."""

from __future__ import annotations

import shutil
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks.comparison import compare
from tests.benchmarks.figures import chart, percentile, table
from tests.benchmarks.growth import growth, memory_growth
from tests.benchmarks.scale import fan_out, held_polls
from tests.benchmarks.servers import peers

needs_wrk = pytest.mark.skipif(
    shutil.which("wrk") is None, reason="needs wrk: apt-get install wrk; the gate runs no benchmark"
)


@needs_wrk
async def test_it_compares_the_service_with_a_peer_and_names_what_is_not_installed(tmp_path):
    flask_app, *_ = peers()
    absent = replace(flask_app, name="absent", missing="its-package")

    figures, missing = await compare(tmp_path, [flask_app, absent], passes=1, warm_up=20, requests=60)

    assert ["absent (its-package)"] == missing
    assert [
        "this service",
        "this service, one client told of each",
        "connexion FlaskApp",
        "flask run, this service",
        "flask run, a bare view",
    ] == [line.split("|")[1].strip() for line in figures.splitlines()[2:]]


@needs_wrk
async def test_it_measures_growth(tmp_path):
    curves = await growth(tmp_path, chats=(10, 20), sessions=(1, 3), own=(1, 10), passes=1, requests=100)

    assert [[10, 20], [10, 20], [1, 10], [1, 3]] == [list(curve) for curve in curves.values()]


@needs_wrk
async def test_it_measures_memory():
    before, after = await memory_growth(100)

    assert 0 < before <= after


@needs_wrk
async def test_it_holds_polls_and_ends_the_service_that_holds_them(tmp_path):
    figures = dict(await held_polls(tmp_path, count=20, rounds=5, requests=50))

    assert "20" == figures["SIGTERM: polls answered with advice to come back"]


async def test_it_tells_many_sessions_of_one_agent(tmp_path):
    figures = await fan_out(tmp_path, count=5, rounds=2, between=0)

    assert "this service: the last session was told after" == figures[2][0]


def test_a_percentile_has_its_share_of_the_values_below_it():
    assert 99 == percentile(list(range(100)), 0.99)


def test_a_table_is_markdown():
    assert "| name | ms |\n| ---- | -: |\n| a    | 10 |" == table(("name", "ms"), [("a", "10")])


def test_a_chart_has_a_line_for_each_curve():
    drawn = ET.fromstring(  # noqa: S314 - it was drawn here
        chart("title", "across", "up", {"one": {1: 0.2, 10: 0.3}, "other": {1: 2.0}})
    )

    assert 2 == len(drawn.findall("{http://www.w3.org/2000/svg}polyline"))

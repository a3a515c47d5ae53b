"""`python -m tests.benchmarks`: measure the emulator and its peers. It takes minutes."""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from tests.benchmarks import load
from tests.benchmarks.comparison import compare
from tests.benchmarks.figures import chart, table
from tests.benchmarks.growth import growth, memory_growth
from tests.benchmarks.scale import fan_out, held_polls
from tests.benchmarks.servers import peers

CHART = Path(__file__).with_name("growth.svg")
PARTS = ("compare", "growth", "memory", "held", "fan-out")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"one of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--passes", type=int, default=5, help="over all servers (default: %(default)s)")
    arguments = parser.parse_args()
    if unknown := set(arguments.part) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    if not load.is_installed():
        sys.exit("wrk is missing: apt-get install wrk")
    # Allow this process and its children as many connections as the system permits.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(measure(Path(folder), arguments.part or PARTS, arguments.passes))


async def measure(folder, parts, passes):
    print(time.strftime("%Y-%m-%d %H:%M"), f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs\n")
    if "compare" in parts:
        figures, missing = await compare(folder, peers(), passes, warm_up=1000, requests=5000)
        print(figures)
        print(f"not installed: {', '.join(missing) or 'nothing'}\n")
    if "growth" in parts:
        curves = await growth(
            folder,
            chats=(10, 1000, 50_000),
            sessions=(1, 10_000),
            own=(1, 10, 100, 1000),
            passes=min(3, passes),
            requests=5000,
        )
        for name, curve in curves.items():
            print(name, ", ".join(f"{count:,}: {cpu:.3f} ms" for count, cpu in curve.items()))
        CHART.write_text(chart("CPU for each request", "how many", "ms", curves), encoding="utf-8")
        print(f"chart written to {CHART.name}\n")
    if "memory" in parts:
        before, after = await memory_growth(200_000)
        print(f"the demo before and after 200,000 Leaves: {before:.1f} MiB, {after:.1f} MiB\n")
    if "held" in parts:
        print(table(("", ""), await held_polls(folder, count=10_000, rounds=200, requests=25_000)), "\n")
    if "fan-out" in parts:
        print(table(("", ""), await fan_out(folder, count=1000, rounds=20)))


if __name__ == "__main__":
    main()

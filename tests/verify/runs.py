"""Runs of the command `verify`, in this process."""

from click.testing import CliRunner

from gws_chat.cli import gws_chat as command
from gws_chat.verify.facts import load_facts
from gws_chat.verify.play import RunOptions
from gws_chat.verify.report import DIFFERS, NOT_REACHED, judge
from gws_chat.verify.run import run
from gws_chat.verify.stories import STORIES

SCENARIO = "tests/scenarios/verify.yaml"
ACCOUNTS = [("agent1", "secret1"), ("agent2", "secret2")]
FACTS = load_facts()
STORY = {story.name: story for story in STORIES}


def verify(url, *options, agents=("agent1:secret1", "agent2:secret2", "agent3:secret3")):
    """Run the command with all stories, and return its exit status and its outputs."""
    arguments = ["verify", "--url", url, "--settle", "0.02", "--queue", "support"]
    for agent in agents:
        arguments += ["--agent", agent]
    result = CliRunner().invoke(command, [*arguments, *map(str, options)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def play(
    url, *stories, accounts=tuple(ACCOUNTS), timeout=1.0, chat_timeout=2.0, report_progress=lambda _: None, **options
):
    """Play some stories only, and return the rows of the report by ID."""
    run_options = RunOptions(timeout=timeout, routed_chat_timeout=chat_timeout, settle=0.02, queue="support")
    chosen = [STORY[name] for name in stories]
    seen, _ = run(url, list(accounts), frozenset(FACTS), run_options, report_progress, stories=chosen, **options)
    return {row.fact.id: row for row in judge(FACTS, seen)}


def different(rows):
    """Return the actual values of the rows that are not as expected, by ID."""
    return {name: row.actual for name, row in rows.items() if row.verdict == DIFFERS}


def unreached(rows, reason):
    """Return the IDs of the rows that were not reached for this reason."""
    return {name for name, row in rows.items() if row.verdict == NOT_REACHED and row.note == reason}

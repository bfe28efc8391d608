"""Worlds from seeds: a fixed set and a fresh one hold every rule, and planted bugs are caught."""

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.planted import BUGS
from tests.simulation.rules import RuleBroken
from tests.simulation.simulate import simulate

ROOT = Path(__file__).parents[2]
FIXED = range(1, 7)
TABLE = (ROOT / "docs/simulation.md").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("seed", FIXED)
def test_every_rule_holds_and_thin_connections_make_the_same_world_of(seed, simulated):
    outcome = simulated(seed)
    assert outcome.posts > outcome.club_years * 100
    assert simulate(seed, is_thin=True).digest == outcome.digest


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_every_rule_holds_in_a_fresh_world(number, simulated):
    simulated(random.SystemRandom().randrange(10**6, 10**9))


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.what)
def test_a_planted_bug_is_caught_and_caught_again_in_the_same_words(bug, monkeypatch, caught):
    bug.plant(monkeypatch)
    seed, broken = bug.hunt()
    caught(bug, seed)

    with pytest.raises(RuleBroken) as again:
        simulate(seed)
    assert str(again.value) == str(broken)


def test_the_table_of_planted_bugs_is_what_is_planted():
    rows = re.findall(r"^\| ([a-z ]+) \| (\d+) \| `(.+)` \|$", TABLE, re.M)
    assert rows == [(bug.what, str(bug.seed), bug.rule) for bug in BUGS]


@pytest.mark.slow
def test_a_seed_makes_the_same_world_in_every_process():
    seed = FIXED[1]
    alone = [run_apart(seed, hashes) for hashes in ("1", "2")]
    here = simulate(seed).digest
    for other in range(100, 150):
        simulate(other, days=2, clubs=10)
    after_others = simulate(seed).digest

    assert {*alone, here, after_others} == {here}


def run_apart(seed: int, hashes: str) -> str:
    """Return the digest of the seed's world in a process of its own."""
    program = f"from tests.simulation.simulate import simulate; print(simulate({seed}).digest)"
    environment = {**os.environ, "PYTHONHASHSEED": hashes}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ran.stdout.strip()

"""Worlds from seeds: a fixed set that has to stay whole; `make simulate` draws fresh ones."""

import os
import sys

import pytest

from tests.simulation.simulate import simulate

pytestmark = pytest.mark.slow

FIXED = range(1, 5)
DAYS = 8


def seeds() -> list[int]:
    chosen = os.environ.get("SIMULATION_SEED")
    return [int(chosen)] if chosen else [*FIXED]


@pytest.mark.parametrize("seed", seeds())
def test_every_rule_holds_in_the_world_of(seed, capsys):
    outcome = simulate(seed, days=DAYS)
    with capsys.disabled():
        sys.stdout.write(f"\n{outcome}\n")
    assert outcome.posts > outcome.club_years * 100


def test_a_seed_replays_to_the_same_world():
    assert simulate(3, days=3) == simulate(3, days=3)

"""Worlds from seeds: a fixed set that has to stay whole, and fresh ones on every run."""

import os
import random
import sys

import pytest

from tests.simulation.simulate import simulate

FIXED = range(1, 9)
FRESH = ("a fresh seed", "another fresh seed")  # xdist needs names that every worker agrees on
DAYS = 20


def seeds() -> list[int | str]:
    chosen = os.environ.get("SIMULATION_SEED")
    return [int(chosen)] if chosen else [*FIXED, *FRESH]


@pytest.mark.parametrize("seed", seeds())
def test_every_rule_holds_in_the_world_of(seed, capsys):
    if seed in FRESH:
        seed = random.SystemRandom().randrange(10**6, 10**9)
    outcome = simulate(seed, days=DAYS)
    with capsys.disabled():
        sys.stdout.write(f"\n{outcome}\n")
    assert outcome.posts > outcome.club_years * 100


def test_a_seed_replays_to_the_same_world():
    assert simulate(3, days=10) == simulate(3, days=10)

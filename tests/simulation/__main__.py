"""`python -m tests.simulation`: worlds from fresh seeds until so many club-years have passed."""

# ruff: noqa: T201 - what it prints is its result
import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from tests.simulation.profile import PROFILES
from tests.simulation.rules import RuleBroken
from tests.simulation.simulate import Outcome, simulate

DAYS = 60


def attempt(seed: int, profile: str, days: int) -> Outcome | str:
    """Return how the world of this seed went, or the rule that broke in it."""
    try:
        return simulate(seed, days=days, profile=PROFILES[profile])
    except RuleBroken as broken:
        return str(broken)


def outcomes(seeds: list[int], profile: str, days: int) -> Iterator[Outcome | str]:
    """Return what became of each seed, on all cores."""
    with ProcessPoolExecutor() as pool:
        work = [pool.submit(partial(attempt, seed, profile, days)) for seed in seeds]
        for done in as_completed(work):
            yield done.result()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("years", nargs="?", type=float, default=100, help="club-years, about")
    parser.add_argument("--profile", choices=PROFILES, default="default")
    parser.add_argument("--seed", type=int, help="the first seed; the others follow it")
    parser.add_argument("--days", type=int, default=DAYS, help="how long each world turns")
    options = parser.parse_args()
    clubs = PROFILES[options.profile].clubs
    worlds = max(1, round(options.years * 365 / options.days / clubs))
    given = options.seed or int(os.environ.get("SIMULATION_SEED", "0"))
    first = given or random.randrange(10**6, 10**9)
    print(f"{worlds} worlds of {options.days} days and {clubs} clubs, seeds {first} and following")
    started, years, posts, broken = time.monotonic(), 0.0, 0, 0
    for outcome in outcomes([first + n for n in range(worlds)], options.profile, options.days):
        print(outcome, flush=True)
        if isinstance(outcome, str):
            broken += 1
        else:
            years, posts = years + outcome.club_years, posts + outcome.posts
    minutes = (time.monotonic() - started) / 60
    print(
        f"{years:,.1f} club-years, {posts:,} posts, {broken} worlds with a broken rule, "
        f"{years / minutes:,.0f} club-years a minute on {os.cpu_count()} cores"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

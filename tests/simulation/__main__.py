"""`make simulate`: worlds from fresh seeds until so many club-years have passed."""

# ruff: noqa: T201 - what it prints is its result
import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from tests.simulation.rules import RuleBroken
from tests.simulation.simulate import CLUBS, DAYS, Outcome, simulate


def attempt(seed: int, days: int, clubs: int) -> Outcome | str:
    """Return how the world of this seed went, or the rule that broke in it."""
    try:
        return simulate(seed, days=days, clubs=clubs, is_thin=True)
    except RuleBroken as broken:
        return str(broken)


def outcomes(seeds: list[int], days: int, clubs: int) -> Iterator[Outcome | str]:
    """Return what became of each seed, on all cores."""
    with ProcessPoolExecutor() as pool:
        work = [pool.submit(partial(attempt, seed, days, clubs)) for seed in seeds]
        for done in as_completed(work):
            yield done.result()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=10, help="club-years, about")
    parser.add_argument("--seed", type=int, help="run this one world")
    parser.add_argument("--first", type=int, help="the first seed; the others follow it")
    parser.add_argument("--days", type=int, default=DAYS, help="how long each world turns")
    parser.add_argument("--clubs", type=int, default=CLUBS, help="how many clubs it has")
    options = parser.parse_args()
    if options.seed is None:
        worlds = max(1, round(options.years * 365 / options.days / options.clubs))
        first = options.first or random.randrange(10**6, 10**9)
    else:
        worlds, first = 1, options.seed
    print(f"{worlds} worlds of {options.days} days and {options.clubs} clubs, seeds from {first}")
    started, years, posts, broken = time.monotonic(), 0.0, 0, 0
    seeds = [first + n for n in range(worlds)]
    for outcome in outcomes(seeds, options.days, options.clubs):
        print(outcome, flush=True)
        if isinstance(outcome, str):
            broken += 1
        else:
            years, posts = years + outcome.club_years, posts + outcome.posts
    minutes = (time.monotonic() - started) / 60
    print(
        f"{years:,.1f} club-years, {posts:,} posts, {broken} worlds with a broken rule, "
        f"seeds {first} to {seeds[-1]}; "
        f"{years / minutes:,.0f} club-years a minute on {os.cpu_count()} cores"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

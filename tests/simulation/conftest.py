"""A fixture that simulates, and has the world told of at the end of the run."""

from collections.abc import Callable

import pytest

from tests.simulation.planted import Bug
from tests.simulation.rules import RuleBroken
from tests.simulation.simulate import Outcome, simulate


@pytest.fixture
def simulated(record_property: Callable[[str, object], None]) -> Callable[[int], Outcome]:
    """Simulate the world of a seed."""

    def run(seed: int) -> Outcome:
        try:
            outcome = simulate(seed)
        except RuleBroken as broken:
            pytest.fail(str(broken), pytrace=False)
        record_property("simulated", (str(outcome), outcome.club_years))
        return outcome

    return run


@pytest.fixture
def caught(record_property: Callable[[str, object], None]) -> Callable[[Bug, int], None]:
    """Have it told which world showed a planted bug, and that its stated seed no longer does."""

    def tell(bug: Bug, seed: int) -> None:
        stale = (
            "" if seed == bug.seed else f", not {bug.seed} as in planted.py and docs/simulation.md"
        )
        record_property("simulated", (f"planted: {bug.what}: caught by seed {seed}{stale}", 0.0))

    return tell

"""A fixture that simulates, and has the world told of at the end of the run."""

from collections.abc import Callable

import pytest

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

import asyncio
from datetime import date

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.exercise import Equipment
from bot.domain.focus import Focus
from bot.domain.routine import LEAST_MINUTES, MOST_MINUTES, Wish
from bot.ui.routine import RoutineDoneButton

THINGS = sorted(set(Equipment) - {Equipment.NONE})
wishes = st.builds(
    Wish,
    minutes=st.integers(LEAST_MINUTES, MOST_MINUTES),
    equipment=st.frozensets(st.sampled_from(THINGS)),
    focus=st.sampled_from([None, *Focus]),
)
DAY = date(2026, 9, 30)


def rebuilt(custom_id):
    match = RoutineDoneButton.fullmatch(custom_id)
    return asyncio.run(RoutineDoneButton.from_custom_id(None, ui.Button(), match))


@settings(max_examples=60, deadline=None)
@given(wishes, st.dates(min_value=date(2020, 1, 1)))
def test_done_carries_all_that_the_session_was_built_from(wish, day):
    custom_id = RoutineDoneButton(wish, day, "0123abcd").custom_id
    assert len(custom_id) <= 60

    again = rebuilt(custom_id)
    assert (again.wish, again.day, again.stamp) == (wish, day, "0123abcd")


@pytest.mark.parametrize("focus", ["all", "no_such_focus"])
def test_a_focus_that_is_no_longer_known_is_none(focus):
    assert rebuilt(f"routine:15:{focus}:ffff:{DAY}:0123abcd").wish.focus is None

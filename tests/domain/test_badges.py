from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.badges import Badge, BadgeRule, earned, measure
from bot.domain.exercise import Level
from bot.domain.history import Entry

FIRST = date(2026, 7, 2)

entries = st.lists(
    st.builds(
        Entry,
        st.integers(0, 40).map(lambda n: FIRST + timedelta(days=n)),
        st.sampled_from(["a-march", "monster-steps", "dead-bug"]),
        st.sampled_from(Level),
    ),
    max_size=20,
)


def on(*days, slug="a-march", level=Level.STANDARD):
    return [Entry(FIRST + timedelta(days=day), slug, level) for day in days]


@pytest.mark.parametrize(
    ("rule", "done", "expected"),
    [
        (BadgeRule.SESSIONS, [], 0),
        (BadgeRule.SESSIONS, [*on(0, 1), *on(1, slug="dead-bug")], 2),
        (BadgeRule.STREAK, [], 7),
        (BadgeRule.MOVES, [*on(0, 1, 2), *on(1, slug="dead-bug")], 2),
        (BadgeRule.COMEBACK, on(0), 0),
        (BadgeRule.COMEBACK, on(5, 0, 1), 3),
        (BadgeRule.EASIER, [*on(0, level=Level.EASIER), *on(1)], 1),
        (BadgeRule.HARDER, [*on(0, 3, level=Level.HARDER), *on(1)], 2),
    ],
)
def test_a_rule_measures_what_was_done(rule, done, expected):
    assert measure(rule, done, best=7) == expected


@pytest.mark.parametrize(("at_least", "is_earned"), [(1, True), (2, True), (3, False)])
def test_a_badge_is_earned_by_at_least_so_much(at_least, is_earned):
    badge = Badge(
        id="b", name="B", emoji="b", description="b", rule=BadgeRule.SESSIONS, at_least=at_least
    )
    assert earned([badge], on(0, 4), best=0) == ([badge] if is_earned else [])


@given(entries, entries, st.sampled_from(sorted(set(BadgeRule) - {BadgeRule.COMEBACK})))
def test_more_completions_never_measure_less_but_for_the_days_away(done, more, rule):
    assert measure(rule, [*done, *more], best=0) >= measure(rule, done, best=0)


@given(entries, st.sampled_from(BadgeRule), st.randoms())
def test_order_of_arrival_does_not_matter(done, rule, rng):
    assert measure(rule, rng.sample(done, len(done)), 3) == measure(rule, done, 3)

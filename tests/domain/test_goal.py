import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.goal import Goal, goal_of, suggest


@pytest.mark.parametrize(
    ("weeks", "goal"),
    [
        ([], None),
        ([0, 0, 0, 0], None),
        ([1], 5),
        ([9, 9, 9, 9], 10),
        ([50, 50], 55),
        ([20, 22, 24, 26], 30),
        ([20, 20, 20, 500], 25),  # one very good week
        ([40, 0, 0, 0], 45),  # a holiday
    ],
)
def test_a_goal_is_suggested_a_little_above_the_usual_week(weeks, goal):
    assert suggest(weeks) == goal


@given(st.lists(st.integers(0, 10_000), max_size=4))
def test_a_suggestion_is_more_than_the_usual_week_but_not_by_much(weeks):
    found = suggest(weeks)
    if found is None:
        assert not any(weeks)
    else:
        assert found % 5 == 0
        assert min(w for w in weeks if w) < found < max(weeks) * 1.1 + 5.001


@given(st.lists(st.integers(0, 500), max_size=4), st.integers(0, 4), st.integers(0, 50))
def test_a_better_week_never_makes_the_goal_smaller_unless_there_was_none(weeks, n, more):
    worked = [w for w in weeks if w]
    if n < len(worked):
        better = [w + more * (i == n) for i, w in enumerate(worked)]
        assert suggest(better) >= suggest(worked)


@pytest.mark.parametrize(
    ("chosen", "weeks", "expected"),
    [
        (40, [10], Goal(target=40, done=7, is_suggested=False)),
        (None, [10], Goal(target=15, done=7, is_suggested=True)),
        (None, [], None),
        (0, [10], None),
    ],
)
def test_the_coach_decides_and_otherwise_the_bot_suggests(chosen, weeks, expected):
    assert goal_of(chosen, weeks, 7) == expected


@pytest.mark.parametrize(
    ("done", "share", "is_reached"), [(0, 0, False), (20, 0.5, False), (40, 1, True), (80, 1, True)]
)
def test_a_goal_knows_how_far_the_club_is(done, share, is_reached):
    goal = Goal(target=40, done=done, is_suggested=False)
    assert (goal.share, goal.is_reached) == (share, is_reached)

import pytest
import simcord

from bot.errors import BadDay, NotYet, TooLongAgo, UnknownExercise
from tests.conftest import text_of

pytestmark = pytest.mark.slow


async def test_a_move_of_yesterday_counts_for_yesterday_and_only_its_member_sees_it(club):
    options = {"exercise": "monster walk", "when": "yesterday", "level": "easier"}
    done = await club.ann.slash(club.channel, "log", **options)

    assert done.ephemeral
    assert "it counts for Wednesday 1 July" in done.response.content
    assert club.completions() == [(club.ann.id, "2026-07-01", "monster-steps", "easier")]


async def test_the_days_that_count_are_offered(club):
    offered = await club.ann.autocomplete(club.channel, "log", "when", "", exercise="a-march")

    assert [(c["name"], c["value"]) for c in offered] == [
        ("Today, Thursday 2 July", "2026-07-02"),
        ("Yesterday, Wednesday 1 July", "2026-07-01"),
    ]


async def test_a_typed_day_is_offered_in_full(club):
    offered = await club.ann.autocomplete(club.channel, "log", "when", "tue", exercise="a-march")
    assert [c["value"] for c in offered] == ["2026-06-30"]


async def test_before_there_is_a_club_no_days_are_offered(world):
    assert await world.ann.autocomplete(world.channel, "log", "when", "", exercise="x") == []


async def test_exercises_are_offered_by_any_name(club):
    offered = await club.ann.autocomplete(club.channel, "log", "exercise", "monster walk")
    assert offered[0]["value"] == "monster-steps"


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"when": "tomorrow"}, NotYet, "Friday 3 July is still to come"),
        (
            {"when": "29 June"},
            TooLongAgo,
            "Monday 29 June is too long ago: your club counts up to 1 day back, "
            "so from Wednesday 1 July on.",
        ),
        ({"when": "2/7"}, BadDay, "“2/7” is no day I understand."),
        ({"exercise": "no such move"}, UnknownExercise, "I know no exercise called"),
    ],
)
async def test_what_cannot_count_is_answered_with_the_rule(club, options, error, sentence):
    refused = await club.ann.slash(club.channel, "log", **{"exercise": "a-march", **options})

    simcord.assert_error(club.env, error)
    assert refused.ephemeral
    assert refused.response.content.startswith(sentence)
    assert club.completions() == []


async def test_an_undone_move_can_be_put_back_and_the_card_follows(posted):
    await posted.ann.click(posted.messages[-1], label="Done")
    await posted.tick()
    before = posted.completions()

    undone = await posted.ann.slash(posted.channel, "undo")
    await posted.tick()

    assert undone.ephemeral
    assert text_of(undone.response).startswith("Taken back: **")
    assert posted.completions() == []
    assert posted.say("challenge.done_by_none") in text_of(posted.messages[-1])

    redone = await posted.ann.click(undone.response, label=posted.say("undo.redo"))
    assert "it counts for today" in redone.response.content
    assert "🏅" not in redone.response.content
    assert posted.completions() == before


async def test_with_nothing_to_undo_the_rule_is_told(club):
    refused = await club.ann.slash(club.channel, "undo")
    assert refused.response.content == club.say("error.nothing_to_undo", oldest="Wednesday 1 July")
    club.env.errors.clear()


async def test_a_first_move_earns_its_badge_once_and_the_profile_shows_it(club):
    done = await club.ann.slash(club.channel, "log", exercise="a-march")
    other = await club.ann.slash(club.channel, "log", exercise="monster-steps")
    me = await club.ann.slash(club.channel, "me")

    assert "🏅 New badge: 👟 **First move**." in done.response.content
    assert "🏅" not in other.response.content
    assert "**Badge:** 👟 First move" in text_of(me.response)


async def test_the_history_turns_its_pages_in_place(club):
    for exercise in list(club.app.catalogue)[:12]:
        await club.ann.slash(club.channel, "log", exercise=exercise.slug)
    shown = await club.ann.slash(club.channel, "history")

    assert shown.ephemeral
    assert "Page 1 of 2 · 12 moves" in text_of(shown.response)
    await club.ann.click(shown.response, label=club.say("history.older"))
    assert "Page 2 of 2 · 12 moves" in text_of(shown.response)
    assert "**Thursday 2 July** " in text_of(shown.response)

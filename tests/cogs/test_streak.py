import pytest
import simcord

from bot.domain.exercise import Level
from bot.errors import PauseBackwards, PauseTooEarly
from tests.conftest import labels_of, picture_of, text_of

pytestmark = pytest.mark.slow


async def do(world, days: int = 1) -> None:
    day = await world.app.practice.day(world.club_id)
    await world.app.practice.mark_done(
        world.club_id, world.ann.id, "ann", "monster-steps", day, Level.STANDARD
    )


async def live(world, clock, *per_week: int) -> None:
    """From the next Monday on, let Ann do so many days in each week; it is then Monday."""
    clock.advance(days=4)
    for days in per_week:
        for n in range(7):
            if n < days:
                await do(world)
            clock.advance(days=1)


async def why(world) -> str:
    shown = await world.ann.slash(world.channel, "streak why")
    assert shown.ephemeral
    return text_of(shown.response)


async def test_the_streak_its_freezes_and_its_consistency_are_shown(club, clock):
    await live(club, clock, 3, 3, 3, 3, 1)
    shown = await club.ann.slash(club.channel, "streak show")

    assert shown.ephemeral
    lines = text_of(shown.response).splitlines()
    assert lines[:4] == [
        "## Your streak: 4 weeks",
        "**This week: 0 of 3 days.** 3 more days make it week 5.",
        "**Best ever:** 4 weeks",
        "**Freezes:** 0 held; 4 more weeks at the target earn the next",
    ]
    assert "**Consistency:** 83 %" in lines[4]


async def test_why_tells_day_by_day_which_rule_applied(club, clock):
    await live(club, clock, 3, 3, 3, 3, 1, 0)
    text = await why(club)

    assert "## Why you have no streak right now" in text
    assert "Club days in Europe/London; each ends at 03:00 in the night." in text
    assert "Today is Monday 17 August." in text
    assert (
        "✅✅✅💤💤💤💤 **3 of 3 days** · 20–26 July\n"
        "-# Mon, Tue, Wed · At the target: week 3 of the streak.\n"
    ) in text
    assert (
        "✅🧊🧊🧊🧊🧊🧊 **1 of 3 days** · 3–9 August\n"
        "-# Mon · Below the target, but a freeze covered it: the streak stays at 4.\n"
    ) in text
    assert "there was no freeze to cover it: the streak of 4 weeks ended." in text
    assert "👉▫️▫️▫️▫️▫️▫️ **0 of 3 days** · 17–23 August\n-# Not over yet: at the" in text
    assert "✅ done · 💤 rest · 👉 today · 🧊 frozen · 🔸 missed · ▫️ to come" in text
    assert "**Consistency 58 %:** 7 of 12 days in the four full weeks." in text


async def test_a_forgotten_day_is_one_tap_away(club, clock):
    await live(club, clock, 2)
    shown = await club.ann.slash(club.channel, "streak show")
    reasons = await club.ann.click(shown.response, label=club.say("streak.why"))
    assert reasons.ephemeral
    labels = labels_of(reasons.response)
    assert labels == ["I did it: today", "I did it: Sun 12 July"]

    done = await club.ann.click(reasons.response, label=labels[1])

    assert "it counts for Sunday 12 July" in done.response.content
    assert club.completions()[-1][:2] == (club.ann.id, "2026-07-12")
    assert "✅✅💤💤💤💤✅ **3 of 3 days** · 6–12 July\n-# Mon, Tue, Sun · At" in await why(club)


async def test_the_weeks_before_somebody_began_are_left_out(club):
    await do(club)
    text = await why(club)
    assert "⚪⚪⚪✅▫️▫️▫️ **1 of 3 days** · 29 June – 5 July\n-# Thu · Not over" in text
    assert text.count(" of 3 days**") == 1


async def test_a_pause_is_private_merges_and_can_be_ended(club, clock):
    race = {"reason": "race", "from": "Saturday", "to": "Sunday"}
    first = await club.ann.slash(club.channel, "pause", **race)
    assert first.ephemeral
    assert "Saturday 4 July to Sunday 5 July (race)" in text_of(first.response)
    assert labels_of(first.response) == ["Call it off"]

    second = await club.ann.slash(club.channel, "pause", reason="injury")
    text = text_of(second.response)
    assert "Thursday 2 July until you end it (injury)" in text
    assert "It met another pause (Saturday 4 July to Sunday 5 July), so the two are one" in text

    clock.advance(days=3)
    assert "**Paused:** Thursday 2 July until you end it (injury)" in await why(club)
    shown = await club.ann.slash(club.channel, "pause", reason="injury")
    assert labels_of(shown.response) == ["I’m back"]
    await club.ann.click(shown.response, label="I’m back")
    assert "Thursday 2 July to Saturday 4 July (injury)" in text_of(shown.response)
    assert "**Paused:**" not in await why(club)


async def test_a_pause_of_the_past_can_be_taken_back(club):
    past = {"reason": "holiday", "from": "last monday", "to": "yesterday"}
    shown = await club.ann.slash(club.channel, "pause", **past)
    assert "That time was a pause" in text_of(shown.response)
    await club.ann.click(shown.response, label="Take it back")
    assert "That pause is gone." in text_of(shown.response)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        (
            {"from": "today", "to": "2026-07-01"},
            PauseBackwards,
            "That pause would end on Wednesday 1 July, before it begins on Thursday 2 July.",
        ),
        (
            {"from": "2026-05-01"},
            PauseTooEarly,
            "A pause may begin up to 4 weeks ago, so from Thursday 4 June on;",
        ),
    ],
)
async def test_a_pause_that_cannot_be_is_answered_with_the_rule(club, options, error, sentence):
    refused = await club.ann.slash(club.channel, "pause", reason="race", **options)
    simcord.assert_error(club.env, error)
    assert refused.response.content.startswith(sentence)


@pytest.mark.parametrize("option", ["from", "to"])
async def test_days_for_a_pause_are_offered(club, option):
    offered = await club.ann.autocomplete(club.channel, "pause", option, "", reason="race")
    assert [c["name"] for c in offered][:3] == [
        "Today, Thursday 2 July",
        "Tomorrow, Friday 3 July",
        "Saturday 4 July",
    ]
    [said] = await club.ann.autocomplete(club.channel, "pause", option, "1 aug", reason="race")
    assert (said["name"], said["value"]) == ("Saturday 1 August", "2026-08-01")


async def test_before_there_is_a_club_no_days_are_offered(world):
    assert await world.ann.autocomplete(world.channel, "pause", "from", "", reason="race") == []


async def test_coming_back_begins_with_the_easier_rung(club, clock):
    usual = text_of((await club.ann.slash(club.channel, "today")).response)
    past = {"reason": "injury", "from": "last monday", "to": "yesterday"}
    await club.ann.slash(club.channel, "pause", **past)

    card = await club.ann.slash(club.channel, "today")
    done = await club.ann.click(card.response, label="Done")

    text = text_of(card.response)
    assert text.startswith(club.say("back.today"))
    assert "-# Easier, " in text
    assert text != usual
    assert club.say("back.done") in done.response.content
    assert club.completions()[0][3] == "easier"


async def test_the_picture_of_why_is_described_week_by_week(club):
    shown = await club.ann.slash(club.channel, "streak why")
    size, description = await picture_of(shown.response)
    assert size[0] == 1100
    assert description.startswith(club.say("streak.why_title_none"))
    assert "0 of 3 days · 29 June – 5 July." in description

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.exercise import Level
from bot.ui.exercise_card import ExerciseCard
from tests.conftest import DETAILS, labels_of, text_of
from tests.simcord_gaps import click_at_once


@pytest.fixture
def ladder(app):
    return app.catalogue.get("monster-steps").ladder


def title(message: object) -> str:
    return text_of(message).splitlines()[0].removeprefix("## ")


async def card_of(world, **options):
    shown = await world.ann.slash(world.channel, "exercise", name="monster-steps", **options)
    return shown.response


async def test_a_private_card_climbs_in_place_to_the_hardest_rung_and_back(club, ladder):
    card = await card_of(club)
    seen = [title(card)]
    while "Harder" in labels_of(card):
        clicked = await club.ann.click(card, label="Harder")
        assert clicked.response.id == card.id
        seen.append(title(card))

    assert seen == [rung.name for rung in ladder[2:]]
    assert labels_of(card) == ["Easier", "Standard", "Done", "Follow along", *DETAILS]
    await club.ann.click(card, label="Standard")
    assert title(card) == ladder[2].name


async def test_a_private_card_goes_down_to_the_easiest_rung(club, ladder):
    card = await card_of(club)
    await club.ann.click(card, label="Easier")
    assert title(card) == ladder[1].name
    await club.ann.click(card, label="Easier")

    assert title(card) == ladder[0].name
    assert labels_of(card) == ["Standard", "Harder", "Done", "Follow along", *DETAILS]


async def test_a_public_card_stays_and_shows_the_rung_privately(club, ladder):
    card = await card_of(club, share=True)
    harder = await club.ben.click(card, label="Harder")

    assert harder.ephemeral
    assert harder.response.id != card.id
    assert title(harder.response) == ladder[3].name
    assert title(card) == ladder[2].name
    await club.ben.click(harder.response, label="Harder")
    assert title(harder.response) == ladder[4].name


async def test_every_rung_shows_its_own_how_and_dose(club, ladder):
    card = await card_of(club)
    await club.ann.click(card, label="Harder")

    assert ladder[3].how in text_of(card)
    assert "10–12 times each leg" in text_of(card)


async def test_a_rung_warns_of_its_own_danger_before_that_of_the_move(club, app):
    move = app.catalogue.get("lateral-band-walk")
    card = (await club.ann.slash(club.channel, "exercise", name=move.slug)).response
    assert "knee ligament" not in text_of(card)
    await club.ann.click(card, label="Harder")

    own, *general = (text_of(card).index(sign) for sign in ("knee ligament", *move.stop))
    assert own < min(general)


async def test_a_rung_tells_its_own_tempo_and_feel_where_it_has_them(club, app):
    move = app.catalogue.get("explosive-sprinters-lunge")
    lunge = move.ladder[0]
    card = (await club.ann.slash(club.channel, "exercise", name=move.slug)).response
    for _ in range(move.standard):
        await club.ann.click(card, label="Easier")

    tempo = club.say("dose.tempo_no_pause", down=lunge.tempo.down, up=lunge.tempo.up)
    assert tempo in text_of(card)
    feel = text_of((await club.ann.click(card, label="Feel")).response)
    assert all(place in feel for place in lunge.feel)
    assert move.feel[0] not in feel


@pytest.mark.parametrize("steps", range(-2, 4))
async def test_done_counts_on_every_rung_at_its_level(club, ladder, steps):
    card = await card_of(club)
    for _ in range(abs(steps)):
        await club.ann.click(card, label="Harder" if steps > 0 else "Easier")

    done = await club.ann.click(card, label="Done")

    level = ladder[2 + steps].level
    assert done.ephemeral
    assert "**Monster steps**" in done.response.content
    assert (level.value in done.response.content) is (level is not Level.STANDARD)
    assert club.completions() == [(club.ann.id, "2026-07-02", "monster-steps", level)]


async def test_done_tells_the_week_and_then_the_streak(club, clock):
    clock.advance(days=4)  # Monday
    answers = []
    for _ in range(4):
        done = await club.ann.click(await card_of(club), label="Done")
        answers.append(done.response.content.splitlines()[0])  # badges come below
        clock.advance(days=1)

    for days in (1, 2):
        assert answers[days - 1].endswith(club.say("done.week", done=days, target=3))
    for days in (3, 4):
        assert club.say("done.week_hit", n=days, target=3) in answers[days - 1]
        assert club.say("done.streak", n=1) in answers[days - 1]


async def test_done_twice_is_one_completion_and_says_so(club):
    card = await card_of(club)
    await club.ann.click(card, label="Done")
    await club.ann.click(card, label="Easier")
    again = await club.ann.click(card, label="Done")

    assert club.say("done.again", name="Monster steps", day="today") in again.response.content
    assert club.completions() == [(club.ann.id, "2026-07-02", "monster-steps", "standard")]


async def test_twenty_clicks_at_once_are_one_completion(posted):
    results = await click_at_once([posted.ann] * 20, posted.messages[-1], "Done")

    assert len(posted.completions()) == 1
    assert sum("✅" in result.response.content for result in results) == 1
    assert all(result.ephemeral for result in results)


async def test_twenty_calls_at_once_are_one_completion(club, app):
    done = await asyncio.gather(
        *(
            app.practice.mark_done(
                club.club_id, 1, "ann", "monster-steps", date(2026, 7, 2), Level.EASIER
            )
            for _ in range(20)
        )
    )

    assert [one.is_new for one in done].count(True) == 1
    assert len(club.completions()) == 1


async def test_two_members_at_once_are_two_completions(posted):
    await click_at_once([posted.ann, posted.ben] * 5, posted.messages[-1], "Done")
    await posted.tick()

    assert {row[0] for row in posted.completions()} == {posted.ann.id, posted.ben.id}
    assert len(posted.completions()) == 2
    assert posted.say("challenge.done_by", n=2) in text_of(posted.messages[-1])


async def test_yesterdays_card_counts_for_yesterday(club, clock):
    card = await card_of(club)
    clock.advance(days=1)
    done = await club.ann.click(card, label="Done")

    assert "Thursday 2 July" in done.response.content
    assert club.completions()[0][1] == "2026-07-02"


async def test_an_older_card_is_refused_and_changes_nothing(club, clock):
    card = await card_of(club)
    clock.advance(days=2)
    done = await club.ann.click(card, label="Done")

    assert done.response.content == club.say("error.too_late", day="Thursday 2 July")
    assert done.ephemeral
    assert club.completions() == []


async def test_a_day_ends_at_three_in_the_morning(club, clock):
    card = await card_of(club)
    clock.advance(days=1, hours=13, minutes=59)  # 02:59 two nights later
    done = await club.ann.click(card, label="Done")
    assert "Thursday 2 July" in done.response.content

    clock.advance(minutes=1)
    late = await club.ben.click((await card_of(club, share=True)), label="Done")
    assert club.completions()[-1][1] == "2026-07-04"
    assert "today" in late.response.content


async def test_a_card_of_a_day_to_come_is_refused(club, clock):
    card = await card_of(club)
    clock.advance(hours=-12)  # as a club does that moves to a zone further west
    done = await club.ann.click(card, label="Done")

    assert done.response.content == club.say("error.too_early", day="Thursday 2 July")
    assert club.completions() == []


async def test_done_in_a_server_that_is_no_club_any_more_is_refused(world, app):
    move = app.catalogue.get("monster-steps")
    await world.put(ExerciseCard(move, date(2026, 7, 2), world.say))

    done = await world.ann.click(world.messages[-1], label="Done")

    assert done.response.content == world.say("error.not_set_up")


@pytest.mark.parametrize("label", ["Done", "Harder"])
async def test_a_card_whose_move_left_the_library_names_the_nearest(club, app, label):
    gone = replace(app.catalogue.get("monster-steps"), slug="monster-stamps")
    await club.put(ExerciseCard(gone, date(2026, 7, 2), club.say))

    answer = await club.ann.click(club.messages[-1], label=label)

    assert "“monster-stamps”" in answer.response.content
    assert "**Monster steps**" in answer.response.content
    assert answer.ephemeral


async def test_a_rung_that_the_library_has_lost_leads_to_the_hardest_left(club, app, ladder):
    move = app.catalogue.get("monster-steps")
    longer = replace(move, ladder=(*move.ladder, move.ladder[-1], move.ladder[-1]))
    await club.put(ExerciseCard(longer, date(2026, 7, 2), club.say, 6))

    answer = await club.ann.click(club.messages[-1], label="Harder")

    assert title(answer.response) == ladder[-1].name

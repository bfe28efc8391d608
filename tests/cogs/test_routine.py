import re
from dataclasses import replace

import discord
import pytest
import simcord

from bot.domain.catalogue import Catalogue
from bot.domain.focus import Focus
from bot.errors import MissingEquipment, RoutineChanged, TooLate, TooManyMinutes, UnknownEquipment
from bot.services.routines import Routines
from tests.conftest import labels_of, text_of
from tests.services.helpers import with_only
from tests.simcord_gaps import interaction_context

pytestmark = pytest.mark.slow

PARTS = ("warm_up", "main", "cool_down")


async def ask(world, minutes=15, member=None, **options):
    asking = member or world.ann
    shown = await asking.slash(world.channel, "routine", minutes=minutes, **options)
    return shown.response


def names_of(message: object) -> list[str]:
    return re.findall(r"^\*\*\d+\. (.+)\*\* · \d+ min$", text_of(message), re.MULTILINE)


async def test_a_routine_tells_minutes_focus_equipment_parts_moves_and_when_to_stop(club, app):
    text = text_of(await ask(club))

    assert text.startswith("## 15 minutes all around the hips\n")
    assert "with chair, mat, wall and cushion" in text
    places = [text.index(f"### {club.say(f'routine.{part}')}") for part in PARTS]
    assert places == sorted(places)
    assert app.knowledge.safety.lights[-1].advice in text


async def test_every_move_opens_its_card_beside_the_routine(club):
    card = await ask(club)
    names = names_of(card)
    assert labels_of(card) == [*map(str, range(1, len(names) + 1)), club.say("routine.done")]

    for number, name in enumerate(names, start=1):
        shown = await club.ann.click(card, label=str(number))
        assert shown.ephemeral
        assert shown.response.id != card.id
        assert text_of(shown.response).startswith(f"## {name}\n")


def stills_of(message: object) -> list[str]:
    """Return the descriptions of the small pictures."""
    view = discord.ui.LayoutView.from_message(getattr(message, "message", message))
    return [c.description for c in view.walk_children() if isinstance(c, discord.ui.Thumbnail)]


async def test_up_to_half_an_hour_each_move_has_its_figure_with_a_description(club):
    card = await ask(club, 30)
    moves = [club.app.catalogue.get(name) for name in names_of(card)]

    assert stills_of(card) == [move.alt_text for move in moves]


async def test_a_longer_routine_and_one_whose_figures_are_refused_are_told_in_words(club):
    longer = await ask(club, 60)
    assert len(names_of(longer)) > 8
    assert stills_of(longer) == []

    club.env.inject_error("POST", "/interactions/*/*/callback", status=400, code=50035)
    refused = await ask(club)
    assert stills_of(refused) == []
    assert names_of(refused)
    assert club.say("routine.done") in labels_of(refused)


async def test_done_counts_every_move_for_the_day_and_the_day_once(club):
    card = await ask(club)
    done = await club.ann.click(card, label=club.say("routine.done"))

    names = names_of(card)
    slugs = {club.app.catalogue.get(name).slug for name in names}
    assert {row[2] for row in club.completions()} == slugs
    assert {(row[0], row[1], row[3]) for row in club.completions()} == {
        (club.ann.id, "2026-07-02", "standard")
    }
    assert done.ephemeral
    assert f"{len(names)} moves count for today." in done.response.content
    assert "This week: 1 of 3 days." in done.response.content


async def test_twenty_taps_are_one_routine(club):
    card = await ask(club)
    await club.ann.click(card, label=club.say("routine.done"))
    before = club.completions()
    for _ in range(19):
        again = await club.ann.click(card, label=club.say("routine.done"))

    assert club.completions() == before
    assert again.response.content.startswith(club.say("routine.counted_again", day="today"))


async def test_a_move_done_before_is_not_counted_again(club):
    card = await ask(club)
    shown = await club.ann.click(card, label="1")
    await club.ann.click(shown.response, label="Done")
    done = await club.ann.click(card, label=club.say("routine.done"))

    assert len(club.completions()) == len(names_of(card))
    assert f"{len(names_of(card)) - 1} moves count for today." in done.response.content


async def test_everybody_in_a_club_gets_the_same_routine_on_a_day_and_another_the_next(club, clock):
    first = names_of(await ask(club))
    assert names_of(await ask(club, member=club.ben)) == first

    clock.advance(days=1)
    assert names_of(await ask(club)) != first


async def test_a_routine_is_private_unless_it_is_shared_and_then_all_can_tap_done(club):
    await ask(club)
    assert club.messages == []

    await ask(club, share=True)
    [shared] = club.messages
    for member in (club.ann, club.ben):
        await member.click(shared, label=club.say("routine.done"))
    assert {row[0] for row in club.completions()} == {club.ann.id, club.ben.id}


async def test_a_routine_of_last_week_is_not_counted_any_more(club, clock):
    card = await ask(club)
    clock.advance(days=7)
    refused = await club.ann.click(card, label=club.say("routine.done"))

    assert refused.response.content == club.say(TooLate.key, day="Thursday 2 July", days_back=1)
    assert club.completions() == []


async def test_yesterdays_routine_is_counted_for_yesterday(club, clock):
    card = await ask(club)
    clock.advance(days=1)
    done = await club.ann.click(card, label=club.say("routine.done"))

    assert {row[1] for row in club.completions()} == {"2026-07-02"}
    assert "for Thursday 2 July." in done.response.content


async def test_a_library_that_has_changed_since_is_said_and_counts_nothing(
    club, library, monkeypatch
):
    card = await ask(club)
    gone = club.app.catalogue.get(names_of(card)[1]).slug
    smaller = Catalogue(e for e in club.app.catalogue if e.slug != gone)
    monkeypatch.setattr(club.app.routines, "_moves", with_only(club.app, library, smaller))
    refused = await club.ann.click(card, label=club.say("routine.done"))

    assert refused.response.content == club.say(RoutineChanged.key)
    assert club.completions() == []


@pytest.mark.parametrize("focus", Focus)
async def test_a_focus_stands_in_the_title(club, focus):
    text = text_of(await ask(club, 12, focus=focus.value))

    title = club.say("routine.title", minutes=12, focus=club.say(f"routine_focus.{focus.value}"))
    assert text.startswith(f"## {title}\n")


async def test_what_is_at_hand_can_be_typed_in_words(club):
    text = text_of(await ask(club, equipment="a mat, Mini-Band; kettlebell"))

    assert "with mini band, kettlebell or dumbbell and mat" in text


async def test_minutes_that_cannot_be_filled_are_answered_with_how_many_can(club):
    refused = await ask(club, 60, equipment="none")

    simcord.assert_error(club.env, TooManyMinutes)
    most = re.search(r"enough to do for (\d+) minutes", refused.content)[1]
    assert names_of(await ask(club, int(most), equipment="none"))


async def test_equipment_that_does_not_suffice_is_answered_with_what_would(club):
    refused = await ask(club, equipment="cushion", focus="hip_side")

    simcord.assert_error(club.env, MissingEquipment)
    assert "for the side of the hips" in refused.content
    assert refused.content.endswith("It takes this as well: mat.")


async def test_unknown_equipment_is_answered_with_the_nearest_words(club):
    refused = await ask(club, equipment="mat, *rowing* machine")

    simcord.assert_error(club.env, UnknownEquipment)
    assert r"“\*rowing\* machine”. Did you mean **" in refused.content


async def test_a_direct_message_gets_the_routine_of_the_day_without_done(club, clock):
    shown = await club.ann.user.slash("routine", minutes=15)
    again = await club.ann.user.slash("routine", minutes=15)

    assert names_of(shown.response) == names_of(again.response)
    assert club.say("routine.done") not in labels_of(shown.response)
    assert club.say("card.no_club") in text_of(shown.response)


async def test_a_server_that_is_no_club_gets_the_routine_without_done(world):
    card = await ask(world)

    assert names_of(card)
    assert world.say("routine.done") not in labels_of(card)


async def test_an_app_that_only_the_user_installed_shows_routine_and_moves(world):
    with interaction_context(user_install=True, private=True):
        shown = await world.ann.user.slash("routine", minutes=10)
        move = await world.ann.user.click(shown.response, label="2")

    assert text_of(move.response).startswith(f"## {names_of(shown.response)[1]}\n")


async def suggested(club, typed):
    choices = await club.ann.autocomplete(club.channel, "routine", "equipment", typed)
    return {choice["name"]: choice["value"] for choice in choices}


async def test_nothing_typed_suggests_a_home_everything_nothing_and_each_thing(club):
    choices = await suggested(club, "")

    assert [*choices.values()][:4] == ["home", "all", "none", "mini_band"]
    assert all("_" not in name for name in choices)


async def test_the_word_after_the_comma_is_completed_and_what_is_there_is_kept(club):
    assert await suggested(club, "Mat, mini") == {"mat, mini band": "mat,mini_band"}

    more = await suggested(club, "mat,")
    assert "mat, wall" in more
    assert "mat, mat" not in more
    assert "mat, no equipment" not in more


async def test_a_list_with_an_unknown_word_in_it_suggests_nothing(club):
    assert await suggested(club, "trapeze, ma") == {}


async def test_every_choice_means_what_it_says(club, monkeypatch):
    asked = []
    build = Routines.build

    async def note(self, club_id, member_id, wish):
        asked.append(wish.equipment)
        return await build(self, club_id, member_id, replace(wish, minutes=5))

    monkeypatch.setattr(Routines, "build", note)
    for name, value in (await suggested(club, "")).items():
        await ask(club, equipment=value)
        await ask(club, equipment=name)
    assert asked[::2] == asked[1::2]
    assert len(set(asked)) == len(asked) // 2

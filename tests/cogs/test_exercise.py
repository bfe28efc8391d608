import discord
import pytest
import simcord

from bot.errors import UnknownExercise
from tests.conftest import DETAILS, labels_of, text_of
from tests.simcord_gaps import interaction_context


@pytest.mark.parametrize(
    "name", ["monster-steps", "Monster steps", "  MONSTER STEPS ", "banded monster walk"]
)
async def test_slug_name_and_alias_in_any_spelling_show_the_card(club, name):
    shown = await club.ann.slash(club.channel, "exercise", name=name)

    assert text_of(shown.response).startswith("## Monster steps\n")
    assert "2–3 × 12–15 times each leg" in text_of(shown.response)
    assert labels_of(shown.response) == ["Easier", "Harder", "Done", "Follow along", *DETAILS]


async def test_the_card_says_how_it_is_done_and_when_to_stop(club):
    shown = await club.ann.slash(club.channel, "exercise", name="monster-steps")

    text = text_of(shown.response)
    move = club.app.catalogue.get("monster-steps")
    assert f"1. {move.phases[0]}\n" in text
    assert club.say("card.stop", reasons="; ".join(move.stop)) in text


async def test_a_card_is_private_unless_it_is_shared(club):
    await club.ann.slash(club.channel, "exercise", name="monster-steps")
    assert club.messages == []

    await club.ann.slash(club.channel, "exercise", name="monster-steps", share=True)
    assert [text_of(message).splitlines()[0] for message in club.messages] == ["## Monster steps"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mon", "monster-steps"),
        ("monstre", "monster-steps"),  # a typo
        ("banded monster", "monster-steps"),  # an alias
    ],
)
async def test_names_aliases_and_typos_are_suggested(club, typed, first):
    choices = await club.ann.autocomplete(club.channel, "exercise", "name", typed)

    assert choices[0]["value"] == first


async def test_a_muscle_suggests_the_moves_that_train_it(club, app):
    choices = await club.ann.autocomplete(club.channel, "exercise", "name", "hamstrings")

    by_muscle = {e.slug for e in app.catalogue if "hamstrings" in e.muscles}
    assert by_muscle
    assert {choice["value"] for choice in choices} == by_muscle


async def test_nothing_typed_suggests_every_move(club, app):
    choices = await club.ann.autocomplete(club.channel, "exercise", "name", "")

    assert [c["value"] for c in choices] == [e.slug for e in app.catalogue][:25]


async def test_gibberish_suggests_nothing(club):
    assert await club.ann.autocomplete(club.channel, "exercise", "name", "%&/ zzqx") == []


async def test_an_unknown_name_is_answered_with_the_three_nearest(club):
    shown = await club.ann.slash(club.channel, "exercise", name="*moster* step")

    simcord.assert_error(club.env, UnknownExercise)
    assert r"“\*moster\* step”. Did you mean **Monster steps**, " in shown.response.content
    assert shown.response.content.count("**") == 6
    assert shown.ephemeral


async def test_a_name_as_long_as_discord_allows_is_answered(club):
    shown = await club.ann.slash(club.channel, "exercise", name="*_" * 3000)

    simcord.assert_error(club.env, UnknownExercise)
    assert len(shown.response.content) < 500


async def test_a_server_that_is_no_club_gets_the_card_without_done(world):
    shown = await world.ann.slash(world.channel, "exercise", name="monster-steps")

    assert labels_of(shown.response) == ["Easier", "Harder", "Follow along", *DETAILS]
    assert world.say("card.no_club") in text_of(shown.response)


async def test_a_direct_message_gets_the_card_without_done(club):
    shown = await club.ann.user.slash("exercise", name="monster-steps")

    assert labels_of(shown.response) == ["Easier", "Harder", "Follow along", *DETAILS]
    assert club.say("card.no_club") in text_of(shown.response)


async def test_an_app_that_only_the_user_installed_shows_the_card_and_its_rungs(world):
    with interaction_context(user_install=True, private=True):
        shown = await world.ann.user.slash("exercise", name="monster-steps")
        assert labels_of(shown.response) == ["Easier", "Harder", "Follow along", *DETAILS]
        harder = await world.ann.user.click(shown.response, label="Harder")

    assert text_of(harder.response).startswith("## Monster steps, band at the ankles\n")


async def test_a_language_that_nobody_has_translated_is_answered_in_english(club):
    with interaction_context(locale="fi"):
        shown = await club.ann.slash(club.channel, "exercise", name="monster-steps")

    assert labels_of(shown.response) == ["Easier", "Harder", "Done", "Follow along", *DETAILS]


async def test_cards_ping_nobody(club):
    await club.ann.slash(club.channel, "exercise", name="monster-steps", share=True)

    [answer] = club.requests("POST", "/callback")[-1:]
    assert answer["data"]["allowed_mentions"] == discord.AllowedMentions.none().to_dict()

"""Pictures go out by link, by upload or not at all, and what is there is not sent again."""

import shutil
from dataclasses import replace

import discord
import pytest

from bot.app import load_library, open_app
from bot.client import Bot
from bot.domain.exercise import Level
from bot.settings import SHIPPED_DATA
from bot.ui.exercise_card import ExerciseCard
from bot.ui.pictures import Pictures
from bot.ui.shelf import Shelf
from tests.conftest import labels_of, text_of

TWO_PICTURES = "side-plank-knee-drive"  # the first rung has one of its own
CALLBACK = "/interactions/*/*/callback"


def pictures(message: object) -> list[dict]:
    """Return the pictures of a message, as Discord has them."""
    shown = getattr(message, "message", message)
    view = discord.ui.LayoutView.from_message(shown)
    galleries = [g for g in view.walk_children() if isinstance(g, discord.ui.MediaGallery)]
    return [item.to_dict() for gallery in galleries for item in gallery.items]


def names(message: object) -> list[str]:
    return [picture["media"]["url"].rsplit("/", 1)[-1] for picture in pictures(message)]


async def card_of(world, name: str = TWO_PICTURES, **options):
    return (await world.ann.slash(world.channel, "exercise", name=name, **options)).response


@pytest.fixture
def shelf(club, app):
    """A channel of the operator's for pictures."""
    channel = club.env.create_guild("Operators").create_text_channel("pictures")
    club.env.bot.pictures = Pictures(Shelf(club.env.bot, channel.id))
    return channel


async def test_a_card_shows_its_figure_with_the_description_of_that_rung(club, app):
    move = app.catalogue.get(TWO_PICTURES)
    card = await card_of(club)
    assert names(card) == [f"{TWO_PICTURES}.gif"]
    assert pictures(card)[0]["description"] == move.alt_text
    while "Easier" in labels_of(card):
        await club.ann.click(card, label="Easier")

    assert names(card) == [move.ladder[0].picture.moving.name] != [f"{TWO_PICTURES}.gif"]
    assert pictures(card)[0]["description"] == move.ladder[0].picture.alt
    assert club.say("card.pictured", name=move.name) not in text_of(card)


async def test_a_rung_without_a_figure_of_its_own_says_whose_it_shows(club, app):
    card = await card_of(club)
    await club.ann.click(card, label="Harder")

    assert names(card) == [f"{TWO_PICTURES}.gif"]
    assert club.say("card.pictured", name=app.catalogue.get(TWO_PICTURES).name) in text_of(card)


async def test_a_figure_that_is_there_already_is_not_uploaded_again(club):
    card = await card_of(club)
    [before] = pictures(card)
    await club.ann.click(card, label="Harder")

    assert pictures(card) == [before]
    [clicked] = club.requests("POST", "/callback")[-1:]
    assert "attachments" not in clicked["data"]


async def test_a_refused_figure_is_left_out_and_the_words_alone_teach_the_move(club, app, caplog):
    club.env.inject_error("POST", CALLBACK, status=400, code=50035)
    card = await card_of(club)
    move = app.catalogue.get(TWO_PICTURES)
    assert names(card) == []
    for words in (*move.phases, *move.stop):
        assert words in text_of(card)

    again = await card_of(club)
    assert names(again) == []
    assert len([r for r in caplog.records if f"{TWO_PICTURES}.gif" in r.getMessage()]) == 1
    assert names(await card_of(club, "hip-hike")) == ["hip-hike.gif"]


async def test_a_card_that_is_refused_without_its_figure_too_is_not_the_figures_fault(club, caplog):
    club.env.inject_error("POST", CALLBACK, status=400, code=50035, times=2)
    answer = await club.ann.slash(club.channel, "exercise", name=TWO_PICTURES)

    assert "reference" in answer.response.content
    assert names(await card_of(club)) == [f"{TWO_PICTURES}.gif"]
    assert "Discord refuses" not in caplog.text
    club.env.errors.clear()


async def test_without_the_folder_of_pictures_the_bot_works_in_words(
    world, settings, clock, tmp_path
):
    data = tmp_path / "data"
    shutil.copytree(SHIPPED_DATA, data, ignore=shutil.ignore_patterns("media", "figures"))
    async with open_app(settings, clock, load_library(data)) as bare:
        bot = Bot(bare, is_ticking=False)
        await world.env.restart_bot(bot)
        card = await card_of(world)
        await world.ann.click(card, label="Easier")
        page = (await world.ann.slash(world.channel, "exercises")).response
        await bot.close()

    assert pictures(card) == []
    assert bare.catalogue.get(TWO_PICTURES).ladder[2].how in text_of(card)
    assert "**1. " in text_of(page)


async def test_a_list_whose_stills_are_refused_is_the_same_list_in_words(club):
    whole = text_of((await club.ann.slash(club.channel, "exercises")).response)
    club.env.inject_error("POST", CALLBACK, status=413)
    plain = (await club.ann.slash(club.channel, "exercises")).response

    assert text_of(plain) == whole
    assert not any("accessory" in c for c in plain.components[0]["components"])


async def test_a_picture_is_put_into_the_operators_channel_once_and_linked_from_then_on(
    club, shelf
):
    first = await card_of(club)
    [kept] = [m for m in shelf.history() if m.attachments]
    second, third = await card_of(club), await card_of(club, share=True)

    assert len(kept.attachments) == 1
    assert pictures(first)[0]["media"]["url"] != kept.attachments[0].url  # sent along meanwhile
    for card in (second, third):
        assert pictures(card)[0]["media"]["url"] == kept.attachments[0].url
    assert len([m for m in shelf.history() if m.attachments]) == 1


async def test_a_link_is_asked_for_anew_before_it_ends_and_put_there_anew_if_it_is_gone(
    club, shelf, clock
):
    await card_of(club)
    [kept] = shelf.history()
    path = f"/messages/{kept.id}"

    clock.advance(hours=11)
    await card_of(club)
    assert club.requests("GET", path) == []
    clock.advance(hours=2)
    await card_of(club)
    assert len(club.requests("GET", path)) == 1
    assert len(shelf.history()) == 1

    await kept.delete()
    clock.advance(hours=13)
    await card_of(club)
    [anew] = shelf.history()
    assert names(await card_of(club)) == [f"{TWO_PICTURES}.gif"]
    assert pictures(await card_of(club))[0]["media"]["url"] == anew.attachments[0].url


async def test_a_link_that_discord_refuses_gives_way_to_an_upload(club, shelf, caplog):
    await card_of(club)
    club.env.inject_error("POST", CALLBACK, status=400, code=50035)
    card = await card_of(club)

    [kept] = shelf.history()
    assert names(card) == [f"{TWO_PICTURES}.gif"]
    assert pictures(card)[0]["media"]["url"] != kept.attachments[0].url
    assert "Discord refuses" not in caplog.text


async def test_a_closed_channel_for_pictures_is_named_once_and_tried_again_later(
    club, shelf, clock, caplog
):
    club.env.inject_error("POST", f"/channels/{shelf.id}/messages", status=403, code=50013)
    for _ in range(3):
        assert names(await card_of(club)) == [f"{TWO_PICTURES}.gif"]
    assert caplog.text.count("MEDIA_CHANNEL_ID") == 1

    clock.advance(minutes=16)
    await card_of(club)
    assert len(shelf.history()) == 1


async def test_the_challenge_shows_its_figure_and_a_tally_leaves_it_there(posted):
    [card] = posted.messages
    [before] = pictures(card)
    move = (await posted.app.daily.today(posted.club_id)).exercise
    assert before["description"] == move.alt_text

    await posted.ann.click(card, label="Done")
    await posted.tick()
    [card] = posted.messages
    assert posted.say("challenge.done_by", n=1) in text_of(card)
    assert pictures(card) == [before]


async def test_after_a_restart_a_tally_asks_once_what_the_card_shows(posted, settings, clock):
    [card] = posted.messages
    [before] = pictures(card)
    await posted.env.bot.close()
    async with open_app(settings, clock) as fresh:
        bot = Bot(fresh, is_ticking=False)
        await posted.env.restart_bot(bot)
        for member in (posted.ann, posted.ben):
            await member.click(posted.messages[-1], label="Done")
            await posted.tick()
        await bot.close()

    assert pictures(posted.messages[-1]) == [before]
    asked = posted.requests("GET", f"/messages/{card.id}")
    assert len(asked) == 1


async def test_a_challenge_that_went_out_in_words_gets_no_figure_from_its_tally(club, clock):
    club.env.inject_error("POST", "/channels/*/messages", status=413)
    clock.advance(hours=18)
    await club.tick()
    await club.ann.click(club.messages[-1], label="Done")
    await club.tick()

    assert club.say("challenge.done_by", n=1) in text_of(club.messages[-1])
    assert pictures(club.messages[-1]) == []


async def test_a_card_without_pictures_goes_out_as_it_is(club, app):
    move = app.catalogue.get(TWO_PICTURES)
    bare = replace(move, ladder=tuple(replace(rung, picture=None) for rung in move.ladder))
    message = await club.put(ExerciseCard(bare, None, club.say))
    assert pictures(message) == []
    assert {rung.level for rung in bare.ladder} == set(Level)

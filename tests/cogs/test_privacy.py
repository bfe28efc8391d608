"""A member sees, hides, exports and deletes what is stored about them, in a club and outside."""

import io
import json
import re
import zipfile

import discord
import pytest
import simcord

from bot.errors import MemberHides, NotSetUp
from bot.ui.privacy import DeleteCard, Scope
from tests.conftest import labels_of, text_of
from tests.simcord_gaps import click_at_once, deny_bot, edit_server

pytestmark = pytest.mark.slow


async def do(world, member, slug="monster-steps"):
    shown = await member.slash(world.channel, "exercise", name=slug)
    return await member.click(shown.response, label=world.say("card.done"))


async def delete(world, member, *where, **options):
    """Press both buttons; return the last answer."""
    asked = (await member.slash(*where, "privacy delete", **options)).response
    await member.click(asked, label=world.say("privacy.button"))
    return (await member.click(asked, label=world.say("privacy.button_last"))).response


async def show(member, *where, **options):
    shown = await member.slash(*where, "privacy show", **options)
    assert shown.ephemeral
    return plain(text_of(shown.response))


def plain(text):
    """Return the text without what keeps the direction of a name to itself."""
    return re.sub("[\u2068\u2069]", "", text)


@pytest.fixture
async def second(club):
    """Another club of Ann's, in which she did something too."""
    guild = club.env.create_guild("Hill Harriers")
    channel = guild.create_text_channel("hips")
    manager = guild.create_role("Coach", permissions=discord.Permissions(manage_guild=True))
    coach = guild.add_member(club.coach_user, roles=[manager])
    ann = guild.add_member(club.ann.user)
    options = {"channel": channel, "time": "07:00", "timezone": "Europe/London"}
    await coach.slash(channel, "club setup", **options)
    shown = await ann.slash(channel, "exercise", name="dead bug")
    await ann.click(shown.response, label="Done")
    return guild


async def test_somebody_of_whom_nothing_is_known_is_told_so(club):
    text = await show(club.ann, club.channel)
    assert club.say("privacy.nothing") in text
    assert club.say("privacy.kept", n=90) in text
    everywhere = await show(club.ann.user)
    assert club.say("privacy.nothing_everywhere") in everywhere


async def test_everything_that_is_stored_is_told_in_words(club):
    await do(club, club.ann)
    await do(club, club.ann, "dead-bug")
    await club.ann.slash(club.channel, "pause", reason="injury", **{"from": "2 July"})
    card = (await club.ann.slash(club.channel, "today")).response
    await club.ann.click(card, label=club.say("guide.follow"))

    text = await show(club.ann, club.channel)

    assert text.startswith("## What is stored about you in Riverside Runners\n")
    assert "your name here, ann, with your id; that you began on Thursday 2 July" in text
    assert "2 moves done on Thursday 2 July: " in text
    assert "1 pause: " in text
    assert "injury" in text
    assert "1 badge\n" in text
    assert club.say("privacy.guides", n=1) in text
    assert "set this club up" not in text
    assert "set this club up on Thursday 2 July" in await show(club.coach, club.channel)


async def test_in_a_direct_message_every_club_is_told_by_its_name(club, second):
    await do(club, club.ann)
    text = await show(club.ann.user)
    assert text == await show(club.ann, club.channel, everywhere=True)
    assert "**Riverside Runners**" in text
    assert "**Hill Harriers**" in text
    assert "Hill Harriers" not in await show(club.ann, club.channel)


async def test_who_hides_is_named_nowhere_until_they_end_it(club):
    await do(club, club.ann)
    hidden = await club.ann.slash(club.channel, "privacy hide")
    where = club.say("privacy.where", n=1)
    assert hidden.ephemeral
    assert hidden.response.content == club.say("privacy.hides", where=where)
    board = await club.ben.slash(club.channel, "leaderboard")
    assert "ann" not in text_of(board.response)
    refused = await club.ben.slash(club.channel, "me", member=club.ann)
    simcord.assert_error(club.env, MemberHides)
    assert refused.response.content == club.say("error.member_hides")
    assert "**1 session**" in text_of((await club.ann.slash(club.channel, "me")).response)
    assert club.say("privacy.hidden") in await show(club.ann, club.channel)

    seen = await club.ann.slash(club.channel, "privacy hide", on=False)
    assert seen.response.content == club.say("privacy.seen", where=where)
    assert "ann" in text_of((await club.ben.slash(club.channel, "leaderboard")).response)


async def test_from_a_direct_message_one_hides_in_all_clubs(club, second):
    await do(club, club.ann)
    hidden = await club.ann.user.slash("privacy hide")
    where = club.say("privacy.where", n=2)
    assert hidden.response.content == club.say("privacy.hides", where=where)
    nobody = await club.ben.user.slash("privacy hide")
    assert nobody.response.content == club.say("privacy.nowhere")


async def test_a_server_that_is_no_club_has_nowhere_to_hide(world):
    await world.ann.slash(world.channel, "privacy hide")
    simcord.assert_error(world.env, NotSetUp)


async def files_of(result):
    return [
        zipfile.ZipFile(io.BytesIO(await attached.read()))
        for message in [result.response, *result.followups]
        if message
        for attached in message.attachments
    ]


async def test_an_export_comes_as_a_zip_for_nobody_elses_eyes(club):
    await do(club, club.ann)
    exported = await club.ann.slash(club.channel, "privacy export")

    assert exported.ephemeral
    [archive] = await files_of(exported)
    whole = json.loads(archive.read("hipstride.json"))
    assert [row["slug"] for row in whole["completions"]] == ["monster-steps"]
    assert archive.read("completions.csv").startswith(b"club_id,member_id,day,slug")
    assert exported.response.attachments[0].filename == "hipstride-2026-07-02.zip"
    text = club.say("privacy.export", n=1, club="Riverside Runners")
    assert plain(exported.response.content) == text


async def test_what_discord_does_not_take_at_once_comes_in_parts(club, monkeypatch):
    await do(club, club.ann)
    await do(club, club.ann, "dead-bug")
    limit = property(lambda _self: 1000, lambda _self, _value: None)
    monkeypatch.setattr(discord.Interaction, "filesize_limit", limit)
    exported = await club.ann.slash(club.channel, "privacy export")

    archives = await files_of(exported)
    assert len(archives) > 1
    assert exported.response.attachments[0].filename == (
        f"hipstride-2026-07-02-1-of-{len(archives)}.zip"
    )
    wholes = [json.loads(archive.read("hipstride.json")) for archive in archives]
    slugs = {row["slug"] for whole in wholes for row in whole.get("completions", [])}
    assert slugs == {"monster-steps", "dead-bug"}
    assert all(message.flags.ephemeral for message in exported.followups)


async def test_of_nothing_there_is_no_file(club):
    exported = await club.ann.user.slash("privacy export")
    assert exported.response.content == club.say("privacy.nothing_everywhere")
    assert exported.response.attachments == []


async def test_a_delete_says_what_goes_and_asks_twice(club):
    await do(club, club.ann)
    asked = await club.ann.slash(club.channel, "privacy delete")

    assert asked.ephemeral
    text = text_of(asked.response)
    assert "1 move done" in text
    assert club.say("privacy.backups", n=90) in text
    again = await club.ann.click(asked.response, label=club.say("privacy.button"))
    assert club.say("privacy.last_word") in text_of(again.response)
    assert len(club.completions()) == 1
    gone = await club.ann.click(again.response, label=club.say("privacy.button_last"))
    assert club.say("privacy.anew") in text_of(gone.response)
    assert labels_of(gone.response) == []
    assert club.completions() == []
    assert club.say("privacy.nothing") in await show(club.ann, club.channel)


async def test_after_it_a_move_begins_anew_and_the_card_counts_it_once(posted):
    [card] = posted.messages
    await posted.ann.click(card, label="Done")
    await posted.ben.click(card, label="Done")
    await posted.tick()
    assert posted.say("challenge.done_by", n=2) in text_of(posted.messages[0])

    await delete(posted, posted.ann, posted.channel)
    await posted.tick()
    assert posted.say("challenge.done_by", n=1) in text_of(posted.messages[0])
    again = await posted.ann.click(card, label="Done")
    assert "✅" in again.response.content
    assert "First move" in again.response.content


async def test_a_delete_in_one_club_leaves_the_other_and_everywhere_does_not(club, second):
    await do(club, club.ann)
    await delete(club, club.ann, club.channel)
    assert [row[2] for row in club.completions()] == ["dead-bug"]

    await do(club, club.ann)
    await delete(club, club.ann, club.channel, everywhere=True)
    assert club.completions() == []


async def test_a_direct_message_deletes_everywhere(club, second):
    await do(club, club.ann)
    gone = await delete(club, club.ann.user)
    assert text_of(gone).startswith(f"## {club.say('privacy.deleted_everywhere')}")
    assert club.completions() == []


async def test_where_nothing_is_stored_there_is_no_button(club):
    asked = await club.ann.slash(club.channel, "privacy delete")
    assert labels_of(asked.response) == []
    assert club.say("privacy.nothing") in text_of(asked.response)


@pytest.mark.parametrize("is_last", [False, True])
async def test_nobody_elses_click_counts(club, is_last):
    await do(club, club.ann)
    entries = await club.app.privacy.stored(club.ann.id, club.club_id)
    t = club.app.texts.speaking("en-US")
    scope = Scope(club.club_id, "", club.app.clock().date(), 90)
    card = DeleteCard(entries, club.ann.id, scope, lambda _id: "", t, is_last=is_last)
    message = await club.put(card)
    key = "privacy.button_last" if is_last else "privacy.button"
    refused = await club.ben.click(message, label=club.say(key))
    assert refused.response.content == club.say("error.not_yours")
    assert refused.ephemeral
    assert len(club.completions()) == 1


async def test_two_devices_deleting_at_once_are_both_told_that_it_is_done(club):
    await do(club, club.ann)
    asked = (await club.ann.slash(club.channel, "privacy delete")).response
    last = (await club.ann.click(asked, label=club.say("privacy.button"))).response
    label = club.say("privacy.button_last")
    for each in await click_at_once([club.ann, club.ann], last, label):
        assert club.say("privacy.anew") in text_of(each.response)
    assert club.completions() == []


async def test_a_club_whose_coach_was_forgotten_is_told_of_its_trouble_in_its_server(club, clock):
    await edit_server(club.guild, system_channel_id=club.channel.id)
    gone = await delete(club, club.coach, club.channel)
    assert club.say("privacy.stays_clubs") in text_of(gone)
    talk = club.guild.create_text_channel("talk")
    await edit_server(club.guild, system_channel_id=talk.id)
    await deny_bot(club.channel, send_messages=True)
    clock.advance(hours=18)
    await club.tick()

    [told] = talk.history()
    assert "**Send Messages**" in told.content
    assert "users/@me/channels" not in [c.path for c in club.env.http_requests]


async def test_who_sets_the_club_up_next_is_not_told_of_nobody(club):
    await delete(club, club.coach, club.channel)
    saved = await club.set_up()
    assert "<@0>" not in text_of(saved.response)

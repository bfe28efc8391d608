"""/club void: a coach takes a move out of the count and puts it back."""

import pytest
import simcord

from bot.errors import NothingToVoid
from tests.conftest import labels_of, text_of
from tests.simcord_gaps import delete_role

pytestmark = pytest.mark.slow


async def done(club, member=None):
    """Let the member do today's move; return its entry as the command takes it."""
    today = await (member or club.ann).slash(club.channel, "today")
    await (member or club.ann).click(today.response, label=club.say("card.done"))
    assignment = await club.app.daily.today(club.club_id)
    return f"{assignment.day.isoformat()}:{assignment.exercise.slug}"


async def sessions(club):
    return text_of((await club.ann.slash(club.channel, "me")).response)


async def test_out_and_back_again(club):
    entry = await done(club)
    before = await sessions(club)
    out = await club.coach.slash(club.channel, "club void", member=club.ann.user, entry=entry)
    assert "Out of the count" in text_of(out.response)
    assert out.response.flags.ephemeral
    assert await sessions(club) != before
    why = text_of((await club.ann.slash(club.channel, "streak why")).response)
    assert "Taken out by a coach:** something of Thu 2 July." in why
    assert "taken out by a coach" in text_of(
        (await club.ann.slash(club.channel, "history")).response
    )

    back = await club.coach.click(out.response, label=club.say("void.put_back"))
    assert "Counted again" in text_of(back.response)
    assert labels_of(back.response) == []
    assert await sessions(club) == before


async def test_the_member_who_presses_done_again_is_told_whom_to_ask(club):
    entry = await done(club)
    await club.coach.slash(club.channel, "club void", member=club.ann.user, entry=entry)
    today = await club.ann.slash(club.channel, "today")
    again = await club.ann.click(today.response, label=club.say("card.done"))
    assert "A coach has taken this one out" in again.response.content


async def test_who_does_not_manage_the_server_any_more_cannot_put_it_back(club):
    entry = await done(club)
    out = await club.coach.slash(club.channel, "club void", member=club.ann.user, entry=entry)
    await delete_role(club.guild.roles["Coach"])
    refused = await club.coach.click(out.response, label=club.say("void.put_back"))
    assert "Manage Server" in refused.response.content


async def test_the_entries_of_the_chosen_member_are_offered(club):
    entry = await done(club)
    await done(club, club.ben)
    choose = club.coach.autocomplete
    [choice] = await choose(club.channel, "club void", "entry", "thu", member=club.ann.user)
    assert choice["value"] == entry
    assert await choose(club.channel, "club void", "entry", "xyz", member=club.ann.user) == []
    assert await choose(club.channel, "club void", "entry", "") == []


@pytest.mark.parametrize("entry", ["monster steps", "2026-07-02:clamshell", "2026-99-99:a-march"])
async def test_what_is_not_there_is_a_sentence(club, entry):
    await done(club)
    out = await club.coach.slash(club.channel, "club void", member=club.ann.user, entry=entry)
    assert out.response.content == club.say("error.nothing_to_void")
    simcord.assert_error(club.env, NothingToVoid)

"""Buddies as members meet them: asked, agreed, nudged, and parted, each in private."""

import pytest

from tests.cogs.test_remind import inbox
from tests.conftest import labels_of, text_of

pytestmark = pytest.mark.slow


async def buddy(world, member=None):
    return await (member or world.ann).slash(world.channel, "buddy")


async def ask(world):
    answer = await world.ann.slash(world.channel, "buddy", member=world.ben)
    return answer, inbox(world, world.ben)


async def test_the_question_is_private_and_its_yes_makes_two_buddies(club):
    answer, [question] = await ask(club)
    assert answer.response.content == club.say("buddy.asked", member=club.ben.id)
    assert club.messages == []
    assert "Riverside Runners" in text_of(question)
    await club.ben.user.click(question, label=club.say("buddy.yes"))
    assert text_of(inbox(club, club.ben)[0]) == club.say("buddy.agreed")
    assert labels_of(inbox(club, club.ben)[0]) == []
    assert text_of(inbox(club)[0]) == club.say("buddy.was_agreed", name="\u2068ben\u2069")
    shown = await buddy(club)
    assert shown.ephemeral
    assert text_of(shown.response).startswith(club.say("buddy.title", member=club.ben.id))


async def test_a_no_is_kind_and_leaves_both_free(club):
    _, [question] = await ask(club)
    await club.ben.user.click(question, label=club.say("buddy.no"))
    assert text_of(inbox(club, club.ben)[0]) == club.say("buddy.declined")
    assert text_of(inbox(club)[0]) == club.say("buddy.was_declined", name="\u2068ben\u2069")
    assert text_of((await buddy(club)).response) == club.say("buddy.none")


async def test_who_takes_no_messages_is_asked_in_the_channel_and_only_they_can_answer(club):
    club.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    answer, _ = await ask(club)
    assert answer.response.content == club.say("buddy.asked_here", member=club.ben.id)
    [question] = club.messages
    asked_here = [c.json for c in club.env.http_requests if c.path.startswith("/webhooks/")][-1]
    pinged = asked_here["allowed_mentions"]
    assert (pinged["parse"], list(map(int, pinged["users"]))) == ([], [club.ben.id])
    refused = await club.coach.click(question, label=club.say("buddy.yes"))
    assert refused.response.content == club.say("error.buddy_not_asked")
    assert refused.ephemeral
    await club.ben.click(question, label=club.say("buddy.yes"))
    assert (await buddy(club, club.ben)).response is not None
    assert text_of(club.messages[0]) == club.say("buddy.agreed")


@pytest.mark.parametrize("whom", ["herself", "the bot"])
async def test_oneself_and_bots_are_refused_kindly(club, whom):
    bot = club.guild.add_member(club.env.create_user("robot", bot=True))
    member = club.ann if whom == "herself" else bot
    key = "error.buddy_is_self" if whom == "herself" else "error.buddy_is_bot"
    answer = await club.ann.slash(club.channel, "buddy", member=member)
    assert answer.response.content == club.say(key)
    assert len(club.env.errors) == 1


async def test_a_nudge_is_private_once_a_day_with_done_and_a_way_to_have_no_more(club):
    _, [question] = await ask(club)
    await club.ben.user.click(question, label=club.say("buddy.yes"))
    shown = (await buddy(club)).response
    nudge = club.say("buddy.nudge")
    first, second = [await club.ann.click(shown, label=nudge) for _ in range(2)]
    assert first.response.content == club.say("buddy.nudged_sent")
    assert second.response.content == club.say("buddy.nudged_again")
    assert club.messages == []
    [_, poke] = inbox(club, club.ben)
    off = await club.ben.user.click(poke, label=club.say("buddy.nudges_off"))
    assert off.response.content == club.say("buddy.off")
    club.app.clock.advance(days=1)
    third = await club.ann.click(shown, label=nudge)
    assert third.response.content == club.say("buddy.nudged_quiet")
    club.app.clock.advance(days=-1)
    done = await club.ben.user.click(poke, label=club.say("challenge.done"))
    assert done.response.content.startswith("✅")
    assert club.say("buddy.today_them") in text_of((await buddy(club)).response)
    assert nudge not in labels_of((await buddy(club)).response)
    assert club.say("buddy.nudges_on") in labels_of((await buddy(club, club.ben)).response)


async def test_a_buddy_whose_messages_are_closed_is_simply_not_nudged(club):
    _, [question] = await ask(club)
    await club.ben.user.click(question, label=club.say("buddy.yes"))
    shown = (await buddy(club)).response
    club.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    answer = await club.ann.click(shown, label=club.say("buddy.nudge"))
    assert answer.response.content == club.say("buddy.nudged_quiet")


async def test_one_tap_ends_it(club):
    _, [question] = await ask(club)
    await club.ben.user.click(question, label=club.say("buddy.yes"))
    shown = (await buddy(club)).response
    await club.ann.click(shown, label=club.say("buddy.end"))
    assert text_of(shown) == club.say("buddy.ended")
    assert text_of((await buddy(club, club.ben)).response) == club.say("buddy.none")


async def test_the_profile_tells_of_the_shared_streak(club):
    _, [question] = await ask(club)
    await club.ben.user.click(question, label=club.say("buddy.yes"))
    card = (await club.ann.slash(club.channel, "today")).response
    await club.ann.click(card, label="Done")
    profile = await club.ann.slash(club.channel, "me")
    assert club.say("buddy.profile", n=0) in text_of(profile.response)

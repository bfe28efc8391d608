"""A set to follow along, from the first tap to Done, through pauses, restarts and trouble."""

import asyncio
import logging

import pytest

from bot.app import open_app
from bot.client import Bot
from bot.domain.guide import PAUSE_HOLDS, READY_S, TOKEN_HOLDS, phases
from bot.services.guides import Guides, Tap
from bot.storage.database import Database
from tests.conftest import labels_of, text_of
from tests.simcord_gaps import click_at_once, raise_server_errors

pytestmark = pytest.mark.slow


async def tick(world, seconds: float = 0) -> None:
    """Let the metronome of the sets tick once, so many seconds later."""
    world.app.clock.advance(seconds=seconds)
    await world.env.bot.get_cog("GuideCog").tick()
    await world.env.settle()


async def follow(world, name="clamshell", member=None):
    """Let Ann follow the move along; return the message."""
    member = member or world.ann
    card = (await member.slash(world.channel, "exercise", name=name)).response
    begun = await member.click(card, label=world.say("guide.follow"))
    assert begun.ephemeral
    return begun.response


def edits(world) -> int:
    """Return how often the bot has changed a message without anybody's tap."""
    calls = world.env.http_requests
    return sum(
        call.method == "PATCH" and call.path.startswith("/webhooks/") and "@" not in call.path
        for call in calls
    )


@pytest.fixture
def clamshell(app):
    return phases(app.catalogue.get("clamshell"), app.catalogue.get("clamshell").standard)


async def test_a_set_goes_from_get_ready_to_a_done_that_counts_one_edit_a_phase(club, clamshell):
    message = await follow(club)
    seen = [text_of(message).splitlines()[2]]
    for n, phase in enumerate(clamshell, start=1):
        await tick(club, phase.seconds - 1)
        assert edits(club) == n - 1
        await tick(club, 1)
        assert edits(club) == n
        seen.append([*text_of(message).splitlines(), "", ""][2])
        await tick(club)
        assert edits(club) == n

    def now(number, side):
        what = club.say("guide.set", number=number, count=2)
        return f"### {club.say('guide.work', what=f'{what}, {side}')}"

    rest = f"### {club.say('guide.rest')}"
    assert seen[:-1] == [
        f"### {club.say('guide.ready')}",
        *(now(1, "left side"), rest, now(1, "right side"), rest),
        *(now(2, "left side"), rest, now(2, "right side")),
    ]
    assert club.say("guide.finished", name="Clamshell") in text_of(message)
    assert labels_of(message) == ["Done"]
    done = await club.ann.click(message, label="Done")
    assert "✅" in done.response.content
    assert club.completions() == [(club.ann.id, "2026-07-02", "clamshell", "standard")]
    await tick(club, 3600)
    assert edits(club) == len(clamshell)


async def test_the_countdown_ends_with_the_phase(club, clock, clamshell):
    message = await follow(club)
    assert f"<t:{int(clock().timestamp()) + READY_S}:R>" in text_of(message)
    assert "10–15 times" not in text_of(message)
    assert "12–15 times" in text_of(message)
    assert "each leg" not in text_of(message)
    await tick(club, READY_S)
    assert f"<t:{int(clock().timestamp()) + clamshell[1].seconds}:R>" in text_of(message)


async def test_a_hold_shows_the_seconds_that_run_and_no_next_to_be_asked_for(club):
    message = await follow(club, "couch-stretch")
    await tick(club, READY_S)
    assert "**30 s**" in text_of(message)
    assert club.say("guide.estimate") not in text_of(message)


async def test_next_goes_on_early_in_the_same_message(club, clamshell):
    message = await follow(club)
    tapped = await club.ann.click(message, label=club.say("guide.button_next"))
    assert tapped.response.id == message.id
    assert club.say("guide.step", step=2, count=8) in text_of(message)
    assert club.say("guide.estimate") in text_of(message)
    assert edits(club) == 0
    await tick(club, clamshell[1].seconds)
    assert club.say("guide.step", step=3, count=8) in text_of(message)


@pytest.mark.parametrize("label", ["next", "pause", "end"])
async def test_a_button_tapped_thrice_at_once_does_it_once(club, label):
    message = await follow(club)
    await click_at_once([club.ann] * 3, message, club.say(f"guide.button_{label}"))
    expected = {
        "next": club.say("guide.step", step=2, count=8),
        "pause": club.say("guide.paused", what=club.say("guide.ready"), n=READY_S),
        "end": club.say("guide.over"),
    }
    assert expected[label] in text_of(message)


async def test_next_leads_to_done_at_last(club, clamshell):
    message = await follow(club)
    for _ in clamshell:
        await club.ann.click(message, label=club.say("guide.button_next"))
    assert labels_of(message) == ["Done"]
    await tick(club, 3600)
    assert edits(club) == 0


async def test_a_pause_stops_the_time_and_go_lets_it_run_on(club, clock, clamshell):
    message = await follow(club)
    await tick(club, READY_S + 10)
    await club.ann.click(message, label=club.say("guide.button_pause"))
    left = clamshell[1].seconds - 10
    paused = club.say("guide.paused", what="set 1 of 2, left side", n=left)
    assert paused in text_of(message)
    assert labels_of(message) == [club.say("guide.button_go"), club.say("guide.button_end")]

    before = edits(club)
    await tick(club, 600)
    assert (paused in text_of(message), edits(club)) == (True, before)
    await club.ann.click(message, label=club.say("guide.button_go"))
    assert f"<t:{int(clock().timestamp()) + left}:R>" in text_of(message)
    await tick(club, left)
    assert f"### {club.say('guide.rest')}" in text_of(message)


async def test_a_pause_that_is_never_ended_is_forgotten_and_says_so_when_tapped(club):
    message = await follow(club)
    await club.ann.click(message, label=club.say("guide.button_pause"))
    await tick(club, PAUSE_HOLDS.total_seconds())
    assert edits(club) == 0
    await club.ann.click(message, label=club.say("guide.button_go"))
    assert text_of(message) == club.say("guide.over")


async def test_end_stops_it_counts_nothing_and_offers_to_begin_again(club):
    message = await follow(club)
    await tick(club, READY_S)
    await club.ann.click(message, label=club.say("guide.button_end"))
    assert text_of(message) == club.say("guide.ended", name="Clamshell")
    before = edits(club)
    await tick(club, 3600)
    assert edits(club) == before
    assert club.completions() == []
    again = await club.ann.click(message, label=club.say("guide.follow"))
    assert club.say("guide.ready") in text_of(again.response)


async def test_the_challenge_can_be_followed_along_too_and_its_done_counts_for_its_day(posted):
    [card] = posted.messages
    move = (await posted.app.daily.today(posted.club_id)).exercise
    message = (await posted.ann.click(card, label=posted.say("guide.follow"))).response
    for _ in phases(move, move.standard):
        await posted.ann.click(message, label=posted.say("guide.button_next"))
    await posted.ann.click(message, label="Done")
    assert posted.completions() == [(posted.ann.id, "2026-07-03", move.slug, "standard")]


@pytest.mark.parametrize("place", ["no club", "direct message"])
async def test_without_a_club_it_ends_without_done(world, place, clamshell):
    ann = world.ann.user if place == "direct message" else world.ann
    where = () if place == "direct message" else (world.channel,)
    card = (await ann.slash(*where, "exercise", name="clamshell")).response
    message = (await ann.click(card, label=world.say("guide.follow"))).response
    for phase in clamshell:
        await tick(world, phase.seconds)
    assert world.say("card.no_club") in text_of(message)
    assert labels_of(message) == []


async def test_the_rung_that_is_shown_is_the_one_followed_and_counted(club):
    card = (await club.ann.slash(club.channel, "exercise", name="clamshell")).response
    await club.ann.click(card, label="Easier")
    message = (await club.ann.click(card, label=club.say("guide.follow"))).response
    assert text_of(message).startswith("## Clamshell, back against a wall\n")
    await tick(club, 450)
    await club.ann.click(message, label="Done")
    assert club.completions()[0][2:] == ("clamshell", "easier")


async def test_a_second_set_takes_the_place_of_the_first_which_says_so(club):
    first = await follow(club)
    second = await follow(club, "dead-bug")
    assert text_of(first) == club.say("guide.replaced")
    before = edits(club)
    await tick(club, READY_S)
    assert edits(club) == before + 1
    assert club.say("guide.step", step=2, count=4) in text_of(second)


async def test_a_button_of_an_earlier_set_does_nothing_to_the_new_one(club):
    first = await follow(club)
    club.env.inject_error("PATCH", "/webhooks/*/*/messages/[0-9]*", status=404, code=10008)
    second = await follow(club, "dead-bug")
    await club.ann.click(first, label=club.say("guide.button_end"))
    assert text_of(first) == club.say("guide.over")
    await tick(club, READY_S)
    assert club.say("guide.step", step=2, count=4) in text_of(second)


async def test_two_members_follow_their_own(club):
    ann, ben = await follow(club), await follow(club, "dead-bug", club.ben)
    await club.ann.click(ann, label=club.say("guide.button_pause"))
    await tick(club, READY_S)
    assert club.say("guide.standing") in text_of(ann)
    assert club.say("guide.step", step=2, count=4) in text_of(ben)


async def test_a_restart_in_the_middle_goes_on_in_the_right_phase(club, settings, clock, clamshell):
    message = await follow(club)
    await tick(club, READY_S)
    await club.env.bot.close()
    clock.advance(seconds=clamshell[1].seconds + clamshell[2].seconds + 5)
    async with open_app(settings, clock) as fresh:
        bot = Bot(fresh, is_ticking=False)
        await club.env.restart_bot(bot)
        await tick(club)
        assert club.say("guide.step", step=4, count=8) in text_of(message)
        assert f"<t:{int(clock().timestamp()) - 5 + clamshell[3].seconds}:R>" in text_of(message)
        await club.ann.click(message, label=club.say("guide.button_pause"))
        assert club.say("guide.standing") in text_of(message)
        await bot.close()


async def test_a_set_whose_token_ended_while_the_bot_was_away_is_dropped(club):
    message = await follow(club)
    shown = text_of(message)
    await tick(club, TOKEN_HOLDS.total_seconds())
    assert (text_of(message), edits(club)) == (shown, 0)
    await club.ann.click(message, label=club.say("guide.button_next"))
    assert text_of(message) == club.say("guide.over")


async def test_when_all_places_are_taken_others_are_asked_to_wait(club, monkeypatch):
    monkeypatch.setattr(club.app.guides, "_most", 1)
    await follow(club)
    await follow(club, "dead-bug")  # her own place
    sentence = club.say("error.too_many_guides")
    assert (await follow(club, member=club.ben)).content == sentence
    await tick(club, 450)
    assert (await follow(club, member=club.ben)).content != sentence


def dismiss(world, message) -> None:
    world.env.backend.delete_message(world.channel.id, message.id)


async def test_a_dismissed_message_ends_its_set_silently_and_no_other(club, caplog):
    ann, ben = await follow(club), await follow(club, member=club.ben)
    dismiss(club, ann)
    await tick(club, READY_S)
    await tick(club, 450)
    assert club.say("guide.finished", name="Clamshell") in text_of(ben)
    assert edits(club) == 3
    assert caplog.messages == []


async def test_trouble_at_discord_is_tried_again_and_catches_up(
    club, monkeypatch, caplog, clamshell
):
    raise_server_errors(monkeypatch)
    message = await follow(club)
    club.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=503)
    await tick(club, READY_S)
    assert club.say("guide.step", step=1, count=8) in text_of(message)
    assert "Discord did not take it: DiscordServerError" in caplog.text
    assert "simcord_interaction" not in caplog.text

    await tick(club, clamshell[1].seconds)
    assert club.say("guide.step", step=3, count=8) in text_of(message)


async def test_a_card_that_discord_refuses_is_logged_and_ends_its_set(club, caplog):
    await follow(club)
    club.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=400, code=50035)
    await tick(club, READY_S)
    assert "refused the card of a guided set of clamshell" in caplog.text
    await tick(club, 450)
    assert edits(club) == 1


async def test_a_bug_in_one_set_does_not_stop_another(club, monkeypatch, caplog):
    real = Guides.moved

    def moved(self, guide):
        if guide.member_id == club.ann.id:
            raise RuntimeError("planted")
        return real(self, guide)

    await follow(club)
    ben = await follow(club, member=club.ben)
    monkeypatch.setattr(Guides, "moved", moved)
    await tick(club, READY_S)
    assert club.say("guide.step", step=2, count=8) in text_of(ben)
    assert "a guided set could not be moved on" in caplog.text


@pytest.mark.parametrize("method", ["read", "write"])
async def test_a_database_that_is_away_costs_one_line_and_the_set_catches_up(
    club, monkeypatch, caplog, clamshell, method
):
    message = await follow(club)
    with monkeypatch.context() as broken:

        def trouble():
            return "planted"

        broken.setattr(club.app.database._file, "trouble", trouble)
        for _ in range(3):
            await tick(club, 5)
    assert [r.levelname for r in caplog.records if r.levelno >= logging.WARNING] == ["ERROR"]
    await tick(club, clamshell[1].seconds)
    assert club.say("guide.step", step=3, count=8) in text_of(message)


async def test_a_tick_that_fails_is_logged_and_the_next_one_works(club, monkeypatch, caplog):
    message = await follow(club)
    with monkeypatch.context() as broken:
        broken.setattr(Database, "read", lambda _: 1 / 0)
        await tick(club, READY_S)
    assert "a tick of the guided sets failed" in caplog.text
    await tick(club)
    assert club.say("guide.step", step=2, count=8) in text_of(message)


async def test_only_the_process_that_leads_moves_the_sets(club, monkeypatch):
    message = await follow(club)

    async def no(_self):
        return False

    with monkeypatch.context() as other:
        other.setattr(Guides, "leads", no)
        await tick(club, READY_S)
        assert edits(club) == 0
    await tick(club)
    assert club.say("guide.step", step=2, count=8) in text_of(message)


async def test_a_tap_while_a_phase_is_being_shown_has_the_last_word(club, monkeypatch):
    """Discord may take the edit of the clock after the one of the tap."""
    message = await follow(club)
    real = Guides.record

    async def record(self, before, shown):
        monkeypatch.setattr(Guides, "record", real)
        where = {"guide_id": before.id, "phase": 0, "club_id": club.club_id}
        await self.pause(Tap(**where, member_id=club.ann.id, token=before.token))
        return await real(self, before, shown)

    monkeypatch.setattr(Guides, "record", record)
    await tick(club, READY_S)
    assert club.say("guide.standing") in text_of(message)
    await tick(club, 450)
    assert club.say("guide.standing") in text_of(message)


async def test_a_stop_waits_for_what_is_being_shown(club, monkeypatch):
    begun, may_end = asyncio.Event(), asyncio.Event()
    real = Guides.record

    async def record(self, before, shown):
        begun.set()
        await may_end.wait()
        return await real(self, before, shown)

    await follow(club)
    monkeypatch.setattr(Guides, "record", record)
    club.app.clock.advance(seconds=READY_S)
    cog = club.env.bot.get_cog("GuideCog")
    await cog.begin()
    await begun.wait()
    stopping = asyncio.create_task(cog.cog_unload())
    may_end.set()
    await stopping
    assert await club.app.guides.due() == []

"""What every button keeps: it answers whatever happens, outlives a restart, and parses."""

import asyncio
import logging

import discord
import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import open_app
from bot.client import BUTTONS, Bot
from bot.domain.catalogue import Catalogue
from bot.services.buddies import BuddyService
from bot.services.daily import Daily
from bot.services.diary import Diary, Log
from bot.services.guides import Guides
from bot.services.own_moves import OwnMoves
from bot.services.practice import Practice
from bot.services.privacy import Privacy
from bot.services.reminders import Reminders
from bot.services.routines import Routines
from bot.services.standings import Standings
from bot.services.voids import Voids
from bot.ui.browse import FilterButton, PageButton
from bot.ui.buddy import (
    BuddyAnswerButton,
    EndBuddyButton,
    NudgeButton,
    TakeNudgesButton,
    request_card,
)
from bot.ui.club import PostNowButton
from bot.ui.details import DetailButton
from bot.ui.done import DoneButton
from bot.ui.exercise_card import MoveButton, RungButton
from bot.ui.guide import FollowButton, GuideButton
from bot.ui.history import HistoryButton
from bot.ui.leaderboard import BoardButton
from bot.ui.own_moves import DiscardButton, EditButton, LookButton, SaveButton
from bot.ui.pause import DeletePauseButton, EndPauseButton
from bot.ui.privacy import DeleteButton, ReallyDeleteButton
from bot.ui.reminder import RemindDoneButton, ReminderMessage, RemindOffButton
from bot.ui.routine import RoutineDoneButton
from bot.ui.safe import SafeButton
from bot.ui.streak import WhyStreakButton
from bot.ui.voids import PutBackButton
from bot.ui.why import SourcesButton
from tests.cogs.test_own_moves import PACK, fill_in
from tests.conftest import labels_of, text_of

A_PACK = {"file": ("pack.toml", PACK)}

# What each button asks, and the way to one: the command whose answer shows it, and its label
# or the key of it.
ASKS = {
    DoneButton: (Practice, "mark_done", "today", {}, "card.done"),
    RungButton: (Practice, "recall", "today", {}, "level.harder"),
    DetailButton: (Practice, "background", "today", {}, "detail.why"),
    PageButton: (Catalogue, "filter", "exercises", {}, "browse.next"),
    FilterButton: (Catalogue, "filter", "exercises", {}, "browse.only_bare"),
    FollowButton: (Guides, "begin", "today", {}, "guide.follow"),
    GuideButton: (Guides, "skip", "follow along", {}, "guide.button_next"),
    PostNowButton: (Daily, "claim_now", "club setup", {"time": "8"}, "club.post_now"),
    MoveButton: (Practice, "assign", "why", {"topic": "sitting"}, "Couch stretch"),
    BoardButton: (Standings, "board", "leaderboard", {}, "board.go_streak"),
    SourcesButton: (Practice, "explain", "why", {"topic": "sitting"}, "why.sources"),
    RoutineDoneButton: (Routines, "mark_done", "routine", {"minutes": 15}, "routine.done"),
    WhyStreakButton: (Diary, "standing", "streak show", {}, "streak.why"),
    EndPauseButton: (Diary, "end_pause", "pause", {"reason": "race"}, "pause.cancel"),
    DeletePauseButton: (
        Diary,
        "delete_pause",
        "pause",
        {"reason": "race", "from": "yesterday", "to": "yesterday"},
        "pause.delete",
    ),
    DeleteButton: (Privacy, "stored", "privacy delete", {}, "privacy.button"),
    ReallyDeleteButton: (Privacy, "delete", "privacy delete twice", {}, "privacy.button_last"),
    PutBackButton: (Voids, "put_back", "club void", {}, "void.put_back"),
    HistoryButton: (Diary, "history", "history", {}, "history.older"),
    SaveButton: (OwnMoves, "save", "club exercise import", A_PACK, "Save all 2"),
    LookButton: (OwnMoves, "draft", "club exercise import", A_PACK, "browse.next"),
    EditButton: (OwnMoves, "form", "club exercise add", {}, "own.edit"),
    RemindDoneButton: (Practice, "mark_done", "reminder", {}, "challenge.done"),
    RemindOffButton: (Reminders, "switch_off", "remind", {"at": "8"}, "remind.off_button"),
    BuddyAnswerButton: (BuddyService, "decline", "buddy asked", {}, "buddy.no"),
    NudgeButton: (BuddyService, "nudge", "buddy", {}, "buddy.nudge"),
    TakeNudgesButton: (BuddyService, "take_nudges", "buddy", {}, "buddy.nudges_off"),
    EndBuddyButton: (BuddyService, "end", "buddy", {}, "buddy.end"),
    DiscardButton: (OwnMoves, "discard", "club exercise import", A_PACK, "own.discard"),
}


class Planted(Exception):
    """A bug."""


def explode(*_args: object, **_kwargs: object) -> None:
    raise Planted("with a message")


async def taken_out(world):
    """Let the coach take their own move of today out of the count; return the answer."""
    today = await world.coach.slash(world.channel, "today")
    await world.coach.click(today.response, label=world.say("card.done"))
    does = await world.app.daily.today(world.club_id)
    entry = f"{does.day.isoformat()}:{does.exercise.slug}"
    coach = world.coach_user
    return (await world.coach.slash(world.channel, "club void", member=coach, entry=entry)).response


async def show(world, command: str, options: dict):
    """Let the coach use the command; return the answer."""
    if command == "club setup":
        return (await world.set_up(**options)).response
    if command in MADE:
        return await MADE[command](world)
    if command == "history":
        await do_many(world)
    if command == "buddy asked":
        return await world.put(request_card(await ask(world), "ann", None, world.say))
    if command.startswith("buddy"):
        await world.app.buddies.accept(await ask(world), world.coach.id, 1)
    first, label = TWO_STEPS.get(command, (command, None))
    answer = (await world.coach.slash(world.channel, first, **options)).response
    if label is not None:
        answer = (await world.coach.click(answer, label=world.say(label))).response
    return answer


# A command, and the button of its answer that leads on.
TWO_STEPS = {
    "follow along": ("today", "guide.follow"),
    "privacy delete twice": ("privacy delete", "privacy.button"),
}


async def reminder(world):
    await world.coach.slash(world.channel, "remind", at="14:00")
    world.app.clock.advance(hours=1)
    nudge = await world.app.reminders.claim(world.club_id, world.coach.id)
    return await world.put(ReminderMessage(nudge, None, world.say))


async def own_move(world):
    return (await fill_in(world)).response


# What takes more than a command to be shown.
MADE = {"reminder": reminder, "club exercise add": own_move, "club void": taken_out}


async def ask(world):
    """Let Ann ask the coach to be her buddy."""
    return await world.app.buddies.ask(world.club_id, world.ann.id, world.coach.id, is_bot=False)


async def do_many(world) -> None:
    """Let the coach do more moves than a page of the history holds."""
    for exercise in list(world.app.catalogue)[:11]:
        member = {"club_id": world.club_id, "member_id": world.coach.id, "name": "carol"}
        await world.app.diary.log(Log(**member, exercise=exercise.slug))


def label_of(world, label: str) -> str:
    """Return the text of a key; the name of a move is no key."""
    known = world.app.texts.keys()
    return world.say(label) if label in known else label


def logged_bugs(caplog) -> list[logging.LogRecord]:
    return [r for r in caplog.records if r.levelno == logging.ERROR and r.exc_info]


def test_every_button_is_tested_here():
    assert set(ASKS) == set(BUTTONS)


def test_every_button_there_is_is_registered():
    def descendants(kind: type) -> set[type]:
        return {kind, *(c for sub in kind.__subclasses__() for c in descendants(sub))}

    ours = {b for b in descendants(SafeButton) if b.__module__.startswith(("bot.", "cogs."))}
    assert ours - {SafeButton} == set(BUTTONS)


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_is_safe(button):
    assert issubclass(button, SafeButton)
    assert button.press.__func__ is SafeButton.press.__func__
    assert button.interaction_check is ui.DynamicItem.interaction_check
    assert button.click is not SafeButton.click
    assert button.from_custom_id.__func__ is not ui.DynamicItem.from_custom_id.__func__


@pytest.mark.slow
@pytest.mark.parametrize("button", BUTTONS)
async def test_a_bug_behind_a_button_is_answered_with_a_reference(
    club, monkeypatch, caplog, button
):
    service, method, command, options, key = ASKS[button]
    shown = await show(club, command, options)
    monkeypatch.setattr(service, method, explode)

    answer = await club.coach.click(shown, label=label_of(club, key))

    [record] = logged_bugs(caplog)
    assert isinstance(record.exc_info[1], Planted)
    assert record.exc_info[2] is not None
    reference = answer._interaction.id
    assert str(reference) in record.getMessage()
    assert answer.response.content == club.say("error.bug", reference=reference)
    assert answer.ephemeral
    assert "with a message" not in answer.response.content


async def test_a_button_that_cannot_be_rebuilt_is_answered_with_a_reference(
    posted, monkeypatch, caplog
):
    monkeypatch.setattr(DoneButton, "from_custom_id", explode)
    [card] = posted.messages

    answer = await posted.ann.click(card, label=posted.say("challenge.done"))

    [record] = logged_bugs(caplog)
    assert isinstance(record.exc_info[1], Planted)
    reference = answer._interaction.id
    assert answer.response.content == posted.say("error.bug", reference=reference)


async def test_a_bug_behind_a_command_is_answered_with_a_reference(club, monkeypatch, caplog):
    monkeypatch.setattr(Diary, "today", explode)

    answer = await club.ann.slash(club.channel, "today")

    assert [type(e.original) for e in club.env.errors] == [Planted]
    [record] = logged_bugs(caplog)
    assert isinstance(record.exc_info[1], Planted)
    reference = answer._interaction.id
    assert answer.response.content == club.say("error.bug", reference=reference)
    assert answer.ephemeral


async def test_a_bug_after_the_answer_is_told_in_a_follow_up(club, monkeypatch, caplog):
    async def tell(*_args: object) -> None:
        raise Planted

    cog = club.env.bot.get_cog("ClubCog")
    monkeypatch.setattr(type(cog), "_tell_the_other", tell)

    answer = await club.set_up()

    assert club.say("club.saved") in text_of(answer.response)
    [after] = answer.followups
    assert after.content == club.say("error.bug", reference=answer._interaction.id)
    assert after.ephemeral
    assert len(club.env.errors) == len(logged_bugs(caplog)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("button", BUTTONS)
async def test_a_dead_interaction_leaves_a_log_line_and_no_crash(club, caplog, button):
    _, _, command, options, key = ASKS[button]
    shown = await show(club, command, options)
    club.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, times=None)

    answer = await club.coach.click(shown, label=label_of(club, key))

    assert not answer.acknowledged
    assert "could not be answered" in caplog.text
    assert club.env.errors == []


async def test_done_counts_even_if_its_answer_is_lost(club):
    shown = await show(club, "today", {})
    club.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, times=None)

    await club.coach.click(shown, label=club.say("card.done"))

    assert [row[0] for row in club.completions()] == [club.coach.id]


async def test_a_dead_command_leaves_a_log_line_and_no_crash(club, caplog):
    club.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062, times=None)

    answer = await club.ann.slash(club.channel, "today")

    assert not answer.acknowledged
    assert "could not be answered" in caplog.text
    assert isinstance(club.env.errors[0].original, discord.NotFound)


@pytest.mark.parametrize("is_same_app", [True, False])
async def test_buttons_of_old_messages_outlive_a_restart(posted, settings, clock, is_same_app):
    private = (await posted.ann.slash(posted.channel, "exercise", name="monster-steps")).response
    pages = (await posted.ann.slash(posted.channel, "exercises")).response
    why = (await posted.ann.slash(posted.channel, "why", topic="shin splints")).response
    streak = (await posted.ann.slash(posted.channel, "streak show")).response
    race = {"reason": "race", "from": "yesterday"}
    pause = (await posted.ben.slash(posted.channel, "pause", **race)).response
    saved = (await posted.set_up()).response
    [card] = posted.messages
    await posted.env.bot.close()

    async with open_app(settings, clock) as fresh:
        bot = Bot(posted.app if is_same_app else fresh, is_ticking=False)
        await posted.env.restart_bot(bot)

        done = await posted.ann.click(card, label="Done")
        again = await posted.ann.click(card, label="Done")
        await posted.ann.click(private, label="Harder")
        await posted.ann.click(private, label="Done")
        await posted.ann.click(pages, label=posted.say("browse.next"))
        reasons = await posted.ann.click(streak, label=posted.say("streak.why"))
        await posted.ben.click(pause, label=posted.say("pause.end"))
        sources = await posted.ann.click(why, label=posted.say("why.sources"))
        move = await posted.ann.click(why, label="Lateral band walk")
        shown = await posted.ben.click(card, label=posted.say("challenge.show_harder"))
        later = await posted.ben.click(shown.response, label="Done")

        assert "✅" in done.response.content
        assert "✅" not in again.response.content
        assert "monster steps" in text_of(private).casefold()
        assert "Page 2 of" in text_of(pages)
        assert posted.say("streak.why_title_none") in text_of(reasons.response)
        assert posted.say("pause.title_over") in text_of(pause)
        assert "Shin splints" in text_of(sources.response)
        assert text_of(move.response).startswith("## Lateral band walk\n")
        assert "✅" in later.response.content
        levels = sorted(row[3] for row in posted.completions())
        assert levels == ["harder", "harder", "standard"]
        if labels_of(saved):
            await posted.coach.click(saved, label=posted.say("club.post_now"))
        assert len(posted.messages) == 1
        await posted.tick()
        assert posted.say("challenge.done_by", n=2) in text_of(posted.messages[-1])
        await bot.close()


async def test_a_new_process_posts_the_next_day_and_no_day_twice(posted, settings, clock):
    await posted.env.bot.close()
    async with open_app(settings, clock) as fresh:
        bot = Bot(fresh, is_ticking=False)
        await posted.env.restart_bot(bot)
        await posted.tick()
        assert len(posted.messages) == 1
        clock.advance(days=1)
        await posted.tick()
        assert len(posted.messages) == 2
        await bot.close()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100))
def test_garbage_is_no_button(garbage):
    assert not any(button.fullmatch(garbage) for button in BUTTONS)


@pytest.mark.slow
@pytest.mark.parametrize("button", BUTTONS)
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_whatever_a_template_matches_it_parses(button, data):
    pattern = button.__discord_ui_compiled_template__
    custom_id = data.draw(st.from_regex(pattern, fullmatch=True).filter(lambda s: len(s) <= 100))

    match = button.fullmatch(custom_id)

    asyncio.run(button.from_custom_id(None, ui.Button(custom_id=custom_id), match))


async def test_a_stop_waits_for_the_answer_to_a_click(posted, monkeypatch):
    mark_done = Practice.mark_done
    begun = asyncio.Event()

    async def slow(*args):
        begun.set()
        await asyncio.sleep(0.05)
        return await mark_done(*args)

    monkeypatch.setattr(Practice, "mark_done", slow)
    [card] = posted.messages
    click = posted.ann.click(card, label=posted.say("challenge.done"))
    clicked = asyncio.create_task(click)
    await begun.wait()
    await posted.env.bot.close()

    assert "✅" in (await clicked).response.content

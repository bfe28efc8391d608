"""A set to follow along: one private message, changed once a phase, with a countdown in it."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.exercise import Exercise, Level, Per, Rung
from bot.domain.guide import Guide, Kind, Phase
from bot.services.guides import GuidedSet, Start, Tap
from bot.texts import Say
from bot.ui.done import DoneButton
from bot.ui.permissions import NO_ANSWER, understood
from bot.ui.safe import DAY, SafeButton, parse_day
from bot.ui.wording import day_line, dose_line, tempo_line

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

log = logging.getLogger(__name__)

WORKING = discord.Colour(0x2E9E6B)
RESTING = discord.Colour(0x4A7FB5)
STANDING = discord.Colour(0x8A8F98)
COLOURS = {Kind.READY: RESTING, Kind.WORK: WORKING, Kind.REST: RESTING}


class Action(StrEnum):
    """What one can tap."""

    NEXT = "next"
    PAUSE = "pause"
    GO = "go"
    END = "end"


class GuideCard(ui.LayoutView):
    """The phase that runs, or stands still; after the last, Done."""

    def __init__(self, found: GuidedSet, t: Say) -> None:
        super().__init__(timeout=None)
        if found.is_finished:
            self.add_item(_finished(found, t))
            return
        guide, phase = found.guide, found.phases[found.guide.phase]
        actions = [Action.NEXT, Action.PAUSE, Action.END]
        colour, text = COLOURS[phase.kind], _running(found, phase, t)
        if guide.is_paused:
            actions = [Action.GO, Action.END]
            colour, text = STANDING, _standing(found, phase, t)
        stop = t("card.stop", reasons="; ".join(found.rung.stop))
        self.add_item(
            ui.Container(
                ui.TextDisplay(f"## {found.rung.name}\n-# {_progress(found, phase, t)}"),
                ui.TextDisplay(text),
                ui.TextDisplay(stop),
                ui.ActionRow(*(GuideButton.on(found, action, t) for action in actions)),
                accent_colour=colour,
            )
        )


class NoteCard(ui.LayoutView):
    """What is said in place of a set that is over; `again` begins it anew."""

    def __init__(self, text: str, again: FollowButton | None = None) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Any] = ui.Container(ui.TextDisplay(text), accent_colour=STANDING)
        if again is not None:
            container.add_item(ui.ActionRow(again))
        self.add_item(container)


def _progress(found: GuidedSet, phase: Phase, t: Say) -> str:
    left = found.guide.left_s or phase.seconds
    left += sum(later.seconds for later in found.phases[found.guide.phase + 1 :])
    step = t("guide.step", step=found.guide.phase + 1, count=len(found.phases))
    return f"{step} · {t('guide.left', n=-(-left // 60))}"


def _running(found: GuidedSet, phase: Phase, t: Say) -> str:
    when = discord.utils.format_dt(found.guide.due_at, "R")
    dose = _dose(found.rung, phase, t)
    if phase.kind is not Kind.WORK:
        upcoming = t("guide.upcoming", what=_what(found, phase, t), dose=dose)
        return f"### {t(f'guide.{phase.kind.value}')}\n{upcoming}\n{t('guide.starts', when=when)}"
    how = found.rung.tempo or (found.exercise.tempo if found.rung.level is Level.STANDARD else None)
    effort = f"**{dose}** · {tempo_line(how, t)}" if how else f"**{dose}**"
    lines = [f"### {t('guide.work', what=_what(found, phase, t))}", effort]
    lines.append(t("guide.ends", when=when))
    if phase.is_estimate:
        lines.append(f"-# {t('guide.estimate')}")
    return "\n".join(lines)


def _standing(found: GuidedSet, phase: Phase, t: Say) -> str:
    guide = found.guide
    until = discord.utils.format_dt(guide.due_at, "t")
    what = _what(found, phase, t) if phase.kind is Kind.WORK else t(f"guide.{phase.kind.value}")
    if guide.needs_tap:
        text = t("guide.needs_tap", what=what)
    else:
        text = t("guide.paused", what=what, n=guide.left_s)
    return f"### {t('guide.standing')}\n{text}\n-# {t('guide.waits', until=until)}"


def _what(found: GuidedSet, phase: Phase, t: Say) -> str:
    """Return which part of the work it is: `set 2 of 3, left side`."""
    count = found.phases[-1].number
    parts = [t("guide.set", number=phase.number, count=count)] if count > 1 else []
    if phase.side is not None:
        parts.append(t(f"guide.{phase.side.value}_side"))
    return ", ".join(parts) or t("guide.all")


def _dose(rung: Rung, phase: Phase, t: Say) -> str:
    """Return what there is to do in one phase: the dose without what the phase says itself."""
    dose = replace(rung.dose, sets=None, sets_max=None)
    if not phase.is_estimate:
        dose = replace(dose, hold_max_s=None)  # the time that runs is the lower one
    if phase.side is not None:
        is_both_ways = dose.per is Per.LEG_AND_DIRECTION
        dose = replace(dose, per=Per.DIRECTION if is_both_ways else Per.BOTH)
    return dose_line(dose, t)


def _finished(found: GuidedSet, t: Say) -> ui.Container[Any]:
    guide, rung = found.guide, found.rung
    title = f"## {t('guide.finished', name=rung.name)}"
    if guide.day is None:
        text = f"{title}\n-# {t('card.no_club')}"
        return ui.Container(ui.TextDisplay(text), accent_colour=WORKING)
    text = f"{title}\n{t('guide.tap_done', day=day_line(guide.day, t))}"
    done = DoneButton(guide.slug, guide.day, rung.level, t("card.done"))
    return ui.Container(ui.TextDisplay(text), ui.ActionRow(done), accent_colour=WORKING)


class FollowButton(
    SafeButton,
    template=rf"follow:(?P<slug>[a-z0-9-]+):(?P<rung>\d+):(?P<day>-|{DAY})",
):
    """Begins a set of a rung, in a private message of its own."""

    def __init__(self, slug: str, rung: int, day: date | None, label: str = "…") -> None:
        self.slug, self.rung, self.day = slug, rung, day
        super().__init__(
            ui.Button(
                label=label,
                emoji="⏱️",
                style=discord.ButtonStyle.secondary,
                custom_id=f"follow:{slug}:{rung}:{day.isoformat() if day else '-'}",
            )
        )

    @classmethod
    def on(cls, exercise: Exercise, position: int, day: date | None, t: Say) -> Self:
        """Return the button of a card that shows the rung at `position`."""
        return cls(exercise.slug, position, day, t("guide.follow"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        day = None if match["day"] == "-" else parse_day(match["day"])
        return cls(match["slug"], int(match["rung"]), day)

    async def click(self, interaction: Interaction) -> None:
        """Begin, and tell so in the message of an earlier set."""
        bot = interaction.client
        t = bot.app.texts.speaking(interaction.locale)
        # The message first: a set that is stored without it would go on unseen.
        deferred = await interaction.response.defer(ephemeral=True, thinking=True)
        found, earlier = await bot.app.guides.begin(
            Start(
                id=interaction.id,
                token=interaction.token,
                member_id=interaction.user.id,
                club_id=interaction.guild_id,
                locale=str(interaction.locale),
                slug=self.slug,
                rung=self.rung,
                day=self.day,
                message_id=deferred.message_id if deferred else None,
            )
        )
        await interaction.edit_original_response(view=GuideCard(found, t))
        if earlier is not None:
            with suppress(*NO_ANSWER):
                await _write(bot, earlier.guide, NoteCard(t("guide.replaced")))


class GuideButton(
    SafeButton,
    template=rf"guide:(?P<action>{'|'.join(Action)}):(?P<id>\d{{1,20}}):(?P<phase>\d{{1,4}})",
):
    """Goes on early, pauses, goes on or ends; the set and the phase it saw are in its custom_id."""

    def __init__(self, action: Action, guide_id: int, phase: int, button: Any) -> None:
        self.action, self.guide_id, self.phase = action, guide_id, phase
        button.custom_id = f"guide:{action.value}:{guide_id}:{phase}"
        super().__init__(button)

    @classmethod
    def on(cls, found: GuidedSet, action: Action, t: Say) -> Self:
        """Return a button of the set's message."""
        guide, phase = found.guide, found.phases[found.guide.phase]
        is_asked_for = action is Action.GO or (action is Action.NEXT and phase.is_estimate)
        style = discord.ButtonStyle.primary if is_asked_for else discord.ButtonStyle.secondary
        button: ui.Button[Any] = ui.Button(label=t(f"guide.button_{action.value}"), style=style)
        return cls(action, guide.id, guide.phase, button)

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(Action(match["action"]), int(match["id"]), int(match["phase"]), item)

    async def click(self, interaction: Interaction) -> None:
        """Do it, and show where the set is."""
        guides = interaction.client.app.guides
        t = interaction.client.app.texts.speaking(interaction.locale)
        ask = {
            Action.NEXT: guides.skip,
            Action.PAUSE: guides.pause,
            Action.GO: guides.go,
            Action.END: guides.end,
        }[self.action]
        found = await ask(
            Tap(
                guide_id=self.guide_id,
                phase=self.phase,
                member_id=interaction.user.id,
                club_id=interaction.guild_id,
                token=interaction.token,
            )
        )
        await interaction.response.edit_message(view=self._answer(found, t))

    def _answer(self, found: GuidedSet | None, t: Say) -> ui.LayoutView:
        if found is None:
            return NoteCard(t("guide.over"))
        if self.action is Action.END and not found.is_finished:
            guide = found.guide
            again = FollowButton.on(found.exercise, guide.rung, guide.day, t)
            return NoteCard(t("guide.ended", name=found.rung.name), again)
        return GuideCard(found, t)


async def show_guide(bot: Bot, found: GuidedSet) -> bool:
    """Change the set's message to where it is; return False if the message or token is gone.

    Raises:
        one of NO_ANSWER: trouble that may pass.
    """
    card = GuideCard(found, bot.app.texts.speaking(found.guide.locale))
    try:
        return await _write(bot, found.guide, card)
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:
            raise
        if error.status == 400:  # not gone: refused
            log.warning(
                "Discord refused the card of a guided set of %s: %s", found.guide.slug, error
            )
        return False


async def _write(bot: Bot, guide: Guide, view: ui.LayoutView) -> bool:
    """Change the set's message, as only the token can; return whether there is one."""
    if guide.message_id is None or bot.application_id is None:
        return False
    webhook = discord.Webhook.partial(bot.application_id, guide.token, client=bot)
    with understood():
        await webhook.edit_message(guide.message_id, view=view)
    return True

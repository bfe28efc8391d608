"""A member's reminder: the private message with Done on it, and when it comes."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui

from bot.domain.exercise import Level
from bot.domain.reminder import EVERY_DAY, Reminder, days_value, parse_days
from bot.errors import BadDays
from bot.services.reminders import Nudge
from bot.texts import Say
from bot.ui.challenge_card import DONE_KEYS
from bot.ui.done import LEVEL, done_line
from bot.ui.exercise_card import how_to, stop_line
from bot.ui.permissions import understood
from bot.ui.safe import DAY, SafeButton, parse_day
from bot.ui.wording import ACCENT, day_line, effort_line, equipment_line, harmless, listing, when

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

log = logging.getLogger(__name__)

# Discord's codes for: the member takes no messages from us, shares no server with us any more.
CLOSED = (50007, 50278)


class ReminderCard(ui.LayoutView):
    """When the reminder comes, for the eyes of one member; without one, how to get it."""

    def __init__(self, reminder: Reminder | None, t: Say) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        if reminder is None:
            container.add_item(ui.TextDisplay(t("remind.none")))
        elif reminder.next_due is None:
            container.add_item(ui.TextDisplay(t("remind.closed")))
        else:
            at = f"{reminder.at:%H:%M}"
            lines = [
                f"## {t('remind.title')}",
                t("remind.when", at=at, days=days_line(reminder.weekdays, t), zone=reminder.zone),
                t("remind.next", when=when(reminder.next_due)),
                f"-# {t('remind.rule')}",
            ]
            container.add_item(ui.TextDisplay("\n".join(lines)))
            off = RemindOffButton(reminder.club_id, t("remind.off_button"))
            container.add_item(ui.ActionRow(off))
        self.add_item(container)


def days_line(weekdays: frozenset[int], t: Say) -> str:
    """Return the weekdays in words."""
    if weekdays == EVERY_DAY:
        return t("remind.every_day")
    return listing([t(f"weekday.{day}") for day in sorted(weekdays)], t)


def day_set_choices(typed: str, t: Say) -> list[app_commands.Choice[str]]:
    """Return the sets of weekdays that match what was typed, and first the one that it says."""
    sets = [EVERY_DAY, *(parse_days(name) for name in ("weekdays", "weekend"))]
    sets += [frozenset({day}) for day in sorted(EVERY_DAY)]
    with suppress(BadDays):
        sets = [parse_days(typed)]
    found = [app_commands.Choice(name=days_line(days, t), value=days_value(days)) for days in sets]
    return [c for c in found if len(sets) == 1 or typed.casefold() in c.name.casefold()]


class ReminderMessage(ui.LayoutView):
    """The move of the day as a private message: how it is done, Done, and the way out."""

    def __init__(self, nudge: Nudge, server: str | None, t: Say) -> None:
        super().__init__(timeout=None)
        exercise, day = nudge.assignment.exercise, nudge.assignment.day
        rung = exercise.ladder[exercise.standard]
        club_id = nudge.reminder.club_id
        place = [harmless(server, t)] if server else []
        about = [*place, day_line(day, t)] if day else place
        head = [
            f"## {t('remind.message', name=exercise.name)}",
            f"-# {' · '.join([*about, equipment_line(rung.equipment, t)])}",
            effort_line(exercise, rung, t),
        ]
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        for text in ("\n".join(head), how_to(exercise, rung), stop_line(rung, t)):
            container.add_item(ui.TextDisplay(text))
        if day is not None:
            done = (
                RemindDoneButton(club_id, exercise.slug, day, level, t(key))
                for level, key in DONE_KEYS.items()
            )
            container.add_item(ui.ActionRow(*done))
        ways: ui.ActionRow[Any] = ui.ActionRow()
        if nudge.post is not None and nudge.post.message_id is not None:
            url = (
                f"https://discord.com/channels/"
                f"{club_id}/{nudge.post.channel_id}/{nudge.post.message_id}"
            )
            ways.add_item(ui.Button(label=t("remind.open"), url=url))
        ways.add_item(RemindOffButton(club_id, t("remind.off_button")))
        self.add_item(container.add_item(ways))


class RemindDoneButton(
    SafeButton,
    template=rf"remind-done:(?P<club>\d{{1,20}}):(?P<slug>[a-z0-9-]+):(?P<day>{DAY}):(?P<level>{LEVEL})",
):
    """Done in a direct message, where only the custom_id knows the club."""

    def __init__(self, club_id: int, slug: str, day: date, level: Level, label: str = "…") -> None:
        self.club_id, self.slug, self.day, self.level = club_id, slug, day, level
        super().__init__(
            ui.Button(
                label=label,
                emoji="✅",
                style=discord.ButtonStyle.success,
                custom_id=f"remind-done:{club_id}:{slug}:{day.isoformat()}:{level.value}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        day = parse_day(match["day"])
        return cls(int(match["club"]), match["slug"], day, Level(match["level"]))

    async def click(self, interaction: Interaction) -> None:
        """Record it and say how the week and the streak stand."""
        app = interaction.client.app
        completion = await app.practice.mark_done(
            self.club_id,
            interaction.user.id,
            interaction.user.display_name,
            self.slug,
            self.day,
            self.level,
            keeps_name=True,
        )
        t = app.texts.speaking(interaction.locale)
        await interaction.response.send_message(done_line(completion, t), ephemeral=True)


class RemindOffButton(SafeButton, template=r"remind-off:(?P<club>\d{1,20})"):
    """Switches the reminder of this club off, from a direct message too."""

    def __init__(self, club_id: int, label: str = "…") -> None:
        self.club_id = club_id
        super().__init__(ui.Button(label=label, custom_id=f"remind-off:{club_id}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["club"]))

    async def click(self, interaction: Interaction) -> None:
        """Switch it off and say so; a second tap says the same."""
        app = interaction.client.app
        await app.reminders.switch_off(self.club_id, interaction.user.id)
        text = app.texts.speaking(interaction.locale)("remind.off")
        await interaction.response.send_message(text, ephemeral=True)


async def send_reminder(bot: Bot, nudge: Nudge) -> None:
    """Send a claimed reminder and record what became of it.

    Raises:
        one of NO_ANSWER: trouble that may pass; the claim stays and is tried again.
    """
    reminder = nudge.reminder
    server = bot.get_guild(reminder.club_id)
    t = bot.app.texts.speaking(reminder.locale)
    card = ReminderMessage(nudge, server.name if server else None, t)
    try:
        with understood():
            channel_id = reminder.channel_id
            if channel_id is None:
                channel_id = (await bot.create_dm(discord.Object(reminder.member_id))).id
                await bot.pace.turn()
            channel = bot.get_partial_messageable(channel_id)
            await channel.send(view=card, nonce=reminder.nonce)
    except discord.HTTPException as error:
        if error.code in CLOSED or error.status == 404:
            await bot.app.reminders.closed(reminder)
        elif error.status == 400:
            log.warning("club %s: Discord refused a reminder: %s", reminder.club_id, error)
            await bot.app.reminders.dropped(reminder)
        else:
            raise
        return
    await bot.app.reminders.sent(reminder, channel_id)

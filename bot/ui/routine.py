"""A routine on one card: its moves with their doses, each a tap away, and Done for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands, ui

from bot.domain.exercise import Equipment
from bot.domain.focus import Focus
from bot.domain.knowledge import Light
from bot.domain.routine import FEW_MOVES, Turn, Wish
from bot.services.routines import Offer, RoutineDone
from bot.texts import Say
from bot.ui.done import gain_lines, streak_parts
from bot.ui.exercise_card import MoveButton
from bot.ui.pictures import Still
from bot.ui.safe import DAY, SafeButton, club_id, parse_day
from bot.ui.wording import ACCENT, day_line, dose_line, equipment_words, focus_words

if TYPE_CHECKING:
    from bot.client import Interaction

ROW = 5  # buttons; Discord's limit
THINGS = tuple(item for item in Equipment if item is not Equipment.NONE)


class RoutineCard(ui.LayoutView):
    """A routine; without a club day there is nothing to count, so no Done."""

    def __init__(self, offer: Offer, stop: Light, t: Say) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay(_head(offer, t)))
        for item in _moves(offer.routine.turns, t):
            container.add_item(item)
        container.add_item(ui.TextDisplay(_advice(offer, stop, t)))
        for row in _rows(offer, t):
            container.add_item(row)
        self.add_item(container)


def _head(offer: Offer, t: Say) -> str:
    wish = offer.routine.wish
    key = "routine.about" if wish.equipment else "routine.about_bare"
    minutes = round(offer.routine.seconds / 60)
    about = t(key, n=minutes, equipment=equipment_words(wish.equipment, t))
    return f"## {_title(wish, t)}\n-# {about}"


def _title(wish: Wish, t: Say) -> str:
    return t("routine.title", minutes=wish.minutes, focus=focus_words(wish.focus, t))


def focus_choices(t: Say) -> list[app_commands.Choice[str]]:
    """Return the focuses in words, for a command's option."""
    return [app_commands.Choice(name=focus_words(each, t), value=each.value) for each in Focus]


def _moves(turns: Sequence[Turn], t: Say) -> Iterator[ui.Item[Any]]:
    """Yield the moves, each beside its figure; of more than few, Discord would take no figures."""
    part = None
    for n, turn in enumerate(turns, 1):
        line = _line(n, turn, t)
        if turn.part is not part:
            part = turn.part
            line = f"### {t(f'routine.{part.value}')}\n{line}"
        text: ui.TextDisplay[Any] = ui.TextDisplay(line)
        picture = turn.rung.picture if len(turns) <= FEW_MOVES else None
        yield ui.Section(text, accessory=Still(picture)) if picture else text


def _line(place: int, turn: Turn, t: Say) -> str:
    minutes = max(1, round(turn.seconds / 60))
    dose = dose_line(turn.dose, t)
    return t("routine.move", place=place, name=turn.rung.name, minutes=minutes, dose=dose)


def _advice(offer: Offer, stop: Light, t: Say) -> str:
    lines = [t("routine.hint"), t("routine.stop", pain=stop.pain_min, advice=stop.advice)]
    if offer.day is None:
        lines.append(f"-# {t('card.no_club')}")
    return "\n".join(lines)


def _rows(offer: Offer, t: Say) -> Iterator[ui.ActionRow[Any]]:
    """Yield the buttons in rows of about the same length: one a move, and Done."""
    turns = offer.routine.turns
    buttons: list[SafeButton] = [
        MoveButton(turn.exercise.slug, str(n)) for n, turn in enumerate(turns, 1)
    ]
    if offer.day is not None:
        buttons.append(RoutineDoneButton.of(offer, t("routine.done")))
    rows = -(-len(buttons) // ROW)
    length = -(-len(buttons) // rows)
    for first in range(0, len(buttons), length):
        yield ui.ActionRow(*buttons[first : first + length])


class RoutineDoneButton(
    SafeButton,
    template=rf"routine:(?P<minutes>[0-9]{{1,2}}):(?P<focus>[a-z_]{{1,20}})"
    rf":(?P<kit>[0-9a-f]{{1,4}}):(?P<day>{DAY}):(?P<stamp>[0-9a-f]{{8}})",
):
    """Records all moves of a routine; what it was built from stands in the custom_id."""

    def __init__(self, wish: Wish, day: date, stamp: str, label: str = "…") -> None:
        self.wish, self.day, self.stamp = wish, day, stamp
        focus = wish.focus.value if wish.focus else "all"
        state = f"{wish.minutes}:{focus}:{_bits(wish.equipment):x}:{day.isoformat()}:{stamp}"
        super().__init__(
            ui.Button(
                label=label,
                emoji="✅",
                style=discord.ButtonStyle.success,
                custom_id=f"routine:{state}",
            )
        )

    @classmethod
    def of(cls, offer: Offer, label: str) -> Self:
        """Return the button of a routine in a club."""
        routine = offer.routine
        return cls(routine.wish, routine.day, routine.stamp, label)

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        bits, focus = int(match["kit"], 16), match["focus"]
        wish = Wish(
            minutes=int(match["minutes"]),
            equipment=frozenset(item for n, item in enumerate(THINGS) if bits >> n & 1),
            focus=Focus(focus) if focus in set(Focus) else None,
        )
        return cls(wish, parse_day(match["day"]), match["stamp"])

    async def click(self, interaction: Interaction) -> None:
        """Record the moves and say how the week and the streak stand."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        done = await app.routines.mark_done(
            club_id(interaction),
            interaction.user.id,
            interaction.user.display_name,
            self.wish,
            self.day,
            self.stamp,
        )
        await interaction.response.send_message(routine_done_line(done, t), ephemeral=True)


def _bits(equipment: frozenset[Equipment]) -> int:
    return sum(1 << n for n, item in enumerate(THINGS) if item in equipment)


def routine_done_line(done: RoutineDone, t: Say) -> str:
    """Return what a member hears after Done of a routine."""
    wish = done.routine.wish
    day = t("done.today") if done.is_today else day_line(done.routine.day, t)
    counted = t(
        "routine.counted" if done.new else "routine.counted_again",
        n=done.new,
        minutes=wish.minutes,
        focus=focus_words(wish.focus, t),
        day=day,
    )
    line = " ".join([counted, *streak_parts(done.gain.streak, t)])
    return "\n".join([line, *gain_lines(done.gain, t)])

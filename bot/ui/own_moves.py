"""A club's own moves as coaches see them: the form, the preview with Save, and the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.content.own_moves import MOST_STEPS, FormProblem
from bot.domain.exercise import Difficulty, Exercise, Level
from bot.domain.own_moves import MOST_OFFERED, Form, MoveState, OwnMove
from bot.services.own_moves import Change, Draft, Proposed
from bot.texts import Say
from bot.ui.club import managed_club
from bot.ui.exercise_card import ExerciseCard
from bot.ui.safe import SafeButton, SafeModal
from bot.ui.wording import ACCENT

if TYPE_CHECKING:
    from datetime import date

    from bot.client import Interaction

TOKEN = r"(?P<token>[0-9a-f]{16})"  # noqa: S105 - names a draft, and lets nobody in
LONGEST_STEPS = 1200


class MoveModal(SafeModal):
    """Asks for a move; what the command asked before comes in `form`, as does what was typed."""

    def __init__(self, form: Form, t: Say) -> None:
        super().__init__(title=t("own.modal"))
        self.form = form
        self.name = _line("name", form.name, 40, t)
        self.steps: ui.TextInput[Self] = ui.TextInput(
            custom_id="steps",
            style=discord.TextStyle.paragraph,
            default=form.steps or None,
            max_length=LONGEST_STEPS,
        )
        self.dose = _line("dose", form.dose, 60, t)
        self.level: ui.Select[Self] = ui.Select(
            custom_id="level",
            options=[
                discord.SelectOption(
                    label=t(f"difficulty.{each.value}"),
                    value=each.value,
                    default=each is form.level,
                )
                for each in Difficulty
            ],
        )
        self.stop_sign = _line("stop", form.stop, 90, t, is_required=False)
        for item in (self.name, self.steps, self.dose, self.level, self.stop_sign):
            key = item.custom_id
            hint = t(f"own.{key}_hint", n=MOST_STEPS)
            self.add_item(ui.Label(text=t(f"own.{key}"), description=hint, component=item))

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override]
        """Show the move as members will see it, or what is wrong with it."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        old = self.form
        form = Form(
            name=self.name.value,
            steps=self.steps.value,
            dose=self.dose.value,
            level=Difficulty(self.level.values[0]),
            stop=self.stop_sign.value,
            muscle=old.muscle,
            category=old.category,
            equipment=old.equipment,
            in_rotation=old.in_rotation,
        )
        club_id = managed_club(interaction)
        draft = await app.own_moves.propose_form(club_id, interaction.user.id, form)
        card = draft_card(draft, t)
        if interaction.message is None:
            await interaction.response.send_message(view=card, ephemeral=True)
        else:  # it was opened from an earlier preview
            await interaction.response.edit_message(view=card)


def _line(
    key: str, typed: str, most: int, t: Say, *, is_required: bool = True
) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=key,
        default=typed or None,
        max_length=most,
        required=is_required,
        placeholder=t(f"own.{key}_example"),
    )


def draft_card(draft: Draft, t: Say, at: int = 0, rung: int | None = None) -> ui.LayoutView:
    """Return the preview of a draft, at a move and a rung of it, or what is wrong with it."""
    return RefusedCard(draft, t) if draft.problems else PreviewCard(draft, t, at, rung)


class RefusedCard(ui.LayoutView):
    """What is wrong with a form; what was typed is kept, and one tap away."""

    def __init__(self, draft: Draft, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [t("own.refused"), *(_problem(problem, t) for problem in draft.problems)]
        edit = EditButton(draft.token, t("own.edit"), discord.ButtonStyle.primary)
        discard = DiscardButton(draft.token, t("own.discard"))
        text: ui.TextDisplay[Any] = ui.TextDisplay("\n".join(lines))
        self.add_item(ui.Container(text, ui.ActionRow(edit, discard), accent_colour=ACCENT))


def _problem(problem: FormProblem, t: Say) -> str:
    message = problem.message or t("own.bad_dose")
    escaped = discord.utils.escape_markdown(discord.utils.escape_mentions(message))
    return t("own.problem", field=t(f"own.{problem.field}"), message=escaped)


class PreviewCard(ui.LayoutView):
    """A move of a draft as members will see it, with the way to the others, Save and Discard."""

    def __init__(self, draft: Draft, t: Say, at: int = 0, rung: int | None = None) -> None:
        super().__init__(timeout=None)
        moves = _shown(draft)
        at = min(at, len(moves) - 1)
        exercise = moves[at].exercise
        rung = exercise.standard if rung is None else min(rung, len(exercise.ladder) - 1)
        self.add_item(ui.TextDisplay(_head(draft, at, t)))
        for item in _card(exercise, draft.day, rung, t):
            self.add_item(item)
        token = draft.token
        ways: ui.ActionRow[Any] = ui.ActionRow()
        for way, target in _rungs(exercise, rung):
            label = t(f"level.{way.value}")
            ways.add_item(LookButton(token, at, target, way.value, label, is_off=target == rung))
        self.add_item(ways)
        if len(moves) > 1:
            pages: ui.ActionRow[Any] = ui.ActionRow()
            for way_to, n in (("previous", at - 1), ("next", at + 1)):
                is_off = not 0 <= n < len(moves)
                label = t(f"browse.{way_to}")
                pages.add_item(LookButton(token, max(n, 0), None, way_to, label, is_off=is_off))
            self.add_item(pages)
        last: ui.ActionRow[Any] = ui.ActionRow()
        if draft.changes_something:
            last.add_item(SaveButton(token, t("own.save", n=len(moves))))
        if draft.form is not None:
            last.add_item(EditButton(token, t("own.edit")))
        last.add_item(DiscardButton(token, t("own.discard")))
        self.add_item(last)


def _shown(draft: Draft) -> Sequence[Proposed]:
    """Return the moves that saving changes, or all if it changes none."""
    return [move for move in draft.moves if move.change is not Change.SAME] or draft.moves


def _head(draft: Draft, at: int, t: Say) -> str:
    if draft.form is not None:
        return t("own.preview")
    counts = [(change, len(draft.named(change))) for change in Change]
    parts = [t(f"own.count_{change.value}", n=n) for change, n in counts if n]
    key = "own.preview_pack" if draft.changes_something else "own.preview_same"
    return t(key, counts=", ".join(parts), n=at + 1, count=len(_shown(draft)))


def _card(exercise: Exercise, day: date, rung: int, t: Say) -> list[ui.Item[Any]]:
    """Return what members will see, without the buttons, which belong to a move that is saved."""
    card = ExerciseCard(exercise, day, t, rung)
    for item in list(card.walk_children()):
        if isinstance(item, ui.ActionRow) and item.parent is not None:
            item.parent.remove_item(item)  # type: ignore[attr-defined]
    return list(card.children)


def _rungs(exercise: Exercise, rung: int) -> list[tuple[Level, int]]:
    last = len(exercise.ladder) - 1
    return [
        (Level.EASIER, max(rung - 1, 0)),
        (Level.STANDARD, exercise.standard),
        (Level.HARDER, min(rung + 1, last)),
    ]


class SavedMovesCard(ui.LayoutView):
    """What was saved, by name."""

    def __init__(self, draft: Draft, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [t("own.saved", n=len(_shown(draft)))]
        lines += [
            t(f"own.names_{change.value}", names=", ".join(names))
            for change in Change
            if (names := draft.named(change))
        ]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


class OwnMovesCard(ui.LayoutView):
    """The club's own moves, those offered first."""

    def __init__(self, moves: Sequence[OwnMove], t: Say) -> None:
        super().__init__(timeout=None)
        active = [move for move in moves if move.state is MoveState.ACTIVE]
        retired = [move for move in moves if move.state is MoveState.RETIRED]
        lines = [f"## {t('own.title')}"]
        lines += [
            t("own.listed" if move.in_rotation else "own.listed_aside", name=move.exercise.name)
            for move in active
        ] or [t("own.none")]
        if retired:
            lines.append(t("own.retired_count", n=len(retired)))
        lines.append(t("own.room", n=len(active), most=MOST_OFFERED))
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


class DoneWithCard(ui.LayoutView):
    """One sentence in the place of a preview."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.TextDisplay(text))


class SaveButton(SafeButton, template=rf"own-save:{TOKEN}"):
    """Saves the moves of a draft."""

    def __init__(self, token: str, label: str = "…") -> None:
        self.token = token
        style = discord.ButtonStyle.success
        super().__init__(ui.Button(label=label, style=style, custom_id=f"own-save:{token}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(match["token"])

    async def click(self, interaction: Interaction) -> None:
        """Save them, and say which are new."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        club_id = managed_club(interaction)
        draft = await app.own_moves.save(club_id, interaction.user.id, self.token)
        card = RefusedCard(draft, t) if draft.problems else SavedMovesCard(draft, t)
        await interaction.response.edit_message(view=card)


class LookButton(
    SafeButton,
    template=rf"own-look:{TOKEN}:(?P<at>\d{{1,4}}):(?P<rung>-|\d{{1,4}}):(?P<way>[a-z]+)",
):
    """Shows another move or rung of a draft; `way` keeps two that lead to the same apart."""

    def __init__(
        self,
        token: str,
        at: int,
        rung: int | None,
        way: str,
        label: str = "…",
        *,
        is_off: bool = False,
    ) -> None:
        self.token, self.at, self.rung = token, at, rung
        custom_id = f"own-look:{token}:{at}:{'-' if rung is None else rung}:{way}"
        super().__init__(ui.Button(label=label, disabled=is_off, custom_id=custom_id))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        rung = None if match["rung"] == "-" else int(match["rung"])
        return cls(match["token"], int(match["at"]), rung, match["way"])

    async def click(self, interaction: Interaction) -> None:
        """Show it in place."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        club_id = managed_club(interaction)
        draft = await app.own_moves.draft(club_id, interaction.user.id, self.token)
        card = draft_card(draft, t, self.at, self.rung)
        await interaction.response.edit_message(view=card)


class EditButton(SafeButton, template=rf"own-edit:{TOKEN}"):
    """Opens the form again with what was typed."""

    def __init__(
        self,
        token: str,
        label: str = "…",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        self.token = token
        super().__init__(ui.Button(label=label, style=style, custom_id=f"own-edit:{token}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(match["token"])

    async def click(self, interaction: Interaction) -> None:
        """Open it."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        club_id = managed_club(interaction)
        form = await app.own_moves.form(club_id, interaction.user.id, self.token)
        await interaction.response.send_modal(MoveModal(form, t))


class DiscardButton(SafeButton, template=rf"own-discard:{TOKEN}"):
    """Forgets a draft."""

    def __init__(self, token: str, label: str = "…") -> None:
        self.token = token
        super().__init__(ui.Button(label=label, custom_id=f"own-discard:{token}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(match["token"])

    async def click(self, interaction: Interaction) -> None:
        """Forget it, and say so."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        club_id = managed_club(interaction)
        await app.own_moves.discard(club_id, interaction.user.id, self.token)
        await interaction.response.edit_message(view=DoneWithCard(t("own.discarded")))

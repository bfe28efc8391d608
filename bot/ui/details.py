"""What stands behind an exercise's card, each privately: feel, mistakes, reasons, sources, pain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.services.practice import Background
from bot.texts import Say
from bot.ui.safe import SafeButton
from bot.ui.wording import ACCENT, muscle_line, source_lines, span

if TYPE_CHECKING:
    from bot.client import Interaction


class Detail(StrEnum):
    """What one can ask a card for."""

    FEEL = "feel"
    MISTAKES = "mistakes"
    WHY = "why"
    SOURCES = "sources"
    PAIN = "pain"
    BEFORE = "before"


_NEXT = {Detail.WHY: Detail.SOURCES, Detail.PAIN: Detail.BEFORE}  # what leads on to what


class DetailCard(ui.LayoutView):
    """One detail of an exercise, for the one who asked."""

    def __init__(self, background: Background, detail: Detail, rung: int, t: Say) -> None:
        super().__init__(timeout=None)
        exercise = background.exercise
        texts = {
            Detail.FEEL: _feel,
            Detail.MISTAKES: _mistakes,
            Detail.WHY: _why,
            Detail.SOURCES: _sources,
            Detail.PAIN: _pain,
            Detail.BEFORE: _before,
        }[detail](background, rung, t)
        title = t(f"detail.{detail.value}_title", name=exercise.ladder[rung].name)
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay(f"## {title}"))
        for text in texts:
            container.add_item(ui.TextDisplay(text))
        if detail in _NEXT:
            container.add_item(detail_row(exercise.slug, rung, (_NEXT[detail],), t))
        self.add_item(container)


def _feel(background: Background, rung: int, t: Say) -> list[str]:
    exercise = background.exercise
    muscles = t("detail.muscles", first=muscle_line(exercise.primary_muscles, t))
    if exercise.secondary_muscles:
        others = muscle_line(exercise.secondary_muscles, t)
        muscles = f"{muscles} {t('detail.helpers', others=others)}"
    return [_points(exercise.ladder[rung].feel), muscles]


def _mistakes(background: Background, rung: int, t: Say) -> list[str]:
    faults = background.exercise.faults
    return [_points(t("detail.mistake", fault=f.fault, fix=f.fix) for f in faults)]


def _why(background: Background, rung: int, t: Say) -> list[str]:
    exercise = background.exercise
    findings = (
        t("why.finding", grade=t(f"grade.{evidence.grade.value}"), note=evidence.note)
        for evidence in exercise.evidence
    )
    return [exercise.benefit, "\n".join(findings), t("why.grades")]


def _sources(background: Background, rung: int, t: Say) -> list[str]:
    return [source_lines(source, t) for source in background.sources] or [t("why.no_sources")]


def _pain(background: Background, rung: int, t: Say) -> list[str]:
    safety = background.safety
    lights = "\n".join(
        t(f"detail.{x.colour.value}", range=span(x.pain_min, x.pain_max), advice=x.advice)
        for x in safety.lights
    )
    stop = t("card.stop", reasons="; ".join(background.exercise.ladder[rung].stop))
    return [
        f"{lights}\n{stop}",
        f"{t('detail.emergency')}\n{_points(safety.emergency)}",
        f"{t('detail.see_doctor')}\n{_points(safety.see_doctor)}",
        f"-# {safety.note}",  # of its own, or it would belong to the last point
    ]


def _before(background: Background, rung: int, t: Say) -> list[str]:
    safety = background.safety
    return [
        f"{t('detail.ask_first')}\n{_points(safety.ask_first)}",
        f"{t('detail.rules')}\n{_points((*safety.rules, *safety.timing))}",
    ]


def _points(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


class DetailButton(
    SafeButton,
    template=rf"detail:(?P<detail>{'|'.join(Detail)}):(?P<slug>[a-z0-9-]+):(?P<rung>\d+)",
):
    """Shows a detail to whoever clicks."""

    def __init__(self, detail: Detail, slug: str, rung: int, label: str = "…") -> None:
        self.detail, self.slug, self.rung = detail, slug, rung
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.secondary,
                custom_id=f"detail:{detail.value}:{slug}:{rung}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(Detail(match["detail"]), match["slug"], int(match["rung"]))

    async def click(self, interaction: Interaction) -> None:
        """Show it privately."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        background = await app.practice.background(interaction.guild_id, self.slug)
        rung = min(self.rung, len(background.exercise.ladder) - 1)
        card = DetailCard(background, self.detail, rung, t)
        await interaction.response.send_message(view=card, ephemeral=True)


def detail_row(slug: str, rung: int, details: Iterable[Detail], t: Say) -> ui.ActionRow[Any]:
    """Return a row of buttons that open details."""
    return ui.ActionRow(*(DetailButton(d, slug, rung, t(f"detail.{d.value}")) for d in details))

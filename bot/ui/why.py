"""The answer to a why: the belief, what is known about it and how well, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.knowledge import Topic
from bot.services.practice import Explanation
from bot.texts import Say
from bot.ui.exercise_card import MoveButton
from bot.ui.safe import SafeButton
from bot.ui.wording import ACCENT, source_lines

if TYPE_CHECKING:
    from bot.client import Interaction


class WhyCard(ui.LayoutView):
    """A topic on one phone screen; its moves and its sources a tap away."""

    def __init__(self, explanation: Explanation, t: Say) -> None:
        super().__init__(timeout=None)
        topic = explanation.topic
        moves = [MoveButton(move.slug, move.name) for move in explanation.moves]
        claim = f"## {topic.title}\n{t('why.claim', claim=topic.claim)}"
        self.add_item(
            ui.Container(
                ui.TextDisplay(claim),  # alone, or the quotation would go on
                ui.TextDisplay(_answer(topic, t)),
                ui.Separator(),
                ui.TextDisplay(_evidence(topic, t)),
                ui.Separator(),
                ui.TextDisplay(_advice(explanation, t)),
                ui.ActionRow(*moves, SourcesButton(topic.slug, t("why.sources"))),
                accent_colour=ACCENT,
            )
        )


def _answer(topic: Topic, t: Say) -> str:
    lines = [t("why.answer", answer=topic.answer)]
    if topic.myth:
        lines.append(t("why.myth", myth=topic.myth))
    return "\n".join(lines)


def _evidence(topic: Topic, t: Say) -> str:
    return "\n".join(
        t("why.finding", grade=t(f"grade.{finding.grade.value}"), note=finding.note)
        for finding in topic.findings
    )


def _advice(explanation: Explanation, t: Say) -> str:
    stop = explanation.stop
    advice = t("why.advice", advice=explanation.topic.advice)
    return f"{advice}\n{t('why.stop', pain=stop.pain_min, advice=stop.advice)}"


class SourcesCard(ui.LayoutView):
    """The studies behind a topic, and what the words for the evidence mean."""

    def __init__(self, explanation: Explanation, t: Say) -> None:
        super().__init__(timeout=None)
        sources = [source_lines(source, t) for source in explanation.sources]
        title = f"## {t('why.sources_title', topic=explanation.topic.title)}"
        self.add_item(
            ui.Container(
                ui.TextDisplay("\n".join([title, *(sources or [t("why.no_sources")])])),
                ui.Separator(),
                ui.TextDisplay(t("why.grades")),
                accent_colour=ACCENT,
            )
        )


class SourcesButton(SafeButton, template=r"sources:(?P<slug>[a-z0-9-]+)"):
    """Lists the studies behind a topic for whoever clicks."""

    def __init__(self, slug: str, label: str = "…") -> None:
        self.slug = slug
        super().__init__(
            ui.Button(
                label=label,
                emoji="📚",
                style=discord.ButtonStyle.secondary,
                custom_id=f"sources:{slug}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(match["slug"])

    async def click(self, interaction: Interaction) -> None:
        """Show the sources privately."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        card = SourcesCard(app.practice.explain(self.slug), t)
        await interaction.response.send_message(view=card, ephemeral=True)

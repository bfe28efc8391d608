"""/why: what is behind what people say about hips and running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.why import WhyCard

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

MOST_CHOICES = 25  # Discord's limit


class WhyCog(commands.Cog):
    """Beliefs, complaints and the evidence."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def why(self, interaction: Interaction, topic: str, share: bool = False) -> None:
        """See what is known about a complaint or a belief, how well, and what to do.

        Args:
            topic: What hurts, or what you wonder about: runner’s knee, sitting, speed …
            share: Show it to the whole channel instead of only to you
        """
        explanation = self.app.practice.explain(topic)
        card = WhyCard(explanation, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=not share)

    @why.autocomplete("topic")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that match what was typed."""
        found = self.app.knowledge.search(typed)[:MOST_CHOICES]
        return [app_commands.Choice(name=topic.title, value=topic.slug) for topic in found]


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(WhyCog(bot))

"""/privacy: what is stored about you, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.ui.privacy import DeleteCard, StoredCard, files_of, namer, scope_of

if TYPE_CHECKING:
    from bot.client import Bot, Interaction


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class PrivacyCog(
    commands.GroupCog,
    group_name="privacy",
    group_description="What is stored about you, and what becomes of it.",
):
    """A member's own data."""

    def __init__(self, bot: Bot) -> None:
        self.app = bot.app

    @app_commands.command()
    async def show(self, interaction: Interaction, everywhere: bool = False) -> None:
        """See everything that is stored about you, for your eyes only.

        Args:
            everywhere: In all your clubs, as it is in direct messages, instead of this one
        """
        club_id = None if everywhere else interaction.guild_id
        entries = await self.app.privacy.stored(interaction.user.id, club_id)
        t = self.app.texts.speaking(interaction.locale)
        card = StoredCard(entries, scope_of(interaction, club_id), namer(interaction), t)
        await interaction.response.send_message(view=card, ephemeral=True)

    @app_commands.command()
    @app_commands.rename(is_hidden="on")
    async def hide(self, interaction: Interaction, is_hidden: bool = True) -> None:
        """Be named nowhere in this club, or again; what you do counts all the same.

        Args:
            is_hidden: Whether you hide; yes unless you say otherwise
        """
        club_id, user = interaction.guild_id, interaction.user
        found = await self.app.privacy.hide(
            user.id, club_id, user.display_name, is_hidden=is_hidden
        )
        t = self.app.texts.speaking(interaction.locale)
        key = "privacy.nowhere" if not found else "privacy.hides" if is_hidden else "privacy.seen"
        text = t(key, where=t("privacy.where", n=len(found)))
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command()
    async def export(self, interaction: Interaction, everywhere: bool = False) -> None:
        """Get everything that is stored about you as files, for your eyes only.

        Args:
            everywhere: From all your clubs, as it is in direct messages, instead of this one
        """
        club_id = None if everywhere else interaction.guild_id
        await interaction.response.defer(ephemeral=True, thinking=True)
        parts = await self.app.privacy.export(
            interaction.user.id, club_id, interaction.filesize_limit
        )
        t, scope = self.app.texts.speaking(interaction.locale), scope_of(interaction, club_id)
        if not parts:
            await interaction.followup.send(t(scope.key("nothing")), ephemeral=True)
        for n, file in enumerate(files_of(parts, scope.today), start=1):
            key = scope.key("export") if n == 1 else "privacy.part"
            text = t(key, n=len(parts), club=scope.club, part=n)
            await interaction.followup.send(text, file=file, ephemeral=True)

    @app_commands.command()
    async def delete(self, interaction: Interaction, everywhere: bool = False) -> None:
        """Delete everything that is stored about you; you are asked twice.

        Args:
            everywhere: In all your clubs, as it is in direct messages, instead of this one
        """
        club_id, member_id = None if everywhere else interaction.guild_id, interaction.user.id
        entries = await self.app.privacy.stored(member_id, club_id)
        t, scope = self.app.texts.speaking(interaction.locale), scope_of(interaction, club_id)
        card = DeleteCard(entries, member_id, scope, namer(interaction), t)
        await interaction.response.send_message(view=card, ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(PrivacyCog(bot))

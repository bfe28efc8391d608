"""/club exercise: moves of the club's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import discord
from discord import app_commands

from bot.domain.exercise import Category, Difficulty, Equipment, Muscle
from bot.domain.own_moves import Form, MoveState
from bot.errors import NoFile
from bot.ui.browse import choices
from bot.ui.club import managed_club
from bot.ui.own_moves import MoveModal, OwnMovesCard, draft_card
from bot.ui.permissions import NO_ANSWER

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

MOST_CHOICES = 25  # Discord's limit


class OwnMovesGroup(app_commands.Group, name="exercise", description="Moves of your club’s own"):
    """Adding, importing, listing and retiring them."""

    def __init__(self, bot: Bot) -> None:
        super().__init__()
        self.app = bot.app

    @app_commands.command()
    async def add(
        self,
        interaction: Interaction,
        muscle: Muscle,
        kind: Category = Category.STRENGTH,
        equipment: Equipment = Equipment.NONE,
        daily: bool = True,
    ) -> None:
        """Add a move of your club’s own: a form asks for its name, steps, dose and level.

        Args:
            muscle: Where it works most
            kind: Strength unless you say otherwise
            equipment: What it takes; nothing unless you say otherwise
            daily: Whether it can be the challenge of a day; yes unless you say otherwise
        """
        await self.app.own_moves.check_room(managed_club(interaction))
        form = Form(
            name="",
            steps="",
            dose="",
            level=Difficulty.BEGINNER,
            stop="",
            muscle=muscle,
            category=kind,
            equipment=equipment,
            in_rotation=daily,
        )
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_modal(MoveModal(form, t))

    @app_commands.command(name="import")
    async def import_pack(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Add or update moves from a TOML file; you look at them before anything is saved.

        Args:
            file: A pack, as the documentation describes it; up to 256 kB
        """
        club_id = managed_club(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)  # Discord may be slow
        try:
            draft = await self.app.own_moves.propose_pack(
                club_id, interaction.user.id, file.size, file.read
            )
        except NO_ANSWER as error:
            raise NoFile from error
        t = self.app.texts.speaking(interaction.locale)
        card = draft_card(draft, t)
        await interaction.followup.send(view=card, ephemeral=True)

    @app_commands.command(name="list")
    async def list_moves(self, interaction: Interaction) -> None:
        """See your club’s own moves."""
        moves = await self.app.own_moves.of(managed_club(interaction))
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_message(view=OwnMovesCard(moves, t), ephemeral=True)

    @app_commands.command()
    async def retire(self, interaction: Interaction, name: str) -> None:
        """Offer a move of your club’s own no more; what members did with it stays counted.

        Args:
            name: Which move
        """
        retired = await self.app.own_moves.retire(managed_club(interaction), name)
        t = self.app.texts.speaking(interaction.locale)
        text = t("own.retired", name=retired.name)
        await interaction.response.send_message(text, ephemeral=True)

    @retire.autocomplete("name")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the club's own moves that match what was typed."""
        own = await self.app.own_moves.of(managed_club(interaction))
        slugs = {move.exercise.slug for move in own if move.state is MoveState.ACTIVE}
        offered = await self.app.moves.offered(interaction.guild_id)
        found = [e for e in offered.search(typed) if e.slug in slugs][:MOST_CHOICES]
        return [app_commands.Choice(name=e.name, value=e.slug) for e in found]


async def setup(bot: Bot) -> None:
    """Put the commands below /club."""
    t = bot.app.texts.speaking(None)
    app_commands.choices(
        muscle=choices(Muscle, "muscle", t),
        kind=choices(Category, "category", t),
        equipment=choices(Equipment, "equipment", t),
    )(OwnMovesGroup.add)
    club = cast(app_commands.Group, bot.tree.get_command("club"))
    club.add_command(OwnMovesGroup(bot))

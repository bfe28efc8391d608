"""/club: what coaches decide."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NoAnswer, UserError
from bot.services.clubs import Saved, SetUp, Status, Training
from bot.ui.club import (
    SavedCard,
    StatusCard,
    TrainingCard,
    date_line,
    find_place,
    find_problems,
    goal_saved,
    managed_club,
    role_problems,
    season_saved,
)
from bot.ui.permissions import NO_ANSWER, Place
from bot.ui.posting import mend_club
from bot.ui.voids import VoidedCard, entry_choices, parse_entry
from bot.ui.wording import when
from bot.ui.zones import zone_choices

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

log = logging.getLogger(__name__)


class TextChannel(app_commands.Transformer):
    """A text channel as it comes with the command; discord.py's own needs one that was kept."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What the option takes."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channels that Discord offers."""
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, _: Any, value: Any, /) -> Any:
        """Return the channel as it is."""
        return value


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ClubCog(commands.GroupCog, group_name="club", group_description="Set your club up"):
    """Setting the club up."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.app = bot.app
        self._last: dict[int, Interaction] = {}

    @app_commands.command()
    async def setup(
        self,
        interaction: Interaction,
        channel: Annotated[app_commands.AppCommandChannel, TextChannel],
        time: str,
        timezone: str,
        role: discord.Role | None = None,
        target: app_commands.Range[int, 1, 7] | None = None,
    ) -> None:
        """Choose where and when the daily hip move is posted.

        Args:
            channel: Where it is posted
            time: When, such as 07:00 or 7am
            timezone: Your city or country; pick from the list
            role: A role to ping with it; nobody if left out
            target: Days a week that keep a streak; 3 to begin with
        """
        club_id = managed_club(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)  # Discord may be slow
        place = await find_place(interaction.client, club_id, channel.id)
        saved = await self.app.clubs.set_up(
            SetUp(
                club_id=club_id,
                channel_id=channel.id,
                time=time,
                timezone=timezone,
                role_id=role.id if role else None,
                target=target,
                coach_id=interaction.user.id,
                locale=str(interaction.guild_locale or "") or None,
                has_channel=place.granted is not None,
                missing=place.missing,
            )
        )
        t = self.app.texts.speaking(interaction.locale)
        today = saved.club.calendar.day(self.app.clock())
        card = SavedCard(saved, today, role_problems(saved.club, place, t), t)
        await interaction.followup.send(view=card, ephemeral=True)
        await self._tell_the_other(interaction, saved)

    async def _tell_the_other(self, interaction: Interaction, saved: Saved) -> None:
        """Tell the coach whose settings were just replaced, while Discord still lets us."""
        other = self._last.get(saved.club.id)
        self._last[saved.club.id] = interaction
        if other is None or other.user == interaction.user or other.is_expired():
            return
        t = self.app.texts.speaking(other.locale)
        try:
            await other.followup.send(
                t("club.was_replaced", coach=interaction.user.id), ephemeral=True
            )
        except discord.HTTPException:
            log.warning("club %s: the other coach was not told", saved.club.id, exc_info=True)

    @setup.autocomplete("timezone")
    async def suggest_zone(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the time zones of the city or country typed."""
        return zone_choices(typed, self.app.zones, self.app.clock())

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """See the settings, the last and the next challenge, and anything that is wrong."""
        club_id = managed_club(interaction)
        status = await self.app.clubs.status(club_id)
        await interaction.response.defer(ephemeral=True, thinking=True)  # Discord may be slow
        t = self.app.texts.speaking(interaction.locale)
        try:
            place = await find_place(interaction.client, club_id, status.club.channel_id)
        except NoAnswer:
            problems = [t("club.unchecked", channel=status.club.channel_id)]
        else:
            status = await self._mended(status, place)
            problems = find_problems(status, place, t)
        today = status.club.calendar.day(self.app.clock())
        await interaction.followup.send(view=StatusCard(status, today, problems, t), ephemeral=True)

    async def _mended(self, status: Status, place: Place) -> Status:
        """Return how the club stands after going on with it, if that was all that was missing."""
        if status.club.trouble is None:
            return status
        try:
            await mend_club(self.bot, status.club.id, place)
        except NO_ANSWER as error:  # the next tick tries again
            log.warning("club %s: not posted though mended: %r", status.club.id, error)
        return await self.app.clubs.status(status.club.id)

    @app_commands.command()
    async def settings(
        self,
        interaction: Interaction,
        long_run: str | None = None,
        race: str | None = None,
        remove_race: str | None = None,
    ) -> None:
        """See or say when your club runs long and races; the hip moves go easy before.

        Args:
            long_run: Weekdays of the long run, such as Sun or Sat, Sun; none for no day
            race: Date of a race to add, such as 22 Nov or 2027-11-22
            remove_race: Date of a race to take out; pick from the list
        """
        club = await self.app.clubs.train(
            Training(
                club_id=managed_club(interaction),
                long_run=long_run,
                race=race,
                remove_race=remove_race,
            )
        )
        t = self.app.texts.speaking(interaction.locale)
        card = TrainingCard(club, club.calendar.day(self.app.clock()), t)
        await interaction.response.send_message(view=card, ephemeral=True)

    @settings.autocomplete("remove_race")
    async def suggest_race(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the club's races to come."""
        t = self.app.texts.speaking(interaction.locale)
        races = await self.app.clubs.races(interaction.guild_id or 0)
        lines = {race.isoformat(): date_line(race, t) for race in races}
        return [
            app_commands.Choice(name=line, value=value)
            for value, line in lines.items()
            if typed.casefold() in f"{value} {line}".casefold()
        ]

    @app_commands.command()
    async def pause(self, interaction: Interaction) -> None:
        """Stop the daily challenge until you resume it."""
        await self.app.clubs.pause(managed_club(interaction))
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_message(t("club.paused_now"), ephemeral=True)

    @app_commands.command()
    async def resume(self, interaction: Interaction) -> None:
        """Start the daily challenge again."""
        next_due = await self.app.clubs.resume(managed_club(interaction))
        t = self.app.texts.speaking(interaction.locale)
        text = t("club.resumed_now", when=when(next_due))
        await interaction.response.send_message(text, ephemeral=True)

    @app_commands.command()
    async def goal(
        self, interaction: Interaction, sessions: app_commands.Range[int, 0, 100_000] | None = None
    ) -> None:
        """Choose how many sessions a week your club wants to do together.

        Args:
            sessions: In all, of everybody; 0 for no goal; left out, I suggest one
        """
        found = await self.app.clubs.set_goal(managed_club(interaction), sessions)
        t = self.app.texts.speaking(interaction.locale)
        await interaction.response.send_message(goal_saved(found, sessions, t), ephemeral=True)

    @app_commands.command()
    async def season(
        self, interaction: Interaction, start: str | None = None, end: str | None = None
    ) -> None:
        """Choose the days of the season that a board counts; leave both out for none.

        Args:
            start: Its first day, such as 1 September or 2026-09-01
            end: Its last day, such as 30 November
        """
        club_id = managed_club(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)  # there is much to count
        season = await self.app.clubs.set_season(club_id, start, end)
        t = self.app.texts.speaking(interaction.locale)
        await interaction.followup.send(season_saved(season, t), ephemeral=True)

    @app_commands.command()
    @app_commands.rename(is_on="on")
    async def ranking(self, interaction: Interaction, is_on: bool = True) -> None:
        """Choose whether the boards name and rank members, or only count together.

        Args:
            is_on: Whether they do; yes if left out
        """
        await self.app.clubs.set_ranking(managed_club(interaction), is_on=is_on)
        t = self.app.texts.speaking(interaction.locale)
        key = "club.ranking_on" if is_on else "club.ranking_off"
        await interaction.response.send_message(t(key), ephemeral=True)

    @app_commands.command()
    async def void(self, interaction: Interaction, member: discord.User, entry: str) -> None:
        """Take a move that a member counted by mistake out of the count; you can put it back.

        Args:
            member: Whose
            entry: Which move and day; pick from the list
        """
        club_id = managed_club(interaction)
        voided = await self.app.voids.take_out(club_id, member.id, *parse_entry(entry))
        card = VoidedCard(voided, self.app.texts.speaking(interaction.locale))
        await interaction.response.send_message(view=card, ephemeral=True)

    @void.autocomplete("entry")
    async def suggest_entry(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer what the chosen member has in the count."""
        member = interaction.namespace.member
        try:
            today, entries = await self.app.voids.entries(managed_club(interaction), member.id)
        except (UserError, AttributeError):  # no member is chosen yet; the command says the rest
            return []
        t = self.app.texts.speaking(interaction.locale)
        return entry_choices(typed, entries, today, t)


async def setup(bot: Bot) -> None:
    """Load the cog."""
    await bot.add_cog(ClubCog(bot))

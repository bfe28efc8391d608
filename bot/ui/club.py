"""What coaches see: the club's settings, how it stands, and what is wrong with the remedy."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.challenge import Post, PostState
from bot.domain.club import NOBODY, Club
from bot.domain.days import Span, week_of
from bot.domain.goal import Goal
from bot.domain.rotation import phase_of
from bot.domain.training import MOST_RACES, coming
from bot.errors import MayNotManage, NoAnswer, NotThere
from bot.services.clubs import Saved, Status
from bot.texts import Say
from bot.ui.permissions import NO_ANSWER, Place, look_up, remedy
from bot.ui.posting import resend_challenge
from bot.ui.safe import SafeButton, club_id
from bot.ui.wording import ACCENT, calendar_day, day_line, listing, permission_names, when

if TYPE_CHECKING:
    from datetime import date

    from bot.client import Bot, Interaction

log = logging.getLogger(__name__)

PATIENCE = 10  # seconds that a coach waits for what Discord says about a channel


def managed_club(interaction: Interaction) -> int:
    """Return the id of the server if the member may manage it.

    Raises:
        MayNotManage: naming somebody who may.
        NotSetUp: it comes from a direct message.
    """
    server_id = club_id(interaction)
    if not interaction.permissions.manage_guild:
        raise MayNotManage(owner=interaction.guild and interaction.guild.owner_id)
    return server_id


async def find_place(bot: Bot, club_id: int, channel_id: int) -> Place:
    """Return what Discord says about a club's channel, to somebody who waits for it.

    Raises:
        NotThere: the bot is not in that server.
        NoAnswer: Discord does not say.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            place = await look_up(bot, club_id, channel_id)
    except NO_ANSWER as error:
        log.warning("club %s: its channel could not be looked up: %r", club_id, error)
        raise NoAnswer from error
    if place.guild is None:
        raise NotThere
    return place


def find_problems(status: Status, place: Place, t: Say) -> list[str]:
    """Return a sentence with its remedy for everything that keeps challenges from arriving."""
    club, problems = status.club, []
    if place.granted is None:
        problems.append(t("remedy.channel_gone"))
    elif place.missing:
        names = permission_names(place.missing, t)
        problems.append(t("remedy.missing", channel=club.channel_id, permissions=names))
    elif status.latest and status.latest.reason:
        problems.append(remedy(status.latest.reason, club, t, status.latest.channel_id))
    return problems + role_problems(club, place, t)


def role_problems(club: Club, place: Place, t: Say) -> list[str]:
    """Return what keeps the club's role from being pinged."""
    if club.role_id is None or place.guild is None:
        return []
    role = place.guild.get_role(club.role_id)
    if role is None:
        return [t("remedy.role_gone")]
    may_ping = place.granted is not None and place.granted.mention_everyone
    return [] if role.mentionable or may_ping else [t("remedy.role_silent", role=role.id)]


class SavedCard(ui.LayoutView):
    """The settings just saved, when the next challenge comes, and the offer to post one now."""

    def __init__(self, saved: Saved, today: date, problems: list[str], t: Say) -> None:
        super().__init__(timeout=None)
        club, before = saved.club, saved.before
        lines = [f"## {t('club.saved')}"]
        if before is not None and before.set_up_by not in (club.set_up_by, NOBODY):
            set_up_at = discord.utils.format_dt(before.set_up_at, "R")
            lines.append(t("club.replaced", coach=before.set_up_by, when=set_up_at))
        lines += settings_lines(club, today, t)
        lines.append(t("club.next", when=when(saved.club.next_due)))
        lines += [t("club.problem", problem=problem) for problem in problems]
        if not saved.may_post_now:
            lines.append(t("club.has_today"))
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay("\n".join(lines)))
        if saved.may_post_now:
            container.add_item(ui.ActionRow(PostNowButton(club.id, t("club.post_now"))))
        self.add_item(container)


class StatusCard(ui.LayoutView):
    """How the club stands: settings, the last and the next challenge, problems with remedies."""

    def __init__(self, status: Status, today: date, problems: list[str], t: Say) -> None:
        super().__init__(timeout=None)
        club = status.club
        lines = [f"## {t('club.status')}", *settings_lines(club, today, t)]
        lines += [*training_lines(club, today, t, most=3), *board_lines(club, t), _last(status, t)]
        if club.paused_at is not None:
            lines.append(t("club.paused", when=discord.utils.format_dt(club.paused_at, "R")))
        else:
            lines.append(t("club.next", when=when(club.next_due)))
        lines += [t("club.problem", problem=problem) for problem in problems] or [t("club.well")]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


class TrainingCard(ui.LayoutView):
    """The club's own training and where its plan stands."""

    def __init__(self, club: Club, today: date, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [f"## {t('training.title')}", *training_lines(club, today, t), t("training.foot")]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


def training_lines(club: Club, today: date, t: Say, most: int = MOST_RACES) -> list[str]:
    """Return where the plan stands, the long runs and the next races, a line each."""
    phase = phase_of(club, today)
    plan = t("training.easy")
    if phase.block is not None:
        plan = t("training.plan", block=t(f"block.{phase.block.value}"), week=phase.week)
    if phase.is_race_week:
        plan = t("training.race_week", plan=plan)
    days = [t(f"weekday.{weekday}") for weekday in sorted(club.long_runs)]
    races = coming(club.races, today)
    dates = [date_line(race, t) for race in races[:most]]
    if len(races) > most:
        dates.append(t("training.more_races", n=len(races) - most))
    return [
        plan,
        t("training.long_runs", n=len(days), days=listing(days, t))
        if days
        else t("training.no_long_runs"),
        t("training.races", n=len(races), days=listing(dates, t))
        if races
        else t("training.no_races"),
    ]


def date_line(day: date, t: Say) -> str:
    """Return a date that need not be soon in words: `Sunday 22 November 2026`."""
    return t("training.date", date=day_line(day, t), year=day.year)


def settings_lines(club: Club, today: date, t: Say) -> list[str]:
    """Return the club's settings in words, a line each."""
    coming = club.targets[-1]
    now = club.target_on(today)
    is_soon = coming.from_week > week_of(today) and coming.days != now
    return [
        t("club.channel", channel=club.channel_id),
        t("club.time", time=f"{club.post_time:%H:%M}", zone=club.zone),
        t("club.role", role=club.role_id) if club.role_id else t("club.no_role"),
        t("club.target_soon" if is_soon else "club.target", n=coming.days, now=now),
    ]


def board_lines(club: Club, t: Say) -> list[str]:
    """Return what the coach decided about the boards, a line each."""
    if club.goal is None:
        goal = t("club.goal_suggested")
    else:
        goal = t("club.goal_chosen", n=club.goal) if club.goal else t("club.goal_none")
    lines = [goal, t("club.ranking" if club.has_ranking else "club.no_ranking")]
    if club.season is not None:
        lines.append(t("club.season", **_season(club.season, t)))
    return lines


def goal_saved(goal: Goal | None, sessions: int | None, t: Say) -> str:
    """Return what the club's goal is now, after the coach asked for so many sessions."""
    if goal is None:
        return t("club.goal_soon" if sessions is None else "club.goal_off")
    return t("club.goal_mine" if goal.is_suggested else "club.goal_now", n=goal.target)


def season_saved(season: Span | None, t: Say) -> str:
    """Return what the club's season is now."""
    return t("club.season_now", **_season(season, t)) if season else t("club.season_gone")


def _season(season: Span, t: Say) -> dict[str, str]:
    return {"first": calendar_day(season.first, t), "last": calendar_day(season.last, t)}


def _last(status: Status, t: Say) -> str:
    post = status.latest
    if post is None:
        return t("club.no_last")
    return t("club.last", day=day_line(post.day, t), state=_state(post, status.club, t))


def _state(post: Post, club: Club, t: Say) -> str:
    reason = ""
    if post.reason is not None:
        hours = int(club.catch_up.total_seconds() // 3600)
        reason = t(f"reason.{post.reason.value}", hours=hours)
    link = ""
    if post.state is PostState.SENT:
        link = f"https://discord.com/channels/{post.club_id}/{post.channel_id}/{post.message_id}"
    return t(f"state.{post.state.value}", reason=reason, link=link)


class PostNowButton(SafeButton, template=r"post-now:(?P<club_id>\d+)"):
    """Posts today's challenge ahead of its time, for those who manage the server."""

    def __init__(self, club_id: int, label: str = "…") -> None:
        self.club_id = club_id
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.primary,
                custom_id=f"post-now:{club_id}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["club_id"]))

    async def click(self, interaction: Interaction) -> None:
        """Claim today's challenge, send it, and say how that went."""
        app = interaction.client.app
        t = app.texts.speaking(interaction.locale)
        challenge = await app.daily.claim_now(managed_club(interaction))
        await interaction.response.defer(ephemeral=True, thinking=True)  # Discord may be slow
        try:
            delivery = await resend_challenge(interaction.client, challenge)
        except NO_ANSWER as error:
            log.warning("club %s: not posted for its coach: %r", challenge.club.id, error)
            text = t("club.not_posted_yet")
        else:
            where, reason = delivery.channel_id, delivery.reason
            text = t("club.posted_now", channel=where)
            if reason is not None:
                text = t("club.not_posted", problem=remedy(reason, challenge.club, t, where))
        await interaction.followup.send(text, ephemeral=True)

"""The leaderboards: the club together first, then places and names, in words and drawn."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.domain.goal import Goal
from bot.domain.standings import Board, Kind, Period, Ranked
from bot.errors import StorageUnavailable
from bot.pictures.board import BoardPicture, GoalPicture, Row
from bot.pictures.board import Goal as GoalBar
from bot.services.standings import Wanted
from bot.texts import Say
from bot.ui.goal import goal_line
from bot.ui.illustration import IllustratedCard, Illustration, described, show
from bot.ui.safe import SafeButton, club_id
from bot.ui.wording import ACCENT, calendar_day, harmless, legible

if TYPE_CHECKING:
    from bot.client import Interaction

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
ROUNDS = 2  # in which those who left make room for others, who may have left too


class Leaderboard(IllustratedCard):
    """What the club did together, who leads, and where the viewer stands."""

    def __init__(self, board: Board, t: Say) -> None:
        super().__init__(board_lines(board, t), ACCENT, _illustration(board, t))
        if board.pages > 1:
            back = _button(board, -1, t("browse.previous"), is_off=board.page == 0)
            forth = _button(board, 1, t("browse.next"), is_off=board.page == board.pages - 1)
            self.container.add_item(ui.ActionRow(back, forth))
        others = (
            BoardButton(kind, board.period, 0, t(f"board.go_{kind.value}"))
            for kind in Kind
            if kind is not board.kind
        )
        self.container.add_item(ui.ActionRow(*others))


async def find_board(interaction: Interaction, wanted: Wanted) -> Board:
    """Return the board without those who left the server.

    Raises:
        NotSetUp, NoSeason: there is no such board.
    """
    server_id, app = club_id(interaction), interaction.client.app
    for _ in range(ROUNDS):
        board = await app.standings.board(server_id, wanted)
        shown = {row.member_id for row in board.rows} - {interaction.user.id}
        left = await interaction.client.membership.leavers(server_id, shown)
        if not left:
            return board
        with suppress(StorageUnavailable):  # logged already; a board can be read all the same
            await app.standings.left(server_id, left)
    return await app.standings.board(server_id, wanted)


def board_lines(board: Board, t: Say) -> list[str]:
    """Return all that the board says, a line each."""
    lines = [f"## {title(board, t)}"]
    if board.goal is not None and board.kind in (Kind.SESSIONS, Kind.GOAL):
        lines.append(goal_line(board.goal, t))
    if board.kind is Kind.GOAL:
        return [*lines, *_goal_details(board, t)]
    if board.members == 0:
        return [*lines, t(f"board.empty_{board.kind.value}")]
    lines.append(together(board, t))
    lines += [_row(row, board, t) for row in board.rows]
    lines += _viewer_lines(board, t)
    if board.pages > 1:
        lines.append(t("board.page", page=board.page + 1, pages=board.pages, n=board.ranked))
    return [*lines, t(f"board.footer_{board.kind.value}")]


def title(board: Board, t: Say) -> str:
    """Return what the board is called."""
    if board.kind is not Kind.SESSIONS:
        return t(f"board.title_{board.kind.value}")
    if board.period is Period.SEASON and board.season is not None:
        first, last = calendar_day(board.season.first, t), calendar_day(board.season.last, t)
        return t("board.title_season", first=first, last=last)
    return t(f"leaderboard.{board.period.value}")


def together(board: Board, t: Say) -> str:
    """Return what the club did together."""
    if board.kind is Kind.SESSIONS:
        members = t("leaderboard.members", n=board.members)
        return t("leaderboard.club", n=board.club_points, members=members)
    return t(f"board.club_{board.kind.value}", n=board.members)


def points(board: Board, n: int, t: Say) -> str:
    """Return a score in words."""
    return t(f"board.points_{board.kind.value}", n=n)


def _row(row: Ranked, board: Board, t: Say) -> str:
    place = MEDALS.get(row.place, f"**{row.place}.**")
    name = harmless(row.name, t)
    key = "board.own_row" if row == board.own else "board.row"
    return t(key, place=place, name=name, points=points(board, row.points, t))


def _illustration(board: Board, t: Say) -> Illustration | None:
    """Return the rows or the goal drawn; without any there is nothing to look at."""
    if board.kind is Kind.GOAL:
        return _illustrated_goal(board.goal, t) if board.goal else None
    if not board.rows:
        return None
    own = board.own if board.is_own_elsewhere else None
    goal = board.goal if board.kind is Kind.SESSIONS else None
    picture = BoardPicture(
        title=title(board, t),
        subtitle=described([together(board, t)]).rstrip("."),
        rows=tuple(_drawn(row, board, t) for row in board.rows),
        own=_drawn(own, board, t) if own else None,
        own_title=described([t("leaderboard.you")]),
        goal=_drawn_goal(goal, t) if goal else None,
    )
    places = [
        t(
            "board.row",
            place=f"{row.place}.",
            name=legible(row.name, t),
            points=points(board, row.points, t),
        )
        for row in (*board.rows, *([own] if own else []))
    ]
    of_goal = [f"{picture.goal.title}: {picture.goal.words}"] if picture.goal else []
    words = described([title(board, t), *of_goal, together(board, t), *places])
    return Illustration(picture, "leaderboard.png", words)


def _illustrated_goal(goal: Goal, t: Say) -> Illustration:
    bar = _drawn_goal(goal, t)
    return Illustration(GoalPicture(goal=bar), "goal.png", f"{bar.title}: {bar.words}.")


def _drawn(row: Ranked, board: Board, t: Say) -> Row:
    return Row(
        place=row.place,
        name=legible(row.name, t),
        score=row.points,
        words=t(f"board.short_{board.kind.value}", n=row.points),
        is_own=row == board.own,
    )


def _drawn_goal(goal: Goal, t: Say) -> GoalBar:
    words = t("board.goal_words", n=goal.done, target=goal.target)
    return GoalBar(title=t("board.go_goal"), words=words, share=goal.share)


def _viewer_lines(board: Board, t: Say) -> list[str]:
    """Return where the viewer is, if no row says it, and how they stand among newcomers."""
    viewer, lines = board.viewer, []
    if board.own is not None and board.is_own_elsewhere:
        lines += [t("leaderboard.you"), _row(board.own, board, t)]
    elif viewer.points and viewer.is_hidden:
        lines.append(t("board.hidden", points=points(board, viewer.points, t)))
    elif viewer.points and not board.is_ranking:
        lines.append(t("board.yours", points=points(board, viewer.points, t)))
    if board.cohort is not None:
        lines.append(t("board.cohort", place=board.cohort.place, n=board.cohort.members))
    if not board.is_ranking:
        lines.append(t("board.no_ranking"))
    return lines


def _goal_details(board: Board, t: Say) -> list[str]:
    lines = []
    if board.viewer.points:
        lines.append(t("board.your_part", n=board.viewer.points))
    if any(board.weeks):
        lines.append(t("board.last_weeks", weeks=" · ".join(str(n) for n in board.weeks)))
    if board.goal is None:
        return [*lines, t("board.no_goal")]
    return [*lines, t("board.suggested" if board.goal.is_suggested else "board.chosen")]


def _button(board: Board, step: int, label: str, *, is_off: bool) -> BoardButton:
    return BoardButton(board.kind, board.period, board.page + step, label, is_off=is_off)


class BoardButton(
    SafeButton,
    template=r"board:(?P<kind>sessions|streak|consistency|goal)"
    r":(?P<period>week|month|season|all):(?P<page>-?\d{1,9})",
):
    """Turns to a page or board: in place on one's own, as a private answer to a shared one."""

    def __init__(
        self, kind: Kind, period: Period, page: int, label: str = "…", *, is_off: bool = False
    ) -> None:
        self.kind, self.period, self.page = kind, period, page
        super().__init__(
            ui.Button(
                label=label,
                disabled=is_off,
                style=discord.ButtonStyle.secondary,
                custom_id=f"board:{kind}:{period}:{page}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(Kind(match["kind"]), Period(match["period"]), int(match["page"]))

    async def click(self, interaction: Interaction) -> None:
        """Show the page, with the row of whoever pressed."""
        wanted = Wanted(
            kind=self.kind, period=self.period, page=self.page, viewer_id=interaction.user.id
        )
        board = await find_board(interaction, wanted)
        view = Leaderboard(board, interaction.client.app.texts.speaking(interaction.locale))
        message = interaction.message
        is_own = message is not None and message.flags.ephemeral
        await show(interaction, view, ephemeral=True, in_place=is_own)

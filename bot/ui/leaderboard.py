"""The leaderboard: the club together first, then places and names, in words and drawn."""

from bot.domain.standings import Board, Ranked
from bot.pictures.board import BoardPicture, Row
from bot.texts import Say
from bot.ui.illustration import IllustratedCard, Illustration, described
from bot.ui.wording import ACCENT, harmless, legible

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


class Leaderboard(IllustratedCard):
    """What the club did in a period, who leads, and where the viewer stands."""

    def __init__(self, board: Board, t: Say) -> None:
        lines = [f"## {t(f'leaderboard.{board.period.value}')}"]
        if board.members == 0:
            super().__init__([*lines, t("leaderboard.empty")], ACCENT, None)
            return
        lines += [_together(board, t), *(_line(row, board, t) for row in board.top)]
        if board.own is not None and board.is_own_below:
            lines += [t("leaderboard.you"), _line(board.own, board, t)]
        lines.append(t("leaderboard.footer"))
        super().__init__(lines, ACCENT, _illustration(board, t))


def _together(board: Board, t: Say) -> str:
    members = t("leaderboard.members", n=board.members)
    return t("leaderboard.club", n=board.club_sessions, members=members)


def _line(row: Ranked, board: Board, t: Say) -> str:
    key = "leaderboard.own_row" if row == board.own else "leaderboard.row"
    place = MEDALS.get(row.place, f"**{row.place}.**")
    return t(key, n=row.sessions, place=place, name=harmless(row.name, t))


def _illustration(board: Board, t: Say) -> Illustration:
    title = t(f"leaderboard.{board.period.value}")
    picture = BoardPicture(
        title=title,
        subtitle=described([_together(board, t)]).rstrip("."),
        rows=tuple(_row(row, board, t) for row in board.top),
        own=_row(board.own, board, t) if board.own and board.is_own_below else None,
        own_title=described([t("leaderboard.you")]),
    )
    rows = [*picture.rows, *([picture.own] if picture.own else [])]
    spoken = [
        t("leaderboard.row", n=int(row.score), place=f"{row.place}.", name=row.name) for row in rows
    ]
    return Illustration(
        picture, "leaderboard.png", described([title, _together(board, t), *spoken])
    )


def _row(row: Ranked, board: Board, t: Say) -> Row:
    name, is_own = legible(row.name, t), row == board.own
    return Row(
        place=row.place, name=name, score=row.sessions, words=str(row.sessions), is_own=is_own
    )

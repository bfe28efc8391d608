"""The leaderboard: the club together first, then places and names."""

from discord import ui

from bot.domain.standings import Board, Ranked
from bot.texts import Say
from bot.ui.wording import ACCENT, harmless

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


class Leaderboard(ui.LayoutView):
    """What the club did in a period, who leads, and where the viewer stands."""

    def __init__(self, board: Board, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [f"## {t(f'leaderboard.{board.period.value}')}"]
        if board.members == 0:
            lines.append(t("leaderboard.empty"))
        else:
            members = t("leaderboard.members", n=board.members)
            lines.append(t("leaderboard.club", n=board.club_sessions, members=members))
            lines += [_row(row, board, t) for row in board.top]
            if board.own is not None and board.is_own_below:
                lines += [t("leaderboard.you"), _row(board.own, board, t)]
            lines.append(t("leaderboard.footer"))
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


def _row(row: Ranked, board: Board, t: Say) -> str:
    key = "leaderboard.own_row" if row == board.own else "leaderboard.row"
    place = MEDALS.get(row.place, f"**{row.place}.**")
    return t(key, n=row.sessions, place=place, name=harmless(row.name, t))

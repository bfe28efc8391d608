"""How a member stands: this week against the target, the streak, and the totals."""

from discord import ui

from bot.services.practice import Progress
from bot.texts import Say
from bot.ui.wording import ACCENT

FAVOURITES = 3


class ProfileCard(ui.LayoutView):
    """A member's own numbers, in words."""

    def __init__(self, progress: Progress, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [f"## {t('profile.title')}", *_numbers(progress, t)]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


def _numbers(progress: Progress, t: Say) -> list[str]:
    streak = progress.streak
    if progress.sessions == 0:
        return [t("profile.none")]
    names = ", ".join(t(f"weekday.{day.weekday()}") for day in progress.week_days)
    days = t("profile.week_days", days=names) if names else ""
    week = t(
        "profile.week_hit" if streak.is_hit else "profile.week",
        n=streak.this_week,
        done=streak.this_week,
        target=streak.target,
        days=days,
    )
    key = "profile.streak" if streak.weeks else "profile.no_streak"
    run = t(key, n=streak.weeks, best=streak.best, target=streak.target)
    most = ", ".join(f"{e.name} × {n}" for e, n in progress.counts[:FAVOURITES])
    lines = [week, run, t("profile.totals", n=progress.sessions, month=progress.this_month)]
    if progress.consistency is not None:
        lines.append(t("streak.consistency", percent=progress.consistency.percent))
    if progress.badges:
        badges = " · ".join(f"{badge.emoji} {badge.name}" for badge in progress.badges)
        lines.append(t("badge.list", n=len(progress.badges), badges=badges))
    return [*lines, t("profile.most", list=most)]

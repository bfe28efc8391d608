"""How a member stands: this week, the streak, the totals and half a year, in words and drawn."""

from dataclasses import dataclass
from datetime import date

from bot.pictures.profile import Badge, Cell, Heatmap, ProfilePicture, Share, Tile
from bot.services.practice import Progress
from bot.services.standings import Sessions
from bot.texts import Say
from bot.ui.illustration import IllustratedCard, Illustration, described
from bot.ui.wording import ACCENT, day_line, harmless, legible

FAVOURITES, GROUPS, BADGES = 3, 5, 8
FILENAME = "profile.png"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose profile it is, and in which club."""

    name: str
    club: str


class ProfileCard(IllustratedCard):
    """A member's own numbers."""

    def __init__(self, progress: Progress, person: Person, t: Say) -> None:
        lines = _numbers(progress, t)
        drawn = None
        if progress.sessions:
            picture = _picture(progress, person, t)
            drawn = Illustration(picture, FILENAME, described([picture.name, *lines]))
        super().__init__([f"## {t('profile.title')}", *lines], ACCENT, drawn)


class SessionsCard(IllustratedCard):
    """What everybody may see of a member: their sessions, as the boards show them."""

    def __init__(self, sessions: Sessions, person: Person, t: Say) -> None:
        key = "profile.others" if sessions.total else "profile.others_none"
        line = t(key, n=sessions.total, month=sessions.month, week=sessions.week)
        drawn = None
        if sessions.total:
            picture = _sessions_picture(sessions, person, t)
            drawn = Illustration(picture, FILENAME, described([picture.name, line]))
        super().__init__([f"## {harmless(person.name, t)}", line], ACCENT, drawn)


def _numbers(progress: Progress, t: Say) -> list[str]:
    if progress.sessions == 0:
        return [t("profile.none")]
    lines = [_week(progress, t), _streak(progress, t)]
    if progress.consistency:
        lines.append(t("streak.consistency", percent=progress.consistency.percent))
    if progress.with_buddy is not None:
        lines.append(t("buddy.profile", n=progress.with_buddy))
    shown = sum(day.moves > 0 for week in progress.half_year for day in week)
    n, month = progress.sessions, progress.this_month
    lines.append(t("profile.totals", n=n, month=month, half_year=shown))
    groups = (f"{t(f'group.{group}')} × {n}" for group, n in progress.muscles[:GROUPS])
    lines.append(t("profile.trained", list=", ".join(groups)))
    if progress.badges:
        badges = " · ".join(f"{badge.emoji} {badge.name}" for badge in progress.badges)
        lines.append(t("badge.list", n=len(progress.badges), badges=badges))
    most = ", ".join(f"{e.name} × {n}" for e, n in progress.counts[:FAVOURITES])
    return [*lines, t("profile.most", list=most)]


def _week(progress: Progress, t: Say) -> str:
    streak = progress.streak
    names = ", ".join(t(f"weekday.{day.weekday()}") for day in progress.week_days)
    return t(
        "profile.week_hit" if streak.is_hit else "profile.week",
        n=streak.this_week,
        done=streak.this_week,
        target=streak.target,
        days=t("profile.week_days", days=names) if names else "",
    )


def _streak(progress: Progress, t: Say) -> str:
    streak = progress.streak
    key = "profile.streak" if streak.weeks else "profile.no_streak"
    line = t(key, n=streak.weeks, best=streak.best, target=streak.target)
    return line + t("profile.freezes", n=streak.freezes) if streak.freezes else line


def _picture(progress: Progress, person: Person, t: Say) -> ProfilePicture:
    day = day_line(progress.today, t)
    return ProfilePicture(
        name=legible(person.name, t),
        subtitle=f"{legible(person.club, t)} · {day}",
        tiles=_tiles(progress, t),
        heatmap=_heatmap(progress, t),
        muscles_title=t("picture.trained"),
        muscles=tuple(
            Share(t(f"group.{group}"), n, str(n)) for group, n in progress.muscles[:GROUPS]
        ),
        badges_title=t("picture.badges"),
        badges=tuple(Badge(badge.emoji, badge.name) for badge in progress.badges[-BADGES:]),
    )


def _sessions_picture(sessions: Sessions, person: Person, t: Say) -> ProfilePicture:
    shown = (("week", sessions.week), ("month", sessions.month), ("total", sessions.total))
    return ProfilePicture(
        name=legible(person.name, t),
        subtitle=legible(person.club, t),
        tiles=tuple(Tile(str(n), t(f"picture.{key}"), t("picture.sessions")) for key, n in shown),
    )


def _tiles(progress: Progress, t: Say) -> tuple[Tile, ...]:
    streak, consistency = progress.streak, progress.consistency
    best = t("picture.best", best=streak.best)
    if streak.freezes:
        best = f"{best} · {t('picture.freezes', n=streak.freezes)}"
    share = f"{consistency.percent} %" if consistency else "–"
    since = t("picture.four_weeks" if consistency else "picture.no_consistency")
    return (
        Tile(t("picture.weeks", n=streak.weeks), t("picture.streak"), best),
        Tile(share, t("picture.consistency"), since),
        Tile(
            str(progress.sessions),
            t("picture.sessions"),
            t("picture.this_month", n=progress.this_month),
        ),
    )


def _heatmap(progress: Progress, t: Say) -> Heatmap:
    weeks = progress.half_year
    return Heatmap(
        title=t("picture.half_year", n=len(weeks)),
        weeks=tuple(tuple(Cell(day.moves, day.is_forgiven) for day in week) for week in weeks),
        months=tuple(_months([week[0].day for week in weeks], t)),
        weekdays=tuple(t(f"weekday_short.{n}") if n % 2 == 0 else "" for n in range(7)),
        less=t("picture.less"),
        more=t("picture.more"),
    )


def _months(mondays: list[date], t: Say) -> list[tuple[int, str]]:
    """Return the columns in which a month begins; a first one is left out if it has no room."""
    first = [n for n, day in enumerate(mondays) if n == 0 or day.month != mondays[n - 1].month]
    if len(first) > 1 and first[1] < 2:
        first = first[1:]
    return [(n, t(f"picture.month_name.{mondays[n].month}")) for n in first]

"""Pictures with everything on them."""

from bot.pictures.board import BoardPicture, Goal, GoalPicture, Row
from bot.pictures.days import Mark, StripDay, StripPicture, StripWeek
from bot.pictures.profile import Badge, Cell, Heatmap, ProfilePicture, Share, Tile
from bot.pictures.studio import Picture
from tests.pictures.names import SCRIPTS

HEATMAP = Heatmap(
    title="The last 26 weeks",
    weeks=tuple(
        tuple(Cell((week * day) % 5, is_forgiven=week == 9) for day in range(7 if week < 25 else 4))
        for week in range(26)
    ),
    months=((0, "Jun"), (4, "Jul"), (9, "Aug"), (13, "Sep"), (17, "Oct"), (22, "Nov")),
    weekdays=("Mon", "", "Wed", "", "Fri", "", "Sun"),
    less="less",
    more="more",
)
GOAL = Goal("Club goal", "143 of 200 sessions", 0.715)


def profile(name: str) -> ProfilePicture:
    return ProfilePicture(
        name=name,
        subtitle=f"{name} · Wednesday 30 September",
        tiles=(
            Tile("26 weeks", "Streak", "best 104 · 2 freezes"),
            Tile("100 %", "Consistency", "last four full weeks"),
            Tile("1,024", "Sessions", "31 this month"),
        ),
        heatmap=HEATMAP,
        muscles_title="What you trained",
        muscles=tuple(Share(muscle, 9 - n, str(9 - n)) for n, muscle in enumerate(("core",) * 5)),
        badges_title="Badges",
        badges=tuple(Badge(icon, name) for icon in "🔥🌱🏅❄💯👟🧭🦉"),
    )


def board(names: list[str]) -> BoardPicture:
    rows = tuple(
        Row(place=n, name=name, score=20 - n, words=str(20 - n))
        for n, name in enumerate(names, start=1)
    )
    own = Row(place=1234, name=names[0], score=1, words="1", is_own=True)
    return BoardPicture(
        title="Leaderboard: this week",
        subtitle="Together: 143 sessions by 31 members",
        rows=rows,
        own=own,
        own_title="… and you are here:",
        goal=GOAL,
    )


STRIP = StripPicture(
    title="Why your streak is 6 weeks",
    subtitle="Target: 3 days a week",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    weeks=tuple(
        StripWeek(
            label=f"{2 + 7 * week} Nov",
            days=tuple(
                StripDay(str(2 + 7 * week + day), mark, is_today=week == day == 3)
                for day, mark in enumerate([*Mark][week : week + 7])
            ),
            score="3 of 3",
            verdict="frozen",
        )
        for week in range(2)
    ),
    legend=tuple((mark, mark.value) for mark in (Mark.DONE, Mark.REST, Mark.PAUSED, Mark.FROZEN)),
)
PICTURES: dict[str, Picture] = {
    "profile": profile("Amina Odhiambo"),
    "somebody else": ProfilePicture(name="Ben", subtitle="", tiles=(Tile("3", "This week"),) * 3),
    "board": board([*SCRIPTS.values()][:10]),
    "strip": STRIP,
    "goal": GoalPicture(goal=GOAL),
    "goal reached": GoalPicture(goal=Goal("Club goal", "210 of 200", 1.05)),
}

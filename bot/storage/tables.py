"""The tables. What happened is stored as events; what derives from them can be counted anew."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Time,
    false,
    text,
    true,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the instant in UTC."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the instant as an aware datetime in UTC."""
        return value and value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


clubs = Table(
    "clubs",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("zone", String, nullable=False),
    Column("post_time", Time, nullable=False),
    Column("role_id", BigInteger),
    Column("day_end_hour", Integer, nullable=False),
    Column("credit_days", Integer, nullable=False),
    Column("catch_up_s", Integer, nullable=False),
    Column("paused_at", Instant),
    Column("trouble", String),
    Column("left_at", Instant),
    Column("next_due_at", Instant, nullable=False, index=True),
    Column("set_up_by", BigInteger, nullable=False),
    Column("set_up_at", Instant, nullable=False),
    Column("locale", String),
    Column("long_runs", Integer, nullable=False, server_default=text("0")),  # a bit a weekday
    Column("races", String, nullable=False, server_default=text("''")),  # dates, with commas
    Column("moves_version", String),  # another after every change to the club's own moves
    Column("has_ranking", Boolean, nullable=False, server_default=true()),
    Column("goal", Integer),
    Column("season_first", Date),
    Column("season_last", Date),
    # By which rules its scores were counted; none while they are to be counted anew.
    Column("counted_by", Integer),
)

targets = Table(
    "targets",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("from_week", Date, primary_key=True),
    Column("days", Integer, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    # The club day of their first Done. It stays if that is undone: nobody began later than it.
    Column("joined_on", Date),
    # Counts in what the club did together, and is named on no board.
    Column("is_hidden", Boolean, nullable=False, server_default=false()),
    # When it was noticed that they left the server; not set while nobody has noticed.
    Column("left_at", Instant),
)
Index("ix_members_joined", members.c.club_id, members.c.joined_on)
UNLISTED = members.c.is_hidden | members.c.left_at.is_not(None)
Index(
    "ix_members_unlisted",
    members.c.club_id,
    sqlite_where=UNLISTED,
    postgresql_where=UNLISTED,
)

# Clustered by club, then member: a board reads one club's rows, a streak one member's.
completions = Table(
    "completions",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("slug", String, primary_key=True),
    Column("level", String, nullable=False),
    Column("done_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# Completions that a coach took out of the count: they are no completions, but can be put back.
voids = Table(
    "voids",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("slug", String, primary_key=True),
    Column("level", String, nullable=False),
    Column("done_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# Pauses of a member neither overlap nor adjoin; without a last day one goes on.
pauses = Table(
    "pauses",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date),
    Column("reason", String, nullable=False),
    sqlite_with_rowid=False,
)

# Badges are derived from completions when one is added, and stay when one is undone.
awards = Table(
    "awards",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("badge", String, primary_key=True),
    Column("day", Date, nullable=False),
    sqlite_with_rowid=False,
)

# Derived, as `score_counts` is: what each member has on each board, kept when an event changes it.
# Together by member, for an event changes several; the index is a board in its order.
scores = Table(
    "scores",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("board", String, primary_key=True),
    Column("points", Integer, nullable=False),
    Column("until", Date),
    sqlite_with_rowid=False,
)
Index(
    "ix_scores_rank",
    scores.c.club_id,
    scores.c.board,
    scores.c.points.desc(),
    scores.c.member_id,
    scores.c.until,
)

# How many members have each score, of boards that do not expire; a row may come down to nobody.
score_counts = Table(
    "score_counts",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("board", String, primary_key=True),
    Column("points", Integer, primary_key=True, autoincrement=False),
    Column("members", Integer, nullable=False),
    sqlite_with_rowid=False,
)

posts = Table(
    "posts",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("slug", String, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("message_id", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", Instant, nullable=False),
    Column("retry_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
_UNFINISHED = text("state = 'claimed'")
Index(
    "ix_posts_unfinished",
    posts.c.retry_at,
    sqlite_where=_UNFINISHED,
    postgresql_where=_UNFINISHED,
)

# A club's own moves. `definition` is what its coach gave, as JSON; what was left out is filled in
# when it is read.
exercises = Table(
    "exercises",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("slug", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("definition", String, nullable=False),
    Column("state", String, nullable=False),
    Column("member_id", BigInteger),
    Column("added_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

# What a coach looks at before it is saved: one for each coach.
drafts = Table(
    "drafts",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("token", String, nullable=False),
    Column("content", String, nullable=False),
    Column("made_at", Instant, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

# Sets that members are following along; a row lives for minutes. The token is a secret.
guides = Table(
    "guides",
    metadata,
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, nullable=False),
    Column("club_id", BigInteger),
    Column("slug", String, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("day", Date),
    Column("locale", String, nullable=False),
    Column("token", String, nullable=False),
    Column("token_ends_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("phase", Integer, nullable=False),
    Column("left_s", Integer),
    Column("message_id", BigInteger),
)

# What members are reminded of, privately. Without `next_due_at` one is off: Discord took none for
# the member, who hears of it with their next Done. `claimed_at`: since when it is being sent.
reminders = Table(
    "reminders",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Time, nullable=False),
    Column("weekdays", Integer, nullable=False),  # a bit a weekday
    Column("zone", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("next_due_at", Instant, index=True),
    Column("claimed_at", Instant),
    Column("channel_id", BigInteger),
)

# Both of a pair have a row with its id, a number without meaning. `nudged_on` is when this member
# last nudged the other, `takes_nudges` whether they want any themselves.
buddies = Table(
    "buddies",
    metadata,
    Column("club_id", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("pair_id", BigInteger, nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("takes_nudges", Boolean, nullable=False),
    Column("nudged_on", Date),
)

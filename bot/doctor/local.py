"""What can be checked without Discord: settings, library, database and missed posts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.content.catalogue import load_content
from bot.content.zones import load_zones
from bot.doctor.report import Finding, ok, problem, warning
from bot.domain.challenge import PostState, Reason
from bot.errors import ContentError, StartError
from bot.settings import Settings
from bot.storage.checkup import Checkup, ClubRecord, Shape
from bot.texts import load_texts

OVERDUE = timedelta(minutes=10)
_START = "Start it with `hipstride run`, and keep it running; if it runs, its log says why."
_PERMISSIONS = "View Channel, Send Messages, Embed Links and Attach Files"


def check_settings(error: StartError) -> list[Finding]:
    """Return a finding for each wrong setting."""
    return [_wrong_setting(line) for line in str(error).splitlines()]


def _wrong_setting(line: str) -> Finding:
    name = line.partition(" ")[0]
    field = Settings.model_fields.get(name.lower())
    if field is not None and line.endswith(right := field.description or ""):
        return problem("settings", name, line.removesuffix(right).strip(), right)
    what, _, advice = line.partition("; ")
    remedy = advice or "Mend it in .env or in the environment."
    return problem("settings", name, f"{what.rstrip('.')}.", remedy[0].upper() + remedy[1:])


async def check_library(data: Path) -> list[Finding]:
    """Return a finding for each broken file and line."""
    findings: list[Finding] = []
    readers: list[Callable[[Path], object]] = [load_content, load_texts]
    for read in readers:
        try:
            read(data)
        except ContentError as error:
            findings += [_broken_file(line, data) for line in error.problems]
    load_zones()
    return findings or [
        ok("library", data.name, "Exercises, topics, wording and time zones are whole.")
    ]


def _broken_file(line: str, data: Path) -> Finding:
    file, _, what = line.partition(": ") if ": " in line else (data.name, "", line)
    remedy = f"Mend it in {data.absolute()}, or take the file that ships with Hipstride."
    return problem("library", file, what, remedy)


def check_database(checkup: Checkup) -> list[Finding]:
    """Return how the database is."""
    where, detail = checkup.where, checkup.detail
    subject = where.rpartition("/")[2]
    if checkup.unreadable:
        return [_unreadable(club_id, why) for club_id, why in checkup.unreadable.items()]
    if checkup.damage:
        more = len(checkup.damage) - 1
        what = checkup.damage[0] + (f" (and {more} more)" if more else "")
        remedy = "Stop the bot, keep a copy of the file, and restore a backup."
        return [problem("database", subject, f"{where} is damaged: {what}.", remedy)]
    match checkup.shape:
        case Shape.CURRENT:
            what = f"{where} is intact, can be written, and has the newest version, {detail}."
            return [ok("database", subject, what)]
        case Shape.MISSING | Shape.EMPTY:
            thing = "does not exist yet" if checkup.shape is Shape.MISSING else "is empty"
            what = f"{where} {thing}: the first start will make it."
            remedy = "Nothing to do if this bot is new; else set DATABASE_URL to where its data is."
            return [warning("database", subject, what, remedy)]
        case Shape.OLDER:
            what = f"{where} has the older version {detail}."
            remedy = "Restart the bot: every start brings the database to the newest version."
            return [warning("database", subject, what, remedy)]
    return [problem("database", subject, *_unusable(checkup))]


def _unreadable(club_id: int, why: str) -> Finding:
    what = f"A value in its row means nothing, so nothing is posted: {why}."
    remedy = "Stop the bot, keep a copy of the database, and restore a backup."
    return problem("database", f"club {club_id}", what, remedy)


def _unusable(checkup: Checkup) -> tuple[str, str]:
    where, detail = checkup.where, checkup.detail
    match checkup.shape:
        case Shape.NEWER:
            return (
                f"{where} was made by a newer Hipstride (version {detail}).",
                "Update Hipstride, or restore a backup of that time.",
            )
        case Shape.FOREIGN:
            return (
                f"{where} belongs to another program (it holds {detail}).",
                "Set DATABASE_URL to a file of its own for Hipstride.",
            )
    if where.startswith("postgresql"):
        remedy = "Check that its server runs, and address, user and password in DATABASE_URL."
    else:
        folder = "a folder that exists and that this user may write to"
        remedy = f"Set DATABASE_URL to a file in {folder}."
    return f"{where} cannot be used: {detail}.", remedy


def check_posts(records: Sequence[ClubRecord], now: datetime) -> list[Finding]:
    """Return every post that is overdue, or did not reach its channel."""
    findings = [finding for record in records for finding in _missed(record, now)]
    if not records:
        return [ok("posts", "", "No club is set up yet: `/club setup` in a server does it.")]
    return findings or [ok("posts", "", "No post is overdue, and no club's latest was missed.")]


def _missed(record: ClubRecord, now: datetime) -> Iterator[Finding]:
    subject = f"club {record.id}"
    is_paused = record.paused_at is not None
    is_waiting = is_paused or record.trouble is not None
    if not is_waiting and now - record.next_due > OVERDUE:
        what = f"The challenge due at {record.next_due:%Y-%m-%d %H:%M} UTC is overdue: "
        yield problem("posts", subject, f"{what}the bot is not running.", _START)
    if record.trouble is Reason.ZONE_GONE:
        what, remedy = _REASONS[record.trouble]
        due = f"The challenge due on {record.next_due:%Y-%m-%d}"
        yield problem("posts", subject, f"{due} {what}.", remedy)
    elif record.reason is not None:
        what, remedy = _REASONS[record.reason]
        make = problem if record.state is PostState.FAILED else warning
        yield make("posts", subject, f"The challenge of {record.day} {what}.", remedy)
    if record.claim_due_at and not is_paused and now - record.claim_due_at > OVERDUE:
        what = f"The challenge of {record.day} was begun and never finished: "
        yield problem("posts", subject, f"{what}the bot is not running.", _START)


_REASONS = {
    Reason.MISSED: (
        "was skipped, because the bot was away for too long",
        "Keep the bot running; the next challenge comes on time.",
    ),
    Reason.PAUSED: (
        "was skipped, because the club was paused",
        "Nothing to do: once resumed, the next challenge comes on time.",
    ),
    Reason.LEFT_OUT: (
        "was skipped: at its time the club was paused, in trouble or just set up anew",
        "Nothing to do: the next challenge comes on time.",
    ),
    Reason.CHANNEL_GONE: (
        "failed, because its channel no longer exists",
        "Choose another channel with `/club setup`, and press Post today’s now.",
    ),
    Reason.FORBIDDEN: (
        "failed, because Discord did not let the bot write there",
        f"Allow it {_PERMISSIONS} in the channel: the bot then goes on by itself.",
    ),
    Reason.ZONE_GONE: (
        "cannot be posted, because this machine no longer knows the club's time zone",
        "Choose another with `/club setup`, or bring back its tz database (package tzdata).",
    ),
    Reason.UNCERTAIN: (
        "may be in its channel or not: Discord broke off, and the bot may not look there",
        "Allow it Read Message History in the channel, and next time it looks.",
    ),
    Reason.REJECTED: (
        "failed, because Discord refused the message itself",
        "Look for the reason in the bot's log, and report it as a bug in Hipstride.",
    ),
}

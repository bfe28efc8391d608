"""What `hipstride recount` does: counts the boards anew, and says what was wrong."""

from bot.domain.days import Clock
from bot.services.scores import Recount, Scores
from bot.storage.database import open_database


async def recount(url: str, clock: Clock, *, is_mended: bool) -> Recount:
    """Return what was wrong with the scores in the database at `url`, and mend it if so.

    Raises:
        StartError: it cannot be opened, written or migrated.
    """
    database = await open_database(url)
    try:
        return await Scores(database, clock).recount(is_mended=is_mended)
    finally:
        await database.close()


def as_sentences(found: Recount, *, is_mended: bool) -> str:
    """Return the outcome for whoever asked."""
    clubs, members = _number(found.clubs, "club"), _number(found.members, "member")
    lines = [f"Counted the boards of {clubs} with {members}."]
    if not found.wrong:
        lines.append("Every score is what the events say.")
    else:
        outcome = "mended." if is_mended else "`hipstride recount` mends that."
        lines.append(f"{_number(found.wrong, 'row')} differed from what the events say: {outcome}")
    if found.left_out:
        ids = ", ".join(map(str, found.left_out))
        lines.append(f"Left out, as this machine does not know their time zone: club {ids}.")
    return "\n".join(lines)


def _number(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"

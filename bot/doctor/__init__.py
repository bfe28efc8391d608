"""Checks an installation from its settings to its clubs, with a remedy for what is wrong."""

from bot.doctor.local import check_database, check_library, check_posts, check_settings
from bot.doctor.remote import check_discord
from bot.doctor.report import Finding, as_json, as_table, has_problem, ok, problem
from bot.doctor.trouble import attempt, bug, left_out
from bot.domain.days import Clock
from bot.errors import StartError
from bot.settings import Settings, load_settings
from bot.storage.checkup import ClubRecord, examine_database

__all__ = ["Finding", "as_json", "as_table", "examine", "has_problem"]


async def examine(clock: Clock) -> list[Finding]:
    """Return everything there is to say about the installation that would start here."""
    try:
        settings = load_settings()
    except StartError as error:
        rest = left_out(
            "Library, database and Discord are",
            "the settings are wrong",
            "Mend the settings first.",
        )
        return [*check_settings(error), rest]
    findings = [ok("settings", "", "Every setting is right.")]
    findings += await attempt("library", "", check_library(settings.data_dir), bug)
    found, records = await _database(settings, clock)
    findings += found + await check_discord(settings, records, clock)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    return [finding.without(token.strip()) for finding in findings]


async def _database(
    settings: Settings, clock: Clock
) -> tuple[list[Finding], tuple[ClubRecord, ...]]:
    """Return how the database and its posts are, and the clubs if they can be read."""
    try:
        checkup = await examine_database(settings.database_url)
    except Exception as error:
        return [problem("database", "", *bug(error))], ()
    findings = check_database(checkup)
    if checkup.is_readable:
        return findings + check_posts(checkup.clubs, clock()), checkup.clubs
    rest = left_out("Clubs and their posts are", "the database cannot tell", "Mend it first.")
    return [*findings, rest], ()

"""What people can get wrong, as values; any other exception is a bug."""

from collections.abc import Sequence
from pathlib import Path


class HipstrideError(Exception):
    """The root of everything Hipstride raises on purpose."""


class UserError(HipstrideError):
    """A member's mistake worth explaining: `key` names the wording, `values` fill it in."""

    key = "error.unknown"

    def __init__(self, **values: object) -> None:
        super().__init__(self.key, values)
        self.values = values


class UnknownExercise(UserError):
    """No exercise goes by this name; `nearest` lists the three closest names."""

    key = "error.unknown_exercise"


class UnknownTopic(UserError):
    """Nothing is known by this name; `nearest` lists the three closest titles."""

    key = "error.unknown_topic"


class UnknownEquipment(UserError):
    """No equipment goes by this name; `nearest` lists the three closest names."""

    key = "error.unknown_equipment"


class MemberHides(UserError):
    """This member is named nowhere, and others see nothing of what they did."""

    key = "error.member_hides"


class NotYours(UserError):
    """The button is about somebody else."""

    key = "error.not_yours"


class TooFewMinutes(UserError):
    """No routine fits so few minutes; `least` is how many would do."""

    key = "error.too_few_minutes"


class TooManyMinutes(UserError):
    """What is at hand fills too little of the minutes; `most` is how many it fills."""

    key = "error.too_many_minutes"


class MissingEquipment(UserError):
    """Nothing can be done for the `focus` without the `equipment` named."""

    key = "error.missing_equipment"


class NoMoves(UserError):
    """The library holds nothing gentle for the `focus`."""

    key = "error.no_moves"


class RoutineChanged(UserError):
    """The library has changed since the routine was put together, so its moves are not known."""

    key = "error.routine_changed"


class NotSetUp(UserError):
    """This server is not a club yet."""

    key = "error.not_set_up"


class TooLate(UserError):
    """The card's club day can no longer be credited."""

    key = "error.too_late"


class TooEarly(UserError):
    """The card's club day has not begun."""

    key = "error.too_early"


class AlreadyPosted(UserError):
    """Today's challenge is in the channel already."""

    key = "error.already_posted"


class ClubPaused(UserError):
    """The club is paused, so nothing is posted."""

    key = "error.club_paused"


class TooManyGuides(UserError):
    """So many members follow a set along that the bot can take no more."""

    key = "error.too_many_guides"


class BadTime(UserError):
    """That is not a time of day."""

    key = "error.bad_time"


class BadWeekday(UserError):
    """That is no weekday."""

    key = "error.bad_weekday"


class BadDays(UserError):
    """These are no weekdays to be reminded on."""

    key = "error.bad_days"


class NoReminderTime(UserError):
    """A reminder is to be set without a time, and there is none whose time could stay."""

    key = "error.no_reminder_time"


class BuddyIsBot(UserError):
    """A bot was asked to be a buddy."""

    key = "error.buddy_is_bot"


class BuddyIsSelf(UserError):
    """Somebody asked themselves to be their buddy."""

    key = "error.buddy_is_self"


class BuddyTaken(UserError):
    """Who asks, or accepts, has a buddy already."""

    key = "error.buddy_taken"


class BuddyNotFree(UserError):
    """The other one hides or has a buddy; which of it is nobody's business."""

    key = "error.buddy_not_free"


class BuddyNotAsked(UserError):
    """Somebody answers a request that was made to another."""

    key = "error.buddy_not_asked"


class BuddyTooLate(UserError):
    """A request is older than it holds."""

    key = "error.buddy_too_late"


class NoBuddy(UserError):
    """The member has no buddy (any more)."""

    key = "error.no_buddy"


class BadDate(UserError):
    """That is no date."""

    key = "error.bad_date"


class RaceOutOfReach(UserError):
    """A race is past, or too far ahead."""

    key = "error.race_out_of_reach"


class TooManyRaces(UserError):
    """The club has as many races as it can have; `most` says how many."""

    key = "error.too_many_races"


class UnknownRace(UserError):
    """The club has no race on that date."""

    key = "error.unknown_race"


class BadDay(UserError):
    """That is not a day, or one that can be read in two ways."""

    key = "error.bad_day"


class NotYet(UserError):
    """What is to be logged is of a day to come."""

    key = "error.not_yet"


class TooLongAgo(UserError):
    """What is to be logged is older than the club counts; `oldest` is the first day that is not."""

    key = "error.too_long_ago"


class BeforeJoining(UserError):
    """What is to be logged is of a day before the member joined."""

    key = "error.before_joining"


class Voided(UserError):
    """A coach has taken out of the count what the member says they did."""

    key = "error.voided"


class NothingToVoid(UserError):
    """There is no such completion of this member that could be taken out of the count."""

    key = "error.nothing_to_void"


class NothingToUndo(UserError):
    """The member has recorded nothing that can still be taken back."""

    key = "error.nothing_to_undo"


class PauseBackwards(UserError):
    """A pause is to end before it begins."""

    key = "error.pause_backwards"


class PauseTooEarly(UserError):
    """A pause is to begin longer ago than one may still enter."""

    key = "error.pause_too_early"


class PauseTooLong(UserError):
    """A pause is to last, or to begin, too far ahead."""

    key = "error.pause_too_long"


class NoSeason(UserError):
    """The club has no season."""

    key = "error.no_season"


class SeasonBackwards(UserError):
    """A season is to end before it begins."""

    key = "error.season_backwards"


class SeasonTooLong(UserError):
    """A season is to take longer than a year, or to lie too far away."""

    key = "error.season_too_long"


class HalfASeason(UserError):
    """A season is to begin and never end, or the other way round."""

    key = "error.half_a_season"


class BadZone(UserError):
    """No such time zone; `nearest` lists the closest names."""

    key = "error.bad_zone"


class ZoneGone(UserError):
    """The club's time zone is no longer in the tz database of this machine."""

    key = "error.zone_gone"


class StorageUnavailable(UserError):
    """Nobody's mistake: the database cannot be read or written now. Storage has logged why."""

    key = "error.storage_unavailable"


class MayNotManage(UserError):
    """Only those who manage the server may do this; `owner` is None if it is not known."""

    key = "error.may_not_manage"


class MissingPermission(UserError):
    """The bot lacks these permissions in the channel it should post to."""

    key = "error.missing_permission"


class ChannelGone(UserError):
    """The channel to post to was deleted meanwhile."""

    key = "error.channel_gone"


class NotThere(UserError):
    """The bot is no member of the server, though its commands are known there."""

    key = "error.not_there"


class NoAnswer(UserError):
    """Discord does not answer what the bot has to know."""

    key = "error.no_answer"


class EveryoneRole(UserError):
    """@everyone was offered as the role to ping."""

    key = "error.everyone_role"


class BadDose(UserError):
    """That is not a dose."""

    key = "error.bad_dose"


class BadPack(UserError):
    """A file of moves is wrong: `lines` names the first problems, `n` is that of all."""

    key = "error.bad_pack"


class NoPack(UserError):
    """A file is no text that could hold moves, or is too large."""

    key = "error.no_pack"


class NoFile(UserError):
    """Discord does not hand over a file that was attached."""

    key = "error.no_file"


class TooManyMoves(UserError):
    """The club would have more moves of its own than `most`."""

    key = "error.too_many_moves"


class UnknownOwnMove(UserError):
    """The club offers no move of its own by this name."""

    key = "error.unknown_own_move"


class DraftGone(UserError):
    """A preview was saved, discarded or replaced by a newer one."""

    key = "error.draft_gone"


class Problems(UserError):
    """Several mistakes at once, so that they can be mended at once."""

    key = "error.problems"

    def __init__(self, problems: Sequence[UserError]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    @classmethod
    def raise_any(cls, problems: Sequence[UserError]) -> None:
        """Raise the one problem as it is, several as Problems; return if there is none."""
        if problems:
            raise problems[0] if len(problems) == 1 else cls(problems)


class StartError(HipstrideError):
    """The bot cannot start; its text tells the operator what, where and what would be right."""


class ContentError(StartError):
    """The library is broken; names every broken file and line at once."""

    def __init__(self, folder: Path, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The library in {folder} has {len(self.problems)} problem(s):\n{lines}")

"""Which exercise a club gets on which day: four-week blocks and an easy week, over and over.

A round has 17 weeks: four each of Foundation, Control, Strength and Power, then an easy one with
the moves of Foundation. It begins with the week in which the club was set up. Every week has two
moves for the side of the hips, two for the back, one for trunk and front, and two rest days with
mobility: on race days, on the days of the long run, or else on Sunday and Wednesday.

The gentle moves of a block take turns, each focus for itself. Where there are too few for a week,
those of the block before take turns with them; then of the ones before that, then of later ones.

Demanding moves come in their own block only, on Tuesday, Thursday or Saturday, and on two of these
at most: never on the day before a long run, and never from a week before a race until it is over,
when Power gives way to Foundation too. No two of these weekdays are neighbours, so that no two
demanding moves are, not even where the coach changes the settings or the library grows in between.

What a small library gives up, in this order:

1. the block: moves of other blocks stand in;
2. variety: the one gentle move of a focus comes twice a week;
3. the focus: other gentle moves stand in for what is lacking, stretches last of all;
4. the gentler days between demanding moves, only where no move is gentle.

Every move gets its turn in any 17 weeks: a gentle one if its block has no more than five of its
focus (of the trunk one; eight and four if none of these is demanding), a demanding one if it is
alone there. Of n times as many, each has its turn in n times as many weeks. What a race puts off is
left out this time; and long runs on Wednesday, Friday and Sunday leave no day for demanding moves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise, permutations

from bot.domain.catalogue import Catalogue
from bot.domain.club import Club
from bot.domain.exercise import Block, Exercise
from bot.domain.focus import Focus, focus_of

BLOCKS = tuple(Block)
BLOCK_WEEKS = 4
ROUND_WEEKS = len(BLOCKS) * BLOCK_WEEKS + 1
A_WEEK = {Focus.HIP_SIDE: 2, Focus.HIP_BACK: 2, Focus.TRUNK: 1, Focus.MOBILITY: 2}
TRAINING = tuple(focus for focus in A_WEEK if focus is not Focus.MOBILITY)

WEEK = range(7)  # as `date.weekday` counts: Monday is 0
TUESDAY, WEDNESDAY, THURSDAY, SATURDAY, SUNDAY = 1, 2, 3, 5, 6
DEMANDING_DAYS = (TUESDAY, THURSDAY, SATURDAY)  # no two are neighbours, round the week
MOST_DEMANDING = 2  # a week
REST_DAYS = (SUNDAY, WEDNESDAY)  # where races and long runs leave room
RACE_WEEK = 7  # days before a race

Kind = tuple[Block | None, Focus]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Where a club's plan stands: the block, None in the easy week, and which week of it, from 1.

    `is_race_week`: a race is on that day, or a week away at most.
    """

    block: Block | None
    week: int
    is_race_week: bool


def phase_of(club: Club, day: date) -> Phase:
    """Return where the club's plan stands on this day."""
    index, week, _ = _place(club, day)
    is_race_week = any(0 <= (race - day).days <= RACE_WEEK for race in club.races)
    return Phase(block=_block(index), week=week + 1, is_race_week=is_race_week)


def pick_daily(library: Catalogue, club: Club, day: date) -> Exercise:
    """Return the challenge of `day`: the same for the same arguments, whatever happened between.

    `library` holds at least one exercise.
    """
    moves = _sort_out(library)
    week = _plan_week(club, day, moves.sharing)
    weekday = day.weekday()
    focus = week.layout[weekday]
    demanding = moves.demanding.get((week.block, focus), ())
    if demanding and weekday in week.demanding:
        return _take(_in_order(demanding, club), week.demanding[weekday])
    block = None if weekday in week.eased else week.block
    gentle = _circle(moves, _nearest(block), focus, club)
    if gentle:
        return _take(gentle, week.gentle_turn(weekday, moves.sharing if demanding else ()))
    return _take(_in_order(moves.stand_ins, club), day.toordinal())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """The library by block and focus; a gentle stretch belongs to every block.

    `stand_ins` come for what is lacking. The focuses `sharing` take turns on the demanding days.
    """

    gentle: dict[Kind, list[Exercise]]
    demanding: dict[Kind, list[Exercise]]
    stand_ins: list[Exercise]
    sharing: tuple[Focus, ...]


@lru_cache(maxsize=64)  # a catalogue never changes
def _sort_out(library: Catalogue) -> _Moves:
    calm = [e for e in library if not e.is_demanding]
    hard = [e for e in library if e.is_demanding and calm]  # else they have to stand in every day
    gentle: dict[Kind, list[Exercise]] = defaultdict(list)
    demanding: dict[Kind, list[Exercise]] = defaultdict(list)
    for exercise in calm:
        for block in BLOCKS if exercise.is_mobility else (exercise.block,):
            gentle[block, focus_of(exercise)].append(exercise)
    for exercise in hard:
        demanding[exercise.block, focus_of(exercise)].append(exercise)
    return _Moves(
        gentle=dict(gentle),
        demanding=dict(demanding),
        stand_ins=[e for e in calm if not e.is_mobility] or calm or list(library),
        sharing=tuple(A_WEEK) if any(e.is_mobility for e in hard) else TRAINING,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """A week of a club's plan, its days as weekdays.

    `number` counts the weeks that the block has had before, in all rounds. `demanding` are the days
    that a demanding move may come on, with its turn; `eased` those with Foundation's moves instead
    of the block's.
    """

    index: int
    number: int
    layout: tuple[Focus, ...]
    demanding: dict[int, int]
    most_demanding: int
    eased: Collection[int]

    @property
    def block(self) -> Block | None:
        """The block, None in the easy week."""
        return _block(self.index)

    def gentle_turn(self, weekday: int, sharing: tuple[Focus, ...]) -> int:
        """Return the turn of this day among the gentle moves of its focus in the block.

        `sharing` are the focuses that take turns on demanding days, if there is a demanding move of
        this one in the block: then its days for these are not among the gentle ones.
        """
        focus = self.layout[weekday]
        not_gentle = self.demanding if sharing else ()
        this_week = sum(self.layout[d] is focus and d not in not_gentle for d in range(weekday))
        # A block goes on where the one before ended, lest what they share comes twice in a row;
        # the easy week one further, for after it the next round begins.
        weeks = self.index * BLOCK_WEEKS + self.number + (self.block is None)
        taken = _turns(focus, self.number * self.most_demanding, sharing)
        return weeks * A_WEEK[focus] - taken + this_week


def _plan_week(club: Club, day: date, sharing: tuple[Focus, ...]) -> _Week:
    monday = day.toordinal() - day.weekday()
    index, _, number = _place(club, day)
    block = _block(index)
    races = [race.toordinal() - monday for race in club.races]
    near_race = {d for race in races for d in range(max(race - RACE_WEEK, 0), min(race, 6) + 1)}
    days = _demanding_days(club.long_runs) if block else ()
    demanding = {}
    asked = {}
    for place, weekday in enumerate(days, number * len(days)):
        if weekday not in near_race:
            demanding[weekday], sharer = divmod(place, len(sharing))
            asked[weekday] = sharing[sharer]
    quiet = (*(d for d in races if d in WEEK), *sorted(club.long_runs, reverse=True))
    return _Week(
        index=index,
        number=number,
        layout=_layout(asked, quiet, _draw(club, monday)),
        demanding=demanding,
        most_demanding=len(days),
        eased=WEEK if block is None else near_race if block is Block.POWER else (),
    )


def _place(club: Club, day: date) -> tuple[int, int, int]:
    """Return the index of the block, the week in it from 0, and how many weeks it had before.

    The easy week comes last. Before the club was set up the rounds count backwards.
    """
    monday = day.toordinal() - day.weekday()
    round_, week = divmod((monday - club.began.toordinal()) // 7, ROUND_WEEKS)
    index, week = divmod(week, BLOCK_WEEKS)
    return index, week, round_ * BLOCK_WEEKS + week


def _block(index: int) -> Block | None:
    return BLOCKS[index] if index < len(BLOCKS) else None


def _nearest(block: Block | None) -> tuple[Block, ...]:
    """Return the block, those before it from the last to the first, then those after it."""
    index = BLOCKS.index(block) if block else 0
    return BLOCKS[index::-1] + BLOCKS[index + 1 :]


@lru_cache
def _demanding_days(long_runs: frozenset[int]) -> tuple[int, ...]:
    """Return the weekdays for demanding moves; of a long run itself only if there are no others."""
    able = [d for d in DEMANDING_DAYS if d + 1 not in long_runs]
    free = [d for d in able if d not in long_runs]
    return tuple(free or able)[:MOST_DEMANDING]


def _turns(focus: Focus, places: int, sharing: Sequence[Focus]) -> int:
    """Return how many of the first `places` are of this focus if those `sharing` take turns."""
    if focus not in sharing:
        return 0
    return (places - sharing.index(focus) + len(sharing) - 1) // len(sharing)


def _layout(asked: dict[int, Focus], quiet: Iterable[int], draw: int) -> tuple[Focus, ...]:
    """Return the focus of each day of a week: as asked for, and rest on the quiet days if it can.

    `draw` chooses among the orders that are left; none has a focus on two days in a row, but for
    rest, if there is one.
    """
    resting = [d for d, focus in asked.items() if focus is Focus.MOBILITY]
    for weekday in dict.fromkeys(quiet):
        if len(resting) < A_WEEK[Focus.MOBILITY] and weekday not in asked:
            resting.append(weekday)
    for weekday in REST_DAYS:
        is_beside = any((weekday - other) % len(WEEK) in (0, 1, 6) for other in resting)
        if len(resting) < A_WEEK[Focus.MOBILITY] and not is_beside:
            resting.append(weekday)
    training = [weekday for weekday in WEEK if weekday not in resting]
    orders = _orders(tuple(asked.get(weekday) for weekday in training))
    order = dict(zip(training, orders[draw % len(orders)], strict=True))
    return tuple(order.get(weekday, Focus.MOBILITY) for weekday in WEEK)


@lru_cache
def _orders(asked: tuple[Focus | None, ...]) -> tuple[tuple[Focus, ...], ...]:
    """Return the orders of a week's training with the focuses asked for in their places."""
    wanted = [focus for focus in TRAINING for _ in range(A_WEEK[focus])]
    able = [
        order
        for order in sorted(set(permutations(wanted)))
        if all(ask in (None, focus) for ask, focus in zip(asked, order, strict=True))
    ]
    varied = [order for order in able if all(a is not b for a, b in pairwise(order))]
    return tuple(varied or able)


def _circle(moves: _Moves, blocks: Sequence[Block], focus: Focus, club: Club) -> list[Exercise]:
    """Return the gentle moves that take turns in the first of these blocks, as they follow.

    Too few for a week, they alternate with those of the next blocks.
    """
    if not blocks:
        return []
    own = _in_order(moves.gentle.get((blocks[0], focus), ()), club)
    if len(own) >= A_WEEK[focus]:
        return own
    others = _circle(moves, blocks[1:], focus, club)
    return [e for other in others for e in (*own, other)] or own


def _in_order(exercises: Iterable[Exercise], club: Club) -> list[Exercise]:
    """Return the exercises in the club's own order, which a new one leaves as it is."""
    # A digest, not `random` or `hash`: the same on every Python and in every process.
    return sorted(exercises, key=lambda e: sha256(f"{club.id}:{e.slug}".encode()).digest())


def _draw(club: Club, monday: int) -> int:
    return int.from_bytes(sha256(f"{club.id}".encode()).digest()[:4]) + monday // len(WEEK)


def _take(exercises: Sequence[Exercise], turn: int) -> Exercise:
    return exercises[turn % len(exercises)]

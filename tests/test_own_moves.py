"""A club's own moves are checked as the library is, and fit Discord whatever a coach writes."""

import json
import re
import shutil
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.catalogue import load_content
from bot.content.own_moves import (
    MOST_BYTES,
    MOST_PROBLEMS,
    MOST_SLUG,
    BadForm,
    OwnMoveModel,
    PackModel,
    definition_of,
)
from bot.domain.challenge import Post, PostState
from bot.domain.exercise import Category, Difficulty, Equipment, Grade, Level, Muscle, Sides, Source
from bot.domain.own_moves import MOST_KEPT, MOST_OFFERED, Form, MoveState, OwnMove, StoredMove
from bot.errors import BadPack, ContentError
from bot.services.daily import Challenge
from bot.services.own_moves import Change, Draft, Proposed
from bot.services.practice import Background
from bot.settings import SHIPPED_DATA
from bot.texts import load_texts
from bot.ui.browse import ExerciseList, Filters
from bot.ui.challenge_card import ChallengeCard
from bot.ui.details import Detail, DetailCard
from bot.ui.exercise_card import ExerciseCard
from bot.ui.own_moves import OwnMovesCard, PreviewCard, SavedMovesCard
from tests.test_limits import CLUB, NOW, check_buttons, check_fits

EXAMPLE = (Path(__file__).parents[1] / "docs" / "example-pack.toml").read_text("utf-8")
CONTENT = load_content(SHIPPED_DATA)
READER = CONTENT.moves
DAY = date(2026, 9, 30)
t = load_texts(SHIPPED_DATA).speaking("en-US")
LEAST = """
[calf-walk]
name = "Calf walk"
primary_muscles = ["calves"]
phases = ["Walk on your toes."]
dose = { sets = 2, distance_m = 20 }
"""
FORM = Form(
    name="Calf walk",
    steps="Walk on your toes.",
    dose="2 x 20 m",
    level=Difficulty.BEGINNER,
    stop="",
    muscle=Muscle.CALVES,
    category=Category.DRILL,
    equipment=Equipment.NONE,
    in_rotation=True,
)


def built(source, others=()):
    models = READER.read_pack(source, others)
    return [READER.build(slug, model) for slug, model in models.items()]


def refused(source, others=()):
    with pytest.raises(BadPack) as error:
        READER.read_pack(source, others)
    return error.value.values["lines"]


def stored(source, state=MoveState.ACTIVE):
    return [
        StoredMove(
            slug=slug,
            name=model.name,
            definition=definition_of(model),
            state=state,
            member_id=1,
            added_at=NOW,
            changed_at=NOW,
        )
        for slug, model in READER.read_pack(source, ()).items()
    ]


async def check_shows(exercise):
    """Fail if Discord would refuse any message that shows the move."""
    sources = tuple(CONTENT.knowledge.references[e.ref] for e in exercise.evidence if e.ref)
    background = Background(exercise=exercise, sources=sources, safety=CONTENT.knowledge.safety)
    for rung in range(len(exercise.ladder)):
        for detail in Detail:
            check_fits(DetailCard(background, detail, rung, t))
        for day in (DAY, None):
            card = ExerciseCard(exercise, day, t, rung)
            check_fits(card)
            await check_buttons(card)
        proposed = Proposed(exercise=exercise, change=Change.NEW, definition="{}")
        draft = Draft(token="0" * 16, day=DAY, form=None, moves=(proposed,) * 50)
        preview = PreviewCard(draft, t, 7, rung)
        check_fits(preview)
        await check_buttons(preview)
    post = Post(
        club_id=1,
        day=DAY,
        slug=exercise.slug,
        channel_id=2,
        due_at=NOW,
        attempted_at=NOW,
        state=PostState.CLAIMED,
    )
    challenge = Challenge(club=CLUB, post=post, exercise=exercise, done_by=99999)
    check_fits(ChallengeCard(challenge, t))
    check_fits(ExerciseList(READER.catalogue.plus([exercise]), Filters(), 0, t))
    assert len(exercise.name.encode("utf-16-le")) // 2 <= 80  # on a button


async def test_the_example_of_the_documentation_is_a_good_pack():
    hill, sit = built(EXAMPLE)
    assert (hill.slug, sit.slug) == ("own-hill-bounds", "own-wall-sit")
    assert [rung.level for rung in hill.ladder] == [Level.EASIER, Level.STANDARD, Level.HARDER]
    assert hill.source is Source.CLUB
    for exercise in (hill, sit):
        await check_shows(exercise)


def test_what_is_left_out_is_filled_in():
    [move] = built(LEAST)
    assert move.stop == CONTENT.knowledge.safety.stop
    assert all(rung.stop == move.stop and rung.feel == move.feel for rung in move.ladder)
    easier, standard, harder = move.ladder
    assert (easier.dose.distance_m, standard.dose.distance_m, harder.dose.distance_m) == (
        10,
        20,
        30,
    )
    assert (easier.dose.sets, harder.dose.sets) == (2, 2)
    assert easier.name == "Calf walk, easier"
    assert len(move.faults) >= 2
    assert move.tempo.cue
    assert move.benefit
    [evidence] = move.evidence
    assert (evidence.grade, evidence.ref) == (Grade.D, None)


def test_one_that_is_counted_a_leg_is_done_one_side_after_the_other():
    [move] = built(LEAST.replace("distance_m = 20", 'reps_min = 9, reps_max = 11, per = "leg"'))
    assert move.sides is Sides.PER_SIDE
    assert (move.ladder[0].dose.reps_min, move.ladder[0].dose.reps_max) == (4, 6)


def test_a_form_makes_what_a_pack_would():
    slug, model = READER.read_form(FORM, ())
    assert slug == "own-calf-walk"
    [(_, packed)] = READER.read_pack(LEAST, ()).items()
    form, pack = READER.build(slug, model), READER.build(slug, packed)
    assert replace(form, category=pack.category) == pack


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("Stop if your knee hurts.", "your knee hurts"),
        ("Your knee hurts", "your knee hurts"),
        ("IT band pain", "IT band pain"),
    ],
)
def test_a_stop_sign_ends_the_sentence_of_the_card(typed, sign):
    _, model = READER.read_form(replace(FORM, stop=typed), ())
    assert model.stop == (sign,)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Monster-Steps"}, "name"),
        ({"name": "\uff2donster steps"}, "name"),
        ({"name": "banded monster walk"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "Calf\u202ewalk"}, "name"),
        ({"name": "Calf\u200dwalk"}, "name"),
        ({"name": "Calf \u3164"}, "name"),
        ({"name": "Z\u0301\u0302\u0303\u0304"}, "name"),
        ({"name": "🏃" * 6}, "name"),
        ({"name": "?!"}, "name"),
        ({"name": ""}, "name"),
        ({"steps": ""}, "steps"),
        ({"steps": "Go.\n" * 8}, "steps"),
        ({"steps": "Go.\n" + "x" * 161}, "steps"),
        ({"steps": "Go\x00."}, "steps"),
        ({"dose": "plenty"}, "dose"),
        ({"dose": "12-8"}, "dose"),
        ({"dose": "2 x 9999"}, "dose"),
        ({"stop": "x" * 91}, "stop"),
    ],
)
def test_what_is_wrong_in_a_form_is_named_by_its_field(changes, field):
    with pytest.raises(BadForm) as error:
        READER.read_form(replace(FORM, **changes), ())
    assert {problem.field for problem in error.value.problems} == {field}


@pytest.mark.parametrize("name", ["Übung für Läufer", "حركة الورك", "Run 🏃‍♀️ up", "می\u200cدوم"])
async def test_a_name_may_be_in_any_script_and_gets_a_slug_of_its_own(name):
    slug, model = READER.read_form(replace(FORM, name=name), ())
    assert re.fullmatch(r"own-[a-z0-9]+(-[a-z0-9]+)*", slug)
    await check_shows(READER.build(slug, model))


def test_names_that_differ_have_slugs_that_differ():
    names = ["Hill run", "Hill run!", "Hill, run", "上り坂", "下り坂", "x" * 40, "x" * 39 + "y"]
    slugs = {READER.read_form(replace(FORM, name=name), ())[0] for name in names}
    assert len(slugs) == len(names)
    assert max(map(len, slugs)) <= 40


def test_discord_can_do_nothing_with_what_a_coach_writes():
    text = "@everyone <@1> <#2> </x:3> [a](https://b.c) **d** __e__ ~~f~~ ||g|| `h` \\i # j > k"
    [move] = built(LEAST.replace("Walk on your toes.", text.replace("\\", "\\\\")))
    [phase] = move.phases
    assert not re.search(r"[*_~|`\\\[\]<>#@]|://", phase)
    assert len(phase) == len(text)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", "1: the whole file: Dictionary should have at least 1 item"),
        ("oops", "1: "),
        ('name = "Calf walk"', "1: the whole file: name belongs to no move"),
        (LEAST + "\n[calf-walk]", "8: "),
        (LEAST.replace("[calf-walk]", "[Calf_Walk]"), "2: Calf_Walk: call it in lower case"),
        (LEAST.replace("Calf walk", "Clamshell"), "2: calf-walk: “clamshell” is a name of"),
        (LEAST.replace("calf-walk", "clamshell"), "2: clamshell: “clamshell” is a name of"),
        (LEAST.replace("[calf-walk]", f"[{'x' * 37}]"), f"2: {'x' * 37}: call it"),
        (LEAST + 'source = "seed"', "7: calf-walk.source: Input should be 'club', not 'seed'"),
        (LEAST.replace("sets = 2", "sets = 0"), "6: calf-walk.dose.sets: "),
        (LEAST.replace("= 20", "= 20, source = 'ours'"), "6: calf-walk.dose.source: "),
        (LEAST + "stop = 5\n", "7: calf-walk.stop: "),
        (
            LEAST + "[[calf-walk.evidence]]\nref = 'R999'\ngrade = 'A'\nnote = 'Sure.'\n",
            "8: calf-walk.evidence.0.ref: there is no reference 'R999'",
        ),
        (
            LEAST + "[[calf-walk.ladder]]\n[[calf-walk.ladder]]\nlevle = 1\n",
            "9: calf-walk.ladder.1.levle: ",
        ),
        ("a." * 60 + "b = 1", "1: More than 40 dots"),
        ("x = " + "[" * 100_000, "1: Nested too deeply"),
        ("x = " + "{a=" * 50_000, "1: Nested too deeply"),
        ("x = " + "9" * 5000, "1: Exceeds the limit"),
        (LEAST.replace("= 20", "= 0x" + "f" * 9000), "6: calf-walk.dose.distance_m: "),
        ("\n".join(f"[m{i}]" for i in range(51)), "1: the whole file: 51 moves"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_wrong_in_a_pack_is_named_with_its_line(source, line):
    lines = refused(source)
    assert any(one.startswith(line) for one in lines), lines
    assert all(len(one) < 400 for one in lines)


def test_of_many_problems_the_first_20_are_named_and_all_are_counted():
    source = "\n".join(f"[m{i}]\n" + "\n".join(f"k{j} = 1" for j in range(6)) for i in range(50))
    with pytest.raises(BadPack) as error:
        READER.read_pack(source, ())
    assert (len(error.value.values["lines"]), error.value.values["n"]) == (20, 500)


def test_two_moves_of_a_pack_may_not_share_a_name():
    [line] = refused(LEAST + LEAST.replace("[calf-walk]", "[toe-walk]"))
    assert line.startswith("8: toe-walk: “calf walk” is a name of “Calf walk”")


def test_a_name_of_another_own_move_is_taken_but_its_own_may_be_kept_or_changed():
    others = stored(LEAST)
    assert refused(LEAST.replace("[calf-walk]", "[toe-walk]"), others)
    assert built(LEAST.replace("Calf walk", "Toe walk"), others)[0].name == "Toe walk"
    with pytest.raises(BadForm):
        READER.read_form(FORM, others)


def test_what_is_stored_is_read_back_the_same():
    for one, exercise in zip(stored(EXAMPLE), built(EXAMPLE), strict=True):
        restored = READER.restore(one)
        assert restored.exercise == exercise
        assert restored.in_rotation is (exercise.slug == "own-hill-bounds")


LONGEST = {
    "name": "🏃" * 5 + "W" * 35,
    "aliases": [f"{'a' * 38}{i}" for i in range(6)],
    "secondary_muscles": [m.value for m in Muscle if m is not Muscle.CALVES],
    "primary_muscles": ["calves"],
    "equipment": ["mini_band", "kettlebell", "cushion", "bench"],
    "category": "mobility_dynamic",
    "level": "intermediate",
    "phases": ["🏃" * 5 + "@" * 155] * 7,
    "feel": ["x" * 90] * 4,
    "stop": ["x" * 90] * 5,
    "benefit": "x" * 300,
    "alt_text": "x" * 300,
    "faults": [{"fault": "x" * 90, "fix": "🏃" * 5 + "x" * 85}] * 6,
    "evidence": [{"ref": "R24", "grade": "B", "note": "x" * 300}] * 4,
    "tempo": {"cue": "x" * 90},
    "rest": {"min_s": 999, "max_s": 1000},
    "dose": {
        "sets": 999,
        "sets_max": 1000,
        "reps_min": 999,
        "reps_max": 1000,
        "hold_s": 999,
        "hold_max_s": 1000,
        "distance_m": 999,
        "distance_max_m": 1000,
        "per": "leg_and_direction",
    },
}
LONGEST["ladder"] = [
    {
        "level": level,
        "name": "🏃" * 5 + "W" * 35,
        "how": "x" * 300,
        "dose": LONGEST["dose"],
        "equipment": LONGEST["equipment"],
        "tempo": {"cue": "x" * 90},
        "feel": ["x" * 90] * 4,
        "stop": ["y" * 90] * 3,
    }
    for level in ["easier"] * 4 + ["harder"] * 4
]


async def test_the_longest_move_fits():
    model = OwnMoveModel.model_validate_json(json.dumps(LONGEST))
    exercise = READER.build("own-" + "x" * 36, model)
    await check_shows(exercise)
    own = OwnMove(exercise=exercise, state=MoveState.ACTIVE, in_rotation=False)
    check_fits(OwnMovesCard([own] * 50 + [replace(own, state=MoveState.RETIRED)] * 150, t))
    proposed = Proposed(exercise=exercise, change=Change.CHANGED, definition="{}")
    check_fits(SavedMovesCard(Draft(token="0" * 16, day=DAY, form=None, moves=(proposed,) * 50), t))


HOSTILE = st.sampled_from(
    [
        "",
        "\n",
        "'''",
        '"""',
        "[[x]]",
        "\x00",
        "\u202e",
        "@everyone",
        "🏃" * 40,
        "x" * 400,
        "= =",
        "\\",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.data())
async def test_whatever_a_pack_says_it_fits_or_its_errors_are_listed(data):
    start = data.draw(st.integers(0, len(EXAMPLE)))
    end = data.draw(st.integers(start, min(len(EXAMPLE), start + 60)))
    insert = data.draw(HOSTILE | st.text(max_size=40))
    source = EXAMPLE[:start] + insert + EXAMPLE[end:]
    try:
        models = READER.read_pack(source, ())
    except BadPack as bad:
        lines = bad.values["lines"]
        assert 1 <= len(lines) <= 20
        assert len(lines) <= bad.values["n"]
        assert all(re.match(r"\d+: ", line) for line in lines)
        return
    for slug, model in models.items():
        await check_shows(READER.build(slug, model))


TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("ab .🏃@*"), max_size=170)


@settings(max_examples=60, deadline=None)
@given(name=TEXT, step=TEXT, stop=TEXT, dose=st.sampled_from(["10", "2 x 30 s", "x"]) | TEXT)
async def test_whatever_is_typed_it_fits_or_its_errors_are_named(name, step, stop, dose):
    form = replace(FORM, name=name, steps=step, stop=stop, dose=dose)
    try:
        slug, model = READER.read_form(form, ())
    except BadForm as bad:
        assert {problem.field for problem in bad.problems} <= {"name", "steps", "stop", "dose"}
        return
    await check_shows(READER.build(slug, model))


def test_the_page_for_coaches_has_the_example_and_explains_every_key():
    page = (Path(__file__).parents[1] / "docs" / "packs.md").read_text("utf-8")
    assert f"```toml\n{EXAMPLE}```" in page
    explained = set(re.findall(r"`([a-z_]+)`", page))
    assert set(OwnMoveModel.model_fields) - {"source"} <= explained
    for number in (MOST_OFFERED, MOST_KEPT, MOST_SLUG, MOST_BYTES // 1024, MOST_PROBLEMS):
        assert re.search(rf"\b{number}\b", page)


def test_no_move_of_the_library_has_the_name_of_an_own_one(tmp_path):
    shutil.copytree(SHIPPED_DATA, tmp_path / "data", ignore=shutil.ignore_patterns("media"))
    file = tmp_path / "data" / "exercises" / "a-march.toml"
    file.rename(file.with_name("own-march.toml"))
    with pytest.raises(ContentError) as error:
        load_content(tmp_path / "data")
    assert any(p.startswith("exercises/own-march.toml:1: ") for p in error.value.problems)


def test_a_name_that_the_library_takes_later_is_the_librarys(tmp_path):
    [move] = built(LEAST)
    newer = replace(next(iter(READER.catalogue)), slug="z-walk", name="Calf Walk", aliases=())
    both = READER.catalogue.plus([newer, move])
    assert both.get("calf walk") == newer
    assert both.get("own-calf-walk") == move


def test_the_schema_for_editors_takes_the_example():
    schema = json.loads((SHIPPED_DATA / "pack.schema.json").read_text("utf-8"))
    jsonschema.validate(tomllib.loads(EXAMPLE), schema)
    assert PackModel.model_validate(tomllib.loads(EXAMPLE))

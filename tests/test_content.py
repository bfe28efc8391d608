import re
import shutil

import pytest

from bot.content.catalogue import load_catalogue
from bot.content.models import schema
from bot.domain.exercise import Level
from bot.errors import ContentError, StartError
from bot.settings import SHIPPED_DATA

GOOD = (SHIPPED_DATA / "exercises" / "monster-steps.toml").read_text("utf-8")


@pytest.fixture
def library(tmp_path):
    """A library with one good exercise; call it to add a file, and get what is wrong with it."""
    folder = tmp_path / "exercises"
    folder.mkdir()
    (folder / "monster-steps.toml").write_text(GOOD, "utf-8")

    def problems(text, file="broken.toml"):
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(ContentError) as error:
            load_catalogue(tmp_path)
        return error.value.problems

    return problems


def other(text=GOOD):
    """The good exercise under names of its own."""
    text = re.sub(r"^name = .*", 'name = "Other move"', text, count=1, flags=re.MULTILINE)
    return re.sub(r"^aliases = .*", "aliases = []", text, count=1, flags=re.MULTILINE)


def broken(old, new):
    """The good exercise with its first `old` replaced, and the line on which that is."""
    text = other()
    assert old in text
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


def test_the_example_of_these_tests_is_a_good_one(tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "monster-steps.toml").write_text(GOOD, "utf-8")
    (tmp_path / "exercises" / "other-move.toml").write_text(other(), "utf-8")
    assert [e.slug for e in load_catalogue(tmp_path)] == ["monster-steps", "other-move"]


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('name = "Other move"', 'name = ""', "name", "at least 2 characters"),
        ('name = "Other move"', f'name = "{"x" * 41}"', "name", "at most 40 characters"),
        ('name = "Other move"', 'name = " Padded"', "name", "match pattern"),
        ('name = "Other move"', "name = 5", "name", "valid string, not 5"),
        ('category = "strength"', 'category = "dance"', "category", "not 'dance'"),
        ('level = "beginner"', 'levle = "beginner"', "levle", "not permitted"),
        ('level = "beginner"', 'level = "expert"', "level", "not 'expert'"),
        ('equipment = ["mini_band"]', "equipment = []", "equipment", "at least 1 item"),
        ('["mini_band"]', '["rope"]', "equipment.0", "not 'rope'"),
        ('["glute_med", "glute_min"]', '["glutes"]', "primary_muscles.0", "not 'glutes'"),
        ("min_s = 45", "min_s = 0", "rest.min_s", "greater than 0, not 0"),
        ("min_s = 45", "min_s = 99", "rest", "min_s is above max_s"),
        ("reps_max = 15", "reps_max = 1", "dose", "reps: the minimum must be given"),
        ("sets_max = 3", "set_max = 3", "dose.set_max", "not permitted"),
        ('per = "leg"', 'per = "foot"', "dose.per", "not 'foot'"),
        ("cue = ", "pause = 1 # ", "tempo", "down, pause and up, or a cue"),
        ('fix = "Press', 'fixx = "Press', "faults.0.fixx", "not permitted"),
        ('fix = "Take', 'fix = 7 # "Take', "faults.1.fix", "valid string, not 7"),
        ('level = "easier"', 'level = "standard"', "ladder.0.level", "not 'standard'"),
        ('ref = "R41"', 'ref = "Smith 2020"', "evidence.0.ref", "not 'Smith 2020'"),
        ('grade = "C"', 'grade = "Z"', "evidence.0.grade", "not 'Z'"),
    ],
)
def test_a_broken_value_is_named_with_its_line(library, old, new, place, reason):
    text, line = broken(old, new)
    problems = library(text)
    named = [problem for problem in problems if f": {place}: " in problem]
    assert len(named) == 1, problems
    file, at, _ = named[0].split(":", 2)
    assert file == "broken.toml"
    assert reason in named[0]
    # What concerns a table as a whole is named with the line of its header.
    header = f"[{place}]"
    lines = text.splitlines()
    assert int(at) == (lines.index(header) + 1 if header in lines else line)


@pytest.mark.parametrize("key", ["benefit", "alt_text", "source"])
def test_a_missing_key_is_named(library, key):
    text = re.sub(rf"^{key} = .*\n", "", other(), count=1, flags=re.MULTILINE)
    (problem,) = library(text)
    assert re.fullmatch(rf"broken\.toml:\d+: {key}: Field required", problem)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.replace('level = "easier"', 'level = "harder"'), "one easier and one harder"),
        (
            lambda t: t.replace('level = "harder"', 'level = "easier"', 1).replace(
                'level = "easier"', 'level = "harder"', 1
            ),
            "the easier rungs come first",
        ),
        (lambda t: t.replace('["glute_max", "tfl"', '["glute_med", "tfl"'), "named twice"),
    ],
)
def test_an_exercise_that_contradicts_itself_is_named(library, change, reason):
    text = change(other())
    assert text != other()
    (problem,) = library(text)
    assert problem.startswith("broken.toml:1: ")
    assert reason in problem


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ('name = "x"\nname = "y"\n', "broken.toml:2: "),
        ('name = "x"\n\nlevel = oops\n', "broken.toml:3: "),
        (b'name = "\xff"', "broken.toml:1: "),
        ("", "broken.toml:1: "),
    ],
    ids=["key twice", "syntax", "encoding", "empty"],
)
def test_a_file_that_is_no_toml_or_no_exercise_is_named(library, text, start):
    assert all(problem.startswith(start) for problem in library(text))


@pytest.mark.parametrize(
    "file", ["Monster.toml", "two words.toml", "a--b.toml", f"{'x' * 41}.toml"]
)
def test_a_file_whose_name_is_no_slug_is_named(library, file):
    (problem,) = library(other(), file)
    assert problem == f"{file}:1: name it in lower case with hyphens, up to 40"


def test_every_problem_of_every_file_is_named_at_once(library):
    library("name = 5", "aaa.toml")
    library(other().replace('"beginner"', '"x"').replace('"pull"', '"y"'), "bbb.toml")
    problems = library("oops", "ccc.toml")
    assert {problem.split(":")[0] for problem in problems} == {"aaa.toml", "bbb.toml", "ccc.toml"}
    assert [p.split(": ")[1] for p in problems if p.startswith("bbb")] == ["level", "force"]


def test_the_sentence_tells_the_folder_the_number_and_every_line(library, tmp_path):
    library("name = 5", "aaa.toml")
    with pytest.raises(StartError) as error:
        load_catalogue(tmp_path)
    head, *lines = str(error.value).splitlines()
    assert head == f"The library in {tmp_path / 'exercises'} has {len(lines)} problem(s):"
    assert all(line.startswith("  aaa.toml:") for line in lines)


@pytest.mark.parametrize(
    ("mine", "clash"),
    [
        ('name = "Monster Steps"', "monster steps"),
        ('name = "MONSTER-WALK"', "monster walk"),
        ('name = "Mönster_steps"', "monster steps"),
    ],
)
def test_two_exercises_may_not_share_a_name_in_any_spelling(library, mine, clash):
    problems = library(other().replace('name = "Other move"', mine), "zzz.toml")
    assert problems == (f"zzz.toml:1: “{clash}” is a name of monster-steps.toml too",)


def test_an_alias_may_be_another_way_to_write_the_own_name(tmp_path):
    (tmp_path / "exercises").mkdir()
    text = other().replace("aliases = []", 'aliases = ["other-move", "OTHER MOVE"]')
    (tmp_path / "exercises" / "other-move.toml").write_text(text, "utf-8")
    assert len(load_catalogue(tmp_path)) == 1


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_exercises_is_refused(tmp_path, there):
    if there:
        (tmp_path / "exercises").mkdir()
        (tmp_path / "exercises" / "notes.txt").write_text("nothing here")
    with pytest.raises(ContentError, match=r"no exercises .* is DATA_DIR the data folder\?"):
        load_catalogue(tmp_path)


def test_what_a_file_says_arrives_unchanged():
    move = load_catalogue(SHIPPED_DATA).get("monster-steps")
    assert (move.name, move.aliases[0]) == ("Monster steps", "monster walk")
    assert (move.dose.sets, move.dose.sets_max, move.dose.reps_min) == (2, 3, 12)
    assert (move.dose.source, move.dose.sets_source, move.dose.hold_source) == (
        "seed",
        "ours",
        "seed",
    )
    assert (move.rest.min_s, move.rest.max_s) == (45, 60)
    assert move.ladder[move.standard].level is Level.STANDARD
    assert move.ladder[move.standard].dose == move.dose


def test_a_library_elsewhere_is_read_all_the_same(tmp_path):
    shutil.copytree(SHIPPED_DATA / "exercises", tmp_path / "exercises")
    elsewhere = load_catalogue(tmp_path)
    assert list(elsewhere) == list(load_catalogue(SHIPPED_DATA))


def test_the_schema_for_editors_is_up_to_date():
    shipped = (SHIPPED_DATA / "exercise.schema.json").read_text("utf-8")
    assert shipped == schema(), "run: python -m bot.content.models > data/exercise.schema.json"


def test_a_file_cut_off_in_its_last_line_names_that_line(library):
    assert library('name = "a"\nsource = "seed"\nlevel = "unclosed')[0].startswith("broken.toml:3:")

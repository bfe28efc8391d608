import re
import shutil
from dataclasses import replace

import pytest

from bot.content.catalogue import load_catalogue, load_content
from bot.content.schemas import schemas
from bot.domain.exercise import Level
from bot.errors import ContentError, StartError
from bot.settings import SHIPPED_DATA

GOOD = (SHIPPED_DATA / "exercises" / "monster-steps.toml").read_text("utf-8")
GOOD_TOPIC = """
title = "Shin splints"
complaints = ["sore shins"]
claim = "Shin splints are a sign of weak hips."
answer = "Studies disagree."
advice = "Take a step back."
moves = ["monster-steps"]

[[findings]]
grade = "C"
note = "One study saw a difference."
refs = ["R41"]

[[findings]]
grade = "D"
note = "Nobody knows."
"""


@pytest.fixture
def data(tmp_path):
    """A data folder with one exercise and one topic, and all references."""
    for folder in ("exercises", "topics"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exercises" / "monster-steps.toml").write_text(GOOD, "utf-8")
    (tmp_path / "topics" / "shins.toml").write_text(GOOD_TOPIC, "utf-8")
    for file in ("references.toml", "safety.toml", "badges.toml", "own-moves.toml"):
        shutil.copy(SHIPPED_DATA / file, tmp_path)
    return tmp_path


@pytest.fixture
def library(data):
    """Call it to add a file to the good ones, and get what is wrong with the folder then."""

    def problems(text, file="broken.toml", folder="exercises"):
        (data / folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(ContentError) as error:
            load_content(data)
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


def test_the_examples_of_these_tests_are_good_ones(data):
    (data / "exercises" / "other-move.toml").write_text(other(), "utf-8")
    content = load_content(data)
    assert [e.slug for e in content.catalogue] == ["monster-steps", "other-move"]
    assert [topic.slug for topic in content.knowledge.topics] == ["shins"]


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
        ('ref = "R43"', 'ref = "R999"', "evidence.1.ref", "references.toml has no 'R999'"),
        ('grade = "C"', 'grade = "Z"', "evidence.0.grade", "not 'Z'"),
    ],
)
def test_a_broken_value_is_named_with_its_line(library, old, new, place, reason):
    text, line = broken(old, new)
    problems = library(text)
    named = [problem for problem in problems if f": {place}: " in problem]
    assert len(named) == 1, problems
    file, at, _ = named[0].split(":", 2)
    assert file == "exercises/broken.toml"
    assert reason in named[0]
    # What concerns a table as a whole is named with the line of its header.
    header = f"[{place}]"
    lines = text.splitlines()
    assert int(at) == (lines.index(header) + 1 if header in lines else line)


@pytest.mark.parametrize("key", ["benefit", "alt_text", "source"])
def test_a_missing_key_is_named(library, key):
    text = re.sub(rf"^{key} = .*\n", "", other(), count=1, flags=re.MULTILINE)
    (problem,) = library(text)
    assert re.fullmatch(rf"exercises/broken\.toml:\d+: {key}: Field required", problem)


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
    assert problem.startswith("exercises/broken.toml:1: ")
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
    assert all(problem.startswith(f"exercises/{start}") for problem in library(text))


@pytest.mark.parametrize(
    "file", ["Monster.toml", "two words.toml", "a--b.toml", f"{'x' * 41}.toml"]
)
def test_a_file_whose_name_is_no_slug_is_named(library, file):
    (problem,) = library(other(), file)
    assert problem == f"exercises/{file}:1: name it in lower case with hyphens, up to 40"


def test_every_problem_of_every_file_is_named_at_once(library):
    library("name = 5", "aaa.toml")
    library(other().replace('"beginner"', '"x"').replace('"pull"', '"y"'), "bbb.toml")
    problems = library("oops", "ccc.toml")
    assert {problem.split(":")[0] for problem in problems} == {
        "exercises/aaa.toml",
        "exercises/bbb.toml",
        "exercises/ccc.toml",
    }
    assert [p.split(": ")[1] for p in problems if "bbb" in p] == ["level", "force"]


def test_the_sentence_tells_the_folder_the_number_and_every_line(library, data):
    library("name = 5", "aaa.toml")
    with pytest.raises(StartError) as error:
        load_catalogue(data)
    head, *lines = str(error.value).splitlines()
    assert head == f"The library in {data} has {len(lines)} problem(s):"
    assert all(line.startswith("  exercises/aaa.toml:") for line in lines)


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
    assert problems == (f"exercises/zzz.toml:1: “{clash}” is a name of monster-steps.toml too",)


def test_an_alias_may_be_another_way_to_write_the_own_name(data):
    text = other().replace("aliases = []", 'aliases = ["other-move", "OTHER MOVE"]')
    (data / "exercises" / "other-move.toml").write_text(text, "utf-8")
    assert len(load_catalogue(data)) == 2


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("folder", ["exercises", "topics"])
def test_a_folder_without_what_belongs_there_is_refused(data, folder, there):
    shutil.rmtree(data / folder)
    if there:
        (data / folder).mkdir()
        (data / folder / "notes.txt").write_text("nothing here")
    with pytest.raises(ContentError, match=rf"no {folder} .* is DATA_DIR the data folder\?"):
        load_content(data)


@pytest.mark.parametrize("file", ["references.toml", "safety.toml", "own-moves.toml"])
def test_a_file_that_is_missing_is_named(data, file):
    (data / file).unlink()
    with pytest.raises(ContentError) as error:
        load_content(data)
    assert error.value.problems == (f"{file} is not here; is DATA_DIR the data folder?",)


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
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(SHIPPED_DATA, elsewhere, ignore=shutil.ignore_patterns("media"))
    shipped = load_content(SHIPPED_DATA)
    assert list(load_content(elsewhere).catalogue) == [
        replace(move, ladder=tuple(replace(rung, picture=None) for rung in move.ladder))
        for move in shipped.catalogue
    ]
    assert load_content(elsewhere).knowledge == shipped.knowledge


def test_the_schemas_for_editors_are_up_to_date():
    shipped = {file.name: file.read_text("utf-8") for file in SHIPPED_DATA.glob("*.schema.json")}
    assert shipped == schemas(), "run: python -m bot.content.schemas"


@pytest.mark.slow
def test_every_shipped_file_names_its_schema():
    checked = list(SHIPPED_DATA.glob("*.toml"))
    for folder in ("exercises", "topics"):
        checked += (SHIPPED_DATA / folder).glob("*.toml")
    for file in checked:
        named = re.match(r"#:schema (\S+)\n", file.read_text("utf-8"))
        assert named, file
        assert (file.parent / named[1]).resolve().name in schemas(), file


def test_a_file_cut_off_in_its_last_line_names_that_line(library):
    assert library('name = "a"\nsource = "seed"\nlevel = "unclosed')[0].startswith(
        "exercises/broken.toml:3:"
    )


def rung_of(text):
    """The good exercise with `text` added to its hardest rung."""
    last = 'equipment = ["mini_band"]\n\n[[evidence]]'
    assert other().count(last) == 1
    return other().replace(last, last.replace("\n\n", f"\n{text}\n\n"))


def hardest(data, text):
    (data / "exercises" / "other-move.toml").write_text(rung_of(text), "utf-8")
    move = load_catalogue(data).get("other-move")
    return move, move.ladder[-1]


def test_a_rung_has_the_exercises_feel_and_stop_signs_and_no_tempo_of_its_own(data):
    move, rung = hardest(data, "")
    assert (rung.feel, rung.stop, rung.tempo) == (move.feel, move.stop, None)


def test_a_rungs_own_stop_signs_come_before_the_exercises_which_hold_as_well(data):
    move, rung = hardest(data, 'stop = ["the band snaps"]')
    assert rung.stop == ("the band snaps", *move.stop)
    assert move.ladder[move.standard].stop == move.stop


def test_what_is_felt_on_a_rung_takes_the_place_of_what_the_exercise_says(data):
    _, rung = hardest(data, 'feel = ["your ears"]')
    assert rung.feel == ("your ears",)


def test_a_rung_may_have_a_tempo_of_its_own(data):
    move, rung = hardest(data, "tempo = { down = 4, pause = 0, up = 1 }")
    assert (rung.tempo.down, rung.tempo.pause, rung.tempo.up) == (4, 0, 1)
    assert move.ladder[move.standard].tempo == move.tempo


def test_a_grade_above_d_needs_a_reference(library):
    (problem,) = library(re.sub('ref = "R41"\n', "", other()))
    assert problem.endswith("evidence.0: without a reference the grade is D")


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("title", "titel", 2, "titel: Extra inputs are not permitted, not 'Shin splints'"),
        ('"sore shins"', "", 3, "complaints: Tuple should have at least 1 item"),
        ("monster-steps", "monster-hops", 7, "moves: exercises has no 'monster-hops'"),
        ('"monster-steps"', '"monster-steps", ' * 5, 7, "moves: Tuple should have at most 4 items"),
        ('["R41"]', '["R41", "R54"]', 12, "findings.0.refs: references.toml has no 'R54'"),
        ('"D"', '"E"', 15, "findings.1.grade: Input should be 'A', 'B', 'C' or 'D', not 'E'"),
        ('"D"', '"B"', 14, "findings.1: without a reference the grade is D"),
    ],
)
def test_a_broken_topic_is_named_with_its_line(library, old, new, line, problem):
    text = GOOD_TOPIC.replace(old, new, 1)
    problems = library(text, "shins.toml", "topics")
    assert any(p.startswith(f"topics/shins.toml:{line}: {problem}") for p in problems), problems


@pytest.mark.parametrize("mine", ['title = "Sore Shins"', 'title = "Shin-splints"'])
def test_two_topics_may_not_share_a_title_or_a_complaint(library, mine):
    text = GOOD_TOPIC.replace('title = "Shin splints"', mine).replace('["sore shins"]', '["x y"]')
    (problem,) = library(text, "zzz.toml", "topics")
    assert problem.startswith("topics/zzz.toml:1: “")
    assert problem.endswith("is a name of shins.toml too")


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("[R7]", "[Aderem]", "references.toml:", "Aderem"),
        ('doi = "10.1186', 'doi = "https://doi.org/10.1186', "references.toml:", "R7.doi: "),
        ('seen = "directly"', 'seen = "maybe"', "references.toml:", "R1.seen: "),
        ("pain_max = 2", "pain_max = 3", "safety.toml:1: ", "cover 0 to 10, each number once"),
        ('colour = "red"', 'colour = "amber"', "safety.toml:1: ", "green, amber and red"),
        ('"R29"', '"R92"', "safety.toml:", "refs: references.toml has no 'R92'"),
    ],
)
def test_broken_references_and_a_broken_safety_note_are_named(data, old, new, place, reason):
    file = data / place.split(":")[0]
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(data)
    assert any(p.startswith(place) and reason in p for p in error.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("at_least = 10\n", "at_least = 0\n", "badges.toml:", "ten-days.at_least: "),
        ('rule = "moves"', 'rule = "jumps"', "badges.toml:", "five-moves.rule: "),
        ("[quarter]", "[Quarter]", "badges.toml:", "Quarter"),
        ('name = "Ten days"', 'name = "first Move"', "badges.toml:1: ", "two badges are called"),
    ],
)
def test_broken_badges_are_named(data, old, new, place, reason):
    file = data / "badges.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(data)
    assert any(p.startswith(place) and reason in p for p in error.value.problems)


def test_what_is_wrong_in_every_kind_of_file_is_named_at_once(library, data):
    library("name = 5", "aaa.toml")
    (data / "references.toml").write_text("[R1]\nabout = 7\n", "utf-8")
    (data / "safety.toml").write_text("oops", "utf-8")
    problems = library("title = 5", "bbb.toml", "topics")
    named = {problem.split(":")[0] for problem in problems}
    expected = {"exercises/aaa.toml", "references.toml", "safety.toml", "topics/bbb.toml"}
    assert named == expected

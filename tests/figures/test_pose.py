"""A sheet says only what changes; a broken one is told what is wrong, all at once."""

import pytest

from figures.pose import FreeArm, HangingArm
from figures.reader import SheetError, read_stories


def problems(path) -> list[str]:
    with pytest.raises(SheetError) as caught:
        read_stories(path)
    return caught.value.problems


def test_a_key_takes_over_what_it_does_not_change(write):
    [story] = read_stories(write())
    tall, low = (key.pose for key in story.keys)
    assert low.arms["R"] == tall.arms["R"] == FreeArm(flex=10, elbow=20)
    assert low.arms["L"] == HangingArm(hang=True)
    assert low.muscle == {"quad_R": 1.0, "glute_max_R": 0.5}
    assert tall.pelvis.pitch == 0


def test_the_trunk_adds_up_field_by_field_and_a_limb_is_replaced_whole(write):
    third = '\n[[key]]\nname = "turned"\npelvis = { yaw = 10 }\narm.L = { elbow = 90 }\n'
    [story] = read_stories(write(("glute_max_R = 0.5 }", "glute_max_R = 0.5 }" + third)))
    pose = story.keys[2].pose
    assert (pose.pelvis.pitch, pose.pelvis.yaw) == (30, 10)
    assert pose.arms["L"] == FreeArm(elbow=90)


def test_like_takes_over_from_a_named_key(write):
    third = '\n[[key]]\nname = "again"\nlike = "tall"\n'
    [story] = read_stories(write(("glute_max_R = 0.5 }", "glute_max_R = 0.5 }" + third)))
    assert story.keys[2].pose == story.keys[0].pose


def test_every_broken_rule_is_named_with_file_key_and_place(write):
    found = problems(
        write(
            ("schema = 1", "schema = 2"),
            ("size = [160, 120]", "size = [9999, 120]\nzoom = 3"),
            ("pitch = 30", 'pitch = "far"'),
            ("knee = 80", "knee = 400"),
            ("quad_R = 0.2", "biceps_R = 0.2"),
            ("move = 0.5", "move = -1"),
        )
    )
    assert all(problem.startswith("squat.toml: ") for problem in found)
    for place in (
        "schema: ", "view.size.0: ", "view.zoom: ", 'key "low" pelvis.pitch: ',
        'key "low" root.knee: ', 'key "tall" muscle.biceps_R', 'key "low" move: ',
    ):  # fmt: skip
        assert any(place in problem for problem in found), (place, found)


def test_rules_between_keys_are_named_all_at_once(write):
    found = problems(
        write(
            ('name = "low"', 'name = "tall"\nlike = "nowhere"'),
            ("leg.L = { toe = [0.1, 0, -0.052] }\n", ""),
            ("[view]", '[view]\norder = ["torso", "torso", "legL", "legR", "armL", "armR"]'),
        )
    )
    for rule in (
        'key "tall" leg.L: neither', 'like: there is no key "nowhere"', "name: a key of that name",
        "order: it must name each",
    ):  # fmt: skip
        assert any(rule in problem for problem in found), (rule, found)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        (("leg.R = { toe = [0.1, 0, 0.052] }", "leg.R = { flex = 5 }"), "needs leg.R to be pinned"),
        (
            ('"stance", foot = "R", knee = 5 }', '"anchor", joint = "kneeR", at = [0, 1, 0] }'),
            "kneeR belongs to a pinned limb",
        ),
        (("move = ", "strip = false\nmove = "), "must be shown"),
        (("hold = 0.2", "hold = nan"), "hold"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_solved_is_refused(write, changed, rule):
    assert any(rule in problem for problem in problems(write(changed)))


def test_a_file_that_is_no_sheet_at_all_is_named(write):
    [found] = problems(write(text="key = ["))
    assert found.startswith("squat.toml: ")


VARIANT = """
[variant.slow]
rung = "Slow squat"
alt = "A figure squats slowly and stands up again."
view = { yaw = 30 }

[[variant.slow.key]]
name = "only"
pelvis = { pitch = 10 }
"""


def test_a_variant_is_a_picture_of_its_own_that_changes_only_what_it_says(write):
    move, slow = read_stories(write(("glute_max_R = 0.5 }", "glute_max_R = 0.5 }\n" + VARIANT)))
    assert (move.slug, slow.slug, slow.rung) == ("squat", "squat.slow", "Slow squat")
    assert (slow.view.yaw, slow.view.size) == (30, move.view.size)
    assert [key.key.name for key in slow.keys] == ["only"]
    assert slow.keys[0].pose.legs == move.keys[0].pose.legs


def test_a_broken_variant_is_named(write):
    bad = VARIANT.replace("yaw = 30", 'yaw = "left", zoom = 1')
    found = problems(write(("glute_max_R = 0.5 }", "glute_max_R = 0.5 }\n" + bad)))
    assert [p.split(": ")[1:3] for p in found] == [
        ["variant.slow", "view.yaw"], ["variant.slow", "view.zoom"],
    ]  # fmt: skip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dose import parse_dose
from bot.errors import BadDose


@pytest.mark.parametrize(
    ("typed", "dose"),
    [
        ("10", {"reps_min": 10}),
        ("12 reps a leg", {"reps_min": 12, "per": "leg"}),
        (
            "2-3 x 8-12 each leg",
            {"sets": 2, "sets_max": 3, "reps_min": 8, "reps_max": 12, "per": "leg"},
        ),
        ("2–3 × 8 to 12 Times.", {"sets": 2, "sets_max": 3, "reps_min": 8, "reps_max": 12}),
        ("3 sets of 30 s per side", {"sets": 3, "hold_s": 30, "per": "side"}),
        ("3x10/side", {"sets": 3, "reps_min": 10, "per": "side"}),
        ("1-2 min", {"hold_s": 60, "hold_max_s": 120}),
        ("2 x 20 m each way", {"sets": 2, "distance_m": 20, "per": "direction"}),
        (
            "2 × 10 times each way, each leg",
            {"sets": 2, "reps_min": 10, "per": "leg_and_direction"},
        ),
        (
            "2 x 8 each side, hold 5 s",
            {"sets": 2, "reps_min": 8, "hold_s": 5, "per": "side"},
        ),
    ],
)
def test_a_dose_is_read_as_people_write_it(typed, dose):
    assert parse_dose(typed) == dose


@pytest.mark.parametrize(
    "typed", ["", "plenty", "3 x", "-3", "10 kg", "1e9", "10000", "3 x 10 x 2"]
)
def test_what_is_no_dose_is_refused(typed):
    with pytest.raises(BadDose):
        parse_dose(typed)


@given(st.text(alphabet="0123456789x×-– msetimhold/,.", max_size=60))
def test_whatever_is_typed_is_a_dose_or_refused(typed):
    try:
        fields = parse_dose(typed)
    except BadDose:
        return
    assert fields.keys() & {"reps_min", "hold_s", "distance_m"}

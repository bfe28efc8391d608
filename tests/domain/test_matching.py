import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.matching import begins_nearly, plain, similarity


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Single-Leg_RDL", "single leg rdl"), ("  São  Paulo ", "sao paulo"), ("Straße", "strasse")],
)
def test_names_are_compared_without_case_accents_and_hyphens(text, expected):
    assert plain(text) == expected


typed = st.text("aB é-_ẞﬁÅ³’", max_size=9)


@given(typed)
def test_a_plain_text_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)


@given(typed, typed)
def test_alike_is_between_nothing_and_the_same(a, b):
    assert 0 <= similarity(a, b) <= similarity(a, a) == 1


@pytest.mark.parametrize(
    ("wanted", "is_near"), [("stpes", True), ("steps", True), ("mon", False), ("zebra", False)]
)
def test_a_word_inside_a_name_is_found_with_a_typo_but_not_by_three_letters(wanted, is_near):
    assert begins_nearly(wanted, "monster steps") is is_near

"""The shipped topics, references and safety note: honest, whole and short enough for a card."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from bot.content.catalogue import load_content
from bot.domain.exercise import Grade
from bot.domain.knowledge import Colour, Finding, Knowledge, Reference, Seen, Topic
from bot.domain.matching import plain
from bot.settings import SHIPPED_DATA
from tests.test_library import PROMISES, shipped

# Which topic answers each of the beliefs that runners bring, and the grades of what it says.
BELIEFS = {
    "sitting weakens the hips": ("sitting", "CD"),
    "the muscles round the pelvis keep you steady": ("level-hips", "C"),
    "weak hips spoil the form": ("running-form", "C"),
    "hip training keeps injuries away": ("fewer-injuries", "B"),
    "weak hips give IT band pain": ("it-band", "CD"),
    "weak hips give runner's knee": ("runners-knee", "AB"),
    "hip work eases runner's knee sooner": ("runners-knee", "AB"),
    "weak hips give heel pain": ("plantar-fasciitis", "C"),
    "weak hips give shin splints": ("shin-splints", "C"),
    "weak hips give low back pain": ("low-back-pain", "B"),
    "hips drive you forward": ("push-off", "C"),
    "straightening the hip swings the leg ahead": ("push-off", "C"),
    "stronger hips make you fast": ("speed", "AD"),
    "a slump late in a race comes from the hips": ("late-race-slump", "CD"),
}
MYTHS = {"sitting", "running-form", "it-band", "runners-knee", "low-back-pain", "push-off", "speed"}


@cache
def known() -> Knowledge:
    return load_content(SHIPPED_DATA).knowledge


def by_slug(slug: str) -> Topic:
    return next(topic for topic in known().topics if topic.slug == slug)


def findings() -> Iterator[Finding]:
    for topic in known().topics:
        yield from topic.findings


def texts(topic: Topic) -> Iterator[str]:
    """Every text of a topic that a member may read."""
    yield from (topic.title, *topic.complaints, topic.claim, topic.answer, topic.advice)
    yield from (finding.note for finding in topic.findings)
    if topic.myth:
        yield topic.myth


def safety_texts() -> Iterator[str]:
    note = known().safety
    yield from (*note.ask_first, *note.see_doctor, *note.emergency, note.note)
    yield from (*note.rules, *note.timing, *(light.advice for light in note.lights))


def of_reference(reference: Reference) -> tuple[str, str]:
    return reference.about, reference.published


each_topic = pytest.mark.parametrize("topic", known().topics, ids=lambda topic: topic.slug)


@pytest.mark.parametrize("belief", BELIEFS)
def test_every_belief_has_a_topic_with_the_grades_of_its_findings(belief):
    slug, grades = BELIEFS[belief]
    assert "".join(sorted({finding.grade for finding in by_slug(slug).findings})) == grades


@pytest.mark.parametrize("slug", sorted(MYTHS))
def test_where_the_common_belief_is_wrong_the_topic_says_so(slug):
    assert by_slug(slug).myth


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("runner's knee", "runners-knee"),
        ("shin splints", "shin-splints"),
        ("IT band", "it-band"),
        ("sitting", "sitting"),
        ("plantar fasciitis", "plantar-fasciitis"),
        ("lower back", "low-back-pain"),
        ("running economy", "speed"),
    ],
)
def test_the_word_people_use_leads_to_one_topic(typed, slug):
    found = [
        topic.slug
        for topic in known().topics
        if plain(typed) in map(plain, (topic.title, *topic.complaints))
    ]
    assert found == [slug]


@each_topic
def test_advice_goes_with_moves_that_are_there_and_named_once(topic):
    assert set(topic.moves) <= {exercise.slug for exercise in shipped()}
    assert len(topic.moves) == len(set(topic.moves))


@each_topic
def test_no_topic_promises_health_or_quotes_a_percentage(topic):
    for text in texts(topic):
        assert not PROMISES.search(text), text
        assert not re.search(r"%|\bper ?cent", text, re.IGNORECASE), text


@each_topic
def test_claims_answers_and_findings_are_whole_sentences(topic):
    notes = [finding.note for finding in topic.findings]
    for text in [topic.claim, topic.answer, topic.advice, topic.myth or "None.", *notes]:
        assert re.match(r"[A-Z“0-9]", text), text
        assert text.endswith((".", "?")), text


@each_topic
def test_a_topic_fits_one_phone_screen(topic):
    assert sum(map(len, texts(topic))) <= 1600


def test_every_text_is_set_in_one_spacing_and_one_apostrophe():
    references = (text for one in known().references.values() for text in of_reference(one))
    read = [text for topic in known().topics for text in texts(topic)]
    for text in [*read, *safety_texts(), *references]:
        assert "'" not in text, f"use ’ in {text}"
        assert "  " not in text
        assert "\n" not in text


def test_every_reference_is_used_and_no_other_is_named():
    used = {note.ref for exercise in shipped() for note in exercise.evidence if note.ref}
    used |= {ref for finding in findings() for ref in finding.refs}
    used |= set(known().safety.refs)
    assert used == set(known().references)


def test_no_number_is_printed_that_we_know_only_at_second_hand():
    second_hand = {ref for ref, one in known().references.items() if one.seen is Seen.SECOND_HAND}
    assert second_hand == {"R18", "R34", "R44"}
    printed = [(finding.note, set(finding.refs)) for finding in findings()]
    printed += [(note.note, {note.ref}) for exercise in shipped() for note in exercise.evidence]
    for text, refs in printed:
        assert not (refs & second_hand and re.search(r"\d", text)), text


def test_what_has_no_reference_is_graded_as_tradition():
    assert {finding.grade for finding in findings() if not finding.refs} == {Grade.D}


def test_no_two_references_share_an_address():
    addresses = [one.url for one in known().references.values() if one.url]
    assert len(addresses) == len(set(addresses)) > 30
    assert all(url.startswith("https://") for url in addresses)


@pytest.mark.parametrize(
    ("ref", "url"),
    [
        ("R13", "https://doi.org/10.4085/1062-6050-49.3.70"),  # it has both
        ("R36", "https://pmc.ncbi.nlm.nih.gov/articles/PMC4004121/"),
        ("R6", None),
    ],
)
def test_a_reference_leads_to_its_doi_or_else_to_its_free_text(ref, url):
    assert known().references[ref].url == url


def test_the_traffic_light_goes_from_green_over_amber_to_red():
    lights = known().safety.lights
    assert [light.colour for light in lights] == list(Colour)
    assert [(light.pain_min, light.pain_max) for light in lights] == [(0, 2), (3, 5), (6, 10)]


def test_the_safety_note_finishes_a_sentence_with_each_sign():
    note = known().safety
    for sign in (*note.ask_first, *note.see_doctor, *note.emergency):
        assert re.match(r"(a|something|bones|you|your)\b", sign), sign
        assert not sign.endswith("."), sign


@pytest.mark.parametrize("sign", ["groin", "night", "numb", "locks", "calf", "chest", "bladder"])
def test_the_safety_note_names_the_signs_that_must_not_wait(sign):
    note = known().safety
    assert any(sign in text for text in (*note.see_doctor, *note.emergency))

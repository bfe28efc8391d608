from dataclasses import replace
from functools import cache

import pytest

from bot.content.catalogue import load_content
from bot.domain.knowledge import Knowledge, Topic
from bot.errors import UnknownTopic
from bot.settings import SHIPPED_DATA
from tests.domain.test_catalogue import SPELLINGS


@cache
def shipped() -> Knowledge:
    return load_content(SHIPPED_DATA).knowledge


def made(slug: str, *complaints: str) -> Topic:
    return replace(shipped().topics[0], slug=slug, title=slug, complaints=complaints)


def knowing(*topics: Topic) -> Knowledge:
    return replace(shipped(), topics=topics)


each_topic = pytest.mark.parametrize("topic", shipped().topics, ids=lambda topic: topic.slug)


@each_topic
def test_a_topic_is_found_by_every_word_for_it_in_any_spelling(topic):
    for name in (topic.slug, topic.title, *topic.complaints):
        for spelled in SPELLINGS:
            assert shipped().topic(spelled(name)) is topic
        assert topic in shipped().search(name)


@each_topic
def test_a_search_for_a_title_shows_that_topic_first(topic):
    assert shipped().search(topic.title)[0] is topic


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("shin splnts", "shin-splints"),
        ("runers knee", "runners-knee"),
        ("my heel pain", "plantar-fasciitis"),
        ("calf", "push-off"),
    ],
)
def test_a_typo_or_a_part_leads_to_the_only_topic_that_matches(typed, slug):
    assert shipped().topic(typed).slug == slug
    assert [topic.slug for topic in shipped().search(typed)] == [slug]


def test_a_word_of_several_topics_is_answered_with_those_first():
    with pytest.raises(UnknownTopic) as error:
        knowing(made("a", "calf"), made("b", "knee, outer"), made("c", "knee")).topic("kne")

    assert error.value.values == {"name": "kne", "nearest": ("b", "c", "a")}


@pytest.mark.parametrize("typed", ["", "  ", "elbow", "🏃", "x" * 6000])
def test_what_nothing_is_known_about_is_answered_with_three_titles(typed):
    with pytest.raises(UnknownTopic) as error:
        shipped().topic(typed)

    near = error.value.values["nearest"]
    assert len(set(near)) == 3
    assert set(near) <= {topic.title for topic in shipped().topics}


def test_nothing_typed_is_no_question_even_if_there_is_one_topic_only():
    with pytest.raises(UnknownTopic):
        knowing(made("a")).topic(" ")


def test_titles_come_before_complaints():
    found = knowing(made("a", "pace"), made("pace")).search("pac")
    assert [topic.slug for topic in found] == ["pace", "a"]


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_shows_all_topics(typed):
    assert shipped().search(typed) == list(shipped().topics)


def test_the_sources_of_a_topic_are_those_of_its_findings_each_once():
    sources = shipped().sources(shipped().topic("runner's knee"))
    assert [source.id for source in sources] == ["R13", "R14", "R10", "R11", "R12"]

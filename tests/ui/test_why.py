from dataclasses import replace

import pytest

from bot.domain.exercise import Grade
from bot.domain.knowledge import Finding, Seen
from bot.ui.why import SourcesCard, WhyCard
from bot.ui.wording import source_lines
from tests.conftest import labels_of, text_of


async def ask(world, topic="runner's knee", **options):
    shown = await world.ann.slash(world.channel, "why", topic=topic, **options)
    return shown.response


def said(view: object) -> str:
    return "\n".join(part.content for part in view.walk_children() if hasattr(part, "content"))


async def test_the_card_tells_belief_answer_evidence_advice_and_when_to_stop(club, app):
    topic = app.knowledge.topic("runner's knee")
    text = text_of(await ask(club))

    parts = [topic.title, topic.claim, topic.answer, topic.myth]
    parts += [f"{club.say(f'grade.{f.grade.value}')}:** {f.note}" for f in topic.findings]
    parts += [topic.advice, app.knowledge.safety.lights[-1].advice]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "6 out of 10" in text


@pytest.mark.parametrize("grade", Grade)
def test_each_grade_is_said_in_words_of_its_own(app, grade):
    say = app.texts.speaking("en-US")
    explanation = app.practice.explain("sitting")
    finding = Finding(grade=grade, note="So it is.", refs=())
    card = WhyCard(replace(explanation, topic=replace(explanation.topic, findings=(finding,))), say)

    assert f"-# **{say(f'grade.{grade.value}')}:** So it is." in said(card)
    assert len({say(f"grade.{each.value}") for each in Grade}) == len(Grade)


async def test_where_the_belief_is_not_wrong_the_card_does_not_say_so(club, app):
    assert app.knowledge.topic("shin splints").myth is None

    before, _ = club.say("why.myth", myth="\0").split("\0")
    assert before not in text_of(await ask(club, "shin splints"))
    assert before in text_of(await ask(club, "runner's knee"))


async def test_every_move_of_the_advice_opens_its_card_beside_the_answer(club, app):
    card = await ask(club)
    moves = [app.catalogue.get(slug) for slug in app.knowledge.topic("runner's knee").moves]
    assert labels_of(card) == [*(move.name for move in moves), club.say("why.sources")]

    for move in moves:
        shown = await club.ann.click(card, label=move.name)
        assert shown.ephemeral
        assert shown.response.id != card.id
        assert text_of(shown.response).startswith(f"## {move.name}\n")
    assert text_of(card).startswith("## Runner’s knee\n")


async def test_a_move_of_a_shared_answer_counts_for_the_day_of_the_click(club, clock):
    card = await ask(club, share=True)
    clock.advance(days=40)

    shown = await club.ben.click(card, label="Clamshell")
    await club.ben.click(shown.response, label="Done")

    assert shown.ephemeral
    assert club.completions() == [(club.ben.id, "2026-08-11", "clamshell", "standard")]


async def test_sources_are_told_privately_with_author_year_and_link(club, app):
    card = await ask(club, share=True)
    sources = await club.ben.click(card, label=club.say("why.sources"))

    assert sources.ephemeral
    text = text_of(sources.response)
    for source in app.knowledge.sources(app.knowledge.topic("runner's knee")):
        assert f"{source.about}\n-# {source.authors} · " in text
        assert f"[{source.published}](<{source.url}>)" in text
    assert "Hamstra-Wright · 2015 · [J Athl Train" in text
    assert club.say("why.grades") in text


def test_a_source_leaves_out_what_is_not_known_and_says_what_is_second_hand(app):
    say = app.texts.speaking("en-US")
    whole = app.knowledge.references["R13"]
    bare = replace(whole, authors=None, year=None, doi=None, pmc=None)
    heard = replace(bare, seen=Seen.SECOND_HAND)

    assert source_lines(bare, say) == f"{whole.about}\n-# {whole.published}"
    assert source_lines(heard, say) == f"{source_lines(bare, say)} · {say('why.second_hand')}"


def test_a_topic_without_sources_says_so(app):
    say = app.texts.speaking("en-US")
    card = SourcesCard(replace(app.practice.explain("sitting"), sources=()), say)

    assert say("why.no_sources") in said(card)

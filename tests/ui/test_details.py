"""What stands behind a card opens privately, whoever clicks."""

import pytest

from tests.conftest import labels_of, text_of


@pytest.fixture
async def card(club):
    """A card that everybody sees."""
    options = {"name": "side-plank-knee-drive", "share": True}
    return (await club.ann.slash(club.channel, "exercise", **options)).response


@pytest.fixture
def move(app):
    return app.catalogue.get("side-plank-knee-drive")


async def ask(club, message: object, detail: str):
    answer = await club.ben.click(message, label=club.say(f"detail.{detail}"))
    assert answer.ephemeral
    return answer.response


async def test_feel_tells_where_and_which_muscles(club, card, move):
    text = text_of(await ask(club, card, "feel"))
    for place in move.feel:
        assert f"- {place}" in text
    assert club.say(f"muscle.{move.primary_muscles[0].value}") in text


async def test_mistakes_come_with_what_mends_them(club, card, move):
    text = text_of(await ask(club, card, "mistakes"))
    for fault in move.faults:
        assert club.say("detail.mistake", fault=fault.fault, fix=fault.fix) in text


async def test_why_tells_the_benefit_and_how_sure_that_is_and_leads_to_the_sources(
    club, card, move, app
):
    why = await ask(club, card, "why")
    assert move.benefit in text_of(why)
    for evidence in move.evidence:
        assert evidence.note in text_of(why)
    assert club.say("why.grades") in text_of(why)

    sources = text_of(await ask(club, why, "sources"))
    for evidence in move.evidence:
        if evidence.ref:
            assert app.knowledge.references[evidence.ref].about in sources


async def test_pain_shows_the_whole_traffic_light_and_when_to_get_help(club, card, move, app):
    pain = await ask(club, card, "pain")
    safety = app.knowledge.safety
    for light in safety.lights:
        assert light.advice in text_of(pain)
    for sign in (*safety.see_doctor, *safety.emergency, safety.note):
        assert sign in text_of(pain)
    assert club.say("card.stop", reasons="; ".join(move.stop)) in text_of(pain)

    before = text_of(await ask(club, pain, "before"))
    for line in (*safety.ask_first, *safety.rules, *safety.timing):
        assert f"- {line}" in before


async def test_details_are_those_of_the_rung_that_is_shown(club, card, move):
    easier = (await club.ben.click(card, label="Easier")).response
    rung = move.ladder[move.standard - 1]
    assert text_of(await ask(club, easier, "feel")).startswith(f"## {rung.name}: ")


async def test_outside_a_club_a_card_has_its_details_too(world):
    card = (await world.ann.slash(world.channel, "exercise", name="hip-hike")).response
    assert labels_of(card) == [
        "Easier",
        "Harder",
        "Follow along",
        "Feel",
        "Mistakes",
        "Why",
        "Pain?",
    ]
    assert world.say("card.no_club") in text_of(card)

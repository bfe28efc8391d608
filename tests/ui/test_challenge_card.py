import pytest

from tests.conftest import labels_of, text_of


async def test_it_shows_the_move_whole(posted):
    [card] = posted.messages
    move = (await posted.app.daily.today(posted.club_id)).exercise

    text = text_of(card)
    assert text.startswith(f"## {posted.say('challenge.title', name=move.name)}\n")
    for phase in move.phases:
        assert phase in text
    assert posted.say("card.stop", reasons="; ".join(move.stop)) in text
    assert posted.say("challenge.done_by_none") in text
    assert len(labels_of(card)) == 7


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("challenge.done", "standard"),
        ("challenge.done_easier", "easier"),
        ("challenge.done_harder", "harder"),
    ],
)
async def test_each_done_counts_privately_at_its_level(posted, key, level):
    done = await posted.ann.click(posted.messages[-1], label=posted.say(key))

    assert done.ephemeral
    [(member, day, _, done_level)] = posted.completions()
    assert (member, day, done_level) == (posted.ann.id, "2026-07-03", level)
    assert len(posted.messages) == 1


@pytest.mark.parametrize("way", ["easier", "standard", "harder"])
async def test_each_rung_is_shown_privately_with_its_done(posted, way):
    move = (await posted.app.daily.today(posted.club_id)).exercise
    offset = {"easier": -1, "standard": 0, "harder": 1}[way]
    before = text_of(posted.messages[-1])

    card = await posted.ann.click(posted.messages[-1], label=posted.say(f"challenge.show_{way}"))

    assert card.ephemeral
    assert text_of(card.response).startswith(f"## {move.ladder[move.standard + offset].name}\n")
    assert text_of(posted.messages[-1]) == before
    await posted.ann.click(card.response, label="Done")
    assert posted.completions()[0][3] == way


async def test_done_on_fridays_card_works_on_saturday_and_not_on_sunday(posted, clock):
    [card] = posted.messages
    clock.advance(days=1)
    saturday = await posted.ann.click(card, label="Done")
    clock.advance(days=1)
    sunday = await posted.ben.click(card, label="Done")

    assert "Friday 3 July" in saturday.response.content
    assert sunday.response.content == posted.say("error.too_late", day="Friday 3 July")
    assert [row[0] for row in posted.completions()] == [posted.ann.id]


async def test_a_late_done_refreshes_the_card_of_its_own_day(posted, clock):
    clock.advance(days=1)
    await posted.tick()
    friday, saturday = posted.messages
    await posted.ann.click(friday, label="Done")
    await posted.tick()

    assert posted.say("challenge.done_by", n=1) in text_of(posted.messages[0])
    assert text_of(posted.messages[1]) == text_of(saturday)

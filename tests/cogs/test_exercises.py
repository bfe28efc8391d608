import re

import pytest

from bot.domain.exercise import Category, Difficulty, Equipment, Muscle
from tests.conftest import labels_of, text_of


def names_of(message: object) -> list[str]:
    return re.findall(r"^\*\*\d+\. (.+)\*\*$", text_of(message), re.MULTILINE)


async def test_without_a_filter_every_move_is_there_page_by_page(club, app):
    page = (await club.ann.slash(club.channel, "exercises")).response
    seen = names_of(page)
    while club.say("browse.next") in labels_of(page):
        page = (await club.ann.click(page, label=club.say("browse.next"))).response
        seen += names_of(page)

    assert seen == [exercise.name for exercise in app.catalogue]


async def test_paging_goes_forth_and_back_in_the_same_message(club):
    first = (await club.ann.slash(club.channel, "exercises")).response
    before = text_of(first)
    assert club.say("browse.previous") not in labels_of(first)

    second = (await club.ann.click(first, label=club.say("browse.next"))).response
    assert second.id == first.id
    assert "Page 2 of" in text_of(second)
    assert not set(names_of(second)) & set(re.findall(r"\*\*\d+\. (.+)\*\*", before))

    back = (await club.ann.click(second, label=club.say("browse.previous"))).response
    assert text_of(back) == before


@pytest.mark.parametrize(
    ("option", "values", "fits"),
    [
        ("kind", Category, lambda e, value: e.category is value),
        ("muscle", Muscle, lambda e, value: value in e.muscles),
        ("equipment", Equipment, lambda e, value: value in e.equipment),
        ("level", Difficulty, lambda e, value: e.difficulty is value),
    ],
)
async def test_each_value_of_each_filter_narrows_the_list(club, app, option, values, fits):
    for value in values:
        page = await club.ann.slash(club.channel, "exercises", **{option: value.value})

        wanted = [e.name for e in app.catalogue if fits(e, value)]
        assert names_of(page.response) == wanted[:5]
        assert f"{len(wanted)} exercise" in text_of(page.response)


async def test_filters_combine_and_stand_in_the_title(club):
    page = await club.ann.slash(
        club.channel, "exercises", kind="strength", muscle="glute_med", equipment="mini_band"
    )

    title = text_of(page.response).splitlines()[0]
    assert title == "## Exercises · strength · outer hips · mini band"
    assert "Monster steps" in names_of(page.response)


async def test_a_filter_survives_paging(club, app):
    strong = [e.name for e in app.catalogue if Muscle.GLUTE_MED in e.muscles]
    assert len(strong) > 5
    page = (await club.ann.slash(club.channel, "exercises", muscle="glute_med")).response

    second = (await club.ann.click(page, label=club.say("browse.next"))).response

    assert names_of(second) == strong[5:10]


async def test_no_result_says_what_to_do(club):
    page = await club.ann.slash(
        club.channel, "exercises", kind="drill", equipment="kettlebell", level="advanced"
    )

    assert club.say("browse.none") in text_of(page.response)
    assert labels_of(page.response) == [
        club.say(f"browse.{what}") for what in ("only_bare", "only_beginner", "all")
    ]


async def test_a_number_opens_the_card_beside_the_list(club):
    page = (await club.ann.slash(club.channel, "exercises", equipment="step")).response
    name = names_of(page)[1]

    card = await club.ann.click(page, label="2")

    assert card.ephemeral
    assert card.response.id != page.id
    assert text_of(card.response).startswith(f"## {name}\n")
    assert "Done" in labels_of(card.response)


async def test_a_page_shows_a_still_of_each_move_with_its_description(club, app):
    page = (await club.ann.slash(club.channel, "exercises")).response

    stills = [c["accessory"] for c in page.components[0]["components"] if "accessory" in c]
    moves = list(app.catalogue)[:5]
    assert [still["description"] for still in stills] == [move.alt_text for move in moves]
    for still, move in zip(stills, moves, strict=True):
        assert still["media"]["url"].endswith(f"/{move.slug}.still.png")


async def test_a_tap_narrows_the_list_and_another_widens_it_again(club, app):
    page = (await club.ann.slash(club.channel, "exercises", muscle="glute_med")).response
    all_of_them = names_of(page)

    await club.ann.click(page, label=club.say("browse.only_bare"))
    await club.ann.click(page, label=club.say("browse.only_beginner"))
    bare = [
        e.name
        for e in app.catalogue.filter(
            muscle=Muscle.GLUTE_MED, equipment=Equipment.NONE, difficulty=Difficulty.BEGINNER
        )
    ]
    assert names_of(page) == bare[:5]
    await club.ann.click(page, label=club.say("browse.only_beginner"))
    await club.ann.click(page, label=club.say("browse.only_bare"))
    assert names_of(page) == all_of_them

    await club.ann.click(page, label=club.say("browse.all"))
    assert text_of(page).startswith(f"## {club.say('browse.title')}\n")
    assert club.say("browse.all") not in labels_of(page)


async def test_the_list_is_private_and_works_in_direct_messages(club):
    in_channel = await club.ann.slash(club.channel, "exercises")
    alone = await club.ann.user.slash("exercises")

    assert in_channel.ephemeral
    assert "Page 1 of" in text_of(alone.response)


def test_choices_are_offered_by_the_names_runners_use(world):
    [commands] = world.requests("PUT", "/commands")
    [browse] = [c for c in commands if c["name"] == "exercises"]
    names = [choice["name"] for option in browse["options"] for choice in option["choices"]]

    assert [name for name in names if "_" in name or name.isupper()] == []

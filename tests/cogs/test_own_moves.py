"""A coach adds, imports, lists and retires moves of the club's own; nobody else can."""

import re
from pathlib import Path

import pytest
import simcord

from bot.app import open_app
from bot.client import Bot
from bot.errors import (
    BadPack,
    NoPack,
    NotSetUp,
    TooManyMoves,
    UnknownExercise,
    UnknownOwnMove,
)
from tests.conftest import labels_of, text_of
from tests.simcord_gaps import delete_role

pytestmark = pytest.mark.slow

PACK = (Path(__file__).parents[2] / "docs" / "example-pack.toml").read_bytes()
TYPED = {
    "name": "Hill bounds",
    "steps": "1. Stand at the foot of a hill.\n- Bound up it, knees high.\n\nWalk back down.",
    "dose": "2-3 x 8 each leg",
    "level": ["advanced"],
    "stop": "Stop if your Achilles hurts.",
}


async def fill_in(world, **changes):
    """Open the form as the coach, fill it in, and return the answer."""
    modal = await world.coach.slash(world.channel, "club exercise add", muscle="calves")
    return await world.coach.submit_modal(modal, {**TYPED, **changes})


def typed_in(opened):
    """What stands in a form that was just opened."""
    inputs = [label["component"] for label in opened.modal["components"]]
    return {
        one["custom_id"]: [o["value"] for o in one["options"] if o.get("default")]
        if "options" in one
        else one.get("value", "")
        for one in inputs
    }


async def add(world, **changes):
    preview = await fill_in(world, **changes)
    return await world.coach.click(preview.response, label="Save")


async def load(world, data, name="pack.toml"):
    return await world.coach.slash(world.channel, "club exercise import", file=(name, data))


async def suggested(member, channel, command="exercise", typed=""):
    return [c["value"] for c in await member.autocomplete(channel, command, "name", typed)]


async def test_a_form_becomes_a_preview_and_saved_a_move_that_everybody_finds(club):
    preview = await fill_in(club)

    text = text_of(preview.response)
    assert preview.ephemeral
    assert text.startswith(club.say("own.preview"))
    assert "## Hill bounds\n" in text
    assert "1. Stand at the foot of a hill.\n2. Bound up it, knees high.\n3. Walk back" in text
    assert "2–3 × 8 times each leg" in text
    assert club.say("card.stop", reasons="your Achilles hurts") in text
    assert labels_of(preview.response) == ["Easier", "Harder", "Save", "Edit", "Discard"]
    assert await suggested(club.ann, club.channel, typed="hill bounds") == []

    saved = await club.coach.click(preview.response, label="Save")
    assert "Hill bounds" in text_of(saved.response)
    assert labels_of(saved.response) == []
    assert await suggested(club.ann, club.channel, typed="hill bounds") == ["own-hill-bounds"]
    shown = await club.ann.slash(club.channel, "exercise", name="hill bounds")
    assert text_of(shown.response).startswith("## Hill bounds\n")


async def test_the_preview_shows_every_rung(club):
    preview = await fill_in(club)

    harder = await club.coach.click(preview.response, label="Harder")
    assert "## Hill bounds, harder\n" in text_of(harder.response)
    standard = await club.coach.click(preview.response, label="Standard")
    assert "## Hill bounds\n" in text_of(standard.response)
    easier = await club.coach.click(preview.response, label="Easier")
    assert "## Hill bounds, easier\n" in text_of(easier.response)
    assert "2–3 × 4 times each leg" in text_of(easier.response)


async def test_a_move_of_the_club_is_done_and_counted_as_any_other(club):
    await add(club)
    shown = await club.ann.slash(club.channel, "exercise", name="hill bounds")
    harder = await club.ann.click(shown.response, label="Harder")
    done = await club.ann.click(harder.response, label="Done")

    assert "**Hill bounds**, harder version, done" in done.response.content
    assert club.completions() == [(club.ann.id, "2026-07-02", "own-hill-bounds", "harder")]
    assert "Hill bounds × 1" in text_of((await club.ann.slash(club.channel, "me")).response)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "Monster-Steps"}, "name"),
        ({"dose": "plenty"}, "dose"),
        ({"steps": "x" * 161}, "steps"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_typed_is_lost(club, wrong, field):
    refused = await fill_in(club, **wrong)

    text = text_of(refused.response)
    assert text.startswith(club.say("own.refused"))
    assert f"• **{club.say(f'own.{field}')}**: " in text
    assert labels_of(refused.response) == ["Edit", "Discard"]
    again = await club.coach.click(refused.response, label="Edit")
    kept = typed_in(again)
    assert kept == {**TYPED, **wrong}
    mended = await club.coach.submit_modal(again, {**kept, **{key: TYPED[key] for key in wrong}})
    assert "## Hill bounds\n" in text_of(mended.response)
    assert labels_of(mended.response)[-3:] == ["Save", "Edit", "Discard"]


async def test_what_is_discarded_is_gone(club):
    preview = await fill_in(club)
    gone = await club.coach.click(preview.response, label="Discard")

    assert text_of(gone.response) == club.say("own.discarded")
    assert await suggested(club.ann, club.channel, typed="hill bounds") == []


async def test_an_older_preview_saves_nothing(club):
    first = await fill_in(club)
    await fill_in(club, name="Stair bounds")
    late = await club.coach.click(first.response, label="Save")

    assert late.response.content == club.say("error.draft_gone")
    assert await suggested(club.ann, club.channel, typed="bounds") == []


async def test_a_move_is_added_without_stop_signs_and_gets_the_general_ones(club):
    preview = await fill_in(club, stop="")

    signs = "; ".join(club.app.knowledge.safety.stop)
    assert club.say("card.stop", reasons=signs) in text_of(preview.response)


async def test_hostile_text_shows_as_plain_text_and_pings_nobody(club):
    steps = "@everyone <@1> [free](https://x.y) ||a|| `b`\n# **c** </help:1>"
    await add(club, name="*B* @here <@&1>", steps=steps)
    [slug] = await suggested(club.ann, club.channel, typed="*b*")
    shown = await club.ann.slash(club.channel, "exercise", name=slug, share=True)

    text = text_of(shown.response)
    assert " \uff20here " in text  # its wide twin
    for part in ("@everyone", "@here", "<@", "](", "||", "`", "://", "</"):
        assert part not in text
    answer = club.requests("POST", "/callback")[-1]
    assert answer["data"]["allowed_mentions"] == {"parse": []}


async def test_a_pack_is_previewed_page_by_page_and_saved_at_once(club):
    shown = await load(club, PACK)

    assert shown.ephemeral
    counts = club.say("own.count_new", n=2)
    first = text_of(shown.response)
    assert first.startswith(club.say("own.preview_pack", counts=counts, n=1, count=2))
    following = await club.coach.click(shown.response, label=club.say("browse.next"))
    second = text_of(following.response)
    assert re.findall("^## (.*)$", f"{first}\n{second}", re.M) == ["Hill bounds", "Wall sit"]

    saved = await club.coach.click(following.response, label=club.say("own.save", n=2))
    assert club.say("own.names_new", names="Hill bounds, Wall sit") in text_of(saved.response)
    assert await suggested(club.ann, club.channel, typed="wall sit") == ["own-wall-sit"]


async def test_the_same_pack_again_says_what_is_new_changed_and_the_same(club):
    preview = await load(club, PACK)
    await club.coach.click(preview.response, label=club.say("own.save", n=2))

    same = (await load(club, PACK)).response
    assert text_of(same).startswith("Nothing in this pack has changed: 2 as before.")
    assert "Save" not in "".join(labels_of(same))

    third = PACK.replace(b"Wall sit", b"Long wall sit") + PACK.split(b"[wall-sit]")[1].replace(
        b'name = "Wall sit"', b'name = "Box sit"'
    ).join([b"\n[box-sit]", b""])
    mixed = (await load(club, third)).response
    assert "1 new, 1 changed, 1 as before" in text_of(mixed)
    saved = await club.coach.click(mixed, label=club.say("own.save", n=2))
    assert club.say("own.names_changed", names="Long wall sit") in text_of(saved.response)
    assert (await suggested(club.ann, club.channel, typed="box sit"))[0] == "own-box-sit"


async def test_500_errors_are_20_lines_and_the_count_and_nothing_is_imported(club):
    keys = b"".join(b"key%d = 1\n" % i for i in range(6))
    data = b"".join(b"[m%d]\nname = ''\n%s" % (i, keys) for i in range(50))
    refused = await load(club, data)

    simcord.assert_error(club.env, BadPack)
    text = refused.response.content
    assert "500 things are wrong" in text
    assert len(re.findall(r"^\d+: m\d+\.", text, re.M)) == 20
    assert len(text) <= 2000
    assert await suggested(club.ann, club.channel, typed="m1") == []


async def test_a_picture_that_says_it_is_text_is_refused_in_a_sentence(club):
    refused = await load(club, b"\x89PNG\r\n\x1a\n\x00\xff", "pack.txt")

    simcord.assert_error(club.env, NoPack)
    assert refused.response.content == club.say("error.no_pack", most=256)


async def test_what_a_broken_pack_says_cannot_leave_its_block(club):
    refused = await load(club, b"[x]\nname = '```@everyone'\nlevel = '``` **b**'\n")

    simcord.assert_error(club.env, BadPack)
    assert refused.response.content.count("```") == 2


async def test_retired_it_is_offered_no_more_but_counted_and_known_to_old_cards(club, clock):
    await add(club)
    card = await club.ann.slash(club.channel, "exercise", name="hill bounds")
    await club.ann.click(card.response, label="Done")
    assert await suggested(club.coach, club.channel, "club exercise retire") == ["own-hill-bounds"]

    retired = await club.coach.slash(club.channel, "club exercise retire", name="own-hill-bounds")
    assert retired.response.content == club.say("own.retired", name="Hill bounds")
    assert await suggested(club.ann, club.channel, typed="hill bounds") == []
    assert await suggested(club.coach, club.channel, "club exercise retire") == []
    unknown = await club.ann.slash(club.channel, "exercise", name="hill bounds")
    simcord.assert_error(club.env, UnknownExercise)
    assert "“hill bounds”" in unknown.response.content

    assert "Hill bounds × 1" in text_of((await club.ann.slash(club.channel, "me")).response)
    again = await club.ann.click(card.response, label="Done")
    assert "**Hill bounds** was already counted" in again.response.content
    harder = await club.ann.click(card.response, label="Harder")
    assert "## Hill bounds, harder\n" in text_of(harder.response)
    clock.advance(days=5)
    late = await club.ann.click(harder.response, label="Done")
    assert late.response.content.startswith("That card is from Thursday 2 July")
    listed = await club.coach.slash(club.channel, "club exercise list")
    assert club.say("own.retired_count", n=1) in text_of(listed.response)


async def test_added_again_a_retired_move_comes_back(club):
    await add(club)
    await club.coach.slash(club.channel, "club exercise retire", name="hill bounds")
    await add(club, dose="10")

    shown = await club.ann.slash(club.channel, "exercise", name="hill bounds")
    assert "10 times" in text_of(shown.response)


async def test_what_the_club_has_none_of_cannot_be_retired(club):
    for name in ("monster-steps", "*nonsense*"):
        refused = await club.coach.slash(club.channel, "club exercise retire", name=name)
    simcord.assert_error(club.env, UnknownOwnMove)
    assert r"“\*nonsense\*”" in refused.response.content


async def test_the_list_says_what_is_kept_out_of_the_daily_challenge(club):
    empty = await club.coach.slash(club.channel, "club exercise list")
    assert club.say("own.none") in text_of(empty.response)

    await add(club)
    modal = await club.coach.slash(
        club.channel, "club exercise add", muscle="calves", kind="drill", daily=False
    )
    preview = await club.coach.submit_modal(modal, {**TYPED, "name": "Strides"})
    await club.coach.click(preview.response, label="Save")

    lines = text_of((await club.coach.slash(club.channel, "club exercise list")).response)
    assert club.say("own.listed", name="Hill bounds") in lines.splitlines()
    assert club.say("own.listed_aside", name="Strides") in lines.splitlines()
    assert club.say("own.room", n=2, most=50) in lines


async def test_a_full_club_is_told_before_it_types(club):
    moves = b"".join(
        b"[m%d]\nname='Move %d'\nphases=['Go.']\nprimary_muscles=['calves']\ndose={reps_min=1}\n"
        % (i, i)
        for i in range(50)
    )
    preview = await load(club, moves)
    await club.coach.click(preview.response, label=club.say("own.save", n=50))

    refused = await club.coach.slash(club.channel, "club exercise add", muscle="calves")
    simcord.assert_error(club.env, TooManyMoves)
    assert refused.response.content == club.say("error.too_many_moves", most=50, n=50)
    listed = await club.coach.slash(club.channel, "club exercise list")
    assert club.say("own.room", n=50, most=50) in text_of(listed.response)


async def test_members_cannot_even_with_a_coachs_buttons(club):
    for command, options in (
        ("add", {"muscle": "calves"}),
        ("import", {"file": ("a.toml", PACK)}),
        ("list", {}),
        ("retire", {"name": "hill bounds"}),
    ):
        with pytest.raises(simcord.SetupError):
            await club.ann.slash(club.channel, f"club exercise {command}", **options)
    preview = await fill_in(club)
    await delete_role(club.guild.roles["Coach"])
    for label in ("Save", "Harder", "Edit", "Discard"):
        refused = await club.coach.click(preview.response, label=label)
        assert "Manage Server" in refused.response.content
    assert await suggested(club.ann, club.channel, typed="hill bounds") == []


async def test_a_server_that_is_no_club_is_told_so_before_the_form(world):
    refused = await world.coach.slash(world.channel, "club exercise add", muscle="calves")

    simcord.assert_error(world.env, NotSetUp)
    assert refused.response.content == world.say("error.not_set_up_coach")


async def test_a_preview_survives_a_restart(club, settings, clock):
    preview = await fill_in(club)
    await club.env.bot.close()
    async with open_app(settings, clock) as fresh:
        bot = Bot(fresh, is_ticking=False)
        await club.env.restart_bot(bot)
        saved = await club.coach.click(preview.response, label="Save")
        assert club.say("own.names_new", names="Hill bounds") in text_of(saved.response)
        await bot.close()

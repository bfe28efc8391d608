import discord
import pytest
import simcord

from bot.errors import UnknownTopic
from tests.conftest import DETAILS, labels_of, text_of
from tests.simcord_gaps import interaction_context


@pytest.mark.parametrize("topic", ["runners-knee", "runner's knee", " RUNNER’S  KNEE ", "PFP"])
async def test_slug_title_and_complaint_in_any_spelling_are_answered(club, topic):
    shown = await club.ann.slash(club.channel, "why", topic=topic)

    assert text_of(shown.response).startswith("## Runner’s knee\n")


async def test_an_answer_is_private_unless_it_is_shared(club):
    await club.ann.slash(club.channel, "why", topic="sitting")
    assert club.messages == []

    await club.ann.slash(club.channel, "why", topic="sitting", share=True)
    [message] = club.messages
    assert text_of(message).startswith("## Sitting all day\n")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("runner's knee", "Runner’s knee"),
        ("shin spl", "Shin splints"),
        ("shni splints", "Shin splints"),  # a typo
        ("desk", "Sitting all day"),  # a complaint
    ],
)
async def test_topics_complaints_and_typos_are_suggested(club, typed, first):
    choices = await club.ann.autocomplete(club.channel, "why", "topic", typed)

    assert choices[0]["name"] == first


async def test_nothing_typed_suggests_every_topic(club, app):
    choices = await club.ann.autocomplete(club.channel, "why", "topic", "")

    assert [c["value"] for c in choices] == [t.slug for t in app.knowledge.topics][:25]


async def test_gibberish_suggests_nothing(club):
    assert await club.ann.autocomplete(club.channel, "why", "topic", "%&/ zzqx") == []


async def test_an_unknown_topic_is_answered_with_the_three_nearest(club):
    shown = await club.ann.slash(club.channel, "why", topic="*elbow*")

    simcord.assert_error(club.env, UnknownTopic)
    assert r"“\*elbow\*”. Did you mean **" in shown.response.content
    assert shown.response.content.count("**") == 6
    assert shown.ephemeral


async def test_a_topic_as_long_as_discord_allows_is_answered(club):
    shown = await club.ann.slash(club.channel, "why", topic="*_" * 3000)

    simcord.assert_error(club.env, UnknownTopic)
    assert len(shown.response.content) < 500


async def test_a_direct_message_gets_the_answer_and_its_moves_without_done(club):
    shown = await club.ann.user.slash("why", topic="sitting")
    assert "Couch stretch" in labels_of(shown.response)

    move = await club.ann.user.click(shown.response, label="Couch stretch")
    assert labels_of(move.response) == ["Easier", "Harder", "Follow along", *DETAILS]


async def test_an_app_that_only_the_user_installed_answers(world):
    with interaction_context(user_install=True, private=True):
        shown = await world.ann.user.slash("why", topic="sitting")
        sources = await world.ann.user.click(shown.response, label=world.say("why.sources"))

    assert "Boukabache" in text_of(sources.response)


async def test_answers_ping_nobody(club):
    await club.ann.slash(club.channel, "why", topic="sitting", share=True)

    [answer] = club.requests("POST", "/callback")[-1:]
    assert answer["data"]["allowed_mentions"] == discord.AllowedMentions.none().to_dict()

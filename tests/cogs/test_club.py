import asyncio

import discord
import pytest
import simcord

from bot.errors import (
    BadTime,
    BadZone,
    ChannelGone,
    EveryoneRole,
    MissingPermission,
    NoAnswer,
    NotSetUp,
    NotThere,
    Problems,
    RaceOutOfReach,
)
from bot.services.clubs import SetUp
from bot.ui.permissions import NEEDED
from tests.conftest import labels_of, text_of
from tests.simcord_gaps import delete_channel, delete_role, deny_bot

SEVEN = 1783058400  # on 3 July 2026 in London


async def status(world) -> str:
    shown = await world.coach.slash(world.channel, "club status")
    assert shown.ephemeral
    return text_of(shown.response)


async def is_set_up(world) -> bool:
    return await world.app.practice.day(world.club_id) is not None


async def test_setup_answers_privately_with_the_settings_and_the_next_challenge(world):
    saved = await world.set_up()

    text = text_of(saved.response)
    assert saved.ephemeral
    assert f"<#{world.channel.id}>" in text
    assert "07:00, Europe/London" in text
    assert world.say("club.no_role") in text
    assert world.say("club.target", n=3, now=3) in text
    assert f"<t:{SEVEN}:F>" in text
    assert labels_of(saved.response) == [world.say("club.post_now")]
    assert world.messages == []


@pytest.mark.parametrize("time", ["7am", "07:00", "7", "7.00", "0700"])
async def test_a_time_may_be_written_as_people_write_it(world, time):
    assert "07:00, Europe/London" in text_of((await world.set_up(time=time)).response)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "europe/berlin", "Berlin"])
async def test_a_zone_may_be_typed_by_name_or_city(world, zone):
    assert "07:00, Europe/Berlin" in text_of((await world.set_up(timezone=zone)).response)


async def test_a_target_is_saved(world):
    saved = await world.set_up(target=5)

    assert world.say("club.target", n=5, now=5) in text_of(saved.response)


async def test_a_changed_target_counts_from_monday(club):
    text = text_of((await club.set_up(target=5)).response)

    assert club.say("club.target_soon", n=5, now=3) in text


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("lond", "Europe/London"), ("germany", "Europe/Berlin"), ("Nairobi", "Africa/Nairobi")],
)
async def test_zones_are_suggested_by_city_and_by_country_with_their_time(world, typed, zone):
    choices = await world.coach.autocomplete(world.channel, "club setup", "timezone", typed)

    [choice] = [choice for choice in choices if choice["value"] == zone]
    assert zone in choice["name"]
    assert "1" in choice["name"].split(": ")[1]  # the time there, 13:00 to 15:00
    assert len(choices) <= 25


async def test_a_country_with_many_zones_is_cut_to_what_discord_shows(world):
    choices = await world.coach.autocomplete(world.channel, "club setup", "timezone", "")

    assert len(choices) == 25
    assert all(len(choice["name"]) <= 100 for choice in choices)


async def test_a_bad_time_is_named_with_what_would_be_right(world):
    refused = await world.set_up(time="25:99")

    simcord.assert_error(world.env, BadTime)
    assert refused.response.content == world.say("error.bad_time", time="25:99")
    assert not await is_set_up(world)


async def test_a_bad_zone_is_answered_with_the_nearest(world):
    refused = await world.set_up(timezone="London/Europe")

    simcord.assert_error(world.env, BadZone)
    assert "“London/Europe”" in refused.response.content
    assert "**Europe/London**" in refused.response.content
    assert not await is_set_up(world)


async def test_everyone_cannot_be_pinged(world):
    refused = await world.set_up(role=world.guild.default_role)

    simcord.assert_error(world.env, EveryoneRole)
    assert refused.response.content == world.say("error.everyone_role")
    assert not await is_set_up(world)


async def test_a_failed_setup_leaves_the_old_settings_alone(club):
    before = await status(club)
    await club.set_up(time="never", target=7)

    simcord.assert_error(club.env, BadTime)
    assert await status(club) == before


async def test_a_role_is_pinged_in_the_post_and_nobody_else(world, clock):
    runners = world.guild.create_role("Runners", mentionable=True)
    saved = await world.set_up(role=runners)
    assert world.say("club.role", role=runners.id) in text_of(saved.response)
    assert "⚠️" not in text_of(saved.response)

    clock.advance(hours=18)
    await world.tick()

    [sent] = world.requests("POST", "/messages")
    assert sent["allowed_mentions"] == {"parse": [], "roles": [runners.id]}
    assert f"<@&{runners.id}>" in text_of(world.messages[-1])


async def test_without_a_role_the_post_pings_nobody(posted):
    [sent] = posted.requests("POST", "/messages")

    assert sent["allowed_mentions"] == {"parse": []}
    assert "<@" not in text_of(posted.messages[-1])


async def test_a_role_that_may_not_be_mentioned_is_warned_about(world):
    bot_role = world.guild.roles["TestBot"]
    everything = discord.Permissions.all()
    everything.update(mention_everyone=False, administrator=False)
    world.env.backend.edit_role(world.guild.id, bot_role.id, {"permissions": everything.value})
    shy = world.guild.create_role("Shy", mentionable=False)

    saved = await world.set_up(role=shy)

    warning = world.say("remedy.role_silent", role=shy.id)
    assert world.say("club.problem", problem=warning) in text_of(saved.response)
    assert warning in await status(world)


async def test_the_second_of_two_coaches_wins_and_both_are_told(world):
    manager = world.guild.roles["Coach"]
    other = world.guild.add_member(world.env.create_user("dora"), roles=[manager])
    wanted = {"channel": world.channel, "timezone": "Europe/London"}

    first = await world.coach.slash(world.channel, "club setup", time="07:00", **wanted)
    second = await other.slash(world.channel, "club setup", time="08:00", **wanted)

    assert f"<@{world.coach.id}>" in text_of(second.response)
    [told] = first.followups
    assert told.content == world.say("club.was_replaced", coach=other.id)
    assert told.ephemeral
    assert "08:00, Europe/London" in await status(world)


async def test_two_set_ups_in_one_moment_leave_one_whole_set_of_settings(world, app):
    def wanted(coach_id: int, time: str, target: int) -> SetUp:
        return SetUp(
            club_id=world.club_id,
            channel_id=world.channel.id,
            time=time,
            timezone="Europe/London",
            role_id=None,
            target=target,
            coach_id=coach_id,
        )

    saved = await asyncio.gather(
        app.clubs.set_up(wanted(world.coach.id, "07:00", 2)),
        app.clubs.set_up(wanted(world.ann.id, "08:00", 4)),
    )

    first, last = sorted(saved, key=lambda one: one.before is not None)
    now = (await app.clubs.status(world.club_id)).club
    assert first.before is None
    assert last.before.set_up_by == first.club.set_up_by
    assert (now.set_up_by, now.post_time) == (last.club.set_up_by, last.club.post_time)


async def test_a_server_that_is_no_club_has_no_status(world):
    for command in ("club status", "club pause", "club resume"):
        shown = await world.coach.slash(world.channel, command)
        assert shown.response.content == world.say("error.not_set_up_coach")
    simcord.assert_error(world.env, NotSetUp)


async def test_a_fresh_status_is_well(club):
    text = await status(club)

    assert club.say("club.no_last") in text
    assert f"<t:{SEVEN}:F>" in text
    assert text.endswith(club.say("club.well"))


async def test_status_links_to_the_last_challenge(posted):
    text = await status(posted)

    message = posted.messages[-1]
    assert "Friday 3 July" in text
    assert f"/channels/{posted.club_id}/{posted.channel.id}/{message.id}" in text
    assert f"<t:{SEVEN + 86400}:F>" in text
    assert text.endswith(posted.say("club.well"))


async def test_status_says_what_to_do_about_a_deleted_channel(club):
    office = club.guild.create_text_channel("office")
    await delete_channel(club.channel)

    text = text_of((await club.coach.slash(office, "club status")).response)

    assert club.say("club.problem", problem=club.say("remedy.channel_gone")) in text
    assert club.say("club.well") not in text


async def test_status_names_the_missing_permissions(club):
    await deny_bot(club.channel, embed_links=True, attach_files=True)

    text = await status(club)

    assert f"<#{club.channel.id}>" in text
    assert "**Embed Links** and **Attach Files**" in text
    assert club.say("club.well") not in text


async def test_status_explains_a_skipped_post(club, clock):
    clock.advance(hours=18 + 7)
    await club.tick()

    text = await status(club)

    assert club.messages == []
    assert club.say("reason.missed", hours=6) in text
    assert club.say("remedy.missed") in text


async def test_status_explains_a_forbidden_post_with_what_is_missing(club, clock):
    await deny_bot(club.channel, send_messages=True)
    clock.advance(hours=18)
    await club.tick()

    text = await status(club)

    assert club.say("reason.forbidden") in text
    assert "**Send Messages**" in text


async def test_status_says_what_to_do_about_a_vanished_role(world):
    runners = world.guild.create_role("Runners", mentionable=True)
    await world.set_up(role=runners)
    await delete_role(runners)

    assert world.say("remedy.role_gone") in await status(world)


async def test_a_paused_club_gets_no_challenge_until_it_resumes(club, clock):
    paused = await club.coach.slash(club.channel, "club pause")
    assert paused.response.content == club.say("club.paused_now")
    assert "**Paused**" in await status(club)
    clock.advance(days=2)
    await club.tick()
    assert club.messages == []

    resumed = await club.coach.slash(club.channel, "club resume")
    assert f"<t:{SEVEN + 2 * 86400}:F>" in resumed.response.content
    assert "**Paused**" not in await status(club)
    clock.advance(days=1)
    await club.tick()
    assert len(club.messages) == 1


async def test_pausing_and_resuming_twice_is_no_harm(club):
    for command in ("pause", "pause", "resume", "resume"):
        assert (await club.coach.slash(club.channel, f"club {command}")).ephemeral

    assert f"<t:{SEVEN}:F>" in await status(club)


async def test_a_new_setup_resumes_a_paused_club(club, clock):
    await club.coach.slash(club.channel, "club pause")
    await club.set_up()
    clock.advance(hours=18)
    await club.tick()

    assert len(club.messages) == 1


@pytest.mark.parametrize("name", NEEDED)
async def test_a_missing_permission_is_named_and_nothing_is_saved(world, name):
    channel = world.guild.create_text_channel("quiet")
    await deny_bot(channel, **{name: True})

    refused = await world.set_up(channel=channel)

    simcord.assert_error(world.env, MissingPermission)
    assert f"**{world.say(f'permission.{name}')}**" in refused.response.content
    assert f"<#{channel.id}>" in refused.response.content
    assert not await is_set_up(world)


async def test_several_missing_permissions_are_named_together(world):
    channel = world.guild.create_text_channel("quiet")
    await deny_bot(channel, embed_links=True, attach_files=True)

    refused = await world.set_up(channel=channel)

    simcord.assert_error(world.env, MissingPermission)
    assert "**Embed Links** and **Attach Files**" in refused.response.content
    assert not await is_set_up(world)


async def test_a_channel_deleted_while_the_coach_was_typing_is_named_as_such(world):
    world.env.inject_error("GET", f"/channels/{world.channel.id}", status=404, code=10003)

    refused = await world.set_up()

    simcord.assert_error(world.env, ChannelGone)
    assert refused.response.content == world.say("error.channel_gone")
    assert not await is_set_up(world)


@pytest.mark.parametrize("path", ["/guilds/*", "/guilds/*/members/*", "/channels/*"])
async def test_nothing_is_saved_while_discord_does_not_say_what_the_bot_may_do(world, path):
    world.env.inject_error("GET", path, status=503)

    refused = await world.set_up()

    simcord.assert_error(world.env, NoAnswer)
    assert refused.response.content == world.say("error.no_answer")
    assert not await is_set_up(world)


async def test_where_only_its_commands_are_known_the_bot_asks_to_be_invited(world):
    world.env.inject_error("GET", "/guilds/*", status=403, code=50001)

    refused = await world.set_up()

    simcord.assert_error(world.env, NotThere)
    assert refused.response.content == world.say("error.not_there")
    assert not await is_set_up(world)


@pytest.mark.parametrize("path", ["/guilds/*", "/guilds/*/members/*", "/channels/*"])
async def test_a_status_that_discord_does_not_confirm_never_says_that_all_is_well(club, path):
    club.env.inject_error("GET", path, status=503)

    text = await status(club)

    assert f"<t:{SEVEN}:F>" in text
    assert club.say("club.unchecked", channel=club.channel.id) in text
    assert club.say("club.well") not in text
    assert club.say("club.well") in await status(club)


async def test_a_coach_is_answered_before_discord_is_asked_anything(club):
    for command in (club.set_up, lambda: status(club)):
        club.env.http_requests.clear()
        await command()
        first, *others = [call.path for call in club.env.http_requests]
        assert first.endswith("/callback")
        assert any(path.startswith("/guilds/") for path in others)


async def test_all_that_is_wrong_is_said_in_one_answer(world):
    channel = world.guild.create_text_channel("quiet")
    await deny_bot(channel, attach_files=True)

    refused = await world.set_up(
        channel=channel, time="soon", timezone="Narnia", role=world.guild.default_role
    )

    simcord.assert_error(world.env, Problems)
    lines = refused.response.content.splitlines()
    assert lines[0] == world.say("error.problems")
    assert lines[1] == f"• {world.say('error.bad_time', time='soon')}"
    assert "“Narnia”" in lines[2]
    assert lines[3] == f"• {world.say('error.everyone_role')}"
    assert "**Attach Files**" in lines[4]
    assert len(lines) == 5
    assert not await is_set_up(world)


async def test_a_status_after_the_permission_came_back_names_no_missing_permissions(club, clock):
    await deny_bot(club.channel, send_messages=True)
    clock.advance(hours=18)
    await club.tick()
    await deny_bot(club.channel, send_messages=False)  # mended

    text = text_of((await club.coach.slash(club.channel, "club status")).response)

    assert "named below" not in text


async def settings(world, **options):
    return await world.coach.slash(world.channel, "club settings", **options)


async def test_settings_take_long_runs_and_races_and_show_them_with_the_plan(club):
    await settings(club, long_run="sat and sun", race="22 Nov")
    shown = await settings(club, race="2026-09-12")

    text = text_of(shown.response)
    assert shown.ephemeral
    assert "**Plan** Foundation, week 1 of 4" in text
    assert "**Long runs** on Saturday and Sunday" in text
    assert "**Races** Saturday 12 September 2026 and Sunday 22 November 2026" in text


async def test_settings_alone_show_what_is_set_and_change_nothing(club):
    text = text_of((await settings(club)).response)

    assert club.say("training.no_long_runs") in text
    assert club.say("training.no_races") in text


async def test_a_race_to_take_out_is_picked_from_a_list_in_words(club):
    for race in ("22 Nov", "12 Sep"):
        await settings(club, race=race)
    choices = await club.coach.autocomplete(club.channel, "club settings", "remove_race", "nov")
    assert choices == [{"name": "Sunday 22 November 2026", "value": "2026-11-22"}]
    text = text_of((await settings(club, remove_race="2026-11-22")).response)
    assert "**Race** Saturday 12 September 2026" in text


async def test_a_server_that_is_no_club_has_no_race_to_take_out(world):
    assert await world.coach.autocomplete(world.channel, "club settings", "remove_race", "") == []


async def test_bad_settings_are_answered_with_what_would_be_right(club):
    refused = await settings(club, long_run="So", race="22/11/2026")

    simcord.assert_error(club.env, Problems)
    assert club.say("error.bad_weekday", name="so") in refused.response.content
    assert club.say("error.bad_date", name="22/11/2026") in refused.response.content
    assert club.say("training.no_long_runs") in await status(club)


async def test_status_shows_the_plan_the_long_run_and_the_next_three_races(club, clock):
    await settings(club, long_run="Sun")
    for race in ("2026-07-01", "3 Jul", "11 Jul", "18 Jul", "25 Jul", "1 Aug"):
        await settings(club, race=race)
    simcord.assert_error(club.env, RaceOutOfReach)
    text = await status(club)
    assert "**Plan** Foundation, week 1 of 4; race week, so nothing demanding" in text
    assert "**Long run** on Sunday" in text
    assert "11 July 2026, Saturday 18 July 2026 and 2 more" in text

    clock.advance(days=7 * 16)
    text = await status(club)
    assert club.say("training.easy") in text
    assert club.say("training.no_races") in text

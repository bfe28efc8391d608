import re

from bot import __version__
from tests.conftest import text_of


def commands_of(text: str) -> list[str]:
    return re.findall(r"^\*\*/(.+?)\*\*", text, re.MULTILINE)


async def test_members_see_their_commands_and_coaches_theirs_too(club):
    member = text_of((await club.ann.slash(club.channel, "help")).response)
    coach = text_of((await club.coach.slash(club.channel, "help")).response)

    assert set(commands_of(member)) == set(club.ann.available_commands(club.channel))
    assert set(commands_of(coach)) == set(club.coach.available_commands(club.channel))
    assert set(commands_of(coach)) - set(commands_of(member)) == {
        name for name in commands_of(coach) if name.startswith("club ")
    }
    assert club.say("help.coaches") in coach
    assert club.say("help.coaches") not in member


async def test_each_command_has_one_line_with_its_description(club):
    text = text_of((await club.coach.slash(club.channel, "help")).response)

    for command in commands_of(text):
        assert club.env.bot.tree.get_command(command.split()[0]) is not None
        assert len(re.findall(rf"^\*\*/{command}\*\* \S.+\.$", text, re.MULTILINE)) == 1


async def test_help_and_about_are_private_and_work_in_direct_messages(club):
    for command in ("help", "about"):
        assert (await club.ann.slash(club.channel, command)).ephemeral
        assert (await club.ann.user.slash(command)).response is not None


async def test_in_a_direct_message_help_names_no_commands_of_coaches(club):
    text = text_of((await club.coach.user.slash("help")).response)

    assert not any(name.startswith("club") for name in commands_of(text))


async def test_about_gives_version_licence_privacy_and_the_safety_note(club):
    text = text_of((await club.ann.slash(club.channel, "about")).response)

    assert text.startswith(f"## Hipstride {__version__}\n")
    assert "MIT" in text
    assert "**Privacy**\nStored: " in text
    assert club.say("about.safety") in text

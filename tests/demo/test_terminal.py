import pytest

from bot.demo.terminal import Terminal
from bot.demo.world import open_world

pytestmark = pytest.mark.slow


async def said(terminal: Terminal, capsys: pytest.CaptureFixture[str], line: str) -> str:
    capsys.readouterr()
    await terminal.answer(line)
    return capsys.readouterr().out


async def test_a_visitor_finds_the_way_from_the_first_line_to_tomorrow(capsys):
    async with open_world() as world:
        terminal = Terminal(world)
        terminal.greet()
        greeting = capsys.readouterr().out
        assert "/exercise monster-steps" in greeting
        assert "Today’s hip move" in greeting
        assert "[1] Done" in greeting
        card = await said(terminal, capsys, "/exercise monster-steps")
        assert "## Monster steps" in card
        assert "[3] Done" in card
        assert "Easier, 2 of" in await said(terminal, capsys, "1")
        await terminal.answer("/exercise name:monster-steps")
        assert "✅ **Monster steps**" in await said(terminal, capsys, "3")
        assert "Leaderboard: this month" in await said(terminal, capsys, "/leaderboard month")
        tomorrow = await said(terminal, capsys, "/next-day")
        assert "Today’s hip move" in tomorrow
        assert "done: it counts for today" in await said(terminal, capsys, "1")


async def test_a_visitor_can_be_somebody_else(capsys):
    async with open_world() as world:
        terminal = Terminal(world)
        await terminal.answer("as ben")
        assert terminal.name == "Ben"
        assert "not visible to this user" in await said(terminal, capsys, "/club status")
        await terminal.answer("as carol")
        status = await said(terminal, capsys, "/club status")
        assert "#running-club" in status
        assert "<t:" not in status
        saved = await said(
            terminal,
            capsys,
            "/club setup channel:running-club time:7am timezone:Oslo role:Coach target:4",
        )
        assert "07:00, Europe/Oslo" in saved
        assert "@Coach" in saved
        assert "from Monday 4" in saved


async def test_a_line_that_means_nothing_is_explained(capsys):
    async with open_world() as world:
        terminal = Terminal(world)
        answers = {
            "hello": "begins with /",
            "/nope": "there is no such command",
            "/exercise": "needs name",
            "/exercise monstrosity": "I know no exercise called",
            "/today now": "has no options",
            "/me Nobody": "there is no @Nobody",
            "/me Dana": "in all,",
            "99": "has no button 99",
            "as nobody": "you can be Carol",
            "/exercise 'open": "No closing quotation",
            "/club setup channel:mars time:7 timezone:London": "there is no #mars",
            "/club setup channel:running-club time:7 timezone:London target:x": "did not work",
        }
        for line, answer in answers.items():
            assert answer in await said(terminal, capsys, line), line
        assert await said(terminal, capsys, "") == ""

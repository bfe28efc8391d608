"""The command line for authors."""

from PIL import Image
from typer.testing import CliRunner

from figures.__main__ import cli
from figures.contact import PAGE
from figures.theme import THEMES


def test_a_contact_sheet_shows_the_strip_above_frames(tmp_path):
    out = tmp_path / "page.png"
    told = CliRunner().invoke(cli, ["sheet", "a-march", "--frames", "1", "--out", str(out)])
    assert told.exit_code == 0, told.output
    with Image.open(out) as page:
        assert page.width >= 640
        assert page.height > 360 + 240


def test_a_page_shows_all_strips(tmp_path):
    told = CliRunner().invoke(cli, ["page", "--theme", "day", "--out", str(tmp_path / "p.png")])
    assert told.exit_code == 0, told.output
    with Image.open(tmp_path / "p.png") as page:
        assert page.width == PAGE
        assert page.getpixel((60, 10)) == tuple(bytes.fromhex(THEMES["day"].card[1:]))


def test_a_sheet_that_is_not_there_is_named():
    told = CliRunner().invoke(cli, ["sheet", "no-such-move"])
    assert told.exit_code == 1
    assert "no-such-move.toml" in told.output

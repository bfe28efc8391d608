"""What the documents say is what the code does."""

import ast
import re
from pathlib import Path

from discord import Permissions, app_commands

from bot import __version__
from bot.ui.permissions import NEEDED

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def usage(command: app_commands.Command) -> str:
    options = [p.display_name if p.required else f"[{p.display_name}]" for p in command.parameters]
    return " ".join([f"/{command.qualified_name}", *options])


def test_the_readmes_command_table_is_the_command_tree(simcord_bot, simcord_env):
    commands = [c for c in simcord_bot.tree.walk_commands() if isinstance(c, app_commands.Command)]
    expected = sorted(f"| `{usage(c)}` | {c.description} |" for c in commands)
    assert re.findall(r"^\| `/.*$", README, re.M) == expected


def test_the_readme_and_the_changelog_count_the_moves_right():
    moves = len(list((ROOT / "data" / "exercises").glob("*.toml")))
    assert re.findall(r"(\d+) (?:hip )?moves", README + CHANGELOG) == [str(moves)] * 2


def test_the_readme_begins_with_the_two_commands_and_make_knows_them():
    first_block = re.search(r"```sh\n(.*?)```", README, re.S)[1]
    assert re.findall(r"^make (\w+)", first_block, re.M) == ["demo", "test"]
    for target in re.findall(r"(?:`|^)make (\w+)", README + CONTRIBUTING, re.M):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), target


def test_every_file_that_the_documents_name_exists():
    named = re.findall(r"\]\(([\w./-]+)\)", README + CONTRIBUTING)
    named += re.findall(r"`((?:bot|cogs|data|tests)/[\w./-]+)`", README + CONTRIBUTING)
    assert named
    for name in named:
        if "NNNN" not in name:
            assert (ROOT / name).exists(), name


def test_the_module_map_is_the_modules_first_lines():
    modules = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").glob("*.py")]
    expected = [
        f"| `{module.relative_to(ROOT)}` | {first_line(module)} |"
        for module in sorted(modules)
        if module.parent.name != "versions"
    ]
    assert re.findall(r"^\| `(?:bot|cogs)/.*$", CONTRIBUTING, re.M) == expected


def first_line(module: Path) -> str:
    return (ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "").splitlines()[0]


def test_the_changelog_knows_this_version_or_says_that_it_is_still_to_come():
    assert f"## [{__version__}]" in CHANGELOG or "## [Unreleased]" in CHANGELOG


def test_the_invitation_asks_for_exactly_the_permissions_the_bot_needs():

    permissions = int(re.search(r"permissions=(\d+)", README)[1])
    assert permissions == Permissions(**dict.fromkeys(NEEDED, True)).value


def test_no_document_or_module_names_a_path_of_somebodys_machine():
    for file in [
        *ROOT.glob("*.md"),
        *(ROOT / "bot").rglob("*.py"),
        *(ROOT / "data").rglob("*.toml"),
    ]:
        assert not re.search(r"/(home|root|work|Users)/", file.read_text("utf-8")), file

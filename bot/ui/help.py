"""Help from the command tree, and what this bot is."""

from collections.abc import Sequence
from typing import Any

from discord import app_commands, ui

from bot.texts import Say
from bot.ui.wording import ACCENT

CommandOrGroup = app_commands.Command[Any, ..., Any] | app_commands.Group


def for_coaches(command: CommandOrGroup) -> bool:
    """Whether the command is only for those who manage the server."""
    root = command.root_parent or command
    return root.default_permissions is not None


class HelpCard(ui.LayoutView):
    """Every command with its description; those of coaches only for coaches."""

    def __init__(
        self, commands: Sequence[app_commands.Command[Any, ..., Any]], is_coach: bool, t: Say
    ) -> None:
        super().__init__(timeout=None)
        ordered = sorted(commands, key=lambda command: command.qualified_name)
        lines = [f"## {t('help.title')}", t("help.intro")]
        lines += [_line(command, t) for command in ordered if not for_coaches(command)]
        if is_coach:
            lines.append(t("help.coaches"))
            lines += [_line(command, t) for command in ordered if for_coaches(command)]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))


def _line(command: app_commands.Command[Any, ..., Any], t: Say) -> str:
    return t("help.command", name=command.qualified_name, description=command.description)


class AboutCard(ui.LayoutView):
    """Version, licence, privacy, and the safety note."""

    def __init__(self, version: str, t: Say) -> None:
        super().__init__(timeout=None)
        lines = [
            f"## {t('about.title', version=version)}",
            t("about.what"),
            t("about.privacy").strip(),
            t("about.safety"),
        ]
        self.add_item(ui.Container(ui.TextDisplay("\n".join(lines)), accent_colour=ACCENT))

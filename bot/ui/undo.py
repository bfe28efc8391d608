"""What was taken back, and the way to put it back."""

from discord import ui

from bot.services.diary import Undone
from bot.texts import Say
from bot.ui.done import DoneButton, streak_parts
from bot.ui.history import entry_name
from bot.ui.wording import ACCENT, day_line


class UndoneCard(ui.LayoutView):
    """A completion that is gone; Redo is the Done of its day and level."""

    def __init__(self, undone: Undone, t: Say) -> None:
        super().__init__(timeout=None)
        entry = undone.entry
        name = entry_name(entry, undone.exercise, t)
        day = t("day.today") if undone.is_today else day_line(entry.day, t)
        text = [t("undo.done", name=name, day=day), *streak_parts(undone.streak, t)]
        container: ui.Container[UndoneCard] = ui.Container(
            ui.TextDisplay(" ".join(text)), accent_colour=ACCENT
        )
        if undone.exercise is not None:
            redo = DoneButton(entry.slug, entry.day, entry.level, t("undo.redo"))
            container.add_item(ui.ActionRow(redo))
        self.add_item(container)

"""Today's challenge for one member; after a pause it begins with the easier rung."""

from discord import ui

from bot.domain.exercise import Category
from bot.services.diary import Today
from bot.texts import Say
from bot.ui.exercise_card import ExerciseCard


class TodayCard(ui.LayoutView):
    """The card of today's exercise, with a welcome in the first week after a pause."""

    def __init__(self, today: Today, t: Say) -> None:
        super().__init__(timeout=None)
        exercise, rung = today.assignment.exercise, None
        if today.is_return:
            # The easiest of jumps is no jump; of the others the next easier one is easy enough.
            jumps = exercise.category is Category.PLYOMETRICS
            rung = 0 if jumps else max(exercise.standard - 1, 0)
            self.add_item(ui.TextDisplay(t("back.today")))
        for item in ExerciseCard(exercise, today.assignment.day, t, rung).children:
            self.add_item(item)

from datetime import date

from bot.domain.challenge import Assignment
from bot.services.diary import Today
from bot.ui.today import TodayCard
from tests.domain.made import shipped
from tests.test_limits import t


def shown(slug, *, is_return):
    assignment = Assignment(shipped().get(slug), date(2026, 7, 2))
    card = TodayCard(Today(assignment=assignment, is_return=is_return), t)
    return "\n".join(getattr(child, "content", "") for child in card.walk_children())


def test_usually_the_standard_rung_is_shown():
    assert t("back.today") not in shown("monster-steps", is_return=False)
    assert "Standard, 3 of" in shown("monster-steps", is_return=False)


def test_after_a_pause_the_next_easier_rung_comes_first():
    assert shown("monster-steps", is_return=True).startswith(t("back.today"))
    assert "Easier, 2 of" in shown("monster-steps", is_return=True)


def test_after_a_pause_a_jump_begins_without_jumping():
    assert "## Reverse lunge, no jump\n" in shown("explosive-sprinters-lunge", is_return=True)

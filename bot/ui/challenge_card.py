"""The daily challenge in the club's channel: the move, Done for every level, and the tally."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.domain.exercise import Level
from bot.services.daily import Challenge
from bot.texts import Say
from bot.ui.done import DoneButton
from bot.ui.exercise_card import RungButton, how_to, stop_line
from bot.ui.goal import goal_line
from bot.ui.guide import FollowButton
from bot.ui.pictures import Figure
from bot.ui.wording import ACCENT, day_line, effort_line, summary_line

DONE_KEYS = {
    Level.STANDARD: "challenge.done",
    Level.EASIER: "challenge.done_easier",
    Level.HARDER: "challenge.done_harder",
}


class ChallengeCard(ui.LayoutView):
    """A challenge for all members: one tap does it, at any level."""

    def __init__(self, challenge: Challenge, t: Say) -> None:
        super().__init__(timeout=None)
        exercise, day = challenge.exercise, challenge.post.day
        rung = exercise.ladder[exercise.standard]
        head = [
            f"## {t('challenge.title', name=exercise.name)}",
            f"-# {day_line(day, t)} · {summary_line(exercise, rung, t)}",
            effort_line(exercise, rung, t),
        ]
        if challenge.club.role_id is not None:
            head.insert(1, f"<@&{challenge.club.role_id}>")
        foot = f"{stop_line(rung, t)}\n-# {_tally(challenge, t)}"
        done: ui.ActionRow[Any] = ui.ActionRow(
            *(DoneButton(exercise.slug, day, level, t(key)) for level, key in DONE_KEYS.items())
        )
        show: ui.ActionRow[Any] = ui.ActionRow(
            *(
                RungButton.labelled(t(f"challenge.show_{way.value}"), exercise, way, day)
                for way in Level
            ),
            FollowButton.on(exercise, exercise.standard, day, t),
        )
        container: ui.Container[Any] = ui.Container(accent_colour=ACCENT)
        container.add_item(ui.TextDisplay("\n".join(head)))
        if rung.picture:
            container.add_item(Figure(rung.picture))
        for text in (how_to(exercise, rung), foot):
            container.add_item(ui.TextDisplay(text))
        self.add_item(container.add_item(done).add_item(show))


def _tally(challenge: Challenge, t: Say) -> str:
    n = challenge.done_by
    done_by = t("challenge.done_by", n=n) if n else t("challenge.done_by_none")
    tally = f"{done_by} · {t('challenge.all_count')}"
    return f"{tally}\n-# {goal_line(challenge.goal, t)}" if challenge.goal else tally

"""Buddies: the question and its answer, how two stand, and a nudge, each in private."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.services.buddies import Nudged, Poke, Request, Standing
from bot.texts import Say
from bot.ui.challenge_card import DONE_KEYS
from bot.ui.permissions import NO_ANSWER
from bot.ui.reminder import CLOSED, RemindDoneButton
from bot.ui.safe import DAY, SafeButton, parse_day
from bot.ui.wording import ACCENT, day_line, harmless

if TYPE_CHECKING:
    from bot.client import Bot, Interaction

ID = r"\d{1,20}"


class NoteCard(ui.LayoutView):
    """A sentence in a card of its own."""

    def __init__(self, text: str, *buttons: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Any] = ui.Container(ui.TextDisplay(text), accent_colour=ACCENT)
        if buttons:
            container.add_item(ui.ActionRow(*buttons))
        self.add_item(container)


def request_card(request: Request, name: str, server: str | None, t: Say) -> NoteCard:
    """Return the question of the member so called; only the one who is asked can answer it."""
    text = t("buddy.request", asker=harmless(name, t), place=_place(server, t))
    text = f"{text}\n{t('buddy.no_hurry', asked=request.asked_id)}"
    buttons = (BuddyAnswerButton(request, yes, t(f"buddy.{yes}")) for yes in ("yes", "no"))
    return NoteCard(text, *buttons)


def standing_card(standing: Standing | None, t: Say) -> NoteCard:
    """Return how the two stand, with the nudge and the ways out."""
    if standing is None:
        return NoteCard(t("buddy.none"))
    pair = standing.pair
    key = {(True, True): "both", (True, False): "me", (False, True): "them"}
    today = key.get((standing.i_am_done, standing.they_are_done), "none")
    lines = [
        t("buddy.title", member=pair.buddy_id),
        t(
            "buddy.streak" if standing.weeks else "buddy.streak_none",
            n=standing.weeks,
            since=day_line(pair.since, t),
        ),
        t(f"buddy.today_{today}"),
        t("buddy.rule"),
    ]
    club_id = standing.club_id
    buttons: list[ui.Item[Any]] = []
    if standing.may_nudge:
        buttons.append(NudgeButton(club_id, t("buddy.nudge")))
    wish = "off" if pair.i_take_nudges else "on"
    buttons.append(TakeNudgesButton(club_id, wish, t(f"buddy.nudges_{wish}")))
    return NoteCard("\n".join(lines), *buttons, EndBuddyButton(club_id, t("buddy.end")))


def poke_card(club_id: int, poke: Poke, name: str, server: str | None, t: Say) -> NoteCard:
    """Return the nudge: who it is from, the move with Done, and the way to have no more."""
    move, day = poke.assignment.exercise, poke.assignment.day
    text = t("buddy.poke", name=harmless(name, t), place=_place(server, t), move=move.name)
    buttons: list[ui.Item[Any]] = []
    if day is not None:
        buttons = [
            RemindDoneButton(club_id, move.slug, day, level, t(key))
            for level, key in DONE_KEYS.items()
        ]
    return NoteCard(text, *buttons, TakeNudgesButton(club_id, "off", t("buddy.nudges_off")))


def _place(server: str | None, t: Say) -> str:
    return t("buddy.place", server=harmless(server, t)) if server else ""


def server_name(bot: Bot, club_id: int) -> str | None:
    """Return the name of the club's server if this process knows it."""
    server = bot.get_guild(club_id)
    return server.name if server else None


async def send_privately(bot: Bot, member_id: int, card: ui.LayoutView) -> bool:
    """Send a direct message; return False if the member takes none.

    Raises:
        one of NO_ANSWER: Discord does not say.
    """
    try:
        channel = await bot.create_dm(discord.Object(member_id))
        await channel.send(view=card)
    except discord.HTTPException as error:
        if error.code in CLOSED:
            return False
        raise
    return True


class BuddyAnswerButton(
    SafeButton,
    template=rf"buddy-(?P<answer>yes|no):(?P<club>{ID}):(?P<asker>{ID})"
    rf":(?P<asked>{ID}):(?P<day>{DAY})",
):
    """Accepts or declines; the whole request stands in the custom_id."""

    def __init__(self, request: Request, answer: str, label: str = "…") -> None:
        self.request, self.answer = request, answer
        ids = f"{request.club_id}:{request.asker_id}:{request.asked_id}"
        is_yes = answer == "yes"
        super().__init__(
            ui.Button(
                label=label,
                style=discord.ButtonStyle.success if is_yes else discord.ButtonStyle.secondary,
                custom_id=f"buddy-{answer}:{ids}:{request.day.isoformat()}",
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        club_id, asker_id, asked_id = (int(match[name]) for name in ("club", "asker", "asked"))
        request = Request(club_id, asker_id, asked_id, parse_day(match["day"]))
        return cls(request, match["answer"])

    async def click(self, interaction: Interaction) -> None:
        """Answer, and tell who asked."""
        bot, member = interaction.client, interaction.user.id
        t = bot.app.texts.speaking(interaction.locale)
        if self.answer == "yes":
            await bot.app.buddies.accept(self.request, member, interaction.id)
            text, news = t("buddy.agreed"), "buddy.was_agreed"
        else:
            bot.app.buddies.decline(self.request, member)
            text, news = t("buddy.declined"), "buddy.was_declined"
        await interaction.response.edit_message(view=NoteCard(text))
        with suppress(*NO_ANSWER):
            name = harmless(interaction.user.display_name, t)
            await send_privately(bot, self.request.asker_id, NoteCard(t(news, name=name)))


class NudgeButton(SafeButton, template=rf"buddy-nudge:(?P<club>{ID})"):
    """Nudges the buddy, once a day."""

    def __init__(self, club_id: int, label: str = "…") -> None:
        self.club_id = club_id
        style = discord.ButtonStyle.primary
        super().__init__(
            ui.Button(label=label, emoji="👋", style=style, custom_id=f"buddy-nudge:{club_id}")
        )

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["club"]))

    async def click(self, interaction: Interaction) -> None:
        """Nudge, and say what became of it."""
        bot, member = interaction.client, interaction.user.id
        t = bot.app.texts.speaking(interaction.locale)
        await interaction.response.defer(ephemeral=True, thinking=True)  # Discord may be slow
        poke = await bot.app.buddies.nudge(self.club_id, member)
        outcome = poke.outcome
        if outcome is Nudged.SENT:
            server = server_name(bot, self.club_id)
            card = poke_card(self.club_id, poke, interaction.user.display_name, server, t)
            if not await send_privately(bot, poke.buddy_id, card):
                outcome = Nudged.QUIET
        await interaction.followup.send(t(f"buddy.nudged_{outcome.value}"), ephemeral=True)


class TakeNudgesButton(SafeButton, template=rf"buddy-nudges-(?P<wish>on|off):(?P<club>{ID})"):
    """Has no more nudges, or has them again."""

    def __init__(self, club_id: int, wish: str, label: str = "…") -> None:
        self.club_id, self.wish = club_id, wish
        super().__init__(ui.Button(label=label, custom_id=f"buddy-nudges-{wish}:{club_id}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["club"]), match["wish"])

    async def click(self, interaction: Interaction) -> None:
        """Record it and say so."""
        app = interaction.client.app
        takes = self.wish == "on"
        await app.buddies.take_nudges(self.club_id, interaction.user.id, takes=takes)
        text = app.texts.speaking(interaction.locale)(f"buddy.{self.wish}")
        await interaction.response.send_message(text, ephemeral=True)


class EndBuddyButton(SafeButton, template=rf"buddy-end:(?P<club>{ID})"):
    """Ends it, in one tap."""

    def __init__(self, club_id: int, label: str = "…") -> None:
        self.club_id = club_id
        super().__init__(ui.Button(label=label, custom_id=f"buddy-end:{club_id}"))

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: re.Match[str], /) -> Self:
        """Rebuild the button."""
        return cls(int(match["club"]))

    async def click(self, interaction: Interaction) -> None:
        """End it and say so; a second tap says the same."""
        app = interaction.client.app
        await app.buddies.end(self.club_id, interaction.user.id)
        card = NoteCard(app.texts.speaking(interaction.locale)("buddy.ended"))
        await interaction.response.edit_message(view=card)

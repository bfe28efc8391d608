"""What the file of badges may say."""

from typing import Annotated

from pydantic import Field, PositiveInt, RootModel, StringConstraints, model_validator

from bot.content.knowledge import Slug
from bot.content.models import Model, Name, Sentence
from bot.domain.badges import Badge, BadgeRule

Emoji = Annotated[str, StringConstraints(min_length=1, max_length=8)]


class BadgeModel(Model):
    """A badge: earned once its rule measures enough, and never lost again."""

    name: Name
    emoji: Emoji
    description: Sentence = Field(description="what it is for, to the member; no guilt")
    rule: BadgeRule = Field(
        description="what is measured. sessions: days with a move; streak: the best one, in weeks; "
        "moves: different exercises; comeback: days away before doing a move again; "
        "easier, harder: moves done at that level"
    )
    at_least: PositiveInt = Field(description="how much of it earns the badge")

    def build(self, badge_id: str) -> Badge:
        """Return the domain's badge."""
        return Badge(id=badge_id, **self.model_dump())


class BadgesModel(RootModel[dict[Slug, BadgeModel]]):
    """All badges by their ids, in the order in which they are shown. An id is for ever."""

    @model_validator(mode="after")
    def _names_differ(self) -> "BadgesModel":
        names = [badge.name.casefold() for badge in self.root.values()]
        for badge in self.root.values():
            if names.count(badge.name.casefold()) > 1:
                raise ValueError(f"two badges are called {badge.name!r}")
        return self

    def build(self) -> tuple[Badge, ...]:
        """Return the domain's badges."""
        return tuple(badge.build(badge_id) for badge_id, badge in self.root.items())

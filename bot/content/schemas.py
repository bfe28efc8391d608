"""Writes the JSON schemas that editors check `data` against: `python -m bot.content.schemas`."""

import json

from pydantic import BaseModel

from bot.content.badges import BadgesModel
from bot.content.knowledge import ReferencesModel, SafetyModel, TopicModel
from bot.content.models import ExerciseModel
from bot.content.own_moves import GapsModel, PackModel
from bot.settings import SHIPPED_DATA

MODELS: dict[str, type[BaseModel]] = {
    "badges": BadgesModel,
    "exercise": ExerciseModel,
    "own-moves": GapsModel,
    "pack": PackModel,
    "references": ReferencesModel,
    "safety": SafetyModel,
    "topic": TopicModel,
}


def schemas() -> dict[str, str]:
    """Return each schema by the name of its file in `data`."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.schema.json": json.dumps(
            draft | model.model_json_schema(), indent=2, ensure_ascii=False
        )
        + "\n"
        for name, model in MODELS.items()
    }


if __name__ == "__main__":
    for file, text in schemas().items():
        (SHIPPED_DATA / file).write_text(text, "utf-8")

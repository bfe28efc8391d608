"""A small sheet that tests bend and break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from figures.motion import Motion
from figures.reader import read_stories

SQUAT = """
schema = 1

[view]
size = [160, 120]
panel = [100, 120]

[base]
root = { mode = "stance", foot = "R", knee = 5 }
leg.R = { toe = [0.1, 0, 0.052] }
leg.L = { toe = [0.1, 0, -0.052] }
arm.both = { flex = 10, elbow = 20 }

[[key]]
name = "tall"
move = 0.4
hold = 0.2
muscle = { quad_R = 0.2 }

[[key]]
name = "low"
move = 0.5
pelvis = { pitch = 30 }
root = { mode = "stance", foot = "R", knee = 80, shift = -0.12 }
arm.L = { hang = true }
muscle = { quad_R = 1.0, glute_max_R = 0.5 }
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path) -> Write:
    """Write a sheet; each pair of texts replaces the first by the second."""

    def write(*changes: tuple[str, str], text: str = SQUAT, name: str = "squat") -> Path:
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        folder = tmp_path / "sheets"
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.toml"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture
def motion(write) -> Callable[..., Motion]:
    """The motion of the small sheet, changed as given."""
    return lambda *changes: Motion(read_stories(write(*changes))[0])

"""Every sentence the code asks for is written, and every one written is asked for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.settings import SHIPPED_DATA
from bot.texts import load_texts

ROOT = Path(__file__).parent.parent
WRITTEN = load_texts(SHIPPED_DATA).keys()
FILES = [file for folder in ("bot", "cogs") for file in (ROOT / folder).rglob("*.py")]
NODES = [node for file in FILES for node in ast.walk(ast.parse(file.read_text("utf-8")))]


def pattern(node: ast.expr) -> str:
    """Return a string in the code as a pattern: `f"level.{way.value}"` as `level\\..+`."""
    if isinstance(node, ast.Constant):
        return re.escape(str(node.value))
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(pattern(p) if isinstance(p, ast.Constant) else ".+" for p in parts)


def texts_asked_for() -> Iterator[str]:
    """Yield what every call `t("…")` or `t("…" if … else "…")` asks for."""
    for node in NODES:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t":
            wanted = node.args[0]
            branches = [wanted.body, wanted.orelse] if isinstance(wanted, ast.IfExp) else [wanted]
            yield from (pattern(branch) for branch in branches if is_key(branch))


def is_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr) and bool(
        re.match(r"[a-z_]+\\\.", pattern(node))
    )


def test_every_text_that_the_code_asks_for_is_written():
    asked_for = set(texts_asked_for())
    assert len(asked_for) > 50
    for wanted in asked_for:
        assert any(re.fullmatch(wanted, key) for key in WRITTEN), wanted


def test_no_text_is_written_in_vain():
    named = {pattern(node) for node in NODES if is_key(node)}
    assert [key for key in sorted(WRITTEN) if not any(re.fullmatch(p, key) for p in named)] == []

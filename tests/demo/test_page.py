import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
async def demo(tmp_path):
    """The demo as `make demo` starts it, in a process of its own; its address comes first."""
    kept = ("PATH", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--no-browser"),
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    yield process, line.split()[-1]
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_the_page_speaks_of_hipstride_follows_the_answers_and_ends_at_ctrl_c(demo, tmp_path):
    process, address = demo
    base, _, capability = address.partition("#")
    async with aiohttp.ClientSession() as session:
        async with session.get(base) as answer:
            assert '<script type="module" src="/demo.js"></script>' in await answer.text()
        async with session.get(f"{base}demo.js") as answer:
            assert answer.content_type == "application/javascript"
            script = await answer.text()
        async with session.get(f"{base}app.js") as answer:
            assert answer.status == 200
        headers = {"X-Simcord-Capability": capability, "Origin": base.rstrip("/")}
        async with session.post(f"{base}api/pages", headers=headers, json={}) as answer:
            page = await answer.json()
    assert "Today’s hip move" in json.dumps(page, ensure_ascii=False)
    for name in ("channel-timeline", "channel-message-list", "messages-toggle", "send-message"):
        assert f'"{name}"' in script
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 30) == 0
    assert b"Traceback" not in await process.stderr.read()
    assert list(tmp_path.iterdir()) == []


async def test_what_our_script_reaches_for_is_on_simcords_page():
    import simcord.preview  # noqa: PLC0415 - part of the demo extra

    static = Path(simcord.preview.__file__).with_name("static")
    html = (static / "index.html").read_text("utf-8")
    code = "".join(file.read_text("utf-8") for file in static.glob("*.js"))
    for name in (
        "channel-timeline",
        "channel-message-list",
        "messages-toggle",
        "send-message",
        "capture-open",
        "inspector-toggle",
        "refresh",
    ):
        assert f'id="{name}"' in html, name
    for name in ("brand-mark", "preview-brand"):
        assert name in html, name
    for name in ("command-chip", "command-option-input", "aria-selected", "dataset.messageId"):
        assert name in code, name

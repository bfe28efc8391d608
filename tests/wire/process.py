"""The bot as its operator runs it: a process of its own, configured by its environment alone."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

REPOSITORY = Path(__file__).parents[2]
INHERITED = "PATH", "LANG", "COVERAGE_PROCESS_CONFIG"  # the last: to measure the process too
T = TypeVar("T")


class BotProcess:
    """``python -m bot`` in a directory; what fails while it runs is reported with its output."""

    def __init__(self, directory: Path, *arguments: str, **environment: str) -> None:
        self.directory, self.arguments = directory, arguments
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self.environment = {**inherited, "PYTHONPATH": str(REPOSITORY), **environment}
        self.stdout: list[str] = []
        self.stderr: list[str] = []

    @property
    def output(self) -> str:
        return "\n".join(["--- stdout", *self.stdout, "--- stderr", *self.stderr])

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *self.arguments),
            cwd=self.directory,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.gather(
            self._read(self._process.stdout, self.stdout),
            self._read(self._process.stderr, self.stderr),
        )
        return self

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        if self._process.returncode is None:
            self.kill()
        await self.wait(5)
        if error is not None:
            error.add_note(self.output)

    @staticmethod
    async def _read(stream: asyncio.StreamReader | None, lines: list[str]) -> None:
        assert stream is not None
        while line := await stream.readline():
            lines.append(line.decode().rstrip("\n"))

    def terminate(self) -> None:
        self._process.terminate()

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        self._process.kill()

    async def wait(self, seconds: float) -> int:
        """The exit code, once the process has ended and all its output is read."""
        try:
            async with asyncio.timeout(seconds):
                await self._reading
                return await self._process.wait()
        except TimeoutError:
            raise AssertionError(f"the bot still runs after {seconds} s") from None

    async def says(self, regex: str) -> str:
        """The first line of its log in which the expression is found."""
        return await eventually(
            lambda: next((line for line in self.stderr if re.search(regex, line)), None)
        )

    async def until(self, happening: Coroutine[Any, Any, T], seconds: float = 30) -> T:
        """What the running bot should bring about; its end or its silence is a failure."""
        wanted = asyncio.create_task(happening)
        ended = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait({wanted, ended}, timeout=seconds, return_when="FIRST_COMPLETED")
            assert wanted.done(), f"{'the bot ended' if ended.done() else f'not in {seconds} s'}"
            return wanted.result()
        finally:
            wanted.cancel()
            ended.cancel()


async def eventually(condition: Callable[[], T | None]) -> T:
    """What the condition gives as soon as that is true; whoever waits sets the limit."""
    while not (value := condition()):  # noqa: ASYNC110 - another process tells nobody
        await asyncio.sleep(0.02)
    return value

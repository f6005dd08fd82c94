"""One talk on `telegram-test-api`, an emulation of Telegram that none of us wrote."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.context import Context
from bot.messages import Button, Message
from bot.settings import Settings
from tests.telegram.conftest import Bench

FOLDER = Path(__file__).resolve().parent.parent / "telegram_npm"
TOKEN = "42:a-token-of-the-npm-emulation"
PATIENCE = 15


class Emulation:
    """The node process: what the user does goes in, what the bot says comes out."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.url = url
        self._process = process

    async def does(self, **line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()

    async def shows(self) -> dict[str, Any]:
        """The next message of the bot."""
        message: dict[str, Any] = (await _line(self._process))["message"]
        return message


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
    assert line, "the emulation has ended"
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.fixture(scope="module")
def node() -> str:
    """The path of node, with the package installed beside `server.js`."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("node and npm are not on this machine")
    if not (FOLDER / "node_modules" / "telegram-test-api").is_dir():
        done = subprocess.run([npm, "ci"], cwd=FOLDER, capture_output=True, text=True, timeout=300)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            pytest.skip(f"telegram-test-api could not be installed: {reason}")
    return found


@pytest_asyncio.fixture
async def emulation(node: str) -> AsyncIterator[Emulation]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        node, str(FOLDER / "server.js"), TOKEN, stdin=pipe, stdout=pipe
    )
    yield Emulation(process, (await _line(process))["url"])
    assert process.stdin is not None
    process.stdin.close()
    await asyncio.wait_for(process.wait(), PATIENCE)


@pytest_asyncio.fixture
async def on_npm(around: Context, emulation: Emulation) -> AsyncIterator[Bench]:
    """The connector on the emulation, with a handler that echoes."""
    made = Bench(around, Settings(telegram_token=TOKEN, telegram_api_url=emulation.url))
    await made.start()
    yield made
    await made.stop()


async def test_a_talk_on_a_telegram_that_we_did_not_write(
    on_npm: Bench, emulation: Emulation
) -> None:
    payload = '/need_food{"commune": "Saint-Josse-ten-Noode", "moment": "2026-11-22T21:30"}'
    on_npm.handler.answers["j'ai faim"] = [Message("Où êtes-vous ?", (Button("Ici", payload),))]

    await emulation.does(command="/start")
    assert (await emulation.shows())["text"] == "« /greet »"

    await emulation.does(text="j'ai faim")
    question = await emulation.shows()
    assert question["text"] == "Où êtes-vous ?"
    assert question["chat_id"] == "42"
    ((button,),) = question["reply_markup"]["inline_keyboard"]
    assert button["text"] == "Ici"

    await emulation.does(data=button["callback_data"])
    assert (await emulation.shows())["text"] == f"« {payload} »"
    assert on_npm.handler.texts == ["/greet", "j'ai faim", payload]


async def test_what_came_is_neither_lost_nor_sent_twice(
    on_npm: Bench, emulation: Emulation
) -> None:
    for number in range(3):
        await emulation.does(text=f"message {number}")
    shown = [(await emulation.shows())["text"] for _ in range(3)]
    assert shown == [f"« message {number} »" for number in range(3)]
    await on_npm.settles()
    assert len(on_npm.handler.heard) == 3

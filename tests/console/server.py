"""The chat page over real HTTP on loopback, with an assistant that answers from a script."""

from __future__ import annotations

import asyncio
import socket
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic, response

from bot.console.chat import ChatInput, add_page
from bot.context import Context
from bot.database import Database
from bot.knowledge.cards import cards
from bot.messages import Message
from bot.phrases import phrases
from bot.settings import settings

Script = Callable[[str], list[Message]]


def echo(text: str) -> list[Message]:
    return [Message(f"Vous avez dit : {text}")]


@dataclass
class Assistant:
    """Stands in for Rasa's agent; notes what it was asked."""

    script: Script = echo
    heard: list[UserMessage] = field(default_factory=list)
    before: Callable[[UserMessage], Awaitable[None]] | None = None

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        if self.before is not None:
            await self.before(message)
        for one in self.script(message.text):
            buttons = [{"title": two.title, "payload": two.payload} for two in one.buttons]
            await message.output_channel.send_response(
                message.sender_id, {"text": one.text, "buttons": buttons}
            )

    async def parse_message(self, text: str) -> dict[str, Any]:
        return {"text": text}

    @property
    def texts(self) -> list[str]:
        return [str(message.text) for message in self.heard]


@dataclass(frozen=True)
class Served:
    """A running page."""

    url: str
    assistant: Assistant
    context: Context


def build_app(around: Context, assistant: Any) -> Sanic:
    """Rasa's way: its own root route, its own registration of channels."""
    app = Sanic(f"chat_{uuid.uuid4().hex}", configure_logging=False)

    @app.get("/")
    async def hello(_request: Any) -> Any:
        return response.text("Hello from Rasa")

    chat = ChatInput(lambda: around, wrap=lambda _around, _parse, handler: handler)
    register([chat], app, route="/webhooks/")
    app.ctx.agent = assistant
    add_page(app)
    return app


@contextmanager
def running(app: Sanic) -> Iterator[str]:
    """Serve `app` in a thread on a free port; gives its address."""
    Sanic.test_mode = True  # else Sanic 21.12 cannot start a second server in one process
    loop = asyncio.new_event_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    stop = asyncio.Event()
    ready = threading.Event()

    async def serve() -> None:
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.after_start()
        await server.start_serving()
        ready.set()
        await stop.wait()
        await server.before_stop()
        server.server.close()
        for connection in list(server.connections):
            connection.close_if_idle()
        await server.after_stop()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(90), "the page's server did not start"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The page with a scripted assistant and an empty database in `folder`."""
    database = Database(f"sqlite:///{folder / 'chat.db'}")
    database.create()
    around = Context(settings(), database, phrases(), cards())
    assistant = Assistant()
    with running(build_app(around, assistant)) as url:
        yield Served(url, assistant, around)

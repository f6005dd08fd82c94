"""The chat page's channel: Rasa's REST protocol at /webhooks/rest/webhook, and the page."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel import GatheringChannel
from bot.console.incoming import Incoming, RefusedRequest, read_incoming, read_sender
from bot.console.mailbox import CHANNEL, as_rest, let_go, letters_for
from bot.console.page import HEADERS, add_page, serve_asset, serve_page
from bot.console.turns import Turns
from bot.context import Context, context
from bot.messages import Message
from bot.people import pseudonym_of
from bot.phrases import phrases

__all__ = ["ChatInput", "add_page"]

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
Parse = Callable[[str], Awaitable[dict[str, Any]]]
Wrap = Callable[[Context, Parse, Handler], Handler]

_HEADERS = {**HEADERS, "Cache-Control": "no-store"}


class ChatInput(RestInput):
    """Rasa's REST channel for the page and for stock clients.

    Rasa only sees pseudonyms, and texts are not cut at blank lines. `around` and `wrap` are for
    tests: by default this process's context and `bot.desk`.
    """

    def __init__(self, around: Callable[[], Context] = context, wrap: Wrap | None = None) -> None:
        self._around = around
        self._wrap = wrap or _through_the_desk
        self._turns = Turns()
        self._handle: Handler | None = None

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes, which Rasa mounts under /webhooks/rest."""
        webhook = Blueprint("passerelle_chat")

        @webhook.get("/")
        async def door(request: Request) -> HTTPResponse:
            if "text/html" in request.headers.get("accept", ""):
                return serve_page(request)
            return _json({"status": "ok"})  # as Rasa's own channel says

        @webhook.get("/static/<name:str>")
        async def file(request: Request, name: str) -> HTTPResponse:
            return serve_asset(request, name)

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                incoming = read_incoming(request.body)
            except RefusedRequest as refusal:
                return _json({"error": str(refusal)}, 400)
            messages = await self._turns.take(
                incoming.sender,
                incoming.key,
                lambda: self._answer(incoming, request.app, on_new_message),
            )
            answer = [as_rest(incoming.sender, message) for message in messages]
            if request.args.get("stream", "").lower() in ("true", "1", "yes"):
                lines = "".join(_dumps(one) + "\n" for one in answer)
                return response.text(lines, 200, _HEADERS, "text/event-stream")
            return _json(answer)

        @webhook.get("/letters")
        async def letters(request: Request) -> HTTPResponse:
            try:
                sender = read_sender(request.args.get("sender"))
            except RefusedRequest as refusal:
                return _json({"error": str(refusal)}, 400)
            try:
                around = self._around()
                with around.database.session() as session:
                    seen = request.get_args(keep_blank_values=True).get("seen")
                    found = letters_for(session, sender, around.now(), seen)
            except Exception as error:  # the page asks again soon
                logger.error("Letters of the chat page: %s", type(error).__name__)
                found = []
            return _json(found)

        return webhook

    def _handler(self, app: Sanic, on_new_message: Handler) -> Handler:
        """What answers a message; the agent and the desk are there once the server runs."""
        if self._handle is None:

            async def parse(text: str) -> dict[str, Any]:
                return dict(await app.ctx.agent.parse_message(text))

            self._handle = self._wrap(self._around(), parse, on_new_message)
        return self._handle

    async def _answer(self, incoming: Incoming, app: Sanic, handler: Handler) -> list[Message]:
        """A whole turn; what goes wrong is said to the person and noted by its kind alone."""
        output = GatheringChannel()
        try:
            handle = self._handler(app, handler)
            database = self._around().database
            with database.session() as session:
                pseudonym = pseudonym_of(session, CHANNEL, incoming.sender)
            for text in incoming.texts:
                extra = incoming.metadata
                await handle(
                    UserMessage(text, output, pseudonym, input_channel=CHANNEL, metadata=extra)
                )
            with database.session() as session:
                let_go(session, pseudonym)
        except Exception as error:
            logger.error("A turn of the chat page failed: %s", type(error).__name__)
            output.say(phrases().message("utter_trouble"))
        return output.messages


def _through_the_desk(around: Context, parse: Parse, on_new_message: Handler) -> Handler:
    from bot.desk import Desk

    wrapped: Handler = Desk(around, parse).wrap(on_new_message)
    return wrapped


def _json(body: object, status: int = 200) -> HTTPResponse:
    return response.json(body, status, _HEADERS, dumps=_dumps)


def _dumps(body: object) -> str:
    # Plain UTF-8: half the size of escaped French, for phones that pay for each kilobyte.
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

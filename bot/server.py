"""`passerelle run`: everything in one process, on one port of the loopback."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from typing import Any

from bot.context import build
from bot.errors import DatabaseError, SettingsError
from bot.settings import Settings
from bot.training import is_current, model_file, train

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
A_MINUTE = 60  # seconds
Tell = Callable[[str], None]


def prepare(settings: Settings, tell: Tell) -> None:
    """Create the database, load the directory, and train the model if there is none.

    Raises:
        PasserelleError: in one sentence, what is missing and what to do.
    """
    build(settings)
    if not is_current(settings):
        tell("Il n'y a pas encore de modèle pour ces données. Entraînement (une à trois minutes) :")
        train(settings, tell)


def serve(settings: Settings, tell: Tell) -> None:
    """Prepare what is missing, then serve until stopped.

    Raises:
        PasserelleError: a busy port, a wrong token, an unreadable database, a broken model.
    """
    _check_port(settings.console_port)
    if settings.telegram_token:
        from bot.telegram.connector import check_token

        name = asyncio.run(check_token(settings))
        tell(f"Telegram : t.me/{name}")
    prepare(settings, tell)
    app = build_app(settings)
    tell(f"Page de conversation : http://{HOST}:{settings.console_port}/")
    if not settings.telegram_token:
        tell(
            "Telegram n'est pas branché. Pour l'ajouter : demandez un jeton à @BotFather, "
            "écrivez TELEGRAM_TOKEN=… dans le fichier .env, puis relancez."
        )
    tell("Arrêter : Ctrl+C.")
    try:
        app.run(host=HOST, port=settings.console_port, access_log=False, debug=False)
    except OSError as error:
        raise SettingsError(f"The server cannot start ({error.strerror}).") from None


def build_app(settings: Settings) -> Any:
    """The Sanic application: the chat page, Telegram where there is a token, Rasa's agent."""
    from rasa.core.run import configure_app

    from bot.console.chat import ChatInput, add_page
    from bot.context import context
    from bot.handoff.notices import announce
    from bot.retention import purge
    from bot.telegram.connector import TelegramInput

    around = context()
    channels: list[Any] = [ChatInput()]
    if settings.telegram_token:
        channels.append(TelegramInput.from_credentials({}))
    app = configure_app(channels, enable_api=False, use_uvloop=False, port=settings.console_port)
    add_page(app)

    async def load(running: Any, _loop: Any) -> None:
        from bot.assistant import load_agent

        running.ctx.agent = load_agent(model_file(settings), tracker_store(settings))

    async def look_after(_running: Any) -> None:
        """Old talks go; open requests reach the peer workers whose duty has begun."""
        while True:
            try:
                with around.database.session() as session:
                    purge(session, around.now())
                    announce(session, around.phrases, around.now())
                around.bell.ring()
            except DatabaseError as error:
                logger.error("%s", error)
            await asyncio.sleep(A_MINUTE)

    app.register_listener(load, "before_server_start")
    app.add_task(look_after)
    return app


def tracker_store(settings: Settings) -> Any:
    """Where talks are remembered: Rasa's SQL tracker store, in the same database."""
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain
    from sqlalchemy.engine import make_url

    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        return SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(url.database))
    return SQLTrackerStore(
        Domain.empty(),
        dialect=url.drivername,
        host=url.host,
        port=url.port,
        db=str(url.database),
        username=url.username,
        password=url.password,
    )


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(
                    f"The port {port} is busy: stop what uses it, "
                    "or choose another with CONSOLE_PORT."
                ) from None
            raise SettingsError(f"The port {port} cannot be used ({error.strerror}).") from None

"""A double of the Bot API over HTTP, as strict as the documentation and a little stricter."""

from tests.telegram_server.people import Group, Person
from tests.telegram_server.server import TelegramServer

__all__ = ["Group", "Person", "TelegramServer"]

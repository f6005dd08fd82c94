"""What a request of the chat page, or of a stock REST client, says: read and checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from bot.errors import PasserelleError

LONGEST_SENDER = 64
LONGEST_TEXT = 4096
LARGEST_BODY = 100_000  # bytes; 4096 characters may take 12 each, escaped
TOO_LONG = f"Le message est trop long : {LONGEST_TEXT} caractères au plus. Coupez-le en deux."

# What may be typed with a slash; everything else that is typed is a text, never a payload.
COMMANDS = {
    "start": "/greet",
    "menu": "/menu",
    "aide": "/menu",
    "urgence": "/emergency",
    "humain": "/talk_to_peer",
    "stop": "/stop_all",
    "oublier": "/delete_my_data",
}
# Commands that only open the menu: words written after them are what the person wants.
_OPENERS = frozenset({"start", "menu", "aide"})
# What the page says of a message; the rest of the metadata goes on to Rasa, as with stock REST.
_OURS = frozenset({"typed", "button", "id"})
_COMMAND = re.compile(r"/([A-Za-z]+)(?:\s+(.*))?", re.DOTALL)
_SLASHES = re.compile(r"^[\s/]+")


class RefusedRequest(PasserelleError):
    """A request that cannot be answered; the message is French, for the person."""


@dataclass(frozen=True)
class Incoming:
    """One message of `sender` (an id that the browser made).

    `texts` go through the assistant one by one; `key` tells a message sent again from a new one,
    "" where the client gives none.
    """

    sender: str
    texts: tuple[str, ...]
    key: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


def read_incoming(body: bytes) -> Incoming:
    """The message in the body of a request.

    Raises:
        RefusedRequest: in one French sentence, for anything that is not such a message.
    """
    if len(body) > LARGEST_BODY:
        raise RefusedRequest(TOO_LONG)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedRequest("Le message reçu n'est pas du JSON lisible.") from None
    if not isinstance(data, dict):
        raise RefusedRequest("Le message reçu doit être un objet JSON.")
    metadata = data.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise RefusedRequest("Le champ « metadata » doit être un objet JSON.")
    text = _text(data.get("message"))
    typed = metadata.get("typed") is True
    return Incoming(
        sender=read_sender(data.get("sender")),
        texts=typed_texts(text) if typed else (_command_payload(text) or text,),
        key=str(metadata.get("id") or "")[:LONGEST_SENDER],
        metadata={name: value for name, value in metadata.items() if name not in _OURS},
    )


def read_sender(sender: object) -> str:
    """The sender's id.

    Raises:
        RefusedRequest: when it is missing, too long or no plain text.
    """
    if isinstance(sender, int) and not isinstance(sender, bool):
        sender = str(sender)
    if not isinstance(sender, str) or not sender.strip():
        raise RefusedRequest("Il manque l'identifiant de la conversation (« sender »).")
    if len(sender) > LONGEST_SENDER:
        raise RefusedRequest(
            "L'identifiant de la conversation (« sender ») est trop long : "
            f"{LONGEST_SENDER} caractères au plus."
        )
    if clean(sender) != sender:
        raise RefusedRequest(
            "L'identifiant de la conversation (« sender ») contient un caractère interdit."
        )
    return sender


def typed_texts(text: str) -> tuple[str, ...]:
    """What a typed text comes to: payloads for our commands, never for anything else typed."""
    command = _COMMAND.fullmatch(text)
    name = command.group(1).lower() if command else ""
    if command is None or name not in COMMANDS:
        return (_SLASHES.sub("", text) or COMMANDS["menu"],)
    words = _SLASHES.sub("", command.group(2) or "").strip()
    if not words:
        return (COMMANDS[name],)
    return (words,) if name in _OPENERS else (words, COMMANDS[name])


def clean(text: str) -> str:
    """The text without what a database or a wire refuses: NUL and broken surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")


def _text(message: object) -> str:
    if not isinstance(message, str):
        raise RefusedRequest("Il manque le texte du message (« message »).")
    if len(message) > LONGEST_TEXT:
        raise RefusedRequest(TOO_LONG)
    text = clean(message).strip()
    if not text:
        raise RefusedRequest("Le message est vide.")
    return text


def _command_payload(text: str) -> str | None:
    return COMMANDS.get(text[1:].lower()) if text.startswith("/") else None

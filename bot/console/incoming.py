"""What a request of the chat page, or of a stock REST client, says: read and checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.commands import COMMANDS, clean, said
from bot.errors import PasserelleError

LONGEST_SENDER = 64
LONGEST_TEXT = 4096
LARGEST_BODY = 100_000  # bytes; 4096 characters may take 12 each, escaped
TOO_LONG = f"Le message est trop long : {LONGEST_TEXT} caractères au plus. Coupez-le en deux."

# What the page says of a message; the rest of the metadata goes on to Rasa, as with stock REST.
_OURS = frozenset({"typed", "button", "id"})


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
        texts=said(text) if typed else (_command_payload(text) or text,),
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

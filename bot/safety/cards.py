"""The emergency cards: who to call, each number from the directory, trusted ones only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from bot.directory.hours import opening_at
from bot.directory.listing import listing_of
from bot.directory.models import Service
from bot.documents import read_yaml
from bot.errors import DataError
from bot.messages import TALK_TO_PEER, Button, Message
from bot.safety.danger import Kind
from bot.settings import ROOT

CARDS = ROOT / "data" / "safety" / "cards.yml"
TRUSTED = frozenset({"A", "A/B", "B"})


@dataclass(frozen=True)
class Line:
    """Who answers, in a few words, and the service in the directory whose number it is."""

    label: str
    service_id: str
    name: str = ""


@dataclass(frozen=True)
class EmergencyCard:
    """One warm sentence and the lines to call, the most urgent first."""

    opening: str
    lines: tuple[Line, ...]
    closing: str
    human: str


@lru_cache(maxsize=1)
def read_emergency_cards(path: Path = CARDS) -> dict[Kind | None, EmergencyCard]:
    """The cards by kind of danger; None is the one behind the button "Urgence".

    Raises:
        DataError: when the file does not hold a card for every kind.
    """
    data = read_yaml(path)
    try:
        found = {
            None if name == "any" else Kind(name): EmergencyCard(
                opening=card["opening"],
                lines=tuple(
                    Line(one["label"], one["service"], one.get("name", "")) for one in card["lines"]
                ),
                closing=card["closing"],
                human=card["human"],
            )
            for name, card in data.items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(path, None, f"a card is not complete ({error}).") from None
    missing = {None, *Kind} - set(found)
    if missing:
        raise DataError(path, None, f"there is no card for {missing}.")
    return found


def emergency_card(kind: Kind | None, session: Session, at: datetime) -> Message:
    """The card for a danger, its numbers read from the directory; one number a line.

    A line that is closed at the moment `at` (aware) is left out.
    """
    card = read_emergency_cards()[kind]
    parts = [card.opening]
    for line in card.lines:
        number = _number(session, line.service_id, at)
        if number:
            parts.append(f"{line.label}\n{number}")
    parts.append(card.closing)
    return Message("\n\n".join(parts), (Button(card.human, TALK_TO_PEER),))


def emergency_number(session: Session, name: str) -> str:
    """The number to dial for "ambulance" or "police", as in the card behind "Urgence"."""
    lines = read_emergency_cards()[None].lines
    return _number(session, next(line.service_id for line in lines if line.name == name)) or ""


def _number(session: Session, service_id: str, at: datetime | None = None) -> str | None:
    service = session.get(Service, service_id)
    if service is None or service.status != "active" or service.level not in TRUSTED:
        return None
    listing = listing_of(service)
    if at is not None and opening_at(listing.hours, at).is_open is False:
        return None
    return listing.phone

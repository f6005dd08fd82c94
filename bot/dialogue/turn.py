"""A turn: what a person said, what is remembered, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.messages import Message
from bot.safety.danger import Kind


@dataclass(frozen=True)
class Memory:
    """What the talk remembers from turn to turn; each field is a slot of the domain."""

    need: str | None = None
    commune: str | None = None
    position: str | None = None  # "latitude,longitude" in degrees
    audience: tuple[str, ...] = ()
    moment: str | None = None  # an ISO date and time: when the service is needed
    results: tuple[str, ...] = ()  # ids of services, best first
    shown: int = 0  # how many of them were shown
    focus: str | None = None  # the id of the result that was spoken of last
    asking: str | None = None  # what the assistant has just asked
    theme: str | None = None  # of the request for a peer worker
    card: str | None = None  # the key of the last knowledge card

    @classmethod
    def of_slots(cls, slots: Mapping[str, Any]) -> Memory:
        kept: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            value = slots.get(name)
            if value is not None:
                kept[name] = tuple(value) if isinstance(value, (list, tuple)) else value
        return cls(**kept)


@dataclass(frozen=True)
class Turn:
    """What was understood of one message of `sender` (a pseudonym) at the moment `at`."""

    sender: str
    intent: str
    at: datetime
    memory: Memory = field(default_factory=Memory)
    channel: str = ""
    text: str = ""
    entities: tuple[tuple[str, str], ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    wishes: tuple[str, ...] = ()
    danger: Kind | None = None

    def entity(self, name: str) -> str | None:
        """The first value of an entity."""
        return next((value for key, value in self.entities if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an entity, in order, each once."""
        return tuple(dict.fromkeys(value for key, value in self.entities if key == name))

    @property
    def position(self) -> tuple[float, float] | None:
        """The latitude and longitude, in degrees, that the person shared last."""
        shared = self.entity("position") or self.memory.position
        if not shared or self.entity("commune"):
            return None
        try:
            latitude, longitude = map(float, shared.split(","))
        except ValueError:  # a payload that somebody typed
            return None
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


@dataclass
class Reply:
    """The messages of a turn and what of the memory changes; `asking` ends unless asked anew."""

    messages: list[Message] = field(default_factory=list)
    remember: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, *messages: Message, **remember: Any) -> Reply:
        return cls(list(messages), remember)

    def then(self, other: Reply) -> Reply:
        """Both, in this order."""
        return Reply(self.messages + other.messages, {**self.remember, **other.remember})

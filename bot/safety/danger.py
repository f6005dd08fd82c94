"""Is somebody in danger? Patterns over normalised text; a model's score may be added to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from bot.documents import read_yaml
from bot.errors import DataError
from bot.settings import ROOT

PATTERNS = ROOT / "data" / "safety" / "patterns.yml"


class Kind(str, Enum):
    """The dangers that have a card; the intent is `crisis_` and the value."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    MEDICAL = "medical"
    CHILD = "child"

    @classmethod
    def of_intent(cls, intent: str) -> Kind | None:
        """The kind behind `crisis_suicide` and the like, else None."""
        prefix, _, value = intent.partition("_")
        return cls(value) if prefix == "crisis" and value in set(cls) else None


@dataclass(frozen=True)
class Danger:
    """What was found: `score` from 0 to 1, and why, without the message's words."""

    flag: bool
    kind: Kind | None
    score: float
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        return {
            "flag": self.flag,
            "kind": self.kind.value if self.kind else None,
            "score": round(self.score, 4),
            "reason": self.reason,
        }


HARMLESS = "harmless"  # the reason when only an idiom, a denial or the past spoke of danger


class Patterns:
    """Regular expressions for plain cases of danger, and for what only sounds like it."""

    def __init__(
        self, danger: dict[Kind, list[re.Pattern[str]]], harmless: list[re.Pattern[str]]
    ) -> None:
        self._danger = danger
        self._harmless = harmless

    def match(self, normalised: str) -> tuple[Kind, str] | None:
        """The first kind of danger that the text plainly says, with the pattern's name."""
        rest = self.without_harmless(normalised)
        for kind, patterns in self._danger.items():
            for number, pattern in enumerate(patterns, start=1):
                if pattern.search(rest):
                    return kind, f"pattern {kind.value} {number}"
        return None

    def without_harmless(self, normalised: str) -> str:
        """The text without its idioms, denials, past dangers and the like."""
        for pattern in self._harmless:
            normalised = pattern.sub(" ", normalised)
        return normalised


@lru_cache(maxsize=1)
def patterns(path: Path = PATTERNS) -> Patterns:
    """The patterns that ship.

    Raises:
        DataError: naming the kind and the number of a pattern that is no regular expression.
    """
    lists = read_yaml(path)
    names = {*(kind.value for kind in Kind), "harmless"}
    if not isinstance(lists, dict) or set(lists) != names:
        raise DataError(path, None, f"needs the lists {', '.join(sorted(names))}.")
    compiled: dict[str, list[re.Pattern[str]]] = {}
    for name, expressions in lists.items():
        for number, expression in enumerate(expressions, start=1):
            try:
                compiled.setdefault(name, []).append(re.compile(rf"\b(?:{expression})\b"))
            except re.error as error:
                raise DataError(
                    path, None, f"pattern {name} {number} is broken ({error})."
                ) from None
    harmless = compiled.pop("harmless", [])
    return Patterns({Kind(name): regexes for name, regexes in compiled.items()}, harmless)


def judge(
    normalised: str, score: float, kind: Kind | None, threshold: float, rules: Patterns
) -> Danger:
    """Put the model's score and the patterns together; a plain pattern always counts."""
    plain = rules.match(normalised)
    if plain is not None:
        return Danger(True, plain[0], max(score, 0.99), plain[1])
    if score >= threshold:
        return Danger(True, kind, score, "model")
    harmless = rules.without_harmless(normalised) != normalised
    return Danger(False, None, score, HARMLESS if harmless else "")

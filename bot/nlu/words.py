"""Words of a message with where they stand in it."""

import re
from dataclasses import dataclass

from bot.directory.places import fold

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


@dataclass(frozen=True)
class Word:
    """A word, folded (lower case, no accents), and its place in the text (end exclusive)."""

    folded: str
    start: int
    end: int
    capital: bool


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [
        Word(fold(match.group()), match.start(), match.end(), match.group()[0].isupper())
        for match in _WORD.finditer(text)
        if fold(match.group())
    ]

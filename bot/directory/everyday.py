"""Words of everyday French: what is written right is no misspelt name."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bot.directory.places import fold
from bot.errors import DataError
from bot.settings import ROOT

EVERYDAY = ROOT / "data" / "lexicon" / "everyday.txt"
SHORT = 2  # letters up to which any word counts as one of every day


@lru_cache(maxsize=1)
def everyday_words(path: Path = EVERYDAY) -> frozenset[str]:
    """The words of the list, folded.

    Raises:
        DataError: when the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error}).") from None
    return frozenset(fold(line) for line in lines if not line.startswith("#"))


def is_everyday(words: Iterable[str]) -> bool:
    """Whether all of the words (folded) are words of everyday French."""
    known = everyday_words()
    return all(len(word) <= SHORT or word.isdigit() or word in known for word in words)

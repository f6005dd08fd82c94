"""Writes a message as a dictionary would: SMS words spelt out, accents and case off."""

import re
from functools import lru_cache
from pathlib import Path

from bot.directory.places import fold, gazetteer
from bot.documents import read_yaml
from bot.errors import DataError
from bot.settings import ROOT

SMS = ROOT / "data" / "lexicon" / "sms.yml"
AFTER_C = frozenset("est etait etaient sera serait".split())  # "c'est" is "c est" once folded
POSTAL_CODE = "codepostal"  # which one it is says nothing of what is wanted
_REPEATED = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=1)
def _abbreviations(path: Path = SMS) -> dict[str, str]:
    words = read_yaml(path)
    if not isinstance(words, dict):
        raise DataError(path, None, "is not a list of words and what they stand for.")
    return {fold(str(short)): fold(str(long)) for short, long in words.items()}


def normalise(text: str) -> str:
    """Folded words, SMS spelt out, letters repeated three times or more cut down to one.

    A postal code becomes `POSTAL_CODE`. The result holds only a-z, 0-9 and single spaces.
    """
    words = _REPEATED.sub(r"\1", fold(text)).split()
    known = _abbreviations()
    spelt = [
        word if word == "c" and following in AFTER_C else known.get(word, word)
        for word, following in zip(words, [*words, ""][1:], strict=True)
    ]
    return " ".join(POSTAL_CODE if word in _postal_codes() else word for word in spelt)


@lru_cache(maxsize=1)
def _postal_codes() -> frozenset[str]:
    communes = gazetteer().communes.values()
    return frozenset(code for commune in communes for code in commune.postal_codes)

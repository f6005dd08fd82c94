"""Writes a message as a dictionary would: SMS words spelt out, accents and case off."""

import re
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.directory.places import fold
from bot.errors import DataError
from bot.settings import ROOT

SMS = ROOT / "data" / "lexicon" / "sms.yml"
_REPEATED = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=1)
def _abbreviations(path: Path = SMS) -> dict[str, str]:
    try:
        words = YAML(typ="safe").load(path)
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror}).") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DataError(path, line, f"is not a list of words ({error.problem}).") from None
    return {fold(str(short)): fold(str(long)) for short, long in words.items()}


def normalise(text: str) -> str:
    """Folded words, SMS spelt out, letters repeated three times or more cut down to one.

    The result holds only a-z, 0-9 and single spaces.
    """
    words = _REPEATED.sub(r"\1", fold(text)).split()
    known = _abbreviations()
    spelt: list[str] = []
    for at, word in enumerate(words):
        first, *rest = known.get(word, word).split()
        # "c'est" is "c est" by now: its "c" has its "est" already.
        spelt += [first] if words[at + 1 : at + 1 + len(rest)] == rest else [first, *rest]
    return " ".join(spelt)

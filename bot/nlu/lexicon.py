"""Finds words of small closed lists: who it is for, which language, which result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.directory.places import fold
from bot.documents import read_yaml
from bot.errors import DataError
from bot.nlu.entities import Span, SpanExtractor
from bot.nlu.words import Word, words_of
from bot.settings import ROOT

LEXICON = ROOT / "data" / "lexicon" / "entities.yml"
# What stands before whom something is for: these with an article between or not ("pour une
# femme"), those without ("foyer femmes"); and what may follow where it is the first word.
ARTICLES = frozenset("un une des les d1 1 1e le la 2 deux jeune jeunes".split())
BEFORE_WHOM = frozenset("pour pr aux entre suis sui chui chuis jsui jsuis comme que".split())
RIGHT_BEFORE_WHOM = frozenset(
    "place places lit lits chambre foyer abri refuge douche douches centre accueil maison maisons "
    "home dortoir journee groupe endroit lieu lieux local salon coin structure".split()
)
AFTER_WHOM = frozenset("seul seule seules avec de sans sdf cherche enceinte ans".split())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LexiconExtractor(SpanExtractor):
    """Entities `audience`, `spoken_language` and `rank`, by the words of `data/lexicon`."""

    def find(self, text: str) -> Iterator[Span]:
        words = words_of(text)
        starts: dict[int, int] = {}  # where a word begins in the line, and which it is
        line = ""
        for at, word in enumerate(words):
            starts[len(line)] = at
            line += f"{word.folded} "
        for entity, value, pattern in _patterns():
            for match in pattern.finditer(line):
                first = starts[match.start()]
                if match.group("whom") and not _says_whom(words, first):
                    continue
                last = first + match.group().rstrip().count(" ")
                yield Span(entity, value, words[first].start, words[last].end)
                break


def _says_whom(words: list[Word], at: int) -> bool:
    """Whether the word stands where one says whom something is for, or who one is."""
    before = at - 1
    while before >= 0 and words[before].folded in ARTICLES:
        before -= 1
    if before < 0:
        after = words[at + 1].folded if at + 1 < len(words) else ""
        return at == 0 and (not after or after.isdigit() or after in AFTER_WHOM)
    word, between = words[before].folded, words[at - 1].folded
    if word == "de":
        place = words[before - 1].folded if before else ""
        return place in RIGHT_BEFORE_WHOM and before == at - 1
    if word == "que":
        return between in {"des", "les", "pour"}
    return word in BEFORE_WHOM or (word in RIGHT_BEFORE_WHOM and before == at - 1)


@lru_cache(maxsize=1)
def _patterns(path: Path = LEXICON) -> list[tuple[str, str, re.Pattern[str]]]:
    lists = read_yaml(path)
    if not isinstance(lists, dict) or not all(isinstance(one, dict) for one in lists.values()):
        raise DataError(path, None, "needs an entity, its values, and a list of words for each.")
    return [
        (entity, value, re.compile(rf"\b(?:(?P<whom>{whom})|{plain})\b"))
        for entity, values in lists.items()
        for value, phrases in values.items()
        for whom, plain in [_alternatives([str(one) for one in phrases])]
    ]


def _alternatives(phrases: list[str]) -> tuple[str, str]:
    """What counts only where it says whom something is for, and what always counts."""
    whom = [_pattern(one[1:]) for one in phrases if one.startswith("~")]
    plain = [_pattern(one) for one in phrases if not one.startswith("~")]
    return "|".join(whom) or "(?!)", "|".join(plain) or "(?!)"


def _pattern(phrase: str) -> str:
    """A phrase of the list, folded; a final `*` stands for any end of the word."""
    return re.escape(fold(phrase)) + (r"\w*" if phrase.endswith("*") else "")

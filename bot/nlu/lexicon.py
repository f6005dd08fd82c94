"""Finds words of small closed lists: who it is for, which language, which result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.directory.places import fold
from bot.errors import DataError
from bot.nlu.entities import Span, SpanExtractor
from bot.nlu.words import words_of
from bot.settings import ROOT

LEXICON = ROOT / "data" / "lexicon" / "entities.yml"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LexiconExtractor(SpanExtractor):
    """Entities `audience`, `spoken_language` and `rank`, by the words of `data/lexicon`."""

    def find(self, text: str) -> Iterator[Span]:
        words = words_of(text)
        line = " ".join(word.folded for word in words)
        starts = {}
        at = 0
        for word in words:
            starts[at] = word
            at += len(word.folded) + 1
        for entity, value, pattern in _patterns():
            for match in pattern.finditer(line):
                first = starts.get(match.start())
                if first is None:
                    continue
                last = max(
                    (word for at, word in starts.items() if at < match.end()),
                    key=lambda word: word.end,
                )
                yield Span(entity, value, first.start, last.end)
                break


@lru_cache(maxsize=1)
def _patterns(path: Path = LEXICON) -> list[tuple[str, str, re.Pattern[str]]]:
    try:
        lists = YAML(typ="safe").load(path)
    except (OSError, MarkedYAMLError) as error:
        raise DataError(path, None, f"cannot be read ({error}).") from None
    return [
        (entity, value, re.compile(r"\b(?:" + "|".join(_pattern(word) for word in words) + r")\b"))
        for entity, values in lists.items()
        for value, words in values.items()
    ]


def _pattern(phrase: str) -> str:
    """A phrase of the list, folded; a final `*` stands for any end of the word."""
    return re.escape(fold(phrase)) + (r"\w*" if str(phrase).endswith("*") else "")

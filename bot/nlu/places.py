"""Finds communes in a message: names, districts, stations, postal codes, misspelt ones."""

from __future__ import annotations

from collections.abc import Iterator

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.directory.places import Commune, Gazetteer, gazetteer
from bot.nlu.entities import Span, SpanExtractor
from bot.nlu.words import Word, words_of

LONGEST_NAME = 5  # words

# Everyday words that are also names of places: read as places only where the context says so.
AMBIGUOUS = frozenset(
    "ans ath spa huy mons jette midi delta forest dour haren nord centre roue berchem flemalle "
    "chatelet namur wavre hal arts loi botanique roi reine europe parc chant lille merode trone "
    "vivier saint st madou paix fort don bon art thieu silly lens".split()
) - {"namur", "wavre", "madou", "merode"}

BEFORE_A_PLACE = frozenset("a au aux vers sur dans pres cote gare quartier commune ville".split())
NUMBER_UNITS = frozenset("ans an".split())
_NOT_MISSPELT = frozenset(
    "forets forest foret tour tours jeter jetter mont monts messe marche marches charles "
    "galere centre central avenir prison maison saison raison liege sortie mariage partie "
    "charlie mouche douche couche souche boucle louche soins moins bruler brule".split()
) - {"liege"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceExtractor(SpanExtractor):
    """Entity `commune`, its value the French name of the commune."""

    def find(self, text: str) -> Iterator[Span]:
        return find_places(text, gazetteer())


def find_places(text: str, places: Gazetteer) -> Iterator[Span]:
    """The communes named in a text, in order, none within another."""
    words = words_of(text)
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            commune = _meant(words, at, length, places)
            if commune is not None:
                first, last = words[at], words[at + length - 1]
                yield Span("commune", commune.name, first.start, last.end)
                at += length
                break
        else:
            at += 1


def _meant(words: list[Word], at: int, length: int, places: Gazetteer) -> Commune | None:
    name = " ".join(word.folded for word in words[at : at + length])
    before = words[at - 1].folded if at else ""
    alone = length == len(words)
    exact = places.find(name)
    if exact is not None:
        return exact if _plausible(words[at], name, before, alone) else None
    if (
        length > 3
        or name.isdigit()
        or any(word.folded.isdigit() for word in words[at : at + length])
    ):
        return None
    if name in _NOT_MISSPELT:
        return None
    located = before in BEFORE_A_PLACE or alone or len(words) <= 3
    if not located and not (words[at].capital and at):
        return None
    return places.guess(name)


def _plausible(word: Word, name: str, before: str, alone: bool) -> bool:
    """Whether an exact name is one here, and not an everyday word or a number."""
    if name.isdigit():
        return before not in {"euro", "euros", "numero", "tel", "gsm"}
    if name in NUMBER_UNITS and before.isdigit():
        return False
    if name == "midi":
        return before in {"du", "gare"} or (word.capital and before != "a")
    if name not in AMBIGUOUS:
        return True
    return alone or before in BEFORE_A_PLACE or (word.capital and before != "")

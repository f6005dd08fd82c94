"""Organisations and services by the names that people give them, misspelt too."""

import csv
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.directory.loader import DIRECTORY, split
from bot.directory.places import fold
from bot.errors import DataError

LONGEST_NAME = 8  # words
SHORT = 3  # letters up to which a name is an acronym that looks like a word of every day
ARTICLES = frozenset("le la l les du au aux chez asbl".split())
PARTICLES = frozenset("le la l les du de d des a au aux et".split())
LIKE = 80  # rapidfuzz ratio, 0 to 100, under which two names are not compared word by word
SHORTEST_MISSPELT = 6
SHOUTED = 0.7  # the share of words with a capital from which the message is all capitals

# Words that name a kind of place: alone they name no organisation.
COMMON = frozenset(
    fold(word)
    for word in (
        "aide cpas commune croix rouge la le les maison médicale centre accueil abri de nuit "
        "police pompiers ambulance restaurant social resto épicerie sociale mutuelle hôpital "
        "planning familial douche bains vestiaire refuge enfants jeunes droit logement santé "
        "jour relais accompagner secours consigne home clip gas mme miroir passages sais nes"
    ).split()
) | {fold(name) for name in (
    "abri de nuit", "maison médicale", "restaurant social", "épicerie sociale", "accueil de jour",
    "planning familial", "centre d'accueil", "aide juridique", "service social", "relais social",
    "formation pair aidance", "réforme 107", "médecin de garde", "bains publics",
    "première ligne", "demande de lit", "experts du vécu", "r a s", "ras",
)}  # fmt: skip

# Names that are also words: they count with a capital, an article, or (nearly) alone.
WORDS = frozenset(
    fold(word)
    for word in (
        "transit dune gate alias mass hub mado phare repr modus lama circé ilot hobo alfa arca "
        "caso gils macs rapa anaïs appuis nomade phénix ariane"
    ).split()
)

# Names that are also said without meaning anybody: they count with a capital inside a message.
PHRASES = frozenset(
    fold(name)
    for name in (
        "na", "espoir", "l'espoir", "l'espérance", "la fontaine", "l'échange", "pro deo",
        "en route", "chez nous", "comme chez nous", "autre lieu", "l'autre lieu", "sans logis",
        "sans souci", "trop de dettes", "un toit pour la nuit", "un toit un coeur", "convivial",
        "violences conjugales", "numéro vert", "carte sociale", "le comptoir", "l'escale",
        "le tremplin", "le rebond", "le pilier", "la passerelle", "le méridien", "le brasero",
        "la bicoque", "le figuier", "le pélican", "pélican", "le clos", "la gerbe", "alliage",
        "thermos", "baillon", "aquarelle", "at home", "aide aux victimes", "accueil des victimes",
        "maisons médicales", "équipes mobiles", "prévention suicide", "maison de justice",
        "droit des jeunes", "parents solos", "point d'appui", "centre d'appui", "housing first",
        "salle de consommation", "comptoirs d'échange", "services de santé mentale",
        "maison de l'adolescent", "réseaux 107", "similes", "salamandre", "soleil d'hiver",
        "coeurs ouverts", "prisme", "praxis", "la maison de l'adolescent", "centre d'arrivée",
    )
)  # fmt: skip

# Right words that are written nearly like a name.
NOT_MISSPELT = frozenset(
    "palier escalier escaliers ballon ballons conviviale conviviales smiles change discrimination "
    "discriminations forem".split()
)


@dataclass(frozen=True)
class Named:
    """A name found in a text: words `start` to `end` (exclusive), and the services it means."""

    name: str
    service_ids: tuple[str, ...]
    start: int
    end: int
    score: float


class NameIndex:
    """Every name of every service that may be shown."""

    def __init__(self, names: dict[str, tuple[str, tuple[str, ...]]]) -> None:
        """`names` maps a folded name to the name to show and the services' ids."""
        self._names = names
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._joined: dict[str, str] = {}  # written as one word, or without "de" and the like
        for name in names:
            words = name.split()
            if len("".join(words)) >= SHORTEST_MISSPELT:
                self._by_length[len(words)].append(name)
                for key in _keys(words):
                    self._joined.setdefault(key, name)

    def find(self, words: list[str], capitals: Collection[int] = ()) -> list[Named]:
        """The names among the words of a message (folded, in order), longest first wins.

        `capitals` are the places of the words that were written with a capital; where most are,
        they tell nothing.
        """
        if len(words) > 2 and len(capitals) > SHOUTED * len(words):
            capitals = ()
        return self._find(words, lambda name, span: _is_meant(name, words, span, capitals))

    def _find(self, words: list[str], is_meant: Callable[[str, range], bool]) -> list[Named]:
        found: list[Named] = []
        taken: set[int] = set()
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                span = range(start, start + length)
                if not taken.isdisjoint(span):
                    continue
                hit = self._match(words[start : start + length])
                if hit and is_meant(hit[0], span):
                    name, score = hit
                    found.append(Named(*self._names[name], start, start + length, score))
                    taken.update(span)
        return sorted(found, key=lambda named: named.start)

    def _match(self, words: list[str]) -> tuple[str, float] | None:
        """The name (folded) that the words are, and how alike they are up to 1."""
        text = " ".join(words)
        if text in COMMON:
            return None
        if text in self._names:
            return text, 1.0
        if len("".join(words)) < SHORTEST_MISSPELT or not NOT_MISSPELT.isdisjoint(words):
            return None
        whole = PARTICLES.isdisjoint((words[0], words[-1]))
        for key in _keys(words)[: None if whole else 1]:
            if key in self._joined:
                return self._joined[key], 0.95
        near = process.extract(
            text, self._by_length.get(len(words), ()), scorer=fuzz.ratio, score_cutoff=LIKE, limit=5
        )
        for name, score, _ in near:
            plain = name not in WORDS and name not in PHRASES
            if plain and all(map(_same_word, words, name.split())):
                return name, score / 100
        return None

    def guess(self, text: str, limit: int = 3) -> list[Named]:
        """The services whose names are nearest to a text that is about a name."""
        folded = fold(text)
        words = folded.split()
        if folded in self._names:
            return [Named(*self._names[folded], 0, len(words), 1.0)]
        found = self._find(words, lambda name, span: True)
        if found:
            return found
        hits = process.extract(
            folded, list(self._names), scorer=fuzz.token_set_ratio, score_cutoff=80, limit=limit
        )
        return [Named(*self._names[name], 0, len(words), score / 100) for name, score, _ in hits]


def _keys(words: list[str]) -> list[str]:
    """The words as one; and without particles, where two or more others are left."""
    content = [word for word in words if word not in PARTICLES]
    return ["".join(words), *([" ".join(content)] if len(content) > 1 else [])]


def _same_word(one: str, other: str) -> bool:
    """Whether two words are the same but for a slip or two; short ones must be equal."""
    longest = max(len(one), len(other))
    if one == other or longest < 5 or one[0] != other[0]:
        return one == other
    return OSA.distance(one, other) <= (1 if longest < 9 else 2)


def _is_meant(name: str, words: list[str], span: range, capitals: Collection[int]) -> bool:
    """Whether what could also be a word of every day is a name here."""
    if name in PHRASES:
        return any(at in capitals for at in span if at > 0)
    if len(name) > SHORT and name not in WORDS:
        return True
    before = words[span.start - 1] if span.start else ""
    return span.start in capitals or before in ARTICLES or len(words) <= len(span) + 1


def read_names(path: Path = DIRECTORY / "services.csv") -> dict[str, tuple[str, tuple[str, ...]]]:
    """The names in the directory's file, folded; drafts and closed services left out.

    Raises:
        DataError: when the file cannot be read.
    """
    shown: dict[str, str] = {}
    ids: dict[str, list[str]] = defaultdict(list)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["status"] != "active":
                    continue
                short = row["name"].split(" – ")[0].split(" (")[0]
                for name in (row["name"], short, *split(row["alternate_names"])):
                    folded = fold(name)
                    if len(folded) >= 2 and folded not in COMMON and not folded.isdigit():
                        shown.setdefault(folded, name)
                        ids[folded].append(row["id"])
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error}).") from None
    return {name: (shown[name], tuple(dict.fromkeys(ids[name]))) for name in shown}


@lru_cache(maxsize=1)
def name_index() -> NameIndex:
    """The names in the directory that ships."""
    return NameIndex(read_names())

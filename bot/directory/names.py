"""Organisations and services by the names that people give them, misspelt too."""

import csv
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.directory.loader import DIRECTORY, split
from bot.directory.places import fold
from bot.errors import DataError

LONGEST_NAME = 8  # words
SHORT = 5  # letters up to which a name counts only with a capital, an article, or alone
ARTICLES = frozenset("le la l les du de d au aux chez a asbl".split())
LIKE = 88  # rapidfuzz ratio, 0 to 100, from which two names of 6 letters or more are the same
SHORTEST_MISSPELT = 6

# Words that name a kind of place, or everyday words: alone they name no organisation.
COMMON = frozenset(
    fold(word)
    for word in (
        "aide cpas commune croix rouge la le les maison médicale centre accueil abri de nuit "
        "police pompiers ambulance restaurant social resto épicerie sociale mutuelle hôpital "
        "planning familial douche bains vestiaire refuge enfants jeunes droit logement santé "
        "espoir accueil de jour chez nous en route relais sais na accompagner dune secours nes "
        "consigne ras home miroir gate gas mass clip transit passages mme pat phare mado hub alias "
        "repr"
    ).split()
) | {
    fold(name)
    for name in (
        "abri de nuit",
        "maison médicale",
        "restaurant social",
        "épicerie sociale",
        "accueil de jour",
        "planning familial",
        "centre d'accueil",
        "aide juridique",
        "service social",
        "relais social",
        "chez nous",
        "en route",
        "formation pair aidance",
        "réforme 107",
        "médecin de garde",
        "bains publics",
        "première ligne",
        "demande de lit",
        "experts du vécu",
        "r a s",
    )
}


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
        self._longer = [name for name in names if len(name) >= SHORTEST_MISSPELT]
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for name in self._longer:
            self._by_length[len(name.split())].append(name)

    def find(self, words: list[str], capitals: Collection[int] = ()) -> list[Named]:
        """The names among the words of a message (folded, in order), longest first wins.

        `capitals` are the places of the words that were written with a capital.
        """
        found: list[Named] = []
        taken: set[int] = set()
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                span = range(start, start + length)
                if taken.isdisjoint(span) and _may_be_name(words, span, capitals):
                    hit = self._match(" ".join(words[start : start + length]), length)
                    if hit:
                        name, ids, score = hit
                        found.append(Named(name, ids, start, start + length, score))
                        taken.update(span)
        return sorted(found, key=lambda named: named.start)

    def _match(self, text: str, length: int) -> tuple[str, tuple[str, ...], float] | None:
        if text in COMMON:
            return None
        if text in self._names:
            return (*self._names[text], 1.0)
        if len(text) < SHORTEST_MISSPELT:
            return None
        near = process.extractOne(
            text, self._by_length.get(length, ()), scorer=fuzz.ratio, score_cutoff=LIKE
        )
        if near is None or text[0] != near[0][0]:
            return None
        return (*self._names[near[0]], near[1] / 100)

    def guess(self, text: str, limit: int = 3) -> list[Named]:
        """The services whose names are nearest to a whole text that should be a name."""
        words = fold(text).split()
        exact = self.find(words)
        if exact:
            return exact
        hits = process.extract(
            fold(text), list(self._names), scorer=fuzz.token_set_ratio, score_cutoff=80, limit=limit
        )
        return [Named(*self._names[name], 0, len(words), score / 100) for name, score, _ in hits]


def _may_be_name(words: list[str], span: range, capitals: Collection[int]) -> bool:
    """Whether a short word looks like a name here: many acronyms are words of every day."""
    if sum(len(words[at]) for at in span) > SHORT:
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

"""Finds communes in a message: names, districts, stations, postal codes, misspelt ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.directory.everyday import is_everyday
from bot.directory.places import Commune, Gazetteer, gazetteer
from bot.nlu.entities import Span, SpanExtractor
from bot.nlu.words import Word, words_of

LONGEST_NAME = 5  # words
LONGEST_MISSPELT = 4
SHOUTED = 0.7  # the share of words with a capital from which capitals tell nothing
FEW_WORDS = 3  # a message so short may well be a place alone

# What stands before a place, and what does when "de" stands between.
PREPOSITIONS = frozenset(
    "a vers sur pres cote gare quartier commune ville cpas habite entre".split()
)
PLACES_OF = frozenset(
    "pres loin cote commune gare ville hopital lhopital clinique clinik cpas quartier centre "
    "environs prison police maison bas haut squat camping parc place station autour bourgmestre "
    "banlieue region nord sud faubourg sortie cimetiere universite".split()
)

PARTICLES = frozenset("de d du a et en l au aux c je j ou".split())

# Names of places that are words of every day too: these only with a capital, those only after
# a preposition, the others not after the words given.
NEED_A_CAPITAL = frozenset("komen marche bouge vise roux havre bourse delta".split())
NEED_A_PREPOSITION = frozenset("xl herve midi".split())
_NUMBERS = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "vingt trente quarante cinquante soixante septante quatre vingts nonante cent mille"
)
_PRONOUNS = "je j tu il elle on ils elles me m te t se s le la les l ne n y qui ca que qu"
_OWNERS = "mes tes ses nos vos leurs les des ces mon ton son ma ta sa le la l aux un une"
AMBIGUOUS = {
    "ans": f"{_NUMBERS} {_OWNERS} quelques plusieurs d moins plus nos",
    "jette": _PRONOUNS,
    "jambes": f"{_OWNERS} {_NUMBERS}",
    "herve": "",
    "la roue": "",
    "la plante": "",
    "la chasse": "",
    "bon air": "du de le",
    "bon secours": "",
    "tertre": "un le",
    "helmet": "",
    "st nicolas": "la",
    "xl": "taille et l",
    "midi": "ce a entre apres avant repas pause demain hier vers jusqu et chaque tous",
}  # fmt: skip
BLOCKING = {name: frozenset(words.split()) for name, words in AMBIGUOUS.items()}

# A number is no postal code beside money, a telephone, a street's or a year's number.
BEFORE_NUMBERS = frozenset(
    "euro euros eur numero num n no tel telephone gsm fax bus tram loyer gagne gagner touche perdu "
    "dois doit devait paye payer paie coute demande reclame reclament recu emprunte vole depense "
    "retire amende regul plus moins environ salaire dette facture total reste prix annee en puk "
    "pin".split()
)
AFTER_NUMBERS = frozenset(
    "euro euros eur e balles francs fois personnes gens ans an km kilometres m metres h heures "
    "par net nets brut bruts boules de watts kwh litres mails points jours".split()
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PlaceExtractor(SpanExtractor):
    """Entity `commune`, its value the French name of the commune."""

    def find(self, text: str) -> Iterator[Span]:
        return find_places(text, gazetteer())


@dataclass(frozen=True)
class _Candidate:
    """Words `at` to `end` (exclusive) of a message that might be a name."""

    text: str
    words: list[Word]
    at: int
    end: int
    shouted: bool

    @property
    def folded(self) -> list[str]:
        return [word.folded for word in self.words[self.at : self.end]]

    @property
    def name(self) -> str:
        return " ".join(self.folded)

    def before(self, distance: int = 1) -> str:
        """The word so many before it; empty where there is none."""
        return self.words[self.at - distance].folded if self.at >= distance else ""

    @property
    def after(self) -> str:
        return self.words[self.end].folded if self.end < len(self.words) else ""

    @property
    def alone(self) -> bool:
        return len(self.words) == self.end - self.at

    @property
    def capital(self) -> bool:
        """Written with a capital that a sentence's beginning does not explain."""
        begin = self.text[: self.words[self.at].start].rstrip(" «\"'’(")[-1:]
        starts = self.at == 0 or begin in ".!?…\n"
        inside = self.words[self.at + 1 if starts else self.at : self.end]
        return not self.shouted and any(word.capital for word in inside)

    @property
    def located(self) -> bool:
        """Whether it stands where a place does."""
        if self.before() in {"de", "d", "du"}:
            return self.before(2) in PLACES_OF
        return self.before() in PREPOSITIONS


def find_places(text: str, places: Gazetteer) -> Iterator[Span]:
    """The communes named in a text, in order, none within another.

    Names as they are written come first; misspelt ones are looked for between them.
    """
    words = words_of(text)
    shouted = len(words) > 1 and sum(word.capital for word in words) > SHOUTED * len(words)
    found: dict[int, tuple[int, Commune]] = {}
    taken: set[int] = set()
    for longest, read in ((LONGEST_NAME, _written), (LONGEST_MISSPELT, _misspelt)):
        for length in range(min(longest, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                span = range(at, at + length)
                if not taken.isdisjoint(span):
                    continue
                commune = read(_Candidate(text, words, at, at + length, shouted), places)
                if commune is not None:
                    found[at] = at + length, commune
                    taken.update(span)
    for at, (end, commune) in sorted(found.items()):
        yield Span("commune", commune.name, words[at].start, words[end - 1].end)


def _written(one: _Candidate, places: Gazetteer) -> Commune | None:
    commune = places.find(one.name)
    return commune if commune is not None and _is_place(one) else None


def _misspelt(one: _Candidate, places: Gazetteer) -> Commune | None:
    if places.find(one.name) is not None or not _may_be_misspelt(one):
        return None
    if one.located or len(one.words) <= FEW_WORDS:
        return places.guess(one.name)
    return places.heard(one.name)


def _is_place(one: _Candidate) -> bool:
    """Whether an exact name is one here, and not an everyday word or a number."""
    if one.name.isdigit():
        return _is_postal_code(one)
    known = one.name in NEED_A_CAPITAL or one.name in BLOCKING
    if one.alone or not known:
        return True
    if one.before() in {"de", "d", "du"} and one.before(2) in PLACES_OF:
        return True
    if one.name in NEED_A_CAPITAL:
        return one.capital
    if one.before().isdigit() or one.before() in BLOCKING[one.name]:
        return False
    if one.name in NEED_A_PREPOSITION:
        return one.located or one.before() == "au"
    last = not one.after and len(one.folded) == 1  # "colis ath", but not "crevé la roue"
    return one.capital or one.located or last


def _is_postal_code(one: _Candidate) -> bool:
    first, last = one.words[one.at], one.words[one.end - 1]
    near = one.text[max(first.start - 2, 0) : first.start] + one.text[last.end : last.end + 2]
    if "€" in near or "$" in near or "+" in near or "/" in near:
        return False
    if one.before().isdigit() or one.after.isdigit():
        return False
    return one.before() not in BEFORE_NUMBERS and one.after not in AFTER_NUMBERS


def _may_be_misspelt(one: _Candidate) -> bool:
    """Whether the words may be a name written wrong: not if they are right as they are."""
    folded = one.folded
    if any(word.isdigit() for word in folded) or is_everyday(folded):
        return False
    return len(folded) == 1 or (len(folded[-1]) > 2 and folded[0] not in PARTICLES)

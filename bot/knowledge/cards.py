"""The knowledge cards: what the source says, in plain French, with its pages."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.documents import read_yaml
from bot.errors import DataError
from bot.settings import ROOT

KNOWLEDGE = ROOT / "data" / "knowledge"
SHORT_LIMIT = 350
TITLE_LIMIT = 40
NOT_CARDS = frozenset({"facts.yml", "topics.yml"})


@dataclass(frozen=True)
class Card:
    """One answer: short first, longer on demand, with the pages of the source."""

    key: str
    title: str
    short: str
    long: str
    chapter: str
    pages: tuple[int, ...]
    related: tuple[str, ...]
    keywords: tuple[str, ...]


Cards = dict[str, Card]


@dataclass(frozen=True)
class Topic:
    """A subject as a button, and the keys of its cards."""

    title: str
    cards: tuple[str, ...]


def read_cards(folder: Path = KNOWLEDGE) -> Cards:
    """Every card of a folder, by key.

    Raises:
        DataError: naming the file and what is wrong with it.
    """
    found: Cards = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name not in NOT_CARDS:
            card = _read(path)
            if card.key in found:
                raise DataError(path, None, f"the key {card.key!r} belongs to another card.")
            found[card.key] = card
    for card in found.values():
        missing = [key for key in card.related if key not in found]
        if missing:
            raise DataError(
                folder / f"{card.key}.yml", None, f"there is no related card {', '.join(missing)}."
            )
    return found


def _read(path: Path) -> Card:
    data = read_yaml(path)
    try:
        card = Card(
            key=data["key"],
            title=data["title"],
            short=data["short"].strip(),
            long=data["long"].strip(),
            chapter=data["chapter"],
            pages=tuple(data["pages"]),
            related=tuple(data["related"]),
            keywords=tuple(str(word) for word in data["keywords"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(path, None, f"a field is missing or has no text ({error}).") from None
    if len(card.short) > SHORT_LIMIT:
        raise DataError(
            path, None, f"`short` has {len(card.short)} characters; at most {SHORT_LIMIT} fit."
        )
    if len(card.title) > TITLE_LIMIT:
        raise DataError(path, None, f"`title` is longer than the {TITLE_LIMIT} of a button.")
    return card


@lru_cache(maxsize=1)
def cards() -> Cards:
    """The cards that ship."""
    return read_cards()


@lru_cache(maxsize=1)
def read_topics(path: Path = KNOWLEDGE / "topics.yml") -> dict[str, Topic]:
    """The subjects in which the cards are shown, by key.

    Raises:
        DataError: when the file cannot be read.
    """
    data = read_yaml(path)
    try:
        return {key: Topic(one["title"], tuple(one["cards"])) for key, one in data.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(path, None, f"a subject needs a title and cards ({error}).") from None

"""Finds moments in a message and resolves them in Europe/Brussels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot import clock
from bot.directory.places import fold
from bot.nlu.calendar import RULES, WEEKDAYS, number
from bot.nlu.entities import Span, SpanExtractor

# What is only told of: "depuis lundi", "ils m'ont expulsé mardi", "vendredi dernier".
_PAST_CUE = re.compile(r"\b(?:depuis|dpuis|dpui|depui|hier|il y a|ya|y a)(?: le| l| la| \w+)? ?$")
_PARTICIPLE = re.compile(
    r"\b(?:ai|a|as|ont|avons|avez|est|suis|sont|été|ete)\s+(?:\w+\s+){0,2}?"
    r"(?!ferm|ouvert|gratui|complet|interdit|besoin)\w{2,}(?:é|ée|és|ées|i|ie|is|it|u|ue|us|rt)\b"
    r"[^.!?;,:]*$",
    re.I,
)
_AFTER_PARTICIPLE = re.compile(r"(?!ferm)\b\w+(?:é|ée|és|ées)\s*$", re.I)
_LASTING = re.compile(
    r"\b(?:depuis|dpuis|dpui|depui|il y a?|ya|y a?|pendant|durant|toutes? les|tous les|en|sous|"
    r"fait|les|moins de|plus de|duree de|dure|attend|attends|attendu|perdu|fais) ?$"
)
_RATE = re.compile(
    r" ?(?:/|par |sur 24|de suite|chrono|plus tard|d attente|de (?:retard|route|marche|trajet|"
    r"train|travail|boulot|bus|attente|pause|sommeil|cours|vol))"
)
_FEW = 3  # words of a message that may well be an hour alone
_EARLIEST_BARE = 7  # an hour before this one needs a preposition: "2h" is as often a while


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MomentExtractor(SpanExtractor):
    """Entity `moment`, its value an ISO date and time in Europe/Brussels."""

    def find(self, text: str) -> Iterator[Span]:
        now = clock.now()
        for start, end, moment in find_moments(text, now):
            yield Span("moment", moment.isoformat(timespec="minutes"), start, end)


def find_moments(text: str, now: datetime) -> Iterator[tuple[int, int, datetime]]:
    """Each moment in a text: start, end (exclusive), and what it means said at `now` (aware).

    A day that is told of ("depuis lundi", "ils m'ont expulsé mardi") is none: nothing is looked
    for then.
    """
    folded, places = _folded_with_places(text)
    found = []
    for pattern, resolve in RULES:
        for match in pattern.finditer(folded):
            start = places[match.start()]
            end = places[match.start() + len(match.group().rstrip()) - 1] + 1
            group = {name: value for name, value in match.groupdict().items() if value}
            if _is_told(match, group, text[:start]):
                continue
            moment = resolve(group, now)
            if moment is not None:
                found.append((start, end, _real(moment)))
    last = 0
    for start, end, moment in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= last:
            yield start, end, moment
            last = end


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded, one sign for one sign or a space, and each sign's place in the text.

    A colon and a slash between digits stay.
    """
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        keep = sign in ":/" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
        for bare in sign if keep else fold(sign) or " ":
            if bare == " " and (not signs or signs[-1] == " "):
                continue
            signs.append(bare)
            places.append(at)
    return "".join(signs), places


def _is_told(match: re.Match[str], group: dict[str, str], before: str) -> bool:
    """Whether the moment only belongs to a story or is a while, not a moment."""
    folded = match.string
    if "day" in group and group["day"] in WEEKDAYS:
        told = _PARTICIPLE.search(before) or _AFTER_PARTICIPLE.search(before)
        last = re.match(r" (?:dernier|derniere|passe|d avant)\b", folded[match.end() :])
        return bool(told or last or _PAST_CUE.search(folded[: match.start()]))
    if "bare" in group:
        lasting = _LASTING.search(folded[: match.start()])
        rate = _RATE.match(folded[match.end() :])
        hour = number(group.get("hour", "12"))
        exact = "at" in group or "hour_minute" in group or "hour_half" in group
        placed = exact or hour >= _EARLIEST_BARE or len(folded.split()) <= _FEW
        return bool(lasting or rate) or not placed
    return False


def _real(moment: datetime) -> datetime:
    """The same moment in Brussels; an hour that the clocks skip becomes the one after."""
    return moment.astimezone(timezone.utc).astimezone(clock.BRUSSELS)

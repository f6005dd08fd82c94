"""A search as a JSON object in, the answer as one out: for `passerelle directory search`."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import BRUSSELS
from bot.directory.listing import Listing
from bot.directory.loader import AUDIENCES
from bot.directory.models import TaxonomyTerm
from bot.directory.names import name_index
from bot.directory.places import gazetteer
from bot.directory.search import Found, Wish, by_ids, search
from bot.errors import PasserelleError

LIMIT = 10
KEYS = frozenset({"need", "commune", "position", "at", "audience", "query"})


class QueryError(PasserelleError):
    """A search that cannot be made as it was written."""


def answer_query(
    session: Session, query: dict[str, Any], line: int, now: datetime
) -> dict[str, Any]:
    """The services for a query with `need`, `commune`, `position`, `at`, `audience`, `query`.

    Raises:
        QueryError: naming the line and the field that is wrong.
    """
    wish, words = _read(session, query, line, now)
    if wish.needs:
        found = search(session, wish)
        if words:
            found = _preferring(found, words)
    else:
        ids = [one for hit in name_index().guess(words) for one in hit.service_ids]
        found = Found(tuple(by_ids(session, dict.fromkeys(ids), wish.at)))
    return {
        "results": [as_dict(listing) for listing in found.listings[:LIMIT]],
        "loosened": list(found.loosened),
    }


def _read(session: Session, query: dict[str, Any], line: int, now: datetime) -> tuple[Wish, str]:
    unknown = set(query) - KEYS
    if unknown:
        raise QueryError(
            f"line {line}: {', '.join(sorted(unknown))} is none of the fields "
            f"{', '.join(sorted(KEYS))}."
        )
    need = query.get("need")
    words = query.get("query")
    if words is not None and not isinstance(words, str):
        raise QueryError(f"line {line}: `query` is not a text.")
    if need is None and not words:
        raise QueryError(f"line {line}: give a `need` or a `query`.")
    if need is not None:
        need = str(need).removeprefix("need_")
        if session.get(TaxonomyTerm, need) is None:
            raise QueryError(f"line {line}: there is no need {need!r} in taxonomy.csv.")
    audience = query.get("audience") or []
    if not isinstance(audience, list) or not set(map(str, audience)) <= AUDIENCES:
        raise QueryError(f"line {line}: `audience` is a list of {', '.join(sorted(AUDIENCES))}.")
    wish = Wish(
        needs=(need,) if need else (),
        at=_moment(query.get("at"), line, now),
        commune=_commune(query.get("commune"), line),
        position=_position(query.get("position"), line),
        audience=frozenset(audience),
    )
    return wish, words or ""


def _moment(value: object, line: int, now: datetime) -> datetime:
    if value is None:
        return now
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise QueryError(
            f"line {line}: `at` is not a moment; write for example 2026-11-22T21:30."
        ) from None
    return moment.replace(tzinfo=BRUSSELS) if moment.tzinfo is None else moment


def _commune(value: object, line: int) -> str | None:
    if value is None:
        return None
    commune = gazetteer().guess(str(value))
    if commune is None:
        raise QueryError(f"line {line}: {value!r} is no commune of communes.csv.")
    return commune.name


def _position(value: object, line: int) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise QueryError(f"line {line}: `position` is not [latitude, longitude].")
    try:
        latitude, longitude = float(value[0]), float(value[1])
    except (TypeError, ValueError):
        raise QueryError(f"line {line}: `position` is not [latitude, longitude].") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise QueryError(f"line {line}: `position` lies outside the earth.")
    return latitude, longitude


def _preferring(found: Found, words: str) -> Found:
    """Those that the words name come first, the order otherwise kept."""
    named = {one for hit in name_index().guess(words) for one in hit.service_ids}
    ranked = sorted(found.listings, key=lambda one: one.id not in named)
    return Found(tuple(ranked), found.loosened)


def as_dict(listing: Listing) -> dict[str, Any]:
    """A listing with the names that the command's interface fixes."""
    change = listing.opening.next_change
    return {
        "name": listing.name,
        "phone": listing.phone,
        "address": listing.address,
        "commune": listing.commune,
        "open": listing.opening.is_open,
        "next_change": change.isoformat(timespec="minutes") if change else None,
        "distance_m": listing.distance_m,
        "level": listing.level,
        "verified_on": listing.verified_on,
        "conditions": listing.conditions,
    }

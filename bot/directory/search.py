"""Which services to show: meant for the person, open, near, trusted; best first."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.directory.listing import Listing, listing_of
from bot.directory.models import Service, TaxonomyTerm
from bot.directory.places import BRUSSELS_REGION, Commune, Gazetteer, distance_m, gazetteer

NEAR_M = {BRUSSELS_REGION: 9_000}
NEAR_ELSEWHERE_M = 15_000
FAR_M = 60_000

# Groups that shut each other out: a service for women only is never for a man who said so.
EXCLUSIVE = ({"women", "men"}, {"minors", "elderly"})

# A need whose field is empty near the person is looked for in these as well.
KINDRED = {
    "shelter": ("emergency",),
    "digital": ("day_centre",),
    "group": ("peer_support",),
    "legal": ("information",),
    "violence": ("legal",),
}


@dataclass(frozen=True)
class Wish:
    """What somebody is looking for.

    `needs` are codes of the taxonomy, the main one first; `position` is (latitude, longitude)
    in degrees; `at` is aware; `audience` says who the person is, in the directory's codes.
    """

    needs: tuple[str, ...]
    at: datetime
    commune: str | None = None
    position: tuple[float, float] | None = None
    audience: frozenset[str] = frozenset()
    open_only: bool = False


@dataclass(frozen=True)
class Found:
    """Services, best first, and the parts of the wish that had to be loosened for them."""

    listings: tuple[Listing, ...]
    loosened: tuple[str, ...] = field(default=())


def search(session: Session, wish: Wish, places: Gazetteer | None = None) -> Found:
    """Every service that answers the wish, best first.

    Where nothing fits nearby, the distance is loosened; where everything is closed at the moment
    that was asked for, that is; `Found.loosened` says so. A service reserved to others
    than the person, a draft or a closed service is never among them.
    """
    places = places or gazetteer()
    commune = places.communes.get(wish.commune) if wish.commune else None
    if commune is None and wish.position is not None:
        commune = places.nearest(wish.position)
    origin = wish.position or (commune.centre if commune else None)
    needs = wish.needs
    candidates = _candidates(session, needs, wish, commune, origin)
    if not candidates:
        kindred = tuple(code for need in needs for code in KINDRED.get(need, ()))
        candidates = _candidates(session, kindred, wish, commune, origin) if kindred else []
    return _narrow(candidates, wish, commune)


def _candidates(
    session: Session,
    needs: tuple[str, ...],
    wish: Wish,
    commune: Commune | None,
    origin: tuple[float, float] | None,
) -> list[Listing]:
    if not needs:
        return []
    query = (
        select(Service)
        .join(Service.taxonomy_terms)
        .where(TaxonomyTerm.id.in_(needs), Service.status == "active")
        .distinct()
    )
    listings = (listing_of(service) for service in session.scalars(query).unique())
    return [
        listing.at(wish.at, _distance(listing, commune, origin))
        for listing in listings
        if welcomes(listing, wish.audience) and serves(listing, commune)
    ]


def welcomes(listing: Listing, audience: frozenset[str]) -> bool:
    """Whether the service may be for a person of this audience."""
    only = listing.audience_only
    if not only or only & audience:
        return not ("professionals" in only and "professionals" not in audience)
    if only <= {"professionals", "relatives"}:
        return False
    return not any(group & only and group & audience for group in EXCLUSIVE)


def serves(listing: Listing, commune: Commune | None) -> bool:
    """Whether the service's area, where it is known, covers the commune."""
    area = set(listing.service_area)
    if commune is None or not area:
        return True
    covered = {"national", commune.name, f"region:{commune.region}"}
    return bool(area & (covered | {f"province:{commune.province}"}))


def _distance(
    listing: Listing, commune: Commune | None, origin: tuple[float, float] | None
) -> int | None:
    if origin is None or listing.position is None:
        return None
    if commune is not None and listing.commune == commune.name and origin == commune.centre:
        return 0
    return distance_m(origin, listing.position)


def _narrow(candidates: list[Listing], wish: Wish, commune: Commune | None) -> Found:
    loosened: list[str] = []
    reach = NEAR_ELSEWHERE_M
    if commune is not None:
        reach = NEAR_M.get(commune.region, NEAR_ELSEWHERE_M)
        near = [one for one in candidates if _in_reach(one, reach)]
        if candidates and not any(one.distance_m is not None for one in near):
            near = [one for one in candidates if _in_reach(one, FAR_M)] or candidates
            if any(one.distance_m is not None for one in near):  # not only lines to call
                loosened.append("distance")
        candidates = near
    if wish.open_only:
        not_closed = [one for one in candidates if one.opening.is_open is not False]
        if not_closed:
            candidates = not_closed
        elif candidates:
            loosened.append("open")
    ranked = sorted(candidates, key=lambda one: _cost(one, wish, commune))
    shown = (replace(one, distance_m=None) if one.hidden else one for one in ranked)
    return Found(tuple(shown), tuple(loosened))


def _in_reach(listing: Listing, reach_m: int) -> bool:
    """A place within reach, or a line that one can call from anywhere in its area."""
    if listing.distance_m is not None:
        return listing.distance_m <= reach_m
    return bool(listing.phone or listing.website)


def _cost(listing: Listing, wish: Wish, commune: Commune | None) -> tuple[float, ...]:
    """The lower the better: trust's tier first, then one sum in kilometres or their worth."""
    distance_km = (listing.distance_m or 0) / 1000
    only_unknown = bool(listing.audience_only) and not listing.audience_only & wish.audience
    meant = bool(listing.audience_only & wish.audience)
    preferred = bool(listing.audience_preferred & wish.audience)
    main_need = listing.needs[:1] == wish.needs[:1]
    nowhere = commune is None and wish.position is None
    own_commune = commune is not None and commune.name in listing.service_area
    cost = distance_km
    cost += {True: 0.0, None: 2.5}.get(listing.opening.is_open, _wait_cost(listing, wish.at))
    others_first = bool(listing.audience_preferred) and not preferred
    cost += 4.0 * only_unknown - 5.0 * meant - 3.0 * preferred + 2.0 * others_first
    cost += 0.0 if main_need else 3.0
    cost += 0.0 if listing.position or (main_need and listing.phone) else 4.0
    cost -= 6.0 if own_commune else 0.0
    cost += 6.0 if nowhere and listing.position else 0.0  # a door in one town, nobody knows which
    cost += 0.0 if listing.phone else (3.0 if "shelter" in wish.needs else 1.5)
    cost += 0.0 if not listing.languages or "fr" in " ".join(listing.languages) else 6.0
    cost += 0.0 if listing.phone or listing.address else 3.0
    cost += 1.0 if listing.to_confirm else 0.0
    cost += 0.0 if listing.level.startswith("A") else 0.3
    return (float(listing.level == "C"), cost)


def _wait_cost(listing: Listing, at: datetime) -> float:
    change = listing.opening.next_change
    if change is None:
        return 8.0
    hours = (change - at).total_seconds() / 3600
    return 2.0 + min(hours, 72.0) / 12


def by_ids(session: Session, ids: Iterable[str], at: datetime) -> list[Listing]:
    """The services with these ids, in this order, as they stand at `at`; drafts left out."""
    wanted = list(ids)
    query = select(Service).where(Service.id.in_(wanted), Service.status == "active")
    found = {str(one.id): listing_of(one).at(at, None) for one in session.scalars(query).unique()}
    return [found[one] for one in wanted if one in found]

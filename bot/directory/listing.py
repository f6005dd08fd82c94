"""A service as it may be shown: fields that cannot be trusted enough are left out."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.directory.hours import UNKNOWN, Opening, opening_at
from bot.directory.models import Service

HIDDEN_ADDRESS = "adresse tenue secrète"
UNTRUSTED = frozenset({"C?", "R"})
TO_CONFIRM = frozenset({"C"})
OLDEST_TRUSTED = "2019"


@dataclass(frozen=True)
class Listing:
    """One service, ready to be shown at a given moment.

    `phones` are as on the source's page; `address` is None where it is not known and
    `HIDDEN_ADDRESS` where it is secret; `verified_on` is a date of ISO form, as precise as it is
    known ("2024", "2024-05", "2024-05-31"), or None; `distance_m` is in a straight line.
    """

    id: str
    name: str
    description: str
    phones: tuple[str, ...]
    address: str | None
    commune: str | None
    website: str | None
    conditions: str | None
    cost: str | None
    languages: tuple[str, ...]
    audience_only: frozenset[str]
    audience_preferred: frozenset[str]
    needs: tuple[str, ...]
    service_area: tuple[str, ...]
    level: str
    verified_on: str | None
    to_confirm: bool
    source_url: str
    hours: str | None
    seasonal: bool
    position: tuple[float, float] | None  # of a hidden address: its commune's, for ranking only
    hidden: bool = False
    opening: Opening = UNKNOWN
    distance_m: int | None = None

    @property
    def phone(self) -> str | None:
        return self.phones[0] if self.phones else None

    def at(self, moment: datetime, distance_m: int | None) -> "Listing":
        """The same service as it stands at `moment`, `distance_m` away."""
        opening = opening_at(self.hours, moment)
        if self.seasonal and opening.is_open and self.hours == "24/7":
            opening = UNKNOWN
        return replace(self, opening=opening, distance_m=distance_m)


def listing_of(service: Service) -> Listing:
    """What of a service may be shown, by the level of each of its fields."""
    levels = _field_levels(str(service.field_levels))

    def shown(field: str, value: str) -> str | None:
        return value if value and levels.get(field) not in UNTRUSTED else None

    location = service.location
    hours = service.schedules[0].opening_hours if service.schedules else ""
    phones = [phone.number for phone in service.phones]
    level = str(service.level)
    verified_on = str(service.verified_on) or None
    weakened = any(value in TO_CONFIRM for value in levels.values())
    return Listing(
        id=str(service.id),
        name=str(service.name),
        description=str(service.description),
        phones=tuple(phones) if levels.get("phone") not in UNTRUSTED else (),
        address=_address(
            service,
            shown("street", str(location.street)),
            shown("postal_code", str(location.postal_code)),
        ),
        commune=shown("commune", str(location.commune)),
        website=shown("website", str(service.website)),
        conditions=_conditions(service),
        cost=shown("cost", str(service.cost)),
        languages=_codes(service.languages),
        audience_only=frozenset(_codes(service.audience_only)),
        audience_preferred=frozenset(_codes(service.audience_preferred)),
        needs=tuple(term.id for term in service.taxonomy_terms),
        service_area=_codes(service.service_area),
        level=level,
        verified_on=verified_on,
        to_confirm=(
            level in TO_CONFIRM or weakened or verified_on is None or verified_on < OLDEST_TRUSTED
        ),
        source_url=str(service.source_url),
        hours=shown("opening_hours", hours) if shown("opening_hours_osm", hours) else None,
        seasonal=bool(service.seasonal),
        position=None if location.latitude is None else (location.latitude, location.longitude),
        hidden=bool(location.hidden),
    )


def _field_levels(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";") if ":" in part)
    return {name.strip(): level.strip() for name, _, level in pairs}


def _codes(cell: object) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(cell).split(";") if part.strip())


def _address(service: Service, street: str | None, postal_code: str | None) -> str | None:
    location = service.location
    if location.hidden:
        return HIDDEN_ADDRESS
    place = str(location.locality or location.commune)
    town = " ".join(part for part in (postal_code, place) if part)
    if not street:
        return None
    return f"{street}, {town}" if town else street


def _conditions(service: Service) -> str | None:
    """The conditions that the row gives, else who it is meant for, as written there."""
    text = str(service.conditions or service.eligibility or "")
    return re.sub(r"\s+", " ", text).strip() or None

"""A listing in plain French, for a small screen."""

import re
from datetime import datetime

from bot.clock import BRUSSELS
from bot.directory.listing import Listing
from bot.phrases import Phrases

DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)


def describe(listing: Listing, rank: int | None, at: datetime, phrases: Phrases) -> str:
    """Name, what it does, open or not, number, address, conditions, and how sure we are."""
    head = f"{rank}. {listing.name}" if rank else listing.name
    about = [listing.description, opening_line(listing, at, phrases)]
    where = address_line(listing)
    if where:
        about.append(where)
    if listing.conditions:
        about.append(phrases.text("utter_listing_conditions", conditions=listing.conditions))
    if listing.cost:
        about.append(phrases.text("utter_listing_cost", cost=listing.cost))
    parts = [head, *about]
    if listing.phone:
        parts.append(listing.phone)
    elif listing.website:
        parts.append(listing.website)
    parts.append(trust_line(listing, phrases))
    return "\n".join(parts)


def details(listing: Listing, at: datetime, phrases: Phrases) -> str:
    """Everything that may be shown of a service."""
    parts = [describe(listing, None, at, phrases)]
    if len(listing.phones) > 1:
        parts.append(phrases.text("utter_listing_other_phones"))
        parts.extend(listing.phones[1:])
    if listing.hours:
        parts.append(phrases.text("utter_listing_hours", hours=hours_in_french(listing.hours)))
    if listing.phone and listing.website:
        parts.append(listing.website)
    return "\n".join(parts)


def address_line(listing: Listing) -> str | None:
    """The address, with the distance where one is known."""
    where = listing.address or listing.commune
    if where and listing.distance_m and listing.distance_m >= 1000:
        return f"{where} (à {listing.distance_m / 1000:.0f} km)"
    return where


def opening_line(listing: Listing, at: datetime, phrases: Phrases) -> str:
    """ "Ouvert, jusqu'à 17:00", "Fermé. Ouvre lundi à 9:00", or that it is not known."""
    opening = listing.opening
    change = opening.next_change
    if opening.is_open is None:
        return phrases.text("utter_hours_unknown")
    if opening.is_open and change is None:
        open_end = "+" in (listing.hours or "")
        return phrases.text("utter_open" if open_end else "utter_open_always")
    if opening.is_open:
        return phrases.text("utter_open_until", moment=moment_in_french(change, at))
    if change is None:
        return phrases.text("utter_closed")
    return phrases.text("utter_closed_until", moment=moment_in_french(change, at))


def trust_line(listing: Listing, phrases: Phrases) -> str:
    """The date it was verified, or that one should call before going."""
    if listing.to_confirm or listing.verified_on is None:
        return phrases.text("utter_to_confirm" if listing.phone else "utter_to_confirm_no_phone")
    return phrases.text("utter_verified_on", date=date_in_french(listing.verified_on))


def moment_in_french(moment: datetime | None, at: datetime) -> str:
    """ "17:00" today, "demain à 9:00", "lundi à 9:00", "le 3 mai à 9:00" further on."""
    if moment is None:
        return ""
    local, now = moment.astimezone(BRUSSELS), at.astimezone(BRUSSELS)
    hour = f"{local.hour}:{local.minute:02d}"
    days = (local.date() - now.date()).days
    if days == 0 or (days == 1 and local.hour < 6):
        return hour if hour != "0:00" else "minuit"
    if days == 1:
        return f"demain à {hour}"
    if days < 7:
        return f"{DAYS[local.weekday()]} à {hour}"
    return f"le {local.day} {MONTHS[local.month - 1]} à {hour}"


def date_in_french(iso: str) -> str:
    """ "2024-05-03" is "3 mai 2024", "2024-05" is "mai 2024", "2024" stays."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"


_DAYS = dict(zip("Mo Tu We Th Fr Sa Su".split(), DAYS, strict=True))
_MONTHS = dict(zip("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), MONTHS, strict=True))
_NTH = {"1": "1er", "2": "2e", "3": "3e", "4": "4e", "5": "5e", "-1": "dernier"}
_CODES = {
    **_DAYS,
    **_MONTHS,
    "PH": "jours fériés",
    "off": "fermé",
    "24/7": "jour et nuit, tous les jours",
}
_CODE = re.compile("|".join(rf"(?<![A-Za-z]){code}(?![A-Za-z])" for code in _CODES))


def hours_in_french(hours: str) -> str:
    """OSM opening_hours as people read them: "lundi-vendredi 9:00-17:00", a rule a line."""
    text = hours.replace("PH off", "fermé les jours fériés")
    text = re.sub(
        r"\b([A-Z][a-z])\[(-?\d)\]",
        lambda nth: f"{_NTH.get(nth[2], nth[2])} {_DAYS.get(nth[1], nth[1])} du mois",
        text,
    )
    text = re.sub(r"\b([A-Z][a-z]{2}) (\d{1,2})\b", r"\2 \1", text)  # "Nov 01" is "01 Nov"
    text = re.sub(r"(\d{1,2}:\d{2})\+", r"dès \1", text)
    text = _CODE.sub(lambda code: _CODES[code.group()], text)
    text = text.replace("lundi-dimanche", "tous les jours").replace("; ", "\n").replace(",", ", ")
    text = re.sub(r",  +", ", ", text)
    return re.sub(r"\b0(\d)(?=:| [a-zéû])", r"\1", text)

"""Loads the directory's files into the database: all of them, or nothing."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.directory.hours import HoursError, check_hours
from bot.directory.models import (
    DirectoryVersion,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    TaxonomyTerm,
    service_taxonomy,
)
from bot.directory.places import Gazetteer, fold, gazetteer
from bot.errors import DataError
from bot.settings import ROOT

DIRECTORY = ROOT / "data" / "directory"
LEVELS = frozenset({"A", "A/B", "B", "C", "C?", "R"})
STATUSES = frozenset({"active", "draft", "closed"})
AUDIENCES = frozenset(
    "women men families minors youth couples undocumented animals lgbtqia sex_workers drug_users "
    "relatives professionals elderly disability".split()
)
_PHONE = re.compile(r"\+?[0-9][0-9 ./]*")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_TEXTS = (
    "name alternate_names description service_area website languages cost eligibility "
    "audience_only audience_preferred access conditions level field_levels source_url "
    "verified_on status".split()
)
_OTHERS = (
    "id organization needs phone other_phones opening_hours seasonal street postal_code commune "
    "locality address_hidden".split()
)
SERVICE_COLUMNS = frozenset([*_TEXTS, *_OTHERS])
TERM_COLUMNS = frozenset({"code", "name", "description", "intent"})
FIELDS_WITH_A_LEVEL = SERVICE_COLUMNS | {"opening_hours_osm"}


def fingerprint(folder: Path = DIRECTORY) -> str:
    """What the files hold, as a hash."""
    digest = hashlib.sha256()
    for name in ("services.csv", "communes.csv", "taxonomy.csv"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def load_directory(session: Session, folder: Path = DIRECTORY) -> bool:
    """Replace the directory by what the files hold; do nothing if it is loaded already.

    Returns whether anything was loaded.

    Raises:
        DataError: naming the file, the line and what is wrong with it; nothing is changed.
    """
    try:
        mark = fingerprint(folder)
    except OSError as error:
        raise DataError(folder, None, f"cannot be read ({error.strerror}).") from None
    loaded = session.scalars(select(DirectoryVersion)).first()
    if loaded is not None and loaded.fingerprint == mark:
        return False
    terms = _terms(folder / "taxonomy.csv")
    services = list(_services(folder / "services.csv", set(terms)))
    places = gazetteer()
    _empty(session)
    session.add_all(terms.values())
    session.add(DirectoryVersion(fingerprint=mark))
    session.flush()
    organizations: dict[str, Organization] = {}
    for row in services:
        _add_service(session, row, places, organizations)
    session.flush()
    session.execute(insert(service_taxonomy), [link for row in services for link in _links(row)])
    return True


def _empty(session: Session) -> None:
    session.execute(delete(service_taxonomy))
    for model in (Phone, Schedule, Service, Location, Organization, TaxonomyTerm, DirectoryVersion):
        session.execute(delete(model))
    session.expunge_all()


def _rows(path: Path, columns: frozenset[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        missing = columns - set(reader.fieldnames or ())
        if missing:
            raise DataError(path, 1, f"the column {', '.join(sorted(missing))} is missing.")
        line = reader.line_num + 1  # where a row begins; one with a line break in it ends later
        for row in reader:
            if None in row or None in row.values():
                raise DataError(
                    path,
                    line,
                    f"has not the {len(reader.fieldnames or ())} columns of the first line; "
                    "look for a missing or a spare comma or quote.",
                )
            yield line, {key: value.strip() for key, value in row.items()}
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(path, reader.line_num + 1, f"is not CSV ({error}).") from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")  # spreadsheets put a mark before UTF-8
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(path, line, "is not UTF-8; save the file as UTF-8.") from None


def _terms(path: Path) -> dict[str, TaxonomyTerm]:
    terms: dict[str, TaxonomyTerm] = {}
    for line, row in _rows(path, TERM_COLUMNS):
        code = row["code"]
        if not code or code in terms:
            raise DataError(path, line, f"the code {code!r} is empty or given twice.")
        terms[code] = TaxonomyTerm(
            id=code, name=row["name"], description=row["description"], intent=row["intent"]
        )
    return terms


def _services(path: Path, codes: set[str]) -> Iterator[dict[str, str]]:
    seen: dict[str, int] = {}
    for line, row in _rows(path, SERVICE_COLUMNS):
        problem = _problem(row, codes, seen)
        if problem:
            raise DataError(path, line, problem)
        seen[row["id"]] = line
        yield row


def _problem(row: dict[str, str], codes: set[str], seen: dict[str, int]) -> str | None:
    """What is wrong with a service's line, or None."""
    if not row["id"] or not row["name"]:
        return "a service needs an id and a name."
    if row["id"] in seen:
        return f"the id {row['id']!r} is already on line {seen[row['id']]}; give it another."
    if row["level"] not in LEVELS:
        return f"the level {row['level']!r} is none of {', '.join(sorted(LEVELS))}."
    if row["status"] not in STATUSES:
        return f"the status {row['status']!r} is none of {', '.join(sorted(STATUSES))}."
    unknown = [code for code in split(row["needs"]) if code not in codes]
    if unknown or not row["needs"]:
        return f"the need {', '.join(unknown) or '(none)'} is not in taxonomy.csv."
    groups = [*split(row["audience_only"]), *split(row["audience_preferred"])]
    strange = [code for code in groups if code not in AUDIENCES]
    if strange:
        return f"the audience {', '.join(strange)} is none of {', '.join(sorted(AUDIENCES))}."
    for number in (row["phone"], *split(row["other_phones"])):
        if number and not _PHONE.fullmatch(number):
            return f"the phone {number!r} has other signs than digits, spaces, + . and /."
    for name in ("address_hidden", "seasonal"):
        if row[name] not in {"", "yes"}:
            return f"{name} is {row[name]!r}; write yes, or leave it empty."
    if row["verified_on"] and not _DATE.fullmatch(row["verified_on"]):
        return f"the date {row['verified_on']!r} is not like 2024, 2024-05 or 2024-05-31."
    for part in split(row["field_levels"]):
        field, _, level = part.partition(":")
        if field not in FIELDS_WITH_A_LEVEL or level not in LEVELS:
            return f"the field level {part!r} is not a column and a level, like phone:C."
    if row["address_hidden"] and row["street"]:
        return "the address is hidden, so the street must be empty."
    if row["opening_hours"]:
        try:
            check_hours(row["opening_hours"])
        except HoursError as error:
            return str(error)
    return None


def _add_service(
    session: Session,
    row: dict[str, str],
    places: Gazetteer,
    organizations: dict[str, Organization],
) -> None:
    operator = row["organization"] or row["name"]
    key = fold(operator).replace(" ", "-")[:80]
    if key not in organizations:
        organizations[key] = Organization(id=key, name=operator)
        session.add(organizations[key])
    commune = places.communes.get(row["commune"])
    location = Location(
        street=row["street"],
        postal_code=row["postal_code"],
        commune=row["commune"],
        locality=row["locality"],
        latitude=commune.latitude if commune else None,
        longitude=commune.longitude if commune else None,
        hidden=bool(row["address_hidden"]),
    )
    service = Service(
        id=row["id"],
        organization=organizations[key],
        location=location,
        seasonal=bool(row["seasonal"]),
        **{name: row[name] for name in _TEXTS},
    )
    numbers = [number for number in (row["phone"], *split(row["other_phones"])) if number]
    service.phones = [Phone(number=number, position=at) for at, number in enumerate(numbers)]
    if row["opening_hours"]:
        service.schedules = [Schedule(opening_hours=row["opening_hours"])]
    session.add(service)


def _links(row: dict[str, str]) -> list[dict[str, object]]:
    """The needs of a service, the main one first."""
    return [
        {"service_id": row["id"], "taxonomy_term_id": code, "position": at}
        for at, code in enumerate(dict.fromkeys(split(row["needs"])))
    ]


def split(cell: str) -> list[str]:
    """The parts of a cell that holds a list, `;` between them."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def check_directory(folder: Path = DIRECTORY) -> int:
    """How many services the files hold, each line looked at.

    Raises:
        DataError: naming the file, the line and what is wrong with it.
    """
    codes = set(_terms(folder / "taxonomy.csv"))
    return sum(1 for _ in _services(folder / "services.csv", codes))

"""A small directory of files for a test, and services in it that are right until told otherwise."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from bot.directory.loader import DIRECTORY, SERVICE_COLUMNS

COLUMNS = sorted(SERVICE_COLUMNS)


def row(**cells: str) -> dict[str, str]:
    """The cells of a service that can be shown, but for those given."""
    right = {
        "id": "abri",
        "name": "Abri de la Gare",
        "organization": "Abri asbl",
        "needs": "shelter;food",
        "description": "Un lit pour la nuit.",
        "phone": "02 000 00 01",
        "opening_hours": "Mo-Su 20:00-08:00",
        "street": "Rue de la Gare 1",
        "postal_code": "1000",
        "commune": "Bruxelles",
        "website": "https://abri.example",
        "level": "A",
        "source_url": "https://abri.example/contact",
        "verified_on": "2026-05-31",
        "status": "active",
    }
    return {**dict.fromkeys(COLUMNS, ""), **right, **cells}


def write(folder: Path, *rows: dict[str, str]) -> Path:
    """A folder that `load_directory` reads, with these services."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("communes.csv", "taxonomy.csv"):
        shutil.copy(DIRECTORY / name, folder / name)
    with (folder / "services.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows)
    return folder


def shipped_rows() -> list[dict[str, str]]:
    """The lines of the directory that ships."""
    with (DIRECTORY / "services.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

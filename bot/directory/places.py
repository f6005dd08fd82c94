"""Communes of Brussels and Wallonia: by name, postal code, district or station, misspelt too."""

import csv
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.errors import DataError
from bot.settings import ROOT

COMMUNES_FILE = ROOT / "data" / "directory" / "communes.csv"
EARTH_RADIUS_M = 6_371_000
BRUSSELS_REGION = "Bruxelles"
_PROVINCES = (  # the first postal code of each, those of Brussels and Flanders apart
    ("7000", "Hainaut"),
    ("6600", "Luxembourg"),
    ("6000", "Hainaut"),
    ("5000", "Namur"),
    ("4000", "Liège"),
    ("1500", ""),
    ("1300", "Brabant wallon"),
)
SHORTEST_PREFIX = 4  # letters of a name cut short, as in "ixel"


@dataclass(frozen=True)
class Commune:
    """A commune and the approximate centre (about 1 km) of its territory, in degrees."""

    name: str
    name_nl: str
    region: str
    postal_codes: tuple[str, ...]
    latitude: float
    longitude: float
    aliases: tuple[str, ...]
    neighbours: tuple[str, ...]

    @property
    def province(self) -> str:
        """The province, which a Belgian postal code tells; empty in Brussels."""
        code = min(self.postal_codes, default="")
        return next((name for first, name in _PROVINCES if code >= first), "")

    @property
    def centre(self) -> tuple[float, float]:
        return self.latitude, self.longitude


def fold(text: str) -> str:
    """Lower case, no accents, everything but letters and digits a single space."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    bare = bare.replace("œ", "oe").replace("æ", "ae")
    bare = re.sub(r"[^a-z0-9]+", " ", bare).strip()
    return re.sub(r"\b(?:saint|sint)\b", "st", re.sub(r"\bsainte\b", "ste", bare))


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> int:
    """Great-circle distance in metres between two (latitude, longitude) in degrees."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, point)) for point in (a, b))
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(h)))


class Gazetteer:
    """Every way to name a commune, and the commune that it means."""

    def __init__(self, communes: list[Commune]) -> None:
        self.communes = {commune.name: commune for commune in communes}
        self.names: dict[str, Commune] = {}
        for commune in communes:
            for name in (commune.name, commune.name_nl, *commune.postal_codes, *commune.aliases):
                if name:
                    self.names.setdefault(fold(name), commune)
        for commune in communes:  # the official name beats another commune's alias
            self.names[fold(commune.name)] = commune
        self._long = [name for name in self.names if len(name) >= 5 and not name.isdigit()]

    def find(self, name: str) -> Commune | None:
        """The commune that `name` means exactly, accents and case apart."""
        return self.names.get(fold(name))

    def guess(self, name: str) -> Commune | None:
        """The commune that a misspelt `name` most likely means; None when in doubt."""
        folded = fold(name)
        if folded in self.names:
            return self.names[folded]
        if len(folded) >= SHORTEST_PREFIX:
            begun = {one.name for name, one in self.names.items() if name.startswith(folded)}
            if len(begun) == 1:
                return self.communes[begun.pop()]
        if len(folded) < 5:
            return None
        allowed = 1 if len(folded) < 8 else 2
        near = process.extract(
            folded, self._long, scorer=OSA.distance, score_cutoff=allowed, limit=3
        )
        if near:
            best = near[0][1]
            found = {self.names[hit[0]].name for hit in near if hit[1] == best}
            return self.communes[found.pop()] if len(found) == 1 else None
        close = process.extractOne(folded, self._long, scorer=fuzz.ratio, score_cutoff=88)
        return self.names[close[0]] if close else None

    def nearest(self, position: tuple[float, float]) -> Commune:
        """The commune whose centre is nearest to a (latitude, longitude)."""
        return min(
            self.communes.values(), key=lambda commune: distance_m(position, commune.centre)
        )


def read_communes(path: Path = COMMUNES_FILE) -> list[Commune]:
    """Read the communes' file.

    Raises:
        DataError: naming the line that cannot be used.
    """
    communes: list[Commune] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                try:
                    communes.append(
                        Commune(
                            name=row["name_fr"],
                            name_nl=row["name_nl"],
                            region=row["region"],
                            postal_codes=_split(row["postal_codes"]),
                            latitude=float(row["latitude"]),
                            longitude=float(row["longitude"]),
                            aliases=_split(row["aliases"]),
                            neighbours=_split(row.get("neighbours", "")),
                        )
                    )
                except (KeyError, TypeError, ValueError) as error:
                    raise DataError(
                        path, line, f"is not a commune ({error}); compare it with the other lines."
                    ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error}).") from None
    return communes


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of the communes that ship."""
    return Gazetteer(read_communes())

"""Communes of Brussels and Wallonia: by name, postal code, district or station, misspelt too."""

import csv
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.directory.sounds import sound
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
SHORTEST_SOUND = 5  # letters of `sound`


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
        official = {fold(one) for each in communes for one in (each.name, each.name_nl) if one}
        self._official = sorted(official)
        self._misspelt = [
            name
            for name in self.names
            if not name.isdigit()
            and (len(name) >= 5 if name in official else len(name) >= 7 and name[:3] != "la ")
        ]
        self._sounds: dict[str, set[str]] = {}
        for name in self._misspelt:
            if len(sound(name)) >= SHORTEST_SOUND:
                self._sounds.setdefault(sound(name), set()).add(self.names[name].name)

    def find(self, name: str) -> Commune | None:
        """The commune that `name` means exactly, accents and case apart."""
        return self.names.get(fold(name))

    def guess(self, name: str) -> Commune | None:
        """The commune that a `name` cut short or misspelt most likely means; None in doubt."""
        folded = fold(name)
        if folded in self.names:
            return self.names[folded]
        found = (
            self._begun(folded)
            or self._slipped(folded, 1)
            or self._sounds.get(sound(folded))
            or (self._slipped(folded, 2) if len(folded) >= 8 else None)
            or self._almost_sounding(folded)
        )
        return self.communes[next(iter(found))] if len(found) == 1 else None

    def heard(self, name: str) -> Commune | None:
        """The commune whose name sounds just like `name`; None in doubt."""
        found = self._sounds.get(sound(fold(name)), set())
        return self.communes[next(iter(found))] if len(found) == 1 else None

    def _begun(self, folded: str) -> set[str]:
        """The communes whose official name begins so, half of its first word at least.

        A first word that several communes share is in doubt, be it of an alias.
        """
        whole = {one.name for name, one in self.names.items() if name.split()[0] == folded}
        return whole or {
            self.names[name].name
            for name in self._official
            if len(folded) >= max(SHORTEST_PREFIX, len(name.split()[0]) / 2)
            and name.startswith(folded)
        }

    def _slipped(self, folded: str, slips: int) -> set[str]:
        """The communes whose name is so many slips of the finger away, the nearest only."""
        if len(folded) < 5:
            return set()
        near = process.extract(
            folded, self._misspelt, scorer=OSA.distance, score_cutoff=slips, limit=3
        )
        return {self.names[name].name for name, distance, _ in near if distance == near[0][1]}

    def _almost_sounding(self, folded: str) -> set[str]:
        """The communes whose name sounds almost so."""
        heard = sound(folded)
        if len(heard) <= SHORTEST_SOUND:
            return set()
        near = process.extractOne(heard, list(self._sounds), scorer=OSA.distance, score_cutoff=1)
        return self._sounds[near[0]] if near else set()

    def nearest(self, position: tuple[float, float]) -> Commune:
        """The commune whose centre is nearest to a (latitude, longitude)."""
        return min(self.communes.values(), key=lambda commune: distance_m(position, commune.centre))


def read_communes(path: Path = COMMUNES_FILE) -> list[Commune]:
    """Read the communes' file.

    Raises:
        DataError: naming the line that cannot be used.
    """
    communes: list[Commune] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file, strict=True), start=2):
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
                except (KeyError, TypeError, AttributeError, ValueError) as error:
                    raise DataError(
                        path, line, f"is not a commune ({error}); compare it with the other lines."
                    ) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(path, None, f"cannot be read ({error}).") from None
    return communes


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of the communes that ship."""
    return Gazetteer(read_communes())

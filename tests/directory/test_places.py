"""The gazetteer: every way to name a commune, and how far one is from another."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.everyday import everyday_words, is_everyday
from bot.directory.places import Commune, Gazetteer, distance_m, fold, gazetteer, read_communes
from bot.directory.sounds import sound
from bot.errors import DataError

COMMUNES = read_communes()
POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def commune(name: str, *aliases: str, nl: str = "", codes: tuple[str, ...] = ()) -> Commune:
    return Commune(name, nl, "Wallonie", codes, 50.0, 4.0, aliases, ())


def test_there_are_nineteen_communes_of_brussels_and_seventy_six_of_wallonia() -> None:
    regions = [one.region for one in COMMUNES]
    assert (regions.count("Bruxelles"), len(regions)) == (19, 95)


# Names of the source that are everyday words, or belong to two communes: asked back instead.
LEFT_OUT = frozenset(
    (
        "arbre;aye;belgrade;bertogne fusion 2025;bras;bruyeres;centre ville;champion;"
        "chenois;dave;frasnes;humain;joli bois;latour;leuze;ligne;longchamps;loyers;"
        "nouvelles;noville;on;parvis;pieton;roy;saintes;spy;st amand;st martin;st pierre;"
        "thon;velaine;ways;woluwe"
    ).split(";")
)


def test_names_districts_and_postal_codes_are_those_of_the_source(shared: Path) -> None:
    source = {one.name: one for one in read_communes(shared / "directory" / "communes.csv")}
    assert source.keys() == {one.name for one in COMMUNES}
    for one in COMMUNES:
        known = source[one.name]
        assert one.name_nl == known.name_nl
        assert one.centre == known.centre
        assert set(known.postal_codes) <= set(one.postal_codes)
        aliases = {fold(alias) for alias in known.aliases} - LEFT_OUT
        assert aliases <= set(gazetteer().names)


@pytest.mark.parametrize("one", COMMUNES, ids=lambda one: one.name)
def test_every_name_of_a_commune_means_it(one: Commune) -> None:
    for name in (one.name, one.name_nl, *one.postal_codes, *one.aliases):
        if name:
            assert gazetteer().find(name) == one, name
            assert gazetteer().find(name.upper()) == one, name


def test_no_name_means_two_communes() -> None:
    meant: dict[str, str] = {}
    for one in COMMUNES:
        for name in {fold(name) for name in (one.name, one.name_nl, *one.aliases) if name}:
            assert meant.setdefault(name, one.name) == one.name, name


def test_the_official_name_beats_the_alias_of_another_commune() -> None:
    places = Gazetteer([commune("Mons"), commune("Flémalle", "Mons")])
    assert places.find("mons").name == "Mons"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ixel", "Ixelles"),
        ("ixele", "Ixelles"),
        ("exelles", "Ixelles"),
        ("skarbek", "Schaerbeek"),
        ("scharbeek", "Schaerbeek"),
        ("schaerbek", "Schaerbeek"),
        ("anderleht", "Anderlecht"),
        ("anderlek", "Anderlecht"),
        ("molenbek", "Molenbeek-Saint-Jean"),
        ("molenbeck", "Molenbeek-Saint-Jean"),
        ("eterbeek", "Etterbeek"),
        ("sin gille", "Saint-Gilles"),
        ("st gille", "Saint-Gilles"),
        ("gare du midy", "Saint-Gilles"),
        ("gar du nor", "Schaerbeek"),
        ("bruxel", "Bruxelles"),
        ("bruxeles", "Bruxelles"),
        ("uccl", "Uccle"),
        ("charleroy", "Charleroi"),
        ("charlroi", "Charleroi"),
        ("namurr", "Namur"),
        ("lieje", "Liège"),
        ("vervier", "Verviers"),
        ("mouskron", "Mouscron"),
        ("moskron", "Mouscron"),
        ("la louviere", "La Louvière"),
        ("lalouvière", "La Louvière"),
        ("tournay", "Tournai"),
        ("otignies", "Ottignies-Louvain-la-Neuve"),
        ("louvin la neuve", "Ottignies-Louvain-la-Neuve"),
        ("binch", "Binche"),
        ("chatelino", "Châtelet"),
        ("watermal boitsfort", "Watermael-Boitsfort"),
        ("auderghm", "Auderghem"),
    ],
)
def test_a_misspelt_name_is_guessed(written: str, meant: str) -> None:
    found = gazetteer().guess(written)
    assert found is not None and found.name == meant


@pytest.mark.parametrize("name", ["Woluwe", "Braine", "Jemeppe", "Paris", "xyz", "a", ""])
def test_a_name_in_doubt_is_not_guessed(name: str) -> None:
    assert gazetteer().guess(name) is None


@given(st.text(max_size=40))
def test_guessing_never_fails(name: str) -> None:
    assert gazetteer().guess(name) in {None, *COMMUNES}


@pytest.mark.parametrize(
    ("one", "province"),
    [
        ("Ixelles", ""),
        ("Nivelles", "Brabant wallon"),
        ("Liège", "Liège"),
        ("Verviers", "Liège"),
        ("Namur", "Namur"),
        ("Couvin", "Namur"),
        ("Charleroi", "Hainaut"),
        ("Mouscron", "Hainaut"),
        ("Arlon", "Luxembourg"),
        ("Marche-en-Famenne", "Luxembourg"),
        ("Mons", "Hainaut"),
    ],
)
def test_the_postal_code_tells_the_province(one: str, province: str) -> None:
    assert gazetteer().communes[one].province == province


def test_only_the_communes_of_brussels_have_no_province() -> None:
    without = {one.region for one in COMMUNES if not one.province}
    assert without == {"Bruxelles"}
    assert all(one.province for one in COMMUNES if one.region != "Bruxelles")


def test_the_nearest_commune_of_a_centre_is_its_own() -> None:
    for one in COMMUNES:
        assert gazetteer().nearest(one.centre) == one


def test_from_brussels_to_liege_are_some_ninety_kilometres() -> None:
    places = gazetteer().communes
    assert 85_000 < distance_m(places["Bruxelles"].centre, places["Liège"].centre) < 95_000


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways_and_none_to_oneself(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    assert distance_m(a, b) == distance_m(b, a)
    assert 0 <= distance_m(a, b) <= 20_100_000
    assert distance_m(a, a) == 0


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert set(fold(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Schaerbeek", "skarbeek"), ("Lessines", "léssine"), ("Hornu", "ornu"), ("Visé", "visée")],
)
def test_names_that_sound_alike_share_a_key(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=40))
def test_a_sound_has_no_space_and_no_double_letter(name: str) -> None:
    heard = sound(name)
    assert " " not in heard
    assert all(a != b for a, b in zip(heard, heard[1:], strict=False))


def test_everyday_words_are_folded_and_sorted_and_no_commune() -> None:
    words = everyday_words()
    assert all(fold(word) == word for word in words)
    assert {"bruxelles", "liege", "namur", "ixelles", "charleroi"}.isdisjoint(words)
    assert is_everyday(["je", "cherche", "20", "chaise"])
    assert not is_everyday(["je", "cherche", "skarbek"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Bruxelles,1,Ixelles,Elsene,1050,nord,4.3,,", "line 2: is not a commune"),
        ("Bruxelles,1,Ixelles", "line 2: is not a commune"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "communes.csv"
    head = "region,nis_code,name_fr,name_nl,postal_codes,latitude,longitude,aliases,neighbours"
    path.write_text(f"{head}\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_communes(path)


def test_a_missing_file_of_communes_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_communes(tmp_path / "communes.csv")

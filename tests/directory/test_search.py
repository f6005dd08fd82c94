"""Which services are shown: meant for the person, open, near, trusted; best first."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clock import BRUSSELS
from bot.database import Database
from bot.directory.listing import HIDDEN_ADDRESS, Listing
from bot.directory.loader import AUDIENCES, load_directory
from bot.directory.models import Service, TaxonomyTerm
from bot.directory.places import gazetteer
from bot.directory.search import Found, Wish, search, serves, welcomes
from tests.directory.files import row, shipped_rows, write

TUESDAY = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=BRUSSELS)
TERMS = ["shelter", "housing", "food", "hygiene", "clothing", "day_centre", "health", "admin"]
TERMS += ["mental_health", "addiction", "income", "debt", "legal", "migration", "work", "family"]
TERMS += ["digital", "group", "sex_work", "violence", "emergency", "listening", "peer_support"]
TERMS += ["information", "disability", "professionals"]


def find(database: Database, need: str, at: datetime = TUESDAY, **wish: object) -> Found:
    with database.session() as session:
        return search(session, Wish((need,), at, **wish))  # type: ignore[arg-type]


def names(found: Found) -> list[str]:
    return [one.name for one in found.listings]


@pytest.fixture
def world(database: Database, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Loads services into an empty directory."""

    def load(*rows: dict[str, str]) -> Database:
        with database.session() as session:
            load_directory(session, write(tmp_path / "d", *rows))
        return database

    return load


def shelter(name: str, **cells: str) -> dict[str, str]:
    return row(**{"id": name, "name": name, "needs": "shelter", "opening_hours": "24/7", **cells})


def test_what_is_for_women_only_is_never_for_a_man(directory: Database) -> None:
    women_only = {line["name"] for line in shipped_rows() if line["audience_only"] == "women"}
    for need in ("shelter", "violence", "day_centre", "housing"):
        for commune in (None, "Bruxelles", "Liège", "Charleroi", "Namur"):
            found = find(directory, need, commune=commune, audience=frozenset({"men"}))
            assert women_only.isdisjoint(names(found))
    assert women_only & set(names(find(directory, "shelter", commune="Bruxelles")))


def test_what_is_meant_for_the_person_comes_first(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Tous"), shelter("Femmes", audience_only="women"))
    found = find(database, "shelter", commune="Bruxelles", audience=frozenset({"women"}))
    assert names(found) == ["Femmes", "Tous"]
    assert names(find(database, "shelter", commune="Bruxelles")) == ["Tous", "Femmes"]
    found = find(database, "shelter", commune="Bruxelles", audience=frozenset({"men"}))
    assert names(found) == ["Tous"]


def test_several_audiences_mean_any_of_them(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Familles", audience_only="women;families"))
    assert names(find(database, "shelter", audience=frozenset({"men", "families"})))
    assert not names(find(database, "shelter", audience=frozenset({"men"})))


def test_what_is_for_professionals_is_for_nobody_else(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Pros", audience_only="professionals"))
    assert not names(find(database, "shelter"))
    assert not names(find(database, "shelter", audience=frozenset({"women"})))
    assert names(find(database, "shelter", audience=frozenset({"professionals"})))


def test_a_hidden_address_has_no_street_no_distance_and_no_place_of_its_own(
    directory: Database,
) -> None:
    streets = {line["name"]: line["street"] for line in shipped_rows() if line["address_hidden"]}
    seen = set()
    for need in ("violence", "shelter", "listening", "housing"):
        for commune in ("Bruxelles", "Liège", "La Louvière", "Mons"):
            for one in find(directory, need, commune=commune).listings:
                if one.hidden:
                    seen.add(one.name)
                    assert one.address == HIDDEN_ADDRESS
                    assert one.distance_m is None
    assert len(seen) >= 5
    assert not any(streets.values())


def test_second_hand_lines_come_after_all_others(directory: Database) -> None:
    for need in TERMS:
        levels = [one.level for one in find(directory, need, commune="Bruxelles").listings]
        assert levels == sorted(levels, key="C".__eq__), need


def test_the_cpas_of_the_persons_own_commune_is_the_first_for_an_income(
    directory: Database,
) -> None:
    own = {
        line["commune"]: line["name"]
        for line in shipped_rows()
        if line["status"] == "active"
        and line["name"].startswith("CPAS")
        and line["needs"].startswith("income")
        and line["service_area"] == line["commune"]
    }
    assert len(own) >= 15
    for commune, name in own.items():
        assert names(find(directory, "income", commune=commune))[0] == name


def test_no_cpas_of_another_commune_is_offered(directory: Database) -> None:
    for commune in ("Uccle", "Jette", "Namur"):
        others = names(find(directory, "income", commune=commune))
        assert [name for name in others if name.startswith("CPAS")] == [
            name for name in others if name.startswith("CPAS") and commune in name
        ]


@pytest.mark.parametrize("at", [TUESDAY, NIGHT])
@pytest.mark.parametrize("commune", ["Bruxelles", "Ixelles", "Anderlecht", "Evere", "Uccle"])
def test_the_central_number_is_the_first_for_a_bed_in_brussels(
    directory: Database, commune: str, at: datetime
) -> None:
    first = find(directory, "shelter", at, commune=commune).listings[0]
    assert first.name == "Samusocial Bruxelles – numéro vert"
    assert first.phone == "0800 99 340"


def test_the_central_number_is_not_for_wallonia(directory: Database) -> None:
    for commune in ("Liège", "Namur", "Charleroi"):
        assert not any(
            "Samusocial" in one for one in names(find(directory, "shelter", commune=commune))
        )


def test_an_open_door_comes_before_a_closed_one_as_near(world) -> None:  # type: ignore[no-untyped-def]
    database = world(
        shelter("Fermé", opening_hours="Mo-Su 20:00-08:00"),
        shelter("Inconnu", opening_hours=""),
        shelter("Ouvert"),
    )
    assert names(find(database, "shelter", commune="Bruxelles")) == ["Ouvert", "Inconnu", "Fermé"]


def test_what_opens_soon_comes_before_what_opens_tomorrow(world) -> None:  # type: ignore[no-untyped-def]
    database = world(
        shelter("Demain", opening_hours="Mo-Fr 09:00-10:00"),
        shelter("Tantôt", opening_hours="Mo-Fr 12:00-13:00"),
    )
    assert names(find(database, "shelter", commune="Bruxelles")) == ["Tantôt", "Demain"]


def test_a_near_door_comes_before_a_far_one(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Uccle", commune="Uccle"), shelter("Ixelles", commune="Ixelles"))
    assert names(find(database, "shelter", commune="Ixelles")) == ["Ixelles", "Uccle"]


def test_a_shared_position_counts_like_a_commune(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Liège", commune="Liège"), shelter("Namur", commune="Namur"))
    found = find(database, "shelter", position=(50.633, 5.567))
    assert names(found) == ["Liège"]
    assert found.listings[0].distance_m is not None


def test_where_nothing_is_near_what_is_far_is_shown_and_said_to_be(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Liège", commune="Liège"))
    found = find(database, "shelter", commune="Arlon")
    assert names(found) == ["Liège"]
    assert found.loosened == ("distance",)
    assert find(database, "shelter", commune="Liège").loosened == ()


def test_a_line_to_call_is_not_far(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Ligne", commune="", street="", service_area="region:Wallonie"))
    found = find(database, "shelter", commune="Arlon")
    assert (names(found), found.loosened) == (["Ligne"], ())


def test_closed_doors_are_left_out_when_a_moment_was_asked_for(world) -> None:  # type: ignore[no-untyped-def]
    database = world(
        shelter("Fermé", opening_hours="Mo-Su 20:00-08:00"),
        shelter("Inconnu", opening_hours=""),
        shelter("Ouvert"),
    )
    found = find(database, "shelter", commune="Bruxelles", open_only=True)
    assert (names(found), found.loosened) == (["Ouvert", "Inconnu"], ())


def test_where_all_are_closed_at_that_moment_they_are_shown_and_it_is_said(world) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Fermé", opening_hours="Mo-Su 20:00-08:00"))
    found = find(database, "shelter", commune="Bruxelles", open_only=True)
    assert (names(found), found.loosened) == (["Fermé"], ("open",))


def test_a_need_that_nobody_answers_is_looked_for_among_its_kin(world) -> None:  # type: ignore[no-untyped-def]
    database = world(row(id="a", name="Accueil", needs="day_centre"))
    assert names(find(database, "digital", commune="Bruxelles")) == ["Accueil"]
    assert names(find(database, "food", commune="Bruxelles")) == []


def test_without_a_place_a_line_for_all_comes_before_a_door_in_one_town(
    directory: Database,
) -> None:
    for audience in ((), ("women",), ("men",)):
        first = find(directory, "shelter", audience=frozenset(audience)).listings[0]
        assert first.name == "Samusocial Bruxelles – numéro vert"


@pytest.mark.parametrize(
    ("area", "commune", "served"),
    [
        ("national", "Arlon", True),
        ("Ixelles", "Ixelles", True),
        ("Ixelles", "Uccle", False),
        ("region:Bruxelles", "Ixelles", True),
        ("region:Bruxelles", "Namur", False),
        ("region:Bruxelles;region:Wallonie", "Namur", True),
        ("province:Hainaut", "Mons", True),
        ("province:Hainaut", "Namur", False),
        ("province:Hainaut", "Ixelles", False),
        ("province:Namur;province:Luxembourg", "Arlon", True),
        ("", "Arlon", True),
    ],
)
def test_a_service_is_offered_in_its_area_only(
    world, area: str, commune: str, served: bool
) -> None:  # type: ignore[no-untyped-def]
    database = world(shelter("Ici", service_area=area, commune="", street=""))
    assert bool(names(find(database, "shelter", commune=commune))) is served


def test_a_draft_or_a_closed_service_is_never_found(world) -> None:  # type: ignore[no-untyped-def]
    database = world(
        shelter("Brouillon", status="draft"),
        shelter("Arrêté", status="closed"),
        shelter("Actif"),
    )
    assert names(find(database, "shelter", commune="Bruxelles")) == ["Actif"]


def test_there_are_services_for_every_need_in_brussels(directory: Database) -> None:
    with directory.session() as session:
        assert sorted(session.scalars(select(TaxonomyTerm.id))) == sorted(TERMS)
    for need in TERMS:
        audience = frozenset({"professionals"} if need == "professionals" else ())
        assert names(find(directory, need, commune="Bruxelles", audience=audience)), need


def allowed(listing: Listing, audience: frozenset[str]) -> bool:
    """The law of audiences, written apart from the search."""
    only = listing.audience_only
    if not only or only & audience:
        return "professionals" not in only or "professionals" in audience
    if only <= {"professionals", "relatives"}:
        return False
    for one, other in (("women", "men"), ("minors", "elderly")):
        for ours, theirs in ((one, other), (other, one)):
            if ours in only and theirs in audience:
                return False
    return True


@given(
    need=st.sampled_from(TERMS),
    commune=st.sampled_from([None, *gazetteer().communes]),
    audience=st.frozensets(st.sampled_from(sorted(AUDIENCES)), max_size=3),
    days=st.integers(0, 365),
    minutes=st.integers(0, 1439),
    position=st.none() | st.tuples(st.floats(49.4, 51.1), st.floats(2.8, 6.4)),
    open_only=st.booleans(),
)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_wished_only_what_may_be_shown_is(
    directory: Database,
    need: str,
    commune: str | None,
    audience: frozenset[str],
    days: int,
    minutes: int,
    position: tuple[float, float] | None,
    open_only: bool,
) -> None:
    at = TUESDAY + timedelta(days=days, minutes=minutes)
    wish = Wish((need,), at, commune, position, audience, open_only)
    with directory.session() as session:
        found = search(session, wish)
        statuses = dict(session.execute(select(Service.id, Service.status)).all())
    assert set(found.loosened) <= {"distance", "open"}
    place = gazetteer().communes.get(commune) if commune else None
    assert len({one.id for one in found.listings}) == len(found.listings)
    for one in found.listings:
        assert statuses[one.id] == "active"
        assert one.level in {"A", "A/B", "B", "C"}
        assert allowed(one, audience) and welcomes(one, audience)
        assert serves(one, place)
        assert not one.hidden or one.distance_m is None

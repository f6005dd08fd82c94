"""Loading the directory: all of its files, or nothing."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.directory.loader import check_directory, load_directory
from bot.directory.models import Organization, Phone, Schedule, Service, TaxonomyTerm
from bot.errors import DataError
from tests.directory.files import row, shipped_rows, write

HERE = "services.csv, line 3"


def load(database: Database, folder: Path) -> bool:
    with database.session() as session:
        return load_directory(session, folder)


def names_in(database: Database) -> list[str]:
    with database.session() as session:
        return sorted(session.scalars(select(Service.name)))


def test_the_directory_that_ships_holds_383_services_each_with_a_level(
    directory: Database,
) -> None:
    with directory.session() as session:
        services = list(session.scalars(select(Service)))
        assert len(services) == 383
        levels = Counter(service.level for service in services)
    assert levels["A"] + levels["A/B"] == 134
    assert (levels["B"], levels["C"], levels["C?"], levels["R"]) == (163, 59, 25, 2)


def test_every_service_that_is_shown_names_its_source_or_is_to_be_confirmed(
    directory: Database,
) -> None:
    with directory.session() as session:
        shown = session.scalars(select(Service).where(Service.status == "active"))
        without = {service.level for service in shown if not service.source_url}
    assert without <= {"C"}


def test_a_service_has_an_organization_phones_in_order_hours_and_needs_in_order(
    database: Database, tmp_path: Path
) -> None:
    folder = write(tmp_path / "d", row(other_phones="02 000 00 03;02 000 00 02"))
    assert load(database, folder)
    with database.session() as session:
        service = session.get(Service, "abri")
        assert service.organization.name == "Abri asbl"
        assert [one.number for one in service.phones] == [
            "02 000 00 01",
            "02 000 00 03",
            "02 000 00 02",
        ]
        assert service.schedules[0].opening_hours == "Mo-Su 20:00-08:00"
        assert [term.id for term in service.taxonomy_terms] == ["shelter", "food"]
        assert (service.location.latitude, service.location.longitude) == (50.847, 4.353)


def test_two_services_of_one_organization_share_it(database: Database, tmp_path: Path) -> None:
    load(database, write(tmp_path / "d", row(), row(id="abri-2", name="Abri du Parc")))
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Organization)) == 1


def test_loading_the_same_files_again_does_nothing(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "d", row())
    assert load(database, folder) is True
    assert load(database, folder) is False
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Phone)) == 1


def test_other_files_replace_what_was_loaded(database: Database, tmp_path: Path) -> None:
    load(database, write(tmp_path / "d", row(), row(id="b", name="B")))
    assert load(database, write(tmp_path / "d", row(id="c", name="C")))
    assert names_in(database) == ["C"]
    with database.session() as session:
        for table in (Phone, Schedule, Organization):
            assert session.scalar(select(func.count()).select_from(table)) == 1
        assert session.scalar(select(func.count()).select_from(TaxonomyTerm)) == 26


def test_a_mark_that_a_spreadsheet_puts_before_utf_8_is_no_fault(
    database: Database, tmp_path: Path
) -> None:
    folder = write(tmp_path / "d", row())
    path = folder / "services.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(database, folder)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"id": "abri"}, "already on line 2"),
        ({"id": ""}, "needs an id and a name"),
        ({"name": ""}, "needs an id and a name"),
        ({"needs": "shelter;lit"}, "the need lit is not in taxonomy.csv"),
        ({"needs": ""}, "the need (none)"),
        ({"audience_only": "women;dames"}, "the audience dames is none of"),
        ({"audience_preferred": "tous"}, "the audience tous is none of"),
        ({"opening_hours": "lundi 9h-17h"}, "'lundi 9h-17h' cannot be read"),
        ({"phone": "0800 ABRI"}, "'0800 ABRI' has other signs than digits"),
        ({"other_phones": "02 000 00 01;demander Sam"}, "'demander Sam' has other signs"),
        ({"address_hidden": "yes"}, "the address is hidden, so the street must be empty"),
        ({"address_hidden": "non"}, "address_hidden is 'non'"),
        ({"seasonal": "hiver"}, "seasonal is 'hiver'"),
        ({"level": "D"}, "the level 'D' is none of A, A/B, B, C, C?, R"),
        ({"level": ""}, "the level '' is none of"),
        ({"status": "ouvert"}, "the status 'ouvert' is none of active, closed, draft"),
        ({"verified_on": "31/05/2026"}, "'31/05/2026' is not like 2024"),
        ({"verified_on": "2026-13"}, "'2026-13' is not like 2024"),
        ({"field_levels": "phone=C?"}, "'phone=C?' is not a column and a level"),
        ({"field_levels": "telephone:C?"}, "'telephone:C?' is not a column and a level"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_earlier_directory_stays(
    database: Database, tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    load(database, write(tmp_path / "before", row(name="Avant")))
    folder = write(tmp_path / "after", row(), row(**{"id": "b", "name": "B", **cells}))
    with pytest.raises(DataError) as error:
        load(database, folder)
    assert HERE in str(error.value)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert names_in(database) == ["Avant"]
    with pytest.raises(DataError, match="line 3"):
        check_directory(folder)


def _replace(folder: Path, name: str, old: bytes, new: bytes) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes().replace(old, new, 1))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("services.csv", b"status,", b"statut,", "services.csv, line 1: the column status"),
        ("services.csv", b"B asbl", b"B asbl,", "services.csv, line 3: has not the"),
        ("services.csv", b"B asbl", b'"B" asbl', "services.csv, line 3: is not CSV"),
        ("services.csv", b"B asbl", b'"B asbl', "services.csv, line 3: is not CSV"),
        ("services.csv", b"B asbl", b"B\xe9 asbl", "services.csv, line 3: is not UTF-8"),
        ("taxonomy.csv", b"code,", b"cle,", "taxonomy.csv, line 1: the column code"),
        ("taxonomy.csv", b"housing,", b"shelter,", "taxonomy.csv, line 3: the code 'shelter'"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_earlier_directory_stays(
    database: Database, tmp_path: Path, name: str, old: bytes, new: bytes, said: str
) -> None:
    load(database, write(tmp_path / "before", row(name="Avant")))
    folder = write(tmp_path / "after", row(), row(id="b", name="B", organization="B asbl"))
    _replace(folder, name, old, new)
    with pytest.raises(DataError, match=said.replace("(", r"\(")):
        load(database, folder)
    assert names_in(database) == ["Avant"]


def test_a_column_too_few_is_named(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "d", row())
    with (folder / "services.csv").open("a", encoding="utf-8") as file:
        file.write("b,B\n")
    with pytest.raises(DataError, match=r"line 3: has not the \d+ columns"):
        load(database, folder)


def test_a_missing_folder_is_one_sentence(database: Database, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        load(database, tmp_path / "nowhere")


def test_the_directory_that_ships_passes_its_own_check() -> None:
    assert check_directory() == 383


def test_phones_hours_levels_and_streets_are_those_of_the_source(shared: Path) -> None:
    with (shared / "directory" / "resources.csv").open(encoding="utf-8", newline="") as file:
        source = {line["name"]: line for line in csv.DictReader(file)}
    ours = {line["name"]: line for line in shipped_rows()}
    assert ours.keys() == source.keys()
    for name, line in ours.items():
        assert line["phone"] == source[name]["phone"], name
        assert line["opening_hours"] == source[name]["opening_hours_osm"], name
        assert line["level"] == source[name]["level"], name
        assert line["field_levels"] == source[name]["field_levels"], name
        if not line["address_hidden"]:
            assert line["street"] == source[name]["street"], name


def test_no_other_phone_is_one_that_the_source_does_not_hold(shared: Path) -> None:
    with (shared / "directory" / "resources.csv").open(encoding="utf-8", newline="") as file:
        source = {line["name"]: line for line in csv.DictReader(file)}
    for line in shipped_rows():
        known = "".join(sign for sign in str(source[line["name"]]) if sign.isdigit())
        for number in filter(None, line["other_phones"].split(";")):
            digits = "".join(sign for sign in number if sign.isdigit())
            assert digits in known, line["name"]

"""Organisations by the names that people give them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.names import COMMON, Named, NameIndex, name_index, read_names
from bot.directory.places import fold
from bot.errors import DataError
from bot.nlu.words import words_of
from tests.directory.files import row, shipped_rows, write


def found(text: str) -> list[Named]:
    words = words_of(text)
    capitals = {at for at, word in enumerate(words) if word.capital}
    return name_index().find([word.folded for word in words], capitals)


def services_of(text: str) -> set[str]:
    return {one for hit in found(text) for one in hit.service_ids}


def id_of(name: str) -> str:
    return next(line["id"] for line in shipped_rows() if line["name"] == name)


ACTIVE = [line for line in shipped_rows() if line["status"] == "active"]
DRAFTS = [line for line in shipped_rows() if line["status"] != "active"]


@pytest.mark.parametrize("line", ACTIVE, ids=lambda line: line["id"])
def test_every_service_is_found_by_its_full_name(line: dict[str, str]) -> None:
    hits = name_index().guess(line["name"])
    assert line["id"] in {one for hit in hits for one in hit.service_ids}


def test_no_draft_is_found_by_any_name() -> None:
    drafts = {line["id"] for line in DRAFTS}
    for line in DRAFTS:
        for name in (line["name"], *line["alternate_names"].split(";")):
            for hit in name_index().guess(name):
                assert drafts.isdisjoint(hit.service_ids)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("le numéro du smes svp", "Smes – Housing First"),
        ("SMES contact", "Smes – Housing First"),
        ("les AA c'est où", "Alcooliques Anonymes (Belgique francophone)"),
        ("caban c ou", "CABAN – réseau des espaces publics numériques"),
        ("je cherche DoucheFLUX", "DoucheFLUX"),
        ("duche flux ouvert ?", "DoucheFLUX"),
        ("le samusosial répond pas", "Samusocial Bruxelles – numéro vert"),
        ("alcoolique anonyme à huy", "Alcooliques Anonymes (Belgique francophone)"),
        ("infirmier de rue téléphone", "Infirmiers de rue"),
        ("medecin du monde bruxelles", "Médecins du Monde – CASO Bruxelles"),
        ("pierre dangle c où", "Pierre d'Angle – asile de nuit"),
        ("resto coeur de charleroi", "Resto du Cœur de Charleroi"),
        ("le cpas d'ottignies", "CPAS d'Ottignies-Louvain-la-Neuve"),
        ("cpas ixelles adresse", "CPAS d'Ixelles – premières demandes"),
        ("tele acceuil", "Télé-Accueil – 107"),
        ("psytoyen c'est quoi", "Psytoyens asbl"),
        ("l'adresse du Funambule", "Le Funambule asbl"),
        ("je vais chez Transit", "Transit – comptoir LAIRR"),
        ("le hub humanitaire", "Hub humanitaire"),
        ("child focus", "Child Focus – 116 000"),
        ("la croix rouge", "Croix-Rouge de Belgique – 105"),
        ("petit riens ixelles", "@Home 18-24 (Petits Riens)"),
    ],
)
def test_acronyms_and_misspellings_are_understood(text: str, name: str) -> None:
    assert id_of(name) in services_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "je suis sans logis",
        "j'ai trop de dettes",
        "je cherche un toit pour la nuit",
        "y a encore de l'espoir",
        "je tombe dans l'escalier",
        "mes enfants et ses enfants",
        "je suis en route",
        "je rentre chez nous",
        "un avocat pro deo",
        "une maison médicale",
        "le CPAS",
        "une aide aux victimes",
        "je veux un autre lieu",
        "un logement de transit",
        "je me regarde dans le miroir",
        "c'est convivial",
        "on boit à la fontaine",
        "il a levé le ballon",
        "sur le palier",
        "le forem",
        "violences conjugales",
        "je le sais",
        "na je veux pas",
        "bonjour madame",
        "j'ai faim et froid",
        "JE SUIS SANS LOGIS DEPUIS HIER",
    ],
)
def test_everyday_words_name_nobody(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("c'est où Sans Logis à Liège ?", "Sans Logis"),
        ("le Comptoir de Charleroi et La Fontaine", "La Fontaine (Ordre de Malte)"),
        ("tu connais En Route ?", "En Route asbl"),
    ],
)
def test_the_same_words_with_capitals_are_a_name(text: str, name: str) -> None:
    wanted = {line["id"] for line in ACTIVE if line["name"].startswith(name)}
    assert wanted & services_of(text)


def test_what_should_be_a_name_is_read_as_one_without_capitals() -> None:
    for text in ("sans logis", "trop de dettes", "transit", "en route", "la fontaine"):
        assert name_index().guess(text), text


def test_the_longest_name_wins_and_stands_where_it_was_said() -> None:
    words = fold("je vais au resto du coeur de charleroi demain").split()
    (hit,) = name_index().find(words)
    assert (hit.start, hit.end) == (3, 8)
    assert hit.score == 1.0


def test_two_services_of_one_name_are_both_meant(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        row(id="a", name="Abri – nord", alternate_names="l'Abri Bleu"),
        row(id="b", name="Abri – sud", alternate_names="l'Abri Bleu"),
        row(id="c", name="Abri fermé", alternate_names="l'Abri Bleu", status="closed"),
    )
    index = NameIndex(read_names(folder / "services.csv"))
    (hit,) = index.find(["l", "abri", "bleu"])
    assert hit.service_ids == ("a", "b")


def test_no_common_word_and_no_number_is_a_name() -> None:
    names = read_names()
    assert COMMON.isdisjoint(names)
    assert not any(name.isdigit() for name in names)


@given(st.text(max_size=80))
def test_any_text_can_be_looked_through(text: str) -> None:
    words = fold(text).split()
    for hit in name_index().find(words, range(len(words))):
        assert 0 <= hit.start < hit.end <= len(words)
        assert hit.service_ids
    name_index().guess(text)


def test_a_file_without_the_columns_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text("id,nom\n1,x\n", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        read_names(path)

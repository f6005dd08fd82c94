"""Communes found in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.places import Commune, gazetteer, read_communes
from bot.nlu.places import AMBIGUOUS, NEED_A_CAPITAL, PlaceExtractor, find_places


def communes(text: str) -> list[str]:
    return [span.value for span in find_places(text, gazetteer())]


@pytest.mark.parametrize("one", read_communes(), ids=lambda one: one.name)
def test_every_name_of_a_commune_is_found_in_a_sentence(one: Commune) -> None:
    for name in (one.name, one.name_nl, *one.postal_codes, *one.aliases):
        if name:
            assert communes(f"je cherche un lit près de {name} pour ce soir") == [one.name], name
            assert communes(name) == [one.name], name


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("jsui a skarbek", "Schaerbeek"),
        ("un repas a scharbeek svp", "Schaerbeek"),
        ("je dors à anderleht", "Anderlecht"),
        ("chui vers molenbek", "Molenbeek-Saint-Jean"),
        ("jhabite a etterbek", "Etterbeek"),
        ("douche a ixel ?", "Ixelles"),
        ("kelke chose a exelles", "Ixelles"),
        ("médecin à sin gille svp", "Saint-Gilles"),
        ("pres de la gare du midy", "Saint-Gilles"),
        ("vers la gar du nor", "Schaerbeek"),
        ("dormir a bruxel", "Bruxelles"),
        ("je suis a bruxeles centre", "Bruxelles"),
        ("colis a charleroy", "Charleroi"),
        ("un lit a namurr", "Namur"),
        ("je sui a lieje", "Liège"),
        ("resto social a vervier", "Verviers"),
        ("je suis bloqué a mouskron", "Mouscron"),
        ("a moskron", "Mouscron"),
        ("vêtements à la louviere", "La Louvière"),
        ("psy a otignies", "Ottignies-Louvain-la-Neuve"),
        ("aide a tournay", "Tournai"),
        ("ou manger a binch", "Binche"),
        ("jsuis a chatelino", "Châtelet"),
        ("mon frère vit à audergem", "Auderghem"),
        ("cpas de koekelbreg", "Koekelberg"),
        ("avocat a nivelle", "Nivelles"),
        ("g besoin dun toubib a woluwe saint lambrt", "Woluwe-Saint-Lambert"),
    ],
)
def test_a_misspelt_commune_is_found(text: str, commune: str) -> None:
    assert communes(text) == [commune]


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("près de Flagey", "Ixelles"),
        ("dans les Marolles", "Bruxelles"),
        ("métro simonis", "Koekelberg"),
        ("place bara", "Anderlecht"),
        ("je traîne à la gare du Nord", "Schaerbeek"),
        ("gare des guillemins", "Liège"),
        ("du côté de Salzinnes", "Namur"),
        ("à Matonge", "Ixelles"),
        ("LLN", "Ottignies-Louvain-la-Neuve"),
        ("je suis à XL", "Ixelles"),
        ("pres du midi", "Saint-Gilles"),
        ("SINT-GILLIS", "Saint-Gilles"),
        ("Elsene", "Ixelles"),
        ("Luik", "Liège"),
        ("colis ath", "Ath"),
        ("laverie forest", "Forest"),
        ("café chaud mons", "Mons"),
        ("je vis à Ans", "Ans"),
        ("resto social jette", "Jette"),
        ("la commune de jette", "Jette"),
        ("la gare de Jambes", "Namur"),
        ("je vais à Marche demain", "Marche-en-Famenne"),
        ("un docteur à Visé", "Visé"),
        ("code postal 1070", "Anderlecht"),
        ("1000 Bruxelles", "Bruxelles"),
        ("UN LIT A IXELLES CE SOIR", "Ixelles"),
    ],
)
def test_districts_stations_codes_and_dutch_names_are_found(text: str, commune: str) -> None:
    assert set(communes(text)) == {commune}


@pytest.mark.parametrize(
    "text",
    [
        "j'ai 20 ans",
        "depuis deux ans",
        "ça fait des ans",
        "à midi",
        "ce midi",
        "le repas du midi",
        "je jette l'éponge",
        "il me jette dehors",
        "je vois mon mari",
        "c'est mon chien",
        "je me promène dans la forêt",
        "j'ai mal aux jambes",
        "je sens plus mes jambes",
        "il m'a visé avec son arme",
        "ça marche pas",
        "on a marché toute la nuit",
        "faut que ça bouge",
        "une bourse d'étude",
        "taille XL",
        "je suis dans la rue",
        "à cette heure",
        "il a mangé",
        "je dors à deux dans la voiture",
        "dans une maison",
        "merci bien",
        "je serai là",
        "un endroit au chaud",
        "j'ai froid",
        "j'étais pair aidant",
        "je suis au bord du canal",
        "j'ai crevé la roue",
        "avec mon cousin",
        "ma vie est finie",
        "je dois 1000 euros",
        "1000€ de loyer",
        "je gagne 1300 par mois",
        "perdu 4000 ce soir",
        "né en 1970",
        "le 0470 12 34 56",
        "tel 0484 1000 12",
        "mon numéro 5000",
        "il y a 1000 personnes",
        "JE SUIS DANS LA RUE ET J AI FROID",
        "FORT MAL A LA TETE",
        "la Saint-Nicolas des enfants",
        "Hervé m'a aidé",
        "",
        "😀 ??",
    ],
)
def test_everyday_words_and_numbers_are_no_place(text: str) -> None:
    assert communes(text) == []


def test_two_communes_are_found_in_order() -> None:
    assert communes("de Liège à Namur en bus") == ["Liège", "Namur"]


def test_the_longest_name_wins() -> None:
    assert communes("à la gare de Mons") == ["Mons"]
    assert communes("Woluwe-Saint-Pierre") == ["Woluwe-Saint-Pierre"]


def test_a_name_that_two_communes_share_is_left_open() -> None:
    assert communes("à Woluwe") == []


def test_the_span_is_what_was_written() -> None:
    text = "🙂 je suis à Saint-Gilles, aidez-moi"
    (span,) = find_places(text, gazetteer())
    assert text[span.start : span.end] == "Saint-Gilles"
    assert span.entity == "commune"


def test_every_ambiguous_name_is_a_name() -> None:
    for name in (*AMBIGUOUS, *NEED_A_CAPITAL):
        assert gazetteer().find(name) is not None, name


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_spans_lie_within_it_in_order(text: str) -> None:
    last = 0
    for span in find_places(text, gazetteer()):
        assert last <= span.start < span.end <= len(text)
        assert span.value in gazetteer().communes
        last = span.end


WORDS = st.sampled_from(
    ["je", "à", "ixelles", "mons", "20", "ans", "1000", "€", "du", "midi", "Marche", "jette", ","]
    + ["gare", "de", "skarbek", "LA", "Herve", "woluwe", "saint", "lambert", "xl", ".", "ce"]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_places_never_overlap(text: str) -> None:
    spans = list(find_places(text, gazetteer()))
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))


def test_the_component_gives_the_french_name() -> None:
    (span,) = PlaceExtractor().find("een bed in Schaarbeek")
    assert span.value == "Schaerbeek"

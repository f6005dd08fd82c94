"""Words of small closed lists: who it is for, which language, which result."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.loader import AUDIENCES
from bot.errors import DataError
from bot.nlu.lexicon import LexiconExtractor, _patterns

EXTRACTOR = LexiconExtractor()


def found(text: str, entity: str = "audience") -> list[str]:
    return [span.value for span in EXTRACTOR.find(text) if span.entity == entity]


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("je suis une femme seule", "women"),
        ("un foyer pr femmes a verviers", "women"),
        ("place femme 1000", "women"),
        ("y a-t-il une douche pour femmes ?", "women"),
        ("chui une meuf a la rue", "women"),
        ("un endroit réservé aux dames", "women"),
        ("je suis enceinte", "women"),
        ("un lit pour un homme", "men"),
        ("je suis un homme de 40 ans", "men"),
        ("dortoir hommes", "men"),
        ("homme seul cherche abri", "men"),
        ("avec mes enfants", "families"),
        ("en famille", "families"),
        ("j'ai 16 ans", "minors"),
        ("g 15 ans", "minors"),
        ("mineur étranger", "minors"),
        ("un truc pour les jeunes", "youth"),
        ("ma femme et moi on dort dehors", "couples"),
        ("on est un couple", "couples"),
        ("sans papiers", "undocumented"),
        ("SANS-PAPIERS", "undocumented"),
        ("avec mon chien", "animals"),
        ("pour moi et ma chienne", "animals"),
        ("je suis trans", "lgbtqia"),
        ("asso lgbtqia+", "lgbtqia"),
        ("je suis travailleuse du sexe", "sex_workers"),
        ("je suis toxicomane", "drug_users"),
        ("un pensionné", "elderly"),
    ],
)
def test_whom_it_is_for_is_understood(text: str, audience: str) -> None:
    assert audience in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "un homme me suit",
        "il y a des hommes devant la porte",
        "mon mec me frappe",
        "ma femme m'a mis dehors",
        "la femme du guichet est méchante",
        "bonjour monsieur",
        "salut mec",
        "jeune homme, aidez-moi",
        "le mari de ma sœur",
        "maman est morte",
        "l'homme au manteau",
        "un homme est venu dans mon lit",
        "dans le centre un homme me touche",
        "j'ai une femme, une maison",
        "hommes et machines",
    ],
)
def test_somebody_else_is_not_the_person(text: str) -> None:
    """Else a woman who tells of a man would not be shown what is for women."""
    assert not {"women", "men"} & set(found(text))


def test_a_cat_is_not_a_chat() -> None:
    assert found("un service par chat") == []
    assert found("avec mon chat") == ["animals"]


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("le deuxième", "2"),
        ("le 2eme stp", "2"),
        ("le premier", "1"),
        ("la troisième adresse", "3"),
        ("le dernier", "-1"),
        ("numéro 3", "3"),
    ],
)
def test_a_rank_is_understood(text: str, rank: str) -> None:
    assert found(text, "rank") == [rank]


@pytest.mark.parametrize(("text", "code"), [("je parle anglais", "en"), ("en ARABE", "ar")])
def test_a_language_is_understood(text: str, code: str) -> None:
    assert found(text, "spoken_language") == [code]


def test_every_audience_is_one_of_the_directory() -> None:
    assert {value for entity, value, _ in _patterns() if entity == "audience"} <= AUDIENCES


def test_the_span_is_what_was_written() -> None:
    text = "  Et… je suis une FEMME, seule"
    (span,) = (one for one in EXTRACTOR.find(text) if one.entity == "audience")
    assert text[span.start : span.end] == "FEMME"


@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from("pour une femme le 2 un homme de".split())).map(" ".join)
)
def test_any_text_can_be_read(text: str) -> None:
    for span in EXTRACTOR.find(text):
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize("content", ["- a", "audience: [femme]", "audience: {women: ["])
def test_a_broken_list_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "entities.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"entities\.yml"):
        _patterns.__wrapped__(path)

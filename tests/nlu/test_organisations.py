"""Organisations found in what people write."""

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.organisations import OrganisationExtractor

EXTRACTOR = OrganisationExtractor()


def test_a_name_is_found_where_it_was_written() -> None:
    text = "C'est quoi le numéro d'Infirmiers de Rue svp"
    (span,) = EXTRACTOR.find(text)
    assert (span.entity, span.value) == ("organisation", "Infirmiers de rue")
    assert text[span.start : span.end] == "Infirmiers de Rue"


def test_an_acronym_needs_a_capital_or_an_article_in_a_sentence() -> None:
    assert [span.value for span in EXTRACTOR.find("une réunion des AA demain soir")] == ["AA"]
    assert list(EXTRACTOR.find("je sais pas aa quoi faire")) == []


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for span in EXTRACTOR.find(text):
        assert 0 <= span.start < span.end <= len(text)

"""Messages written as a dictionary would."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DataError
from bot.nlu.normaliser import _abbreviations, normalise

SHORT = sorted(_abbreviations())


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("J'ai FAIM !!!", "j ai faim"),
        ("g faim", "j ai faim"),
        ("jai pa mangé", "j ai pas mange"),
        ("c fini", "c est fini"),
        ("c'est fini", "c est fini"),
        ("C'était bien", "c etait bien"),
        ("c qui", "c est qui"),
        ("bjr kelkun svp", "bonjour quelqu un s il vous plait"),
        ("aideeeez moiiii", "aidez moi"),
        ("une   femme\n\tseule", "une femme seule"),
        ("où êtes-vous ?", "ou etes vous"),
        ("dem1 2main", "demain demain"),
        ("…", ""),
        ("", ""),
    ],
)
def test_words_are_folded_and_spelt_out(written: str, spelt: str) -> None:
    assert normalise(written) == spelt


def test_no_rule_needs_a_second_pass() -> None:
    known = _abbreviations()
    assert [short for short, long in known.items() if normalise(long) != long] == []


@given(st.text(max_size=120) | st.lists(st.sampled_from(SHORT), max_size=10).map(" ".join))
@settings(max_examples=300)
def test_what_is_normal_stays_so(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert "  " not in once and once == once.strip()


@pytest.mark.parametrize(
    ("content", "said"), [("- a\n- b\n", "is not a list of words"), ("a: [", "is not YAML")]
)
def test_a_broken_list_is_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "sms.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        _abbreviations.__wrapped__(path)

"""What Passerelle says in French, where an admin edits it."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.errors import DataError
from bot.messages import Button, Message
from bot.phrases import DOMAIN, Phrases, phrases
from bot.settings import ROOT

DOMAIN_DATA = YAML(typ="safe").load(DOMAIN)
NAMES = sorted(DOMAIN_DATA["responses"])
LONGEST = 700  # characters
LONGEST_TITLE = 40


def test_a_text_is_filled_and_keeps_other_braces() -> None:
    said = Phrases(
        {
            "utter_a": [
                {
                    "text": " Bonjour {name}, {other}.\n",
                    "buttons": [{"title": "{name}", "payload": '/menu{"part": "{name}"}'}],
                }
            ]
        }
    )
    assert said.message("utter_a", name="Sam") == Message(
        "Bonjour Sam, {other}.", (Button("Sam", '/menu{"part": "Sam"}'),)
    )
    assert said.text("utter_a", name="Sam", other=3) == "Bonjour Sam, 3."
    assert "utter_a" in said and "utter_b" not in said


@given(st.text(), st.text())
def test_values_are_put_in_as_they_are(one: str, other: str) -> None:
    said = Phrases({"utter_a": [{"text": "x{one}y"}]})
    assert said.text("utter_a", one=one) == f"x{one}y"


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_short_and_its_buttons_fit(name: str) -> None:
    message = phrases().message(name)
    assert message.text and len(message.text) <= LONGEST
    assert len({button.payload for button in message.buttons}) == len(message.buttons)
    for button in message.buttons:
        assert 0 < len(button.title) <= LONGEST_TITLE
        assert button.payload.startswith("/")


def _named_in_the_code() -> set[str]:
    """The names of responses that stand in the code in full."""
    named = set()
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.update(re.findall(r"^utter_\w+$", node.value))
    return {name for name in named if not name.endswith("_")}


def test_every_text_that_the_code_names_is_there() -> None:
    assert _named_in_the_code() <= set(NAMES)


def test_every_slot_in_braces_is_a_word() -> None:
    for name in NAMES:
        for slot in re.findall(r"\{([^{}\"]*)\}", phrases().text(name)):
            assert re.fullmatch(r"[a-z_]+", slot), (name, slot)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("intents: [greet]\n", "has no `responses:`"),
        ("", "has no `responses:`"),
        ("- a\n", "has no `responses:`"),
        ("responses: {utter_a: []}\n", "the response utter_a needs a text"),
        ("responses:\n  utter_a:\n  - buttons: []\n", "the response utter_a needs a text"),
        ("responses:\n  utter_a:\n  - text: 5\n", "the response utter_a needs a text"),
        (
            "responses:\n  utter_a:\n  - text: a\n    buttons:\n    - {title: Oui}\n",
            "each button a title and a payload",
        ),
        ("responses: [\n", "line 2: is not YAML"),
    ],
)
def test_a_domain_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said) as error:
        Phrases.read(path)
    assert "\n" not in str(error.value)


def test_a_missing_domain_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        Phrases.read(tmp_path / "domain.yml")

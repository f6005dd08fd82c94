"""The emergency cards: who to call, short, trusted, and a human one tap away."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import BRUSSELS
from bot.database import Database
from bot.directory.models import Service
from bot.errors import DataError
from bot.messages import TALK_TO_PEER, Message
from bot.safety.cards import (
    TRUSTED,
    EmergencyCard,
    emergency_card,
    emergency_number,
    read_emergency_cards,
)
from bot.safety.danger import Kind

AT = datetime(2026, 11, 22, 21, 30, tzinfo=BRUSSELS)
KINDS = [None, *Kind]
LONGEST = 420  # characters
FEWEST_LINES = 2


def card_of(directory: Database, kind: Kind | None, at: datetime = AT) -> Message:
    with directory.session() as session:
        return emergency_card(kind, session, at)


def definition(kind: Kind | None) -> EmergencyCard:
    return read_emergency_cards()[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_line_is_a_trusted_service_of_the_directory(
    directory: Database, kind: Kind | None
) -> None:
    with directory.session() as session:
        for line in definition(kind).lines:
            service = session.get(Service, line.service_id)
            assert service is not None, line.service_id
            assert service.status == "active"
            assert service.level in TRUSTED
            assert service.phones


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_stands_alone_on_its_line_under_who_answers(
    directory: Database, kind: Kind | None
) -> None:
    lines = card_of(directory, kind).text.splitlines()
    with directory.session() as session:
        for line in definition(kind).lines:
            number = session.get(Service, line.service_id).phones[0].number
            if number in lines:
                assert lines[lines.index(number) - 1] == line.label
    numbers = [line for line in lines if line.replace(" ", "").isdigit()]
    assert len(numbers) >= FEWEST_LINES
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("kind", KINDS)
def test_no_digit_of_a_card_is_written_in_its_own_file(kind: Kind | None) -> None:
    card = definition(kind)
    texts = (card.opening, card.closing, *(line.label for line in card.lines))
    assert not any(sign.isdigit() for text in texts for sign in text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_is_short_warm_first_and_has_one_button_to_a_human(
    directory: Database, kind: Kind | None
) -> None:
    card = card_of(directory, kind)
    assert len(card.text) <= LONGEST
    assert card.text.startswith(definition(kind).opening)
    assert [button.payload for button in card.buttons] == [TALK_TO_PEER]


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_somebody_can_be_called(directory: Database, hour: int) -> None:
    for kind in KINDS:
        for day in (AT, AT + timedelta(days=3), datetime(2026, 12, 25, tzinfo=BRUSSELS)):
            lines = card_of(directory, kind, day.replace(hour=hour)).text.splitlines()
            assert {"112", "101"} & set(lines)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (Kind.SUICIDE, "0800 32 123"),
        (Kind.VIOLENCE, "101"),
        (Kind.MEDICAL, "112"),
        (Kind.CHILD, "103"),
        (None, "112"),
    ],
)
def test_each_danger_has_the_number_that_is_for_it(
    directory: Database, kind: Kind | None, number: str
) -> None:
    assert number in card_of(directory, kind).text.splitlines()


def test_a_number_that_lost_our_trust_is_left_out(around) -> None:  # type: ignore[no-untyped-def]
    service_id = definition(Kind.MEDICAL).lines[1].service_id
    with around.database.session() as session:
        session.get(Service, service_id).level = "C"
    with around.database.session() as session:
        text = emergency_card(Kind.MEDICAL, session, AT).text
    assert definition(Kind.MEDICAL).lines[1].label not in text
    assert "112" in text


def test_ambulance_and_police_can_be_asked_for_by_name(directory: Database) -> None:
    with directory.session() as session:
        assert emergency_number(session, "ambulance") == "112"
        assert emergency_number(session, "police") == "101"


CARD = """
  opening: "Appelez :"
  lines: [{label: Ambulance, service: 112-secours-ambulance-pompiers}]
  closing: "Fin."
  human: "Parler"
"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("".join(f"{name}:{CARD}" for name in ("suicide", "medical", "any")), "there is no card"),
        (f"suicides:{CARD}", "a card is not complete"),
        ("suicide: {opening: a}\n", "a card is not complete"),
        ("- a\n", "a card is not complete"),
        ("suicide: [\n", "is not YAML"),
    ],
)
def test_broken_cards_are_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "cards.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said) as error:
        read_emergency_cards.__wrapped__(path)
    assert "\n" not in str(error.value)

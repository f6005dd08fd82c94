"""What a request says, and which are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS, said
from bot.console.incoming import RefusedRequest, read_incoming


def body(**fields: object) -> bytes:
    return json.dumps({"sender": "s1", "message": "Bonjour", **fields}).encode()


def texts(message: str, **metadata: object) -> tuple[str, ...]:
    return read_incoming(body(message=message, metadata=metadata)).texts


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("j'ai faim", ("j'ai faim",)),
        ("/menu", ("/menu",)),
        ("/Urgence", ("/emergency",)),
        ("/humain", ("/talk_to_peer",)),
        ("/oublier", ("/delete_my_data",)),
        ("/stop", ("/stop_all",)),
        ("/aide", ("/menu",)),
        ("/start", ("/greet",)),
        ('/consent{"answer": "yes"}', ('consent{"answer": "yes"}',)),
        ("/confirm_delete", ("confirm_delete",)),
        ("//confirm_delete", ("confirm_delete",)),
        ("/ /confirm_delete", ("confirm_delete",)),
        ("/", ("/menu",)),
        ("/urgence il saigne", ("il saigne", "/emergency")),
        ("/aide pour manger", ("pour manger",)),
        ("/menu /confirm_delete", ("confirm_delete",)),
        ("/menu{}", ("menu{}",)),
    ],
)
def test_typed_slashes_are_commands_or_nothing(typed: str, said: tuple[str, ...]) -> None:
    assert texts(typed, typed=True) == said


@given(st.text(max_size=60))
def test_nothing_typed_becomes_a_payload_of_its_own(words: str) -> None:
    ours = set(COMMANDS.values())
    for spoken in said("/" + words):
        assert not spoken.startswith("/") or spoken in ours


def test_buttons_and_stock_clients_send_payloads() -> None:
    payload = '/give_location{"position": "50.8466,4.3528"}'
    assert texts(payload, button=True) == (payload,)
    assert texts(payload) == (payload,)
    assert texts("/urgence") == ("/emergency",)


def test_metadata_goes_on_without_what_the_page_added() -> None:
    incoming = read_incoming(body(metadata={"typed": True, "id": "k1", "from": "desk"}))
    assert incoming.key == "k1"
    assert incoming.metadata == {"from": "desk"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 90_000,
        b"[]",
        b'"text"',
        b"null",
        b'{"message": "Bonjour"}',
        body(sender=""),
        body(sender=None),
        body(sender=True),
        body(sender=["a"]),
        body(sender="x" * 65),
        body(sender="a\x00b"),
        body(sender="a\ud800b"),
        body(message=None),
        body(message=12),
        body(message="   "),
        body(message="\x00"),
        body(message="é" * 4097),
        body(metadata="typed"),
        body(filler="x" * 200_000),
    ],
)
def test_what_is_no_message_is_refused_in_one_french_sentence(raw: bytes) -> None:
    with pytest.raises(RefusedRequest) as refusal:
        read_incoming(raw)
    assert str(refusal.value).endswith((".", "(« sender »)."))


def test_the_longest_sender_and_message_pass() -> None:
    incoming = read_incoming(body(sender="x" * 64, message="\U0001f198" * 4096))
    assert len(incoming.texts[0]) == 4096


def test_broken_characters_do_not_reach_the_database() -> None:
    (text,) = texts("a\ud800b\x00c")
    assert text.encode() and "\x00" not in text


def test_a_number_is_a_sender_as_with_stock_rasa() -> None:
    assert read_incoming(body(sender=42)).sender == "42"

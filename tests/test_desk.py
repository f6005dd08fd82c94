import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.channel import GatheringChannel
from bot.desk import Desk
from bot.dialogue.handoff import choose_theme, consent, end_human_chat, take_request
from bot.dialogue.turn import Memory
from bot.handoff.models import Status
from bot.handoff.peers import peer_of, set_paused
from bot.people import mark_forgotten
from tests.handoff.fixtures import loaded_database, world
from tests.handoff.world import World, payloads

__all__ = ["loaded_database", "world"]

SAFE = {"flag": False, "kind": None, "score": 0.01}


class Room:
    """A desk whose Rasa notes what it is asked, and whose model knows one dangerous word."""

    def __init__(self, world: World, parse: Callable[[str], Any] | None = None) -> None:
        self.asked_of_rasa: list[str] = []
        self.parsed: list[str] = []
        self.desk = Desk(world.context, parse or self.parse)
        self.handle: Callable[[Any], Awaitable[Any]] = self.desk.wrap(self.rasa)

    async def rasa(self, message: Any) -> None:
        self.asked_of_rasa.append(message.text)

    async def parse(self, text: str) -> dict[str, Any]:
        self.parsed.append(text)
        if "mourir" in text:
            return {"crisis": {"flag": True, "kind": "suicide", "score": 0.9}}
        return {"crisis": SAFE}

    async def says(self, sender: str, text: str | None) -> GatheringChannel:
        output = GatheringChannel()
        await self.handle(SimpleNamespace(sender_id=sender, text=text, output_channel=output))
        return output


def talk(world: World, person: str, peer: str) -> None:
    world.do(choose_theme, person, theme="housing")
    world.do(consent, person, memory=Memory(asking="consent"), answer="yes")
    world.do(take_request, peer, request=str(world.requests()[-1].id))
    world.letters(person)
    world.letters(peer)


async def test_without_a_talk_everything_goes_to_rasa(world: World) -> None:
    room = Room(world)
    for sender in (world.somebody(), world.peer()):
        await room.says(sender, "bonjour")
    assert room.asked_of_rasa == ["bonjour", "bonjour"]
    assert room.parsed == []


async def test_in_a_talk_each_text_goes_to_the_other_side_only(world: World) -> None:
    room, sam, alex, person = Room(world), world.peer("Sam"), world.peer("Alex"), world.somebody()
    talk(world, person, sam)
    world.letters(alex)
    said = await room.says(person, "je dors dehors")
    assert said.messages == []
    await room.says(sam, "je vous écoute")
    assert world.texts(sam) == ["💬 La personne :\nje dors dehors"]
    assert world.texts(person) == ["💬 Sam :\nje vous écoute"]
    assert world.letters(alex) == []
    assert room.asked_of_rasa == []


@pytest.mark.parametrize("word", ["stop", "au revoir", "annuler", "oui", "/ ou pas /"])
async def test_words_never_end_a_talk_in_silence(world: World, word: str) -> None:
    room, sam, person = Room(world), world.peer(), world.somebody()
    talk(world, person, sam)
    await room.says(person, word)
    assert world.texts(sam) == [f"💬 La personne :\n{word}"]
    assert world.requests()[0].status == Status.TALKING


@pytest.mark.parametrize("payload", ["/end_human_chat", '/menu{"part": "sleep"}', "", None])
async def test_payloads_and_empty_messages_go_to_rasa(world: World, payload: str | None) -> None:
    room, sam, person = Room(world), world.peer(), world.somebody()
    talk(world, person, sam)
    for sender in (person, sam):
        await room.says(sender, payload)
    assert room.asked_of_rasa == [payload, payload]
    assert world.letters(sam) == []


async def test_danger_shows_the_card_first_and_alerts_the_peer_worker(world: World) -> None:
    room, sam, person = Room(world), world.peer(), world.somebody()
    talk(world, person, sam)
    said = await room.says(person, "je veux mourir")
    (card,) = said.messages
    assert "0800 32 123" in card.text.splitlines()
    assert "/talk_to_peer" in payloads(card)
    relayed, note = world.texts(sam)
    assert relayed == "💬 La personne :\nje veux mourir"
    assert "numéros d'urgence" in note
    assert world.letters(person) == []
    assert world.requests()[0].in_danger


async def test_what_the_peer_worker_writes_is_only_relayed(world: World) -> None:
    room, sam, person = Room(world), world.peer(), world.somebody()
    talk(world, person, sam)
    said = await room.says(sam, "vous pensez à mourir ?")
    assert said.messages == []
    assert world.texts(person) == ["💬 Sam :\nvous pensez à mourir ?"]
    assert room.parsed == []


async def test_with_a_broken_model_plain_danger_is_still_seen(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(text: str) -> Any:
        raise RuntimeError(text)

    room, sam, person = Room(world, broken), world.peer(), world.somebody()
    talk(world, person, sam)
    with caplog.at_level(logging.DEBUG):
        card = await room.says(person, "je veux me suicider")
        nothing = await room.says(person, "il fait froid")
    assert "0800 32 123" in card.messages[0].text
    assert nothing.messages == []
    assert len(world.letters(sam)) == 3
    assert "suicider" not in caplog.text
    assert "froid" not in caplog.text


async def test_an_answer_of_the_model_may_come_at_once(world: World) -> None:
    room = Room(world, lambda text: {"crisis": SAFE})
    sam, person = world.peer(), world.somebody()
    talk(world, person, sam)
    await room.says(person, "bonsoir")
    assert world.texts(sam) == ["💬 La personne :\nbonsoir"]


async def test_who_cannot_be_reached_is_told_of(world: World) -> None:
    room, sam = Room(world), world.peer()
    talk(world, "terminal", sam)
    said = await room.says(sam, "bonjour")
    assert "n'a pas pu être transmis" in said.messages[0].text


async def test_after_the_talk_rasa_listens_again(world: World) -> None:
    room, sam, person = Room(world), world.peer(), world.somebody()
    talk(world, person, sam)
    world.do(end_human_chat, sam)
    await room.says(person, "j'ai faim")
    assert room.asked_of_rasa == ["j'ai faim"]


async def test_the_bell_rings_after_each_turn(world: World) -> None:
    await Room(world).says(world.somebody(), "bonjour")
    assert world.context.bell._event.is_set()


async def test_requests_that_wait_reach_who_came_back_meanwhile(world: World) -> None:
    room, sam, person = Room(world), world.peer(), world.somebody()
    with world.context.database.session() as session:
        set_paused(session, peer_of(session, sam), True)
    world.do(consent, person, answer="yes")
    await room.says(person, "bonjour")
    assert world.letters(sam) == []
    with world.context.database.session() as session:
        set_paused(session, peer_of(session, sam), False)
    await room.says(person, "bonjour")
    assert len(world.letters(sam)) == 1


async def test_the_remembered_talk_of_the_forgotten_goes(world: World) -> None:
    room, person, other = Room(world), world.somebody(), world.somebody()
    with world.context.database.session() as session:
        session.execute(sql("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT)"))
        session.execute(
            sql("INSERT INTO events (sender_id) VALUES (:one), (:two)"),
            {"one": person, "two": other},
        )
        mark_forgotten(session, person)
    await room.says(other, "bonjour")
    await room.says(person, "bonjour")
    with world.context.database.session() as session:
        assert session.scalars(sql("SELECT sender_id FROM events")).all() == [other]


async def test_errors_of_rasa_are_passed_on(world: World) -> None:
    async def broken(message: Any) -> None:
        raise ValueError("trouble")

    handle = Desk(world.context, lambda text: {}).wrap(broken)
    message = SimpleNamespace(sender_id=world.somebody(), text="bonjour", output_channel=None)
    with pytest.raises(ValueError, match="trouble"):
        await handle(message)
    assert world.context.bell._event.is_set()

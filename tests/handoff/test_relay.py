from bot.handoff.models import Side
from bot.handoff.peers import peer_of
from bot.handoff.relay import Talk, forward, talk_of
from bot.handoff.requests import end, open_request, take
from tests.handoff.world import World


def talking(world: World, person: str, peer: str) -> int:
    with world.context.database.session() as session:
        request = open_request(session, person, "", "fr", world.now)
        take(session, request.id, peer_of(session, peer), world.now)
        return int(request.id)


def seen_by(world: World, sender: str) -> Talk | None:
    with world.context.database.session() as session:
        return talk_of(session, sender)


def relayed(world: World, sender: str, text: str) -> bool:
    with world.context.database.session() as session:
        talk = talk_of(session, sender)
        assert talk is not None
        return forward(session, talk, text, world.now, world.context.phrases)


def test_each_side_knows_its_talk(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    request = talking(world, person, sam)
    assert seen_by(world, person) == Talk(request, person, sam, "Sam", Side.PERSON)
    assert seen_by(world, sam) == Talk(request, person, sam, "Sam", Side.PEER)
    assert seen_by(world, world.somebody()) is None


def test_an_open_or_ended_request_is_no_talk(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    with world.context.database.session() as session:
        open_request(session, person, "", "fr", world.now)
    assert seen_by(world, person) is None
    request = talking(world, person, sam)
    with world.context.database.session() as session:
        end(session, request, Side.PERSON, world.now)
    assert seen_by(world, person) is seen_by(world, sam) is None


def test_a_text_arrives_whole_with_an_alias_and_no_account(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    talking(world, person, sam)
    text = "Bonjour {alias},\n\nj'ai {besoin} d'un lit 🛏️ /stop"
    assert relayed(world, person, text)
    assert relayed(world, sam, "Je vous écoute")
    assert world.texts(sam) == [f"💬 La personne :\n{text}"]
    assert world.texts(person) == ["💬 Sam :\nJe vous écoute"]


def test_a_side_without_an_account_cannot_be_reached(world: World) -> None:
    sam = world.peer()
    talking(world, "terminal", sam)
    assert not relayed(world, sam, "Bonjour")
    assert relayed(world, "terminal", "Bonjour")

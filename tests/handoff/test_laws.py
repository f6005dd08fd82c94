"""For any sequence of events the laws of the hand-off hold."""

from collections import Counter

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from bot.clock import brussels_now, set_clock
from bot.context import Context
from bot.database import Database
from bot.handoff.models import HandoffRequest, Peer, Status
from bot.handoff.notices import announce, tell_taken
from bot.handoff.peers import peer_of
from bot.handoff.records import erase_records
from bot.handoff.relay import forward, talk_of
from bot.handoff.requests import Take, cancel, end, open_request, request_of, take
from bot.knowledge.cards import cards
from bot.outbox import delivered, waiting
from bot.phrases import Phrases
from bot.settings import Settings
from tests.handoff.world import CHANNEL, World

PHRASES = Phrases.read()
PEOPLE = st.integers(min_value=0, max_value=5)  # the first three are peer workers
PEERS = st.integers(min_value=0, max_value=2)


class Handoff(RuleBasedStateMachine):
    """Three peer workers and three people who open, take, write, end, cancel and forget."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database("sqlite://")
        self.database.create()
        self.world = World(Context(Settings(), self.database, PHRASES, cards()))
        self.people = [self.world.peer(f"Peer {number}") for number in range(3)]
        self.people += [self.world.somebody() for _ in range(3)]
        self.partners: dict[str, str] = {}  # the model: who talks with whom
        self.written = 0

    @rule(who=PEOPLE)
    def open(self, who: int) -> None:
        person = self.people[who]
        with self.database.session() as session:
            request = open_request(session, person, "other", "fr", self.world.now)
            assert (request is None) == (
                person in self.partners and request_of(session, person) is None
            )
            announce(session, PHRASES, self.world.now)

    @rule(who=PEERS, back=st.integers(min_value=0, max_value=3))
    def take(self, who: int, back: int) -> None:
        """Try one of the last requests, whatever became of it."""
        with self.database.session() as session:
            number = (session.scalar(select(func.max(HandoffRequest.id))) or 0) - back
            peer = peer_of(session, self.people[who])
            if peer is None:
                return
            outcome = take(session, number, peer, self.world.now)
            event(outcome.value)
            if outcome is Take.WON:
                request = session.get(HandoffRequest, number, populate_existing=True)
                tell_taken(session, PHRASES, number, peer, self.world.now)
                assert request.person not in self.partners
                assert peer.person not in self.partners
                self.partners[request.person] = peer.person
                self.partners[peer.person] = request.person

    @rule(who=PEOPLE, order=st.permutations(range(3)))
    def rush(self, who: int, order: list[int]) -> None:
        """Somebody asks, every peer worker tries to be first, then all three write."""
        self.open(who)
        for peer in order:
            self.take(peer, 0)
        for one in (who, *order[:2]):
            self.write(one, "bonjour")

    @rule(who=PEOPLE)
    def end(self, who: int) -> None:
        person = self.people[who]
        with self.database.session() as session:
            talk = talk_of(session, person)
            assert (talk is not None) == (person in self.partners)
            if talk is not None:
                assert end(session, talk.request_id, talk.side, self.world.now)
                del self.partners[self.partners.pop(person)]

    @rule(who=PEOPLE)
    def cancel(self, who: int) -> None:
        with self.database.session() as session:
            request = request_of(session, self.people[who])
            if request is not None:
                was_open = request.status == Status.OPEN
                assert cancel(session, request.id, self.world.now) is was_open

    @rule(who=PEOPLE, words=st.text(min_size=1, max_size=20))
    def write(self, who: int, words: str) -> None:
        person = self.people[who]
        self.written += 1
        text = f"{words} <{self.written}>"
        with self.database.session() as session:
            talk = talk_of(session, person)
            assert (talk is not None) == (person in self.partners)
            if talk is None:
                return
            assert forward(session, talk, text, self.world.now, PHRASES)
            letters = waiting(session, CHANNEL, self.world.now, 1000)
            arrived = [one.recipient for one in letters if one.message.text.endswith(f"\n{text}")]
            for letter in letters:
                delivered(session, letter.id)
        assert arrived == [self.partners[person]]

    @rule(who=PEOPLE, sure=st.integers(min_value=0, max_value=3))
    def forget(self, who: int, sure: int) -> None:
        person = self.people[who]
        if sure < 3:
            return
        with self.database.session() as session:
            erase_records(session, person)
            assert request_of(session, person) is talk_of(session, person) is None
        if person in self.partners:
            del self.partners[self.partners.pop(person)]
        self.people[who] = self.world.peer(f"Peer {who}") if who < 3 else self.world.somebody()

    @invariant()
    def nobody_is_in_two_talks_and_a_talk_has_one_peer_worker(self) -> None:
        with self.database.session() as session:
            talks = (
                session.query(HandoffRequest.person, Peer.person)
                .outerjoin(Peer, Peer.id == HandoffRequest.taken_by)
                .filter(HandoffRequest.status == Status.TALKING)
                .all()
            )
            running = session.query(HandoffRequest).filter(
                HandoffRequest.status.in_([Status.OPEN, Status.TALKING])
            )
            askers = Counter(request.person for request in running)
        assert all(peer is not None and peer != person for person, peer in talks)
        sides = Counter(side for talk in talks for side in talk)
        assert max(sides.values(), default=1) == 1
        assert max(askers.values(), default=1) == 1
        assert {person: self.partners[person] for person, _ in talks} == dict(map(tuple, talks))
        assert len(self.partners) == 2 * len(talks)

    def teardown(self) -> None:
        self.database.engine.dispose()
        set_clock(brussels_now)


TestHandoff = Handoff.TestCase
TestHandoff.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

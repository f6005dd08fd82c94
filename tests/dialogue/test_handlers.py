"""The laws of all handlers: none fails, every button leads somewhere, every text is short."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from actions.base import answer
from actions.dialogue import ACTIONS
from bot.context import Context
from bot.database import Database
from bot.dialogue.handlers import HANDLERS, command, practical_handler
from bot.dialogue.turn import Memory, Turn
from bot.directory.places import gazetteer
from bot.knowledge.cards import cards
from bot.phrases import DOMAIN
from bot.safety.danger import Kind
from bot.settings import ROOT
from tests.dialogue.talk import TUESDAY, context_of, copy_of, parsed

DOMAIN_DATA = YAML(typ="safe").load(DOMAIN)
RULES = YAML(typ="safe").load(ROOT / "data" / "rules" / "rules.yml")["rules"]
INTENTS = {next(iter(one)) if isinstance(one, dict) else one for one in DOMAIN_DATA["intents"]}
RESERVED = {"share_position"}
LONGEST, LONGEST_CARD = 700, 1400  # characters

IDS = ("101-police", "112-secours-ambulance-pompiers", "infirmiers-de-rue", "gone", "")
JUNK = st.sampled_from(["", "x", "-1", "0", "2", "99999999999", "é{}", "null", "2026-11-24"])
ENTITIES = {
    "commune": st.sampled_from([*gazetteer().communes, "Paris", ""]),
    "organisation": st.sampled_from(["Smes", "DoucheFLUX", "zorglub", ""]),
    "moment": st.sampled_from(["2026-11-24T20:00+01:00", "2026-11-01T20:00+01:00", "ce soir"]),
    "audience": st.sampled_from(["women", "men", "families", "nobody"]),
    "spoken_language": st.sampled_from(["fr", "ar", "xx"]),
    "rank": st.sampled_from(["1", "3", "-1", "12", "two"]),
    "position": st.sampled_from(["50.8,4.3", "0,0", "north", "1e9,4"]),
    "card": st.sampled_from([*cards(), "gone"]),
    "part": st.sampled_from(["sleep", "other", "listening", "gone"]),
    "topic": st.sampled_from(["basics", "gone"]),
    "service": st.sampled_from(IDS),
    "request": st.sampled_from(["1", "7", "x"]),
    "token": st.sampled_from(["abc", ""]),
    "theme": st.sampled_from(["housing", "skip", "gone"]),
    "answer": st.sampled_from(["yes", "no", "maybe"]),
    "stars": st.sampled_from(["1", "5", "9", "skip"]),
    "duty": st.sampled_from(["on", "off", "x"]),
}
MEMORIES = st.builds(
    Memory,
    need=st.sampled_from([None, "food", "shelter", "income", "gone"]),
    commune=st.sampled_from([None, "Ixelles", "Liège", "Virton", "*"]),
    position=st.sampled_from([None, "50.63,5.57"]),
    audience=st.sampled_from([(), ("women",), ("men", "animals")]),
    moment=st.sampled_from([None, "2026-11-24T20:00:00+01:00", "2026-11-01T20:00:00+01:00"]),
    results=st.lists(st.sampled_from(IDS), max_size=5).map(tuple),
    shown=st.integers(0, 5),
    focus=st.sampled_from([None, *IDS]),
    asking=st.sampled_from(
        [None, "place", "consent", "delete", "theme", "leave_request", "more", "organisation"]
        + ["danger", "human", "gone"]
    ),
    theme=st.sampled_from([None, "housing", "danger"]),
    card=st.sampled_from([None, "deegan", "gone"]),
)
NAMES = st.sampled_from(sorted(INTENTS - {"faq"}) + ["faq/deegan", "faq/gone"])
TURNS = st.builds(
    Turn,
    sender=st.just("somebody"),
    intent=st.sampled_from(sorted(INTENTS)),
    at=st.integers(0, 7 * 24 * 60).map(lambda minutes: TUESDAY + timedelta(minutes=minutes)),
    memory=MEMORIES,
    channel=st.just("rest"),
    text=st.sampled_from(["", "/menu", "ixelles", "3", "1050", "où est le smes ?", "Привіт", "🙂"]),
    entities=st.lists(
        st.sampled_from(sorted(ENTITIES)).flatmap(
            lambda name: st.tuples(st.just(name), ENTITIES[name] | JUNK)
        ),
        max_size=4,
    ).map(tuple),
    ranking=st.lists(
        st.tuples(NAMES, st.floats(0, 1)), max_size=4, unique_by=lambda one: one[0]
    ).map(tuple),
    wishes=st.lists(NAMES, max_size=3, unique=True).map(tuple),
    danger=st.sampled_from([None, None, None, *Kind]),
)


class Laws:
    """Holds the context, and keeps it out of the report of a failing example."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __repr__(self) -> str:
        return "laws"


@pytest.fixture(scope="module")
def laws(directory: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laws]:
    database = copy_of(directory, tmp_path_factory.mktemp("handlers") / "h.db")
    yield Laws(context_of(database))
    database.engine.dispose()


@pytest.mark.parametrize("handler", sorted(HANDLERS))
@given(turn=TURNS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_heard_the_answer_says_something_short_with_buttons_that_lead_on(
    laws: Laws, handler: str, turn: Turn
) -> None:
    said = [rule["steps"][0]["intent"] for rule in RULES if _handler_of(rule) == handler]
    if handler in {"say", "yes_or_no"} and turn.intent not in said:
        turn = replace(turn, intent=said[len(turn.intent) % len(said)])
    reply = answer(handler, turn, laws.context)
    assert reply.messages
    for message in reply.messages:
        assert message.text.strip()
        longest = LONGEST_CARD if handler in {"answer_card_more", "show_details"} else LONGEST
        assert len(message.text) <= longest
        assert len({*message.buttons}) == len(message.buttons)
        for button in message.buttons:
            intent, entities = parsed(button.payload)
            assert intent in INTENTS | RESERVED, button.payload
            assert set(entities) <= set(DOMAIN_DATA["entities"]), button.payload
            assert button.title.strip()
    assert set(reply.remember) <= set(DOMAIN_DATA["slots"])


def _handler_of(rule: dict) -> str:
    return str(rule["steps"][1]["action"]).removeprefix("action_")


def test_every_intent_leads_to_a_handler_by_one_rule() -> None:
    led = [rule["steps"][0]["intent"] for rule in RULES]
    assert len(led) == len(set(led))
    assert set(led) == INTENTS
    assert {_handler_of(rule) for rule in RULES} <= set(HANDLERS)


def test_every_handler_is_an_action_of_the_domain() -> None:
    names = {action().name() for action in ACTIONS}
    assert names == {f"action_{handler}" for handler in HANDLERS}
    assert names == set(DOMAIN_DATA["actions"])


def test_everything_that_is_remembered_is_a_slot() -> None:
    assert set(Memory.__dataclass_fields__) == set(DOMAIN_DATA["slots"])


def test_every_button_of_a_text_leads_to_an_intent(laws: Laws) -> None:
    for name in DOMAIN_DATA["responses"]:
        for button in laws.context.phrases.message(name).buttons:
            intent, entities = parsed(button.payload)
            assert intent in INTENTS | RESERVED, (name, button.payload)
            assert set(entities) <= set(DOMAIN_DATA["entities"]), (name, button.payload)


@pytest.mark.parametrize(
    ("intent", "served"),
    [
        ("need_food", True),
        ("faq/deegan", True),
        ("find_organisation", True),
        ("greet", False),
        ("crisis_suicide", False),
    ],
)
def test_needs_names_and_cards_are_practical(intent: str, served: bool) -> None:
    assert (practical_handler(intent) is not None) is served


@pytest.mark.parametrize(
    ("text", "handler"),
    [("Menu", "menu"), ("URGENCE !", "show_emergency_card"), ("stop", "stop_all"), ("bof", None)],
)
def test_one_word_commands(text: str, handler: str | None) -> None:
    assert command(text) == handler


def test_the_actions_run_in_rasa_sdk(around: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each action reads a tracker and gives back slots, through rasa-sdk's own classes."""
    import asyncio

    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    monkeypatch.setattr("actions.base.context", lambda: around)
    for action in ACTIONS:
        heard = {
            "intent": {"name": "greet"},
            "entities": [{"entity": "commune", "value": "Ixelles"}],
            "text": "bonjour",
            "crisis": {"flag": False, "kind": None},
            "intent_ranking": [{"name": "greet", "confidence": 0.9}],
        }
        slots = dict.fromkeys(Memory.__dataclass_fields__)
        tracker = Tracker("somebody", slots, heard, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action().run(dispatcher, tracker, {}))
        assert dispatcher.messages, action().name()
        assert {event["event"] for event in events} == {"slot"}


def test_a_path_that_rasa_gives_nothing_on_is_a_fallback(around: Context) -> None:
    from rasa_sdk import Tracker

    from actions.base import turn_of

    tracker = Tracker("somebody", {}, {}, [], False, None, {}, None)
    turn = turn_of(tracker, around)
    assert (turn.intent, turn.text, turn.danger) == ("nlu_fallback", "", None)
    assert turn.memory == Memory()

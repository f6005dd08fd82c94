"""The last word on the intent: danger wins, and a bare place or name is just that."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.words import words_of
from bot.safety.danger import HARMLESS, Kind

RANKING_LENGTH = 10
# Words that may stand around a bare place or name without being a wish.
FILLERS = frozenset(
    "a au aux de du d la le les l en sur je suis moi ici vers pres et bonjour svp stp c est j "
    "habite dans cote gare commune oui a".split()
)
# What is said beside a wish without being one.
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny"})
# The wishes that cannot wait, the most urgent first; others keep the message's order.
URGENT = ("need_shelter", "need_health", "need_food")
# What a message of signs alone means.
SIGNS = (("👍👌✅🆗", "affirm"), ("👎❌🚫", "deny"), ("🙏❤💙💚💛", "thank"), ("👋", "greet"))
PLAIN = 0.985  # a score from which danger is what the message is about: a pattern said so
LIKELY = 0.5  # or so much of the classifier's probability on the intents of danger
DOUBTFUL = 0.3  # a likeliest meaning of danger below both counts only from here
BARE = {"commune": "give_location", "organisation": "find_organisation"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent):
    """Puts the detector's and the extractors' findings above the classifier's guess."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        if not words_of(text):
            sign = next((intent for signs, intent in SIGNS if set(text) & set(signs)), None)
            if sign is None:
                _know_nothing(message)
            else:
                _prefer(message, sign, 0.9)
            return
        _settle_the_intent_of_danger(message)
        crisis = message.get("crisis") or {}
        wishes = by_urgency(message.get("wishes") or [])
        message.set("wishes", wishes, add_to_output=True)
        if crisis.get("flag"):
            # The card is shown in any case; the intent changes only where danger is plain, so
            # that a doubtful alarm does not hide what else was meant.
            if crisis["score"] >= PLAIN or _danger_mass(message) >= LIKELY:
                _prefer(message, f"crisis_{crisis['kind']}", crisis["score"])
            return
        bare = bare_entity(text, message.get(ENTITIES, []))
        if bare:
            _prefer(message, BARE[bare], 0.95)
        elif wishes and _yields(str((message.get("intent") or {}).get("name")), wishes):
            _prefer(message, wishes[0], 0.6)


def _yields(intent: str, wishes: list[str]) -> bool:
    """Whether the first wish comes before the intent: small talk, or a need that can wait."""
    later_need = intent in wishes[1:] and wishes[0] in URGENT
    return intent in SMALL_TALK or later_need


def by_urgency(wishes: list[str]) -> list[str]:
    """The wishes of a message without small talk and danger, the most urgent first."""
    real = [wish for wish in wishes if wish not in SMALL_TALK and not Kind.of_intent(wish)]
    return sorted(real, key=lambda wish: URGENT.index(wish) if wish in URGENT else len(URGENT))


def _know_nothing(message: Message) -> None:
    """A message without a word means nothing that could be guessed."""
    nothing = [{**one, "confidence": 0.0} for one in message.get("intent_ranking") or []]
    message.set(
        "intent",
        dict(nothing[0]) if nothing else {"name": None, "confidence": 0.0},
        add_to_output=True,
    )
    message.set("intent_ranking", nothing, add_to_output=True)
    message.set("wishes", [], add_to_output=True)


def _settle_the_intent_of_danger(message: Message) -> None:
    """A message whose likeliest meaning is danger gets the card, whatever the detector says.

    Unless it only speaks of danger (past, denied, an idiom) and nothing else in it is alarming:
    then the next meaning counts.
    """
    intent = message.get("intent") or {}
    kind = Kind.of_intent(str(intent.get("name")))
    crisis = message.get("crisis") or {}
    if kind is None or crisis.get("flag"):
        return
    if crisis.get("reason") == HARMLESS:
        for one in message.get("intent_ranking") or []:
            if Kind.of_intent(one["name"]) is None:
                _prefer(message, one["name"], one["confidence"])
                return
    elif max(float(intent["confidence"]), float(crisis.get("score") or 0)) >= DOUBTFUL:
        found = {"flag": True, "kind": kind.value, "reason": "intent"}
        score = max(float(crisis.get("score") or 0), float(intent["confidence"]))
        message.set("crisis", {**crisis, **found, "score": score}, add_to_output=True)


def _danger_mass(message: Message) -> float:
    """The classifier's probability on all intents of danger together."""
    ranking = message.get("intent_ranking") or []
    return sum(one["confidence"] for one in ranking if Kind.of_intent(one["name"]))


def bare_entity(text: str, entities: list[dict[str, Any]]) -> str | None:
    """The kind of entity that a text is made of but for fillers, or None."""
    for kind in BARE:
        spans = [(one["start"], one["end"]) for one in entities if one["entity"] == kind]
        rest = [
            word.folded
            for word in words_of(text)
            if not any(start <= word.start < end for start, end in spans)
        ]
        if spans and all(word in FILLERS for word in rest):
            return kind
    return None


def _prefer(message: Message, name: str, confidence: float) -> None:
    """Put an intent first, its confidence at least as high as that of the next."""
    ranking = [one for one in message.get("intent_ranking") or [] if one["name"] != name]
    highest = max([confidence, *(one["confidence"] for one in ranking[:1])])
    rest = 1.0 - min(highest, 1.0)
    total = sum(one["confidence"] for one in ranking) or 1.0
    scaled = [
        {**one, "confidence": round(one["confidence"] * min(1.0, rest / total), 4)}
        for one in ranking
    ]
    first = {"name": name, "confidence": round(float(highest), 4)}
    message.set("intent", first, add_to_output=True)
    message.set("full_intent", name, add_to_output=True)
    message.set("intent_ranking", [first, *scaled][:RANKING_LENGTH], add_to_output=True)

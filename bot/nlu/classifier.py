"""The intent classifier: full names (`faq/KEY` too), calibrated, every wish of a message."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.clauses import clauses_of
from bot.nlu.linear import LinearModel
from bot.nlu.normaliser import normalise
from bot.nlu.vectors import vector_of, vectors_of

logger = logging.getLogger(__name__)

RANKING_LENGTH = 10
RETRIEVAL_INTENT = "faq"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True, model_from="FrenchVectors"
)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """A linear model over character n-grams, words and vectors; see `LinearModel`.

    Sets `intent` (for a card the retrieval intent `faq`), `full_intent`, `intent_ranking` (full
    names, best first), `response_selector` as Rasa's ResponseSelector would, and `wishes`: the
    intents of the message's clauses that are sure enough, in order.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"vector_weight": 1.0, "regularisation": 0.5, "wish_threshold": 0.6}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._linear = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData, model: SpacyModel) -> Resource:
        """Learn from every example that has a text and an intent."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        texts = [one.get(TEXT) for one in examples]
        self._linear = LinearModel.fit(
            [normalise(text) for text in texts],
            vectors_of(model.model, texts),
            [full_intent(one) for one in examples],
            vector_weight=self._config["vector_weight"],
            regularisation=self._config["regularisation"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._linear.save(folder)
        return self._resource

    def process(self, messages: list[Message], model: SpacyModel) -> list[Message]:
        """Name the intents of each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            ranking = self._rank(text, model)
            best = ranking[0]
            name, _, key = best["name"].partition("/")
            message.set("intent", {**best, "name": name}, add_to_output=True)
            message.set("full_intent", best["name"], add_to_output=True)
            message.set("intent_ranking", ranking[:RANKING_LENGTH], add_to_output=True)
            message.set("wishes", self._wishes(text, best, model), add_to_output=True)
            if key:
                message.set("response_selector", _as_selector(ranking), add_to_output=True)
        return messages

    def _rank(self, text: str, model: SpacyModel) -> list[dict[str, Any]]:
        if self._linear is None:
            raise RuntimeError("the classifier was neither trained nor loaded")
        vectors = vector_of(model.model, text)[None]
        row = self._linear.probabilities([normalise(text)], vectors)[0]
        order = row.argsort()[::-1]
        return [
            {"name": self._linear.labels[at], "confidence": round(float(row[at]), 4)}
            for at in order
        ]

    def _wishes(self, text: str, best: dict[str, Any], model: SpacyModel) -> list[str]:
        pieces = clauses_of(text)
        if len(pieces) < 2:
            return [best["name"]] if best["confidence"] >= self._config["wish_threshold"] else []
        wishes: list[str] = []
        for piece in pieces:
            top = self._rank(piece, model)[0]
            if top["confidence"] >= self._config["wish_threshold"]:
                wishes.append(top["name"])
        return list(dict.fromkeys(wishes))


def full_intent(example: Message) -> str:
    """`need_food`, or `faq/deegan` for an example of a retrieval intent."""
    return str(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT))


def _as_selector(ranking: list[dict[str, Any]]) -> dict[str, Any]:
    cards = [one for one in ranking if one["name"].startswith(f"{RETRIEVAL_INTENT}/")]
    return {
        "all_retrieval_intents": [RETRIEVAL_INTENT],
        RETRIEVAL_INTENT: {
            "response": {"intent_response_key": cards[0]["name"], **cards[0]},
            "ranking": [{"intent_response_key": one["name"], **one} for one in cards[:5]],
        },
    }

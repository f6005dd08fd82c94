"""The danger detector as a Rasa component, beside the intents: sets `crisis` on each message."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.model_selection import train_test_split

from bot.nlu.classifier import full_intent
from bot.nlu.clauses import clauses_of
from bot.nlu.linear import LinearModel
from bot.nlu.normaliser import normalise
from bot.nlu.vectors import vectors_of
from bot.safety.danger import Kind, judge, patterns

NO_DANGER = "none"
LONG = 12  # words from which the clauses are judged one by one as well
CLAUSE_WEIGHT = 0.9  # a clause alone says a little less than the message
FEWEST_WORDS = 3  # left of a message without its idioms, for it to be judged at all


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True, model_from="FrenchVectors"
)
class DangerDetector(GraphComponent):
    """Patterns, and a linear model of the four kinds of danger against everything else.

    The threshold is the score that at most `false_alarms` of the held-out harmless examples
    reach.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"vector_weight": 1.0, "regularisation": 0.5, "false_alarms": 0.02}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        threshold: float = 0.5,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._linear = model
        self._threshold = threshold

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerDetector:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerDetector:
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / "threshold.json").read_text(encoding="utf-8"))
            model = LinearModel.load(folder)
            return cls(config, model_storage, resource, model, kept["threshold"])

    def train(self, training_data: TrainingData, model: SpacyModel) -> Resource:
        """Learn what danger is, then choose the threshold on examples held out."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        texts = [normalise(one.get(TEXT)) for one in examples]
        vectors = vectors_of(model.model, [one.get(TEXT) for one in examples])
        kinds = [Kind.of_intent(full_intent(one)) for one in examples]
        labels = [kind.value if kind else NO_DANGER for kind in kinds]
        known, held_out = train_test_split(
            np.arange(len(labels)), test_size=0.2, random_state=0, stratify=labels
        )
        trial = self._fit(texts, vectors, labels, known)
        harmless = [at for at in held_out if labels[at] == NO_DANGER]
        scores = _danger_of(trial, [texts[at] for at in harmless], vectors[harmless])[0]
        self._threshold = float(
            np.clip(np.quantile(scores, 1 - self._config["false_alarms"]), 0.05, 0.6)
        )
        self._linear = self._fit(texts, vectors, labels, np.arange(len(labels)))
        with self._model_storage.write_to(self._resource) as folder:
            self._linear.save(folder)
            (folder / "threshold.json").write_text(json.dumps({"threshold": self._threshold}))
        return self._resource

    def _fit(
        self, texts: list[str], vectors: np.ndarray, labels: list[str], chosen: np.ndarray
    ) -> LinearModel:
        return LinearModel.fit(
            [texts[at] for at in chosen],
            vectors[chosen],
            [labels[at] for at in chosen],
            vector_weight=self._config["vector_weight"],
            regularisation=self._config["regularisation"],
        )

    def process(self, messages: list[Message], model: SpacyModel) -> list[Message]:
        """Judge each message: as a whole, and a long one clause by clause too."""
        for message in messages:
            text = message.get(TEXT) or ""
            pieces = [text]
            if len(text.split()) >= LONG:
                pieces += clauses_of(text)
            scores, kinds = self._scores(pieces, model)
            worst = int(scores.argmax())
            score = float(scores[worst]) * (1.0 if worst == 0 else CLAUSE_WEIGHT)
            danger = judge(normalise(text), score, kinds[worst], self._threshold, patterns())
            message.set("crisis", danger.as_dict(), add_to_output=True)
        return messages

    def _scores(self, pieces: list[str], model: SpacyModel) -> tuple[np.ndarray, list[Kind]]:
        """How likely each piece says danger, idioms and the like taken out of it first."""
        if self._linear is None:
            raise RuntimeError("the danger detector was neither trained nor loaded")
        normal = [normalise(piece) for piece in pieces]
        plain = [" ".join(patterns().without_harmless(text).split()) for text in normal]
        scores, kinds = _danger_of(self._linear, normal, vectors_of(model.model, pieces))
        changed = [at for at, text in enumerate(plain) if text != normal[at]]
        if changed:
            rest = [plain[at] for at in changed]
            without, _ = _danger_of(self._linear, rest, vectors_of(model.model, rest))
            for at, text, score in zip(changed, rest, without, strict=True):
                enough = len(text.split()) >= FEWEST_WORDS
                scores[at] = min(scores[at], score) if enough else 0.0
        return scores, kinds


def _danger_of(
    model: LinearModel, texts: list[str], vectors: np.ndarray
) -> tuple[np.ndarray, list[Kind]]:
    """How likely each text says danger, shape (N,), and which kind it would be."""
    rows = model.probabilities(texts, vectors)
    none = model.labels.index(NO_DANGER)
    kinds = [at for at in range(len(model.labels)) if at != none]
    return 1 - rows[:, none], [Kind(model.labels[kinds[int(row[kinds].argmax())]]) for row in rows]

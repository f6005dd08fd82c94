"""What the extractors of this folder have in common: plain functions behind Rasa components."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message


@dataclass(frozen=True)
class Span:
    """An entity: characters `start` to `end` (exclusive) of the text, and what they mean."""

    entity: str
    value: Any
    start: int
    end: int


class SpanExtractor(EntityExtractorMixin, GraphComponent):
    """A Rasa entity extractor that needs no training: subclasses say what they find."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpanExtractor:
        return cls()

    def find(self, text: str) -> Iterable[Span]:
        """The entities in a text."""
        raise NotImplementedError

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to each message, those of earlier components kept."""
        for message in messages:
            text = message.get(TEXT) or ""
            known = list(message.get(ENTITIES, []))
            found = [
                {
                    "entity": span.entity,
                    "value": span.value,
                    "start": span.start,
                    "end": span.end,
                    "extractor": type(self).__name__,
                }
                for span in self.find(text)
            ]
            message.set(ENTITIES, known + found, add_to_output=True)
        return messages

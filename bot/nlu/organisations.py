"""Finds organisations of the directory in a message, by name, acronym or misspelling."""

from __future__ import annotations

from collections.abc import Iterator

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.directory.names import name_index
from bot.nlu.entities import Span, SpanExtractor
from bot.nlu.words import words_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class OrganisationExtractor(SpanExtractor):
    """Entity `organisation`, its value the name in the directory."""

    def find(self, text: str) -> Iterator[Span]:
        words = words_of(text)
        capitals = {at for at, word in enumerate(words) if word.capital}
        for named in name_index().find([word.folded for word in words], capitals):
            yield Span(
                "organisation", named.name, words[named.start].start, words[named.end - 1].end
            )

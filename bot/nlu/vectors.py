"""spaCy's French model with what is used of it: the tokenizer and the word vectors."""

from __future__ import annotations

import numpy as np
import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from spacy.language import Language

_UNUSED = ["tok2vec", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner", "senter"]


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MODEL_LOADER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
    model_from="FrenchVectors",
)
class FrenchVectors(SpacyNLP):
    """Rasa's `SpacyNLP` without the parts of the pipeline that would cost 6 ms a message."""

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        try:
            language = spacy.load(spacy_model_name, exclude=_UNUSED)
        except OSError:
            return SpacyNLP.load_model(spacy_model_name)
        return SpacyModel(model=language, model_name=spacy_model_name)


def vector_of(language: Language, text: str) -> np.ndarray:
    """The mean vector of a text's words, shape (300,); zeros where no word is known."""
    known = [
        token.vector
        for token in language.make_doc(text.lower())
        if token.has_vector and not token.is_punct and not token.is_space
    ]
    size = language.vocab.vectors_length
    return np.mean(np.asarray(known), axis=0) if known else np.zeros(size, dtype=np.float32)


def vectors_of(language: Language, texts: list[str]) -> np.ndarray:
    """Mean vectors, shape (len(texts), 300)."""
    return np.vstack([vector_of(language, text) for text in texts])

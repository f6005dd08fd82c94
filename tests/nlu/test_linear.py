"""The linear model: what it learns, what it is sure of, what is kept of it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.linear import LinearModel

THEMES = {
    "food": "manger repas faim soupe colis pain cuisine assiette",
    "shelter": "dormir lit nuit abri dehors rue tente toit",
    "health": "medecin malade docteur soin dent fievre hopital plaie",
}
RNG = np.random.default_rng(0)
CENTRES = {theme: RNG.normal(size=12) for theme in THEMES}


def examples(count: int = 30) -> tuple[list[str], np.ndarray, list[str]]:
    """Texts of three themes, their vectors (count * 3, 12) and labels."""
    texts, vectors, labels = [], [], []
    for theme, words in THEMES.items():
        for _ in range(count):
            texts.append(" ".join(RNG.choice(words.split(), 3)))
            vectors.append(CENTRES[theme] + RNG.normal(scale=0.3, size=12))
            labels.append(theme)
    return texts, np.asarray(vectors, dtype=np.float32), labels


TEXTS, VECTORS, LABELS = examples()


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return LinearModel.fit(TEXTS, VECTORS, LABELS, jobs=1)


def guesses(model: LinearModel, texts: list[str], vectors: np.ndarray) -> list[str]:
    return [model.labels[at] for at in model.probabilities(texts, vectors).argmax(axis=1)]


def test_it_learns_what_it_is_shown(model: LinearModel) -> None:
    assert model.labels == ["food", "health", "shelter"]
    assert guesses(model, TEXTS, VECTORS) == LABELS


def test_words_alone_are_enough(model: LinearModel) -> None:
    nothing = np.zeros((3, 12), dtype=np.float32)
    assert guesses(model, ["repas faim", "malade fievre", "dormir abri"], nothing) == [
        "food",
        "health",
        "shelter",
    ]


def test_pieces_of_words_help_with_a_misspelt_one(model: LinearModel) -> None:
    nothing = np.zeros((1, 12), dtype=np.float32)
    assert guesses(model, ["dormirr"], nothing) == ["shelter"]


def test_it_is_surer_of_what_is_plain_than_of_what_is_strange(model: LinearModel) -> None:
    plain, strange = model.probabilities(["repas faim soupe", "zzz"], np.zeros((2, 12)))
    assert plain.max() > strange.max()


def test_what_is_saved_gives_the_same_probabilities(model: LinearModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    assert again.labels == model.labels
    texts = [*TEXTS[:20], "", "mot inconnu"]
    vectors = np.vstack([VECTORS[:20], np.zeros((2, 12))])
    np.testing.assert_allclose(
        again.probabilities(texts, vectors), model.probabilities(texts, vectors), atol=1e-5
    )


def test_training_twice_gives_the_same_model(model: LinearModel) -> None:
    again = LinearModel.fit(TEXTS, VECTORS, LABELS, jobs=2)
    np.testing.assert_array_equal(again.margins(TEXTS, VECTORS), model.margins(TEXTS, VECTORS))


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_every_row_sums_to_one_whatever_the_text(model: LinearModel, texts: list[str]) -> None:
    rows = model.probabilities(texts, np.zeros((len(texts), 12)))
    assert rows.shape == (len(texts), 3)
    assert np.isfinite(rows).all() and (rows >= 0).all()
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)

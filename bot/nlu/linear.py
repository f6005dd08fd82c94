"""A linear model over words, pieces of words and word vectors: small, fast, calibrated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

HELD_OUT = 0.4  # of the examples, while the softmax is calibrated

_VECTORISERS = {
    "words": {
        "analyzer": "word",
        "token_pattern": r"\S+",
        "ngram_range": (1, 2),
        "max_features": 40_000,
    },
    "pieces": {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2, "max_features": 60_000},
}


class TextFeatures:
    """Turns normalised texts and their word vectors into one row of features each."""

    def __init__(self, vectorisers: dict[str, TfidfVectorizer], vector_weight: float) -> None:
        self._vectorisers = vectorisers
        self.vector_weight = vector_weight

    @classmethod
    def fit(cls, texts: Sequence[str], vector_weight: float) -> TextFeatures:
        """Learn the vocabulary of `texts`."""
        vectorisers = {
            name: TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options).fit(texts)
            for name, options in _VECTORISERS.items()
        }
        return cls(vectorisers, vector_weight)

    def rows(self, texts: Sequence[str], vectors: np.ndarray) -> sparse.csr_matrix:
        """Features of shape (len(texts), F); `vectors` has shape (len(texts), D)."""
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.where(norms == 0, 1, norms)
        blocks = [vectoriser.transform(texts) for vectoriser in self._vectorisers.values()]
        blocks.append(sparse.csr_matrix(unit * self.vector_weight, dtype=np.float32))
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def as_json(self) -> dict[str, object]:
        return {
            "vector_weight": self.vector_weight,
            "vectorisers": {
                name: {
                    "vocabulary": {word: int(at) for word, at in one.vocabulary_.items()},
                    "idf": [round(float(value), 6) for value in one.idf_],
                }
                for name, one in self._vectorisers.items()
            },
        }

    @classmethod
    def from_json(cls, data: dict) -> TextFeatures:
        vectorisers = {}
        for name, kept in data["vectorisers"].items():
            one = TfidfVectorizer(
                sublinear_tf=True,
                dtype=np.float32,
                vocabulary=kept["vocabulary"],
                **{key: value for key, value in _VECTORISERS[name].items() if "_df" not in key},
            )
            one.idf_ = np.asarray(kept["idf"], dtype=np.float32)
            vectorisers[name] = one
        return cls(vectorisers, data["vector_weight"])


class LinearModel:
    """One weight vector a label over `TextFeatures`; probabilities by a calibrated softmax."""

    def __init__(
        self,
        features: TextFeatures,
        labels: list[str],
        weights: np.ndarray,
        bias: np.ndarray,
        scale: float,
    ) -> None:
        self.features = features
        self.labels = labels
        self._weights = weights  # (F, L)
        self._bias = bias  # (L,)
        self._scale = scale

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        vectors: np.ndarray,
        labels: Sequence[str],
        *,
        vector_weight: float = 1.0,
        regularisation: float = 0.5,
        jobs: int = 2,
    ) -> LinearModel:
        """Train on texts, their vectors (N, D) and labels; calibrate on examples held out."""
        features = TextFeatures.fit(texts, vector_weight)
        rows = features.rows(texts, vectors)
        names = sorted(set(labels))
        target = np.asarray([names.index(label) for label in labels])

        def train(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            part, aim = rows[chosen].astype(np.float64), target[chosen]
            part.sort_indices()  # once, here: the threads below share the rows
            with Parallel(n_jobs=jobs, backend="threading") as pool:
                ones = pool(
                    delayed(_one_against_rest)(part, aim == label, regularisation)
                    for label in range(len(names))
                )
            weights = np.stack([weight for weight, _ in ones], axis=1).astype(np.float32)
            return weights, np.asarray([bias for _, bias in ones], dtype=np.float32)

        known, held_out = train_test_split(
            np.arange(len(target)), test_size=HELD_OUT, random_state=0
        )
        weights, bias = train(known)
        scale = _fit_scale(rows[held_out] @ weights + bias, target[held_out])
        weights, bias = train(np.arange(len(target)))
        return cls(features, names, weights, bias, scale)

    def probabilities(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Shape (len(texts), len(labels)); each row sums to 1."""
        return _softmax(self.margins(texts, vectors) * self._scale)

    def margins(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        return self.features.rows(texts, vectors) @ self._weights + self._bias

    def save(self, folder: Path) -> None:
        """Write the model into a folder, as JSON and NumPy arrays."""
        about = {"labels": self.labels, "scale": self._scale, "features": self.features.as_json()}
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "weights.npz", weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz") as arrays:
            weights, bias = arrays["weights"], arrays["bias"]
        features = TextFeatures.from_json(about["features"])
        return cls(features, about["labels"], weights, bias, about["scale"])


def _one_against_rest(
    rows: sparse.csr_matrix, is_one: np.ndarray, regularisation: float
) -> tuple[np.ndarray, float]:
    svc = LinearSVC(C=regularisation, class_weight="balanced", random_state=0).fit(rows, is_one)
    return svc.coef_.ravel(), float(svc.intercept_[0])


def _softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def _fit_scale(margins: np.ndarray, truth: np.ndarray) -> float:
    """The factor on the margins under which the softmax's probabilities are most honest."""

    def loss(log_scale: float) -> float:
        right = _softmax(margins * np.exp(log_scale))[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))

"""Trains the model when there is none for the present data."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ruamel.yaml import YAML

from bot.errors import ModelError, PasserelleError
from bot.settings import ROOT, Settings

MODEL_NAME = "passerelle"
# What a model is made from; the other components are not trained.
_FOLDERS = ("data/nlu", "data/rules")
_FILES = (
    "config.yml",
    "data/lexicon/sms.yml",
    "bot/nlu/classifier.py",
    "bot/nlu/linear.py",
    "bot/nlu/normaliser.py",
    "bot/nlu/safety.py",
    "bot/nlu/vectors.py",
)


def model_file(settings: Settings) -> Path:
    """Where the trained model stands."""
    return settings.models_dir / f"{MODEL_NAME}.tar.gz"


def fingerprint(root: Path = ROOT) -> str:
    """What the model is made from, as a hash: the data, the recipe and our components."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    digest.update(_domain(root / "domain.yml").encode())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _FILES)
    for folder in _FOLDERS:
        yield from sorted((root / folder).rglob("*.yml"))


def _domain(path: Path) -> str:
    """The domain without its texts: these may be edited without training anew."""
    domain = YAML(typ="safe").load(path)
    return json.dumps({key: domain[key] for key in sorted(domain) if key != "responses"})


def is_current(settings: Settings) -> bool:
    """Whether there is a model for the present data."""
    mark = model_file(settings).with_suffix(".sha256")
    try:
        return model_file(settings).exists() and mark.read_text(encoding="utf-8") == fingerprint()
    except OSError:
        return False


def train(settings: Settings, tell: Callable[[str], None]) -> Path:
    """Train a model, telling each step; the one that is there stays until the new one is done.

    Raises:
        ModelError: when the data cannot be trained on or the model cannot be written.
    """
    from rasa.exceptions import ModelNotFound  # noqa: F401  (imports Rasa, which takes seconds)
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    mark = fingerprint()
    begun = time.monotonic()
    steps = _Steps(tell)
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.addHandler(steps)
    hooks.propagate = False
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    try:
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules")],
            output=str(settings.models_dir),
            force_training=True,
            fixed_model_name=f"{MODEL_NAME}-new",
        )
    except PasserelleError:
        raise
    except (RasaException, OSError) as error:
        raise ModelError(f"The model cannot be trained: {error}") from None
    finally:
        hooks.removeHandler(steps)
    if result.code or not result.model:
        raise ModelError("The model cannot be trained; look at what Rasa said above.")
    target = model_file(settings)
    Path(result.model).replace(target)
    target.with_suffix(".sha256").write_text(mark, encoding="utf-8")
    tell(f"Le modèle est prêt ({time.monotonic() - begun:.0f} s).")
    return target


class _Steps(logging.Handler):
    """Tells the steps of Rasa's training as they start."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell
        self._begun = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text.startswith("Starting to train component"):
            step = text.split("'")[1]
            self._tell(f"  {time.monotonic() - self._begun:4.0f} s  {step}")

"""When a model must be trained anew, and how its training is told."""

import logging
import shutil
from pathlib import Path

import pytest

from bot import training
from bot.settings import ROOT, Settings
from bot.training import fingerprint, is_current, model_file


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what a model is made from."""
    for name in (*training._FILES, "domain.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in training._FOLDERS:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.yml").write_text("nlu: []\n")
    return tmp_path


def test_the_same_data_have_the_same_mark(tree: Path) -> None:
    assert fingerprint(tree) == fingerprint(tree)


@pytest.mark.parametrize(
    "name", ["config.yml", "data/nlu/a.yml", "data/rules/a.yml", "bot/nlu/linear.py"]
)
def test_other_data_or_another_recipe_have_another_mark(tree: Path, name: str) -> None:
    before = fingerprint(tree)
    with (tree / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert fingerprint(tree) != before


def test_a_new_file_of_data_changes_the_mark(tree: Path) -> None:
    before = fingerprint(tree)
    (tree / "data" / "nlu" / "b.yml").write_text("nlu: []\n")
    assert fingerprint(tree) != before


def test_a_text_of_the_domain_may_change_without_training_anew(tree: Path) -> None:
    before = fingerprint(tree)
    domain = (tree / "domain.yml").read_text(encoding="utf-8")
    (tree / "domain.yml").write_text(domain.replace("Au revoir", "Adieu"), encoding="utf-8")
    assert fingerprint(tree) == before
    (tree / "domain.yml").write_text(domain.replace("- greet:", "- salute:"), encoding="utf-8")
    assert fingerprint(tree) != before


def test_a_model_is_current_while_its_mark_is_that_of_the_data(tmp_path: Path) -> None:
    options = Settings(var_dir=tmp_path)
    assert not is_current(options)
    model = model_file(options)
    model.parent.mkdir(parents=True)
    model.write_bytes(b"model")
    assert not is_current(options)
    mark = model.with_suffix(".sha256")
    mark.write_text(fingerprint(), encoding="utf-8")
    assert is_current(options)
    mark.write_text("of other data", encoding="utf-8")
    assert not is_current(options)


def test_each_step_of_the_training_is_told() -> None:
    told: list[str] = []
    steps = training._Steps(told.append)
    log = logging.Logger("steps")
    log.addHandler(steps)
    log.info("Starting to train component 'LinearIntentClassifier'.")
    log.info("Finished training component 'LinearIntentClassifier'.")
    log.info("something else")
    assert len(told) == 1
    assert told[0].endswith("LinearIntentClassifier")

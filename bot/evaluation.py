"""How well messages that were not trained on are understood."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.assistant import load_agent, parse
from bot.errors import DataError
from bot.nlu.corpus import read_examples
from bot.safety.danger import Kind
from bot.settings import Settings
from bot.training import model_file

OFFERED = 3  # buttons
BINS = 10


@dataclass(frozen=True)
class Case:
    """A message and what it means; `style` is how it is written."""

    text: str
    intent: str
    style: str = "std"


@dataclass
class Share:
    """So many right of so many."""

    right: int = 0
    of: int = 0

    def add(self, is_right: bool) -> None:
        self.right += is_right
        self.of += 1

    @property
    def value(self) -> float | None:
        return self.right / self.of if self.of else None


@dataclass
class Figures:
    """What an evaluation found; every share is between 0 and 1."""

    accuracy: Share = field(default_factory=Share)
    offered: Share = field(default_factory=Share)
    by_style: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    recall: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    precision: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    danger_recall: Share = field(default_factory=Share)
    false_alarms: Share = field(default_factory=Share)
    cards: Share = field(default_factory=Share)
    wrong_cards: Share = field(default_factory=Share)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    calibration_error: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "messages": self.accuracy.of,
            "accuracy": self.accuracy.value,
            "offered": self.offered.value,
            "danger_recall": self.danger_recall.value,
            "false_alarms": self.false_alarms.value,
            "cards": self.cards.value,
            "wrong_cards": self.wrong_cards.value,
            "calibration_error": self.calibration_error,
            "by_style": {name: share.value for name, share in sorted(self.by_style.items())},
            "by_intent": {
                name: {
                    "recall": share.value,
                    "precision": self.precision[name].value,
                    "messages": share.of,
                }
                for name, share in sorted(self.recall.items())
            },
        }


def evaluate_files(files: list[Path], settings: Settings) -> Figures:
    """Parse every message of the files with the trained model, and count.

    Raises:
        DataError: naming the file and line that cannot be used.
    """
    cases = [case for path in files for case in read_cases(path)]
    if not cases:
        raise DataError(files[0], None, "holds no message.")
    agent = load_agent(model_file(settings), actions=False)

    async def understand() -> list[dict[str, Any]]:
        return [await parse(agent, case.text) for case in cases]

    return count(cases, asyncio.run(understand()))


def count(cases: list[Case], heard: list[dict[str, Any]]) -> Figures:
    """The figures for messages and what was understood of each, in the same order."""
    figures = Figures()
    sure: list[tuple[float, bool]] = []
    for case, found in zip(cases, heard, strict=True):
        right = found["intent"] == case.intent
        names = [one["name"] for one in found["ranking"][:OFFERED]]
        figures.accuracy.add(right)
        figures.offered.add(case.intent in names)
        figures.by_style[case.style].add(right)
        figures.recall[case.intent].add(right)
        figures.precision[str(found["intent"])].add(right)
        sure.append((float(found["confidence"]), right))
        if not right:
            figures.confusions[(case.intent, str(found["intent"]))] += 1
        in_danger = Kind.of_intent(case.intent) is not None
        (figures.danger_recall if in_danger else figures.false_alarms).add(found["crisis"]["flag"])
        if case.intent.startswith("faq/"):
            figures.cards.add(right)
        elif case.intent == "out_of_scope":
            figures.wrong_cards.add(str(found["intent"]).startswith("faq/"))
    figures.calibration_error = calibration_error(sure)
    return figures


def calibration_error(sure: list[tuple[float, bool]]) -> float:
    """The expected calibration error of confidences in ten bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in sure:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    gaps = (abs(sum(c for c, _ in one) - sum(right for _, right in one)) for one in bins.values())
    return sum(gaps) / len(sure) if sure else 0.0


def read_cases(path: Path) -> Iterator[Case]:
    """The messages of a Rasa NLU file, or of JSON lines with `text` and `intent`."""
    if path.suffix in {".yml", ".yaml"}:
        for example in read_examples(path):
            yield Case(example.text, example.intent, example.style)
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error}).") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            case = Case(record["text"], record["intent"], record.get("style", "std"))
            if not (isinstance(case.text, str) and isinstance(case.intent, str)):
                raise TypeError
        except (ValueError, KeyError, TypeError, AttributeError):
            raise DataError(path, number, "is not JSON with `text` and `intent`.") from None
        yield case


def table(figures: Figures) -> str:
    """The figures as a Markdown table, the worst confusions under it."""
    rows = [
        ("messages", str(figures.accuracy.of)),
        ("intent accuracy", _percent(figures.accuracy)),
        (f"right intent among the {OFFERED} offered", _percent(figures.offered)),
        ("danger: recall", _percent(figures.danger_recall)),
        ("danger: false alarms", _percent(figures.false_alarms)),
        ("faq: right card first", _percent(figures.cards)),
        ("out of scope: a card all the same", _percent(figures.wrong_cards)),
        ("expected calibration error", f"{figures.calibration_error:.3f}"),
    ]
    styles = [(f"style {name}", _percent(one)) for name, one in sorted(figures.by_style.items())]
    intents = [
        f"| {name} | {_percent(figures.precision[name])} | {_percent(share)} | {share.of} |"
        for name, share in sorted(figures.recall.items())
    ]
    worst = [
        f"| {meant} | {found} | {times} |"
        for (meant, found), times in figures.confusions.most_common(20)
    ]
    return "\n".join(
        [
            "| what | value |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows + styles),
            "",
            "| intent | precision | recall | messages |",
            "|---|---|---|---|",
            *intents,
            "",
            "| meant | understood | times |",
            "|---|---|---|",
            *worst,
        ]
    )


def _percent(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.3f}"

"""The training data, checked line by line before it is trained on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.directory.places import fold
from bot.documents import read_yaml
from bot.errors import DataError

ENTITY = re.compile(r"\[([^\[\]]+)\](?:\(([^()]+)\)|(\{[^{}]*\}))")
RETRIEVAL_INTENTS = frozenset({"faq"})


@dataclass(frozen=True)
class Example:
    """One example: its intent's full name, its text without annotations, and where it stands."""

    intent: str
    text: str
    style: str
    source: str
    path: Path
    line: int


def read_examples(path: Path) -> Iterator[Example]:
    """The examples of one Rasa NLU file.

    Raises:
        DataError: naming the line that cannot be used.
    """
    data = read_yaml(path, lines=True)
    blocks: Any = data.get("nlu") if isinstance(data, dict) else None
    if not isinstance(blocks, list):
        raise DataError(path, None, "has no list `nlu:`; compare it with the other files.")
    for number, block in enumerate(blocks):
        start = blocks.lc.item(number)[0] + 1  # type: ignore[attr-defined]
        if not {"intent", "examples"} <= set(block if isinstance(block, dict) else ()):
            raise DataError(path, start, "a block needs `intent:` and `examples:`.")
        about = block.get("metadata") or {}
        first = block.lc.key("examples")[0] + 2
        yield from _examples(block, about, path, first)


def _examples(block: Any, about: Any, path: Path, first: int) -> Iterator[Example]:
    for offset, line in enumerate(str(block["examples"]).splitlines()):
        if not line.strip():
            continue
        if not line.startswith("- "):
            raise DataError(path, first + offset, 'an example starts with "- ".')
        text = ENTITY.sub(r"\1", line[2:]).strip()
        if not text:
            raise DataError(path, first + offset, "the example is empty.")
        yield Example(
            intent=str(block["intent"]),
            text=text,
            style=str(about.get("style", "std")),
            source=str(about.get("source", "")),
            path=path,
            line=first + offset,
        )


def check_corpus(folder: Path, domain: Path) -> list[Example]:
    """Every example of a folder, after a look at each.

    Raises:
        DataError: for an intent that the domain does not have, or an example given twice.
    """
    intents = _intents(domain)
    examples: list[Example] = []
    seen: dict[str, Example] = {}
    for path in sorted(folder.rglob("*.yml")):
        for example in read_examples(path):
            name = example.intent.partition("/")[0]
            if name not in intents:
                raise DataError(
                    path, example.line, f"the intent {example.intent!r} is not in {domain.name}."
                )
            key = fold(example.text) or example.text
            if key in seen:
                other = seen[key]
                raise DataError(
                    path,
                    example.line,
                    f"this example is already in {other.path.name}, line {other.line}; keep one.",
                )
            seen[key] = example
            examples.append(example)
    if not examples:
        raise DataError(folder, None, "holds no training data.")
    return examples


def _intents(domain: Path) -> set[str]:
    data = read_yaml(domain)
    intents = data.get("intents") if isinstance(data, dict) else None
    if not isinstance(intents, list):
        raise DataError(domain, None, "has no list `intents:`.")
    return {next(iter(one)) if isinstance(one, dict) else one for one in intents}

"""YAML files that people edit: what is wrong is one sentence with its line."""

from pathlib import Path

import pytest

from bot.documents import read_yaml
from bot.errors import DataError


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: [1, é]\n", encoding="utf-8")
    assert read_yaml(path) == {"a": [1, "é"]}
    assert read_yaml(path, lines=True).lc.line == 0


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: 1\nb: [\n", "line 3: is not YAML"),
        (b"a: 1\n  b: 2\n", "line 2: is not YAML"),
        (b"a: 1\nb: 2\na: 3\n", "line 3: is not YAML"),
        (b"a: \xe9t\xe9\n", "is not YAML in UTF-8"),
        (b"a: \x00\n", "is not YAML in UTF-8"),
    ],
)
def test_what_is_no_yaml_is_said_with_its_line(
    tmp_path: Path, content: bytes, said: str, lines: bool
) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said) as error:
        read_yaml(path, lines=lines)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.yml: cannot be read"):
        read_yaml(tmp_path / "a.yml")

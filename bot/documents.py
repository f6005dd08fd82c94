"""Reads YAML files; what is wrong with one is one sentence that names its line."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import DataError


def read_yaml(path: Path, *, lines: bool = False) -> Any:
    """What a YAML file holds; with `lines`, mappings and lists know their places in it (`.lc`).

    Raises:
        DataError: when the file cannot be read or is not YAML.
    """
    try:
        return YAML(typ="rt" if lines else "safe").load(path)
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror}).") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DataError(path, line, f"is not YAML ({error.problem}).") from None
    except (YAMLError, UnicodeDecodeError) as error:
        cause = str(error).strip().splitlines()[0]
        raise DataError(path, None, f"is not YAML in UTF-8 ({cause}).") from None

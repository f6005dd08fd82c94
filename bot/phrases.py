"""What Passerelle says in French: the `responses` of `domain.yml`, where an admin edits them."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.errors import DataError
from bot.messages import Button, Message
from bot.settings import ROOT

DOMAIN = ROOT / "domain.yml"


class Phrases:
    """The responses by name, their `{slots}` filled on demand.

    Raises:
        DataError: when the file is not a Rasa domain.
    """

    def __init__(self, responses: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self._responses = responses

    @classmethod
    def read(cls, path: Path = DOMAIN) -> "Phrases":
        try:
            domain = YAML(typ="safe").load(path)
        except OSError as error:
            raise DataError(path, None, f"cannot be read ({error.strerror}).") from None
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise DataError(path, line, f"is not YAML ({error.problem}).") from None
        return cls((domain or {}).get("responses") or {})

    def __contains__(self, name: str) -> bool:
        return name in self._responses

    def message(self, name: str, **values: object) -> Message:
        """The message called `name`, filled with `values`."""
        response = self._responses[name][0]
        buttons = tuple(
            Button(_fill(button["title"], values), _fill(button["payload"], values))
            for button in response.get("buttons", ())
        )
        return Message(_fill(str(response["text"]).strip(), values), buttons)

    def text(self, name: str, **values: object) -> str:
        """The text of the message called `name`."""
        return self.message(name, **values).text


def _fill(template: str, values: Mapping[str, object]) -> str:
    # Not str.format: payloads hold JSON, whose braces are not ours.
    for name, value in values.items():
        template = template.replace("{" + name + "}", str(value))
    return template


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The phrases of this process."""
    return Phrases.read()

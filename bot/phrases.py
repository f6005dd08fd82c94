"""What Passerelle says in French: the `responses` of `domain.yml`, where an admin edits them."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.documents import read_yaml
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
        domain = read_yaml(path)
        responses = domain.get("responses") if isinstance(domain, dict) else None
        if not isinstance(responses, dict):
            raise DataError(path, None, "has no `responses:`.")
        for name, variants in responses.items():
            if not _is_response(variants):
                raise DataError(
                    path,
                    None,
                    f"the response {name} needs a text, and each button a title and a payload.",
                )
        return cls(responses)

    def __contains__(self, name: str) -> bool:
        return name in self._responses

    def message(self, name: str, /, **values: object) -> Message:
        """The message called `name`, filled with `values`."""
        response = self._responses[name][0]
        buttons = tuple(
            Button(_fill(button["title"], values), _fill(button["payload"], values))
            for button in response.get("buttons", ())
        )
        return Message(_fill(str(response["text"]).strip(), values), buttons)

    def text(self, name: str, /, **values: object) -> str:
        """The text of the message called `name`."""
        return self.message(name, **values).text


def _is_response(variants: Any) -> bool:
    """Whether the first variant can be said: a text, and buttons with a title and a payload."""
    first = variants[0] if isinstance(variants, list) and variants else None
    if not isinstance(first, dict) or not isinstance(first.get("text"), str):
        return False
    buttons = first.get("buttons", [])
    return isinstance(buttons, list) and all(
        isinstance(one, dict) and {"title", "payload"} <= set(one) for one in buttons
    )


def _fill(template: str, values: Mapping[str, object]) -> str:
    # Not str.format: payloads hold JSON, whose braces are not ours.
    for name, value in values.items():
        template = template.replace("{" + name + "}", str(value))
    return template


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """The phrases of this process."""
    return Phrases.read()

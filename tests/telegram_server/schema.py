"""Calls and objects against the Bot API's own description, `shared/telegram/bot-api.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.telegram_server.errors import Refusal, bad

BOT_API = Path(__file__).resolve().parents[3] / "shared" / "telegram" / "bot-api.json"
ARRAY = "Array of "


class Schema:
    """The methods and types of the Bot API."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._methods: Mapping[str, Any] = description["methods"]
        self._types: Mapping[str, Any] = description["types"]

    def __contains__(self, method: str) -> bool:
        return method in self._methods

    def read(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call with their types; those of a form come as texts.

        Raises:
            Refusal: for a parameter that is missing, unknown or of a wrong type.
        """
        fields = {field["name"]: field for field in self._methods[method].get("fields", [])}
        for name in given:
            if name not in fields:
                raise bad(f'unknown parameter "{name}"')
        arguments: dict[str, Any] = {}
        for name, field in fields.items():
            if name not in given:
                if field["required"]:
                    raise _missing(name)
                continue
            value = _unpacked(given[name], field["types"])
            fault = self.fault(value, field["types"], name)
            if fault:
                raise bad(fault)
            arguments[name] = value
        return arguments

    def fault(self, value: Any, types: list[str], where: str) -> str:
        """Why `value` is of none of `types`, or nothing."""
        faults = [self._fault(value, one, where) for one in types]
        return "" if "" in faults else faults[0]

    def _fault(self, value: Any, wanted: str, where: str) -> str:
        if wanted.startswith(ARRAY):
            if not isinstance(value, list):
                return f"{where} must be an array"
            inner = wanted[len(ARRAY) :]
            faults = (self._fault(one, inner, f"{where}[{n}]") for n, one in enumerate(value))
            return next(filter(None, faults), "")
        if wanted in _PRIMITIVES:
            fits = isinstance(value, _PRIMITIVES[wanted])
            if isinstance(value, bool) and wanted != "Boolean":
                fits = False
            return "" if fits else f"{where} must be of type {wanted}"
        description = self._types[wanted]
        if "subtypes" in description:
            return self.fault(value, description["subtypes"], where)
        return self._object_fault(value, description, where)

    def _object_fault(self, value: Any, description: Mapping[str, Any], where: str) -> str:
        if not isinstance(value, dict):
            return f"{where} must be an object of type {description['name']}"
        fields = {field["name"]: field for field in description.get("fields", [])}
        for name in value:
            if name not in fields:
                return f'{where} has an unknown field "{name}"'
        for name, field in fields.items():
            if name in value:
                fault = self.fault(value[name], field["types"], f"{where}.{name}")
                if fault:
                    return fault
            elif field["required"]:
                return f'{where} lacks the field "{name}"'
        return ""


_PRIMITIVES: dict[str, Any] = {
    "String": str,
    "Integer": int,
    "Float": (int, float),
    "Boolean": bool,
}


def _missing(name: str) -> Refusal:
    special = {"text": "message text is empty", "chat_id": "chat_id is empty"}
    return bad(special.get(name, f'parameter "{name}" is required'))


def _unpacked(value: Any, types: list[str]) -> Any:
    """A form's text as what it stands for; what came as JSON already is."""
    if not isinstance(value, str):
        return value
    if types == ["String"]:
        return value
    try:
        unpacked = json.loads(value)
    except ValueError:
        return value
    return value if "String" in types and not isinstance(unpacked, int) else unpacked


@lru_cache(maxsize=1)
def bot_api() -> Schema | None:
    """The description, or None where the file is not there."""
    if not BOT_API.exists():
        return None
    return Schema(json.loads(BOT_API.read_text(encoding="utf-8")))

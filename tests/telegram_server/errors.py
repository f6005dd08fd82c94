"""What the Bot API answers when it refuses."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer other than 200: code, description, and for a flood the seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def as_dict(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def flood(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", seconds)


UNAUTHORIZED = Refusal(401, "Unauthorized")
NOT_FOUND = Refusal(404, "Not Found")
BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")
NEVER_MET = Refusal(403, "Forbidden: bot can't initiate conversation with a user")
BROKEN = Refusal(500, "Internal Server Error")

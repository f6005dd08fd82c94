"""What Passerelle says: texts with buttons, on no channel in particular."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

# Reserved payloads: a channel turns them into what it has for it.
SHARE_POSITION = "/share_position"
MENU = "/menu"
SKIP_PLACE = "/skip_place"
TALK_TO_PEER = "/talk_to_peer"
EMERGENCY = "/emergency"


@dataclass(frozen=True)
class Button:
    """A label (short enough for a phone) and the Rasa payload that it sends, `/intent{...}`."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message, with the buttons under it."""

    text: str
    buttons: tuple[Button, ...] = field(default=())

    def with_buttons(self, *extra: Button) -> "Message":
        """The same message with buttons added that it does not have yet."""
        known = {button.payload for button in self.buttons}
        new = tuple(button for button in extra if button.payload not in known)
        return Message(self.text, self.buttons + new)


def payload(intent: str, **entities: str) -> str:
    """A Rasa payload: `/intent{"entity": "value"}`."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def split_text(text: str, limit: int) -> Iterator[str]:
    """Cut a text into parts of at most `limit` characters.

    At blank lines where it can, else at line ends, at spaces, and only then anywhere.
    Joined again, the parts hold every word in order.
    """
    rest = text.strip()
    while len(rest) > limit:
        head = rest[:limit]
        cut = next(
            (at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > 0),
            limit,
        )
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest

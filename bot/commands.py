"""What may be typed with a slash, on any channel; everything else that is typed is a text."""

import re

from bot.messages import EMERGENCY, MENU, TALK_TO_PEER, payload

COMMANDS = {
    "start": "/greet",
    "menu": MENU,
    "aide": MENU,
    "help": MENU,
    "urgence": EMERGENCY,
    "humain": TALK_TO_PEER,
    "stop": "/stop_all",
    "oublier": "/delete_my_data",
    "dispo": payload("set_duty", duty="on"),
    "pause": payload("set_duty", duty="off"),
}
# Commands that only open the menu: words written after them are what the person wants.
OPENERS = frozenset({"start", "menu", "aide", "help"})

COMMAND = re.compile(r"/([A-Za-z_]+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_SLASHES = re.compile(r"^[\s/]+")
_INVITATION = re.compile(r"peer_([A-Za-z0-9_-]+)")
_DEEP_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")


def said(text: str) -> tuple[str, ...]:
    """What a typed text comes to: payloads for our commands, never for anything else typed."""
    text = clean(text)
    command = COMMAND.fullmatch(text)
    name = command.group(1).lower() if command else ""
    if command is None or name not in COMMANDS:
        return (_SLASHES.sub("", text) or MENU,)
    words = (command.group(3) or "").strip()
    invitation = _INVITATION.fullmatch(words)
    if name == "start" and invitation:
        return (payload("join_peers", token=invitation.group(1)),)
    spoken = _SLASHES.sub("", words)
    if not spoken or (name == "start" and _DEEP_LINK.fullmatch(spoken)):
        return (COMMANDS[name],)
    return (spoken,) if name in OPENERS else (spoken, COMMANDS[name])


def clean(text: str) -> str:
    """The text without what a database or a wire refuses: NUL and broken surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "").strip()

"""One action a handler of `bot.dialogue.handlers`."""

from actions.base import DialogueAction
from bot.dialogue.handlers import HANDLERS


def _action(handler: str) -> type[DialogueAction]:
    name = "".join(part.title() for part in handler.split("_"))
    return type(f"Action{name}", (DialogueAction,), {"handler": handler, "__module__": __name__})


ACTIONS = [_action(handler) for handler in HANDLERS]

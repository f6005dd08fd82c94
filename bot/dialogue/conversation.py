"""Small talk, feelings, what the assistant is, and what to do when it did not understand."""

from dataclasses import replace

from bot.context import Context
from bot.dialogue.cards import payload
from bot.dialogue.services import find_organisation, skip_place, take_place
from bot.dialogue.turn import Memory, Reply, Turn
from bot.messages import Button, Message
from bot.safety.cards import emergency_number

POSSIBLE = 0.04  # an intent less likely than this is not worth a button
OFFERED = 3


def say(turn: Turn, context: Context) -> Reply:
    """The response that the domain has for the intent."""
    return Reply.of(context.phrases.message(f"utter_{turn.intent}"))


def other_language(turn: Turn, context: Context) -> Reply:
    """Three lines in several languages, the emergency numbers read from the directory."""
    with context.database.session() as session:
        numbers = {name: emergency_number(session, name) for name in ("ambulance", "police")}
    return Reply.of(context.phrases.message("utter_other_language", **numbers))


def menu(turn: Turn, context: Context) -> Reply:
    """The large buttons, or those behind one of them; what was looked for is put aside."""
    part = turn.entity("part")
    name = f"utter_menu_{part}" if f"utter_menu_{part}" in context.phrases else "utter_menu"
    return Reply.of(context.phrases.message(name), **forget_search())


def start_over(turn: Turn, context: Context) -> Reply:
    return Reply.of(context.phrases.message("utter_restart"), **forget_search())


def forget_search() -> dict[str, object]:
    """The memory of a search and of a question, emptied."""
    fresh = Memory()
    names = ("need", "results", "shown", "focus", "asking", "theme", "card")
    return {name: getattr(fresh, name) for name in names}


def answer_yes_or_no(turn: Turn, context: Context) -> Reply:
    """A yes or a no to what was asked last."""
    if turn.memory.asking == "place" and turn.intent == "deny":
        return skip_place(turn, context)
    return say(turn, context)


def clarify(turn: Turn, context: Context) -> Reply:
    """Not sure: a place where one was asked for, else two or three guesses as buttons."""
    if turn.entity("commune") and (turn.memory.asking == "place" or turn.memory.need):
        return take_place(turn, context)
    if turn.memory.asking == "place":
        return take_place(turn, context)
    if turn.entity("organisation"):
        return find_organisation(replace(turn, intent="find_organisation"), context)
    guesses = _guesses(turn, context)
    message = context.phrases.message("utter_clarify" if guesses else "utter_not_understood")
    return Reply.of(Message(message.text, tuple(guesses) + message.buttons))


def _guesses(turn: Turn, context: Context) -> list[Button]:
    """The likeliest intents that a button can lead to, best first."""
    buttons: list[Button] = []
    for name, confidence in turn.ranking:
        button = wish_button(name, context) if confidence >= POSSIBLE else None
        if button is not None and button not in buttons:
            buttons.append(button)
        if len(buttons) == OFFERED:
            break
    return buttons


def wish_button(intent: str, context: Context) -> Button | None:
    """The button that leads to what an intent asks for; None where there is none."""
    prefix, _, key = intent.partition("/")
    if prefix == "faq":
        card = context.cards.get(key)
        return Button(card.title, payload("show_card", card=key)) if card else None
    label = f"utter_button_{intent}"
    if label in context.phrases:
        target = "emergency" if intent.startswith("crisis_") else intent
        return Button(context.phrases.text(label), f"/{target}")
    return None

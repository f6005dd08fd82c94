"""Small talk, feelings, what the assistant is, and what to do when it did not understand."""

import unicodedata
from dataclasses import replace

from bot.context import Context
from bot.dialogue.places import ask_place, communes_like
from bot.dialogue.services import (
    MORE,
    find_organisation,
    find_services,
    more_services,
    skip_place,
    take_place,
)
from bot.dialogue.turn import Memory, Reply, Turn
from bot.messages import Button, Message, payload
from bot.safety.cards import emergency_number

POSSIBLE = 0.04  # an intent less likely than this is not worth a button
OFFERED = 3
POSTAL_CODE = 4  # digits
SHORT = 8  # words of a message that may be about one organisation
FEW = 4  # words that a name may have

# What can only be said of services that were shown.
FOLLOW_UPS = frozenset({"ask_more", "ask_open_now", "ask_details"})

# What the responses to these intents ask: a yes is a wish to talk with somebody (`handoff`).
HUMAN = "human"
ASKS_TO_TALK = frozenset({"express_distress", "express_loneliness", "express_relapse"})


def say(turn: Turn, context: Context) -> Reply:
    """The response that the domain has for the intent."""
    asking = HUMAN if turn.intent in ASKS_TO_TALK else None
    return Reply.of(context.phrases.message(f"utter_{turn.intent}"), asking=asking)


def other_language(turn: Turn, context: Context) -> Reply:
    """Three lines in several languages, the emergency numbers read from the directory."""
    if turn.memory.asking != "place" or communes_like(turn.text):
        expected = _expected(turn, context)
        if expected is not None:
            return expected
    if turn.text.startswith("/") or not any(sign.isalpha() for sign in turn.text):
        return Reply.of(context.phrases.message("utter_not_understood"))
    with context.database.session() as session:
        numbers = {name: emergency_number(session, name) for name in ("ambulance", "police")}
    return Reply.of(context.phrases.message("utter_other_language", **numbers))


def menu(turn: Turn, context: Context) -> Reply:
    """The large buttons, or those behind one of them; what was looked for is put aside."""
    part = turn.entity("part")
    name = f"utter_menu_{part}" if f"utter_menu_{part}" in context.phrases else "utter_menu"
    return Reply.of(context.phrases.message(name), **forget_search())


def start_over(turn: Turn, context: Context) -> Reply:
    """Everything is forgotten, the place and whom it is for as well."""
    return Reply.of(context.phrases.message("utter_restart"), **vars(Memory()))


def forget_search() -> dict[str, object]:
    """The memory of a search and of a question, emptied; the place stays."""
    fresh = Memory()
    names = ("need", "moment", "results", "shown", "focus", "asking", "theme", "card")
    return {name: getattr(fresh, name) for name in names}


def give_place(turn: Turn, context: Context) -> Reply:
    """A place; where none was asked for and none can be made out, nothing was understood."""
    known = turn.entity("commune") or turn.entity("position") or turn.memory.asking == "place"
    if known or communes_like(turn.text):
        return take_place(turn, context)
    return clarify(replace(turn, ranking=turn.ranking[1:]), context)


def answer_yes_or_no(turn: Turn, context: Context) -> Reply:
    """A yes or a no to what was asked last."""
    if turn.memory.asking == "place":
        return (skip_place if turn.intent == "deny" else ask_place)(turn, context)
    if turn.memory.asking == MORE and turn.intent == "affirm":
        return more_services(turn, context)
    name = f"utter_{turn.intent}_{turn.memory.asking}"
    if name in context.phrases:
        return Reply.of(context.phrases.message(name))
    return say(turn, context)


def clarify(turn: Turn, context: Context) -> Reply:
    """Not sure: what was asked for, else two or three guesses as buttons."""
    expected = _expected(turn, context)
    if expected is not None:
        return expected
    if turn.entity("commune") and turn.memory.need:
        return take_place(turn, context)
    if turn.entity("organisation") and len(turn.text.split()) <= SHORT:
        return find_organisation(replace(turn, intent="find_organisation"), context)
    need = _sure_need(turn)
    if need is not None:
        return find_services(replace(turn, intent=need), context)
    if _in_other_letters(turn.text):
        return other_language(replace(turn, intent="other_language"), context)
    guesses = _guesses(turn, context)
    message = context.phrases.message("utter_clarify" if guesses else "utter_not_understood")
    return Reply.of(Message(message.text, tuple(guesses) + message.buttons))


def by_number(turn: Turn) -> Turn:
    """The same turn; for a bare number of a result that was shown, a question about that one."""
    said = turn.text.strip(" .)")
    if not (said.isdigit() and len(said) == 1 and 0 < int(said) <= turn.memory.shown):
        return turn
    return replace(turn, intent="ask_details", entities=(*turn.entities, ("rank", said)))


def _expected(turn: Turn, context: Context) -> Reply | None:
    """The answer to a short text that can only be what was just asked for; else None."""
    said = turn.text.strip(" .)")
    if turn.text.startswith("/") or not said:
        return None
    code = said.isdigit() and len(said) == POSTAL_CODE and turn.memory.need
    if turn.memory.asking == "place" or code:
        return take_place(turn, context)
    if turn.memory.asking == "organisation" and len(said.split()) <= FEW:
        return find_organisation(replace(turn, intent="find_organisation"), context)
    return None


def _sure_need(turn: Turn) -> str | None:
    """The most urgent need among the clauses of a message that is unclear as a whole."""
    unsure = {turn.ranking[0][0]} if turn.ranking and len(turn.wishes) == 1 else set()
    needs = (wish for wish in turn.wishes if wish.startswith("need_") and wish not in unsure)
    return next(needs, None)


def _in_other_letters(text: str) -> bool:
    """Whether a text is written in another alphabet than ours."""
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and not any("LATIN" in unicodedata.name(sign, "") for sign in letters)


def _guesses(turn: Turn, context: Context) -> list[Button]:
    """The likeliest intents that a button can lead to, best first."""
    buttons: list[Button] = []
    for name, confidence in turn.ranking:
        follows = name in FOLLOW_UPS and not turn.memory.results
        button = wish_button(name, context) if confidence >= POSSIBLE and not follows else None
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

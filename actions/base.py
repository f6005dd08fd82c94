"""How a custom action reads Rasa's tracker and gives back what the dialogue answers."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.context import Context, context
from bot.dialogue.conversation import by_number, wish_button
from bot.dialogue.emergency import show_emergency_card
from bot.dialogue.handlers import HANDLERS, command, practical_handler
from bot.dialogue.handoff import choose_theme, names_theme
from bot.dialogue.turn import Memory, Reply, Turn
from bot.handoff.notices import alert
from bot.messages import MENU, Button, Message
from bot.safety.danger import Kind

log = logging.getLogger(__name__)

NLU_FALLBACK = "nlu_fallback"
MOST_WISHES = 3


def turn_of(tracker: Tracker, around: Context) -> Turn:
    """What Rasa understood, as a turn of the dialogue."""
    heard = tracker.latest_message
    crisis = heard.get("crisis") or {}
    name = (heard.get("intent") or {}).get("name") or NLU_FALLBACK
    ranking = [
        (one["name"], float(one["confidence"]))
        for one in heard.get("intent_ranking") or []
        if one["name"] != NLU_FALLBACK
    ]
    return Turn(
        sender=tracker.sender_id,
        intent=name,
        at=around.now(),
        memory=Memory.of_slots(tracker.slots),
        channel=tracker.get_latest_input_channel() or "",
        text=heard.get("text") or "",
        entities=tuple((one["entity"], str(one["value"])) for one in heard.get("entities") or []),
        ranking=tuple(ranking),
        wishes=tuple(heard.get("wishes") or ()),
        danger=Kind(crisis["kind"]) if crisis.get("flag") else None,
    )


def answer(handler_name: str, turn: Turn, around: Context) -> Reply:
    """The reply of a turn: the emergency card before anything else, then the rest."""
    if turn.danger is not None:
        card = show_emergency_card(turn, around)
        try:
            with around.database.session() as session:
                alert(session, around.phrases, turn.sender, turn.at)
            if turn.intent.startswith("crisis_"):
                return card.then(_practical(turn, around))
            return card.then(HANDLERS[handler_name](turn, around))
        except Exception as error:  # whatever breaks beside it, the card is shown
            log.error("the turn of an emergency card broke (%s)", type(error).__name__)
            return card
    asked = by_number(turn)
    if asked is not turn:
        return HANDLERS["show_details"](asked, around)
    handler = choose_theme if names_theme(turn) else HANDLERS[command(turn.text) or handler_name]
    reply = handler(turn, around)
    served = {f"need_{reply.remember.get('need')}", f"faq/{reply.remember.get('card')}"}
    return reply.then(_other_wishes(turn, {turn.intent, *served}, around))


def _practical(turn: Turn, around: Context) -> Reply:
    """The practical request beside the danger, answered in the same turn."""
    for wish in turn.wishes:
        handler = practical_handler(wish)
        nameless = wish == "find_organisation" and not turn.entity("organisation")
        if handler is not None and not nameless:
            return handler(replace(turn, intent=wish), around)
    return Reply()


def _other_wishes(turn: Turn, served: set[str], around: Context) -> Reply:
    """What else than the wishes `served` the message asked for, as buttons, one tap away."""
    if len(turn.wishes) < 2:
        return Reply()
    offered = (wish_button(wish, around) for wish in turn.wishes if wish not in served)
    buttons = tuple(dict.fromkeys(button for button in offered if button is not None))
    if not buttons:
        return Reply()
    return Reply.of(Message(around.phrases.text("utter_also"), buttons[:MOST_WISHES]))


class DialogueAction(Action, ABC):
    """A custom action over the handler of the same name."""

    @property
    @abstractmethod
    def handler(self) -> str:
        """The handler's name in `HANDLERS`."""

    def name(self) -> str:
        return f"action_{self.handler}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        around = context()
        turn = turn_of(tracker, around)
        reply = answer(self.handler, turn, around)
        _say(reply, dispatcher, around)
        remember = {"asking": None, **reply.remember}
        return [SlotSet(name, value) for name, value in remember.items()]


def _say(reply: Reply, dispatcher: CollectingDispatcher, around: Context) -> None:
    """Hand the messages to Rasa; the menu is one tap away under the last of them."""
    menu = Button(around.phrases.text("utter_menu_button"), MENU)
    *first, last = reply.messages
    if not any(button.payload.startswith(MENU) for button in last.buttons):
        last = last.with_buttons(menu)
    for message in (*first, last):
        buttons = [{"title": one.title, "payload": one.payload} for one in message.buttons]
        dispatcher.utter_message(text=message.text, buttons=buttons or None)

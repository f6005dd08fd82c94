"""Danger: the card first, then the practical request of the same message."""

from bot.context import Context
from bot.dialogue.turn import Reply, Turn
from bot.messages import MENU, Button
from bot.safety.cards import emergency_card
from bot.safety.danger import Kind


def show_emergency_card(turn: Turn, context: Context) -> Reply:
    """The card for the danger that was found; the general one behind the button "Urgence"."""
    kind = turn.danger or Kind.of_intent(turn.intent)
    with context.database.session() as session:
        card = emergency_card(kind, session)
    return Reply.of(card.with_buttons(Button(context.phrases.text("utter_menu_button"), MENU)))

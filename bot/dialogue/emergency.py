"""Danger: the card first, then the practical request of the same message."""

from bot.context import Context
from bot.dialogue.duty import listening_lines
from bot.dialogue.turn import Reply, Turn
from bot.messages import MENU, TALK_TO_PEER, Button, Message
from bot.safety.cards import emergency_card
from bot.safety.danger import Kind

DANGER = "danger"  # what was spoken of last, and the theme of a request that follows
LISTENING = "listening"  # the part of the emergency numbers for who only wants to talk


def show_emergency_card(turn: Turn, context: Context) -> Reply:
    """The card for the danger that was found; the general one behind the button "Urgence"."""
    if turn.danger is None and turn.entity("part") == LISTENING:
        return _listening(turn, context)
    kind = turn.danger or Kind.of_intent(turn.intent)
    with context.database.session() as session:
        card = emergency_card(kind, session, turn.at)
    reply = Reply.of(card.with_buttons(Button(context.phrases.text("utter_menu_button"), MENU)))
    if kind is not None:
        reply.remember.update(asking=DANGER, theme=DANGER)
    return reply


def _listening(turn: Turn, context: Context) -> Reply:
    """The lines that listen, open now; those for an emergency after the others."""
    with context.database.session() as session:
        lines = listening_lines(session, turn)
    lines.sort(key=lambda line: "emergency" in line.needs)
    parts = [context.phrases.text("utter_listening_lines")]
    parts += [f"{line.name}\n{line.phone}" for line in lines]
    talk = Button(context.phrases.text("utter_talk_button"), TALK_TO_PEER)
    return Reply.of(Message("\n\n".join(parts), (talk,)))

"""Answers from the knowledge cards."""

from bot.context import Context
from bot.dialogue.turn import Reply, Turn
from bot.knowledge.cards import Card, read_topics
from bot.messages import Button, Message, payload

SURE = 0.65  # below this confidence of the best card it is only offered, with up to two others
POSSIBLE = 0.04  # a card less likely than this is not offered
OFFERED = 3


def answer_card(turn: Turn, context: Context) -> Reply:
    """The card that the question is about; in doubt, up to three that may be."""
    # A wish beside another is named in full, as `faq/deegan`.
    key = turn.entity("card") or turn.intent.partition("/")[2] or None
    if key is None:
        ranked = [
            (name.partition("/")[2], confidence)
            for name, confidence in turn.ranking
            if name.startswith("faq/") and name.partition("/")[2] in context.cards
        ]
        if not ranked:
            return Reply.of(context.phrases.message("utter_card_unknown"))
        key, best = ranked[0]
        if best < SURE:
            likely = [one for one, confidence in ranked[:OFFERED] if confidence >= POSSIBLE]
            return _choice(likely, context)
    card = context.cards.get(key)
    if card is None:
        return Reply.of(context.phrases.message("utter_card_unknown"))
    source = context.phrases.text("utter_card_source", pages=pages_of(card))
    buttons = (
        Button(context.phrases.text("utter_card_more_button"), payload("card_more", card=card.key)),
        *(_button(context.cards[one]) for one in card.related[:2]),
    )
    return Reply.of(Message(f"{card.short}\n\n{source}", buttons), card=card.key)


def answer_card_more(turn: Turn, context: Context) -> Reply:
    """The longer text of a card, with its chapter and pages."""
    card = context.cards.get(turn.entity("card") or turn.memory.card or "")
    if card is None:
        return Reply.of(context.phrases.message("utter_card_topics"))
    source = context.phrases.text(
        "utter_card_source_long", chapter=card.chapter, pages=pages_of(card)
    )
    buttons = tuple(_button(context.cards[one]) for one in card.related)
    return Reply.of(Message(f"{card.long}\n\n{source}", buttons), card=card.key)


def card_topics(turn: Turn, context: Context) -> Reply:
    """The subjects of the cards, or the cards of one subject: every card can be reached."""
    topics = read_topics()
    chosen = topics.get(turn.entity("topic") or "")
    message = context.phrases.message("utter_card_topics")
    if chosen is None:
        buttons = tuple(
            Button(topic.title, payload("card_topics", topic=key)) for key, topic in topics.items()
        )
        return Reply.of(Message(message.text, buttons))
    buttons = tuple(_button(context.cards[key]) for key in chosen.cards)
    return Reply.of(Message(chosen.title, buttons))


def _choice(keys: list[str], context: Context) -> Reply:
    message = context.phrases.message("utter_card_which")
    return Reply.of(
        Message(message.text, tuple(_button(context.cards[key]) for key in keys) + message.buttons)
    )


def _button(card: Card) -> Button:
    return Button(card.title, payload("show_card", card=card.key))


def pages_of(card: Card) -> str:
    """ "p. 5" or "p. 5 et 6"."""
    pages = [str(page) for page in card.pages]
    return f"p. {', '.join(pages[:-1])} et {pages[-1]}" if len(pages) > 1 else f"p. {pages[0]}"

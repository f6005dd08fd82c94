"""Which function answers which intent: the one place where that is decided."""

from collections.abc import Callable

from bot.context import Context
from bot.dialogue import cards, conversation, emergency, handoff, privacy, services
from bot.dialogue.turn import Reply, Turn
from bot.directory.places import fold

Handler = Callable[[Turn, Context], Reply]

# The custom action's name is `action_` and the key; `data/rules` says which intents lead to it.
HANDLERS: dict[str, Handler] = {
    "say": conversation.say,
    "other_language": conversation.other_language,
    "menu": conversation.menu,
    "restart": conversation.start_over,
    "yes_or_no": handoff.answer_yes_or_no,
    "clarify": conversation.clarify,
    "show_emergency_card": emergency.show_emergency_card,
    "find_services": services.find_services,
    "take_place": conversation.give_place,
    "skip_place": services.skip_place,
    "more_services": services.more_services,
    "open_now": services.open_now,
    "show_details": services.show_details,
    "report_wrong": services.report_wrong,
    "find_organisation": services.find_organisation,
    "answer_card": cards.answer_card,
    "answer_card_more": cards.answer_card_more,
    "card_topics": cards.card_topics,
    "talk_to_peer": handoff.talk_to_peer,
    "choose_theme": handoff.choose_theme,
    "consent": handoff.consent,
    "wait_time": handoff.wait_time,
    "end_human_chat": handoff.end_human_chat,
    "rate_talk": handoff.rate_talk,
    "join_peers": handoff.join_peers,
    "take_request": handoff.take_request,
    "set_duty": handoff.set_duty,
    "stop_all": handoff.stop_all,
    "access_my_data": privacy.access_my_data,
    "delete_my_data": privacy.delete_my_data,
    "confirm_delete": privacy.confirm_delete,
}

# The practical wishes that are served in the turn of an emergency card.
PRACTICAL: dict[str, Handler] = {
    "need": services.find_services,
    "find_organisation": services.find_organisation,
    "faq": cards.answer_card,
}


# One word that says what is wanted, without a guess.
COMMANDS = {
    "menu": "menu",
    "urgence": "show_emergency_card",
    "urgences": "show_emergency_card",
    "sos": "show_emergency_card",
    "au secours": "show_emergency_card",
    "humain": "talk_to_peer",
    "un humain": "talk_to_peer",
    "stop": "stop_all",
}


def command(text: str) -> str | None:
    """The handler's name for a text that is a command, as "Urgence !"; else None."""
    return COMMANDS.get(fold(text))


def practical_handler(intent: str) -> Handler | None:
    """The handler of a wish that can be served beside another, or None."""
    prefix = intent.partition("/")[0]
    return PRACTICAL.get("need" if prefix.startswith("need_") else prefix)

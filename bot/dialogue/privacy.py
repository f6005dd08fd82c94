"""What is kept of a person: shown, and erased when asked."""

from bot.context import Context
from bot.dialogue.turn import Reply, Turn
from bot.handoff.records import count_records
from bot.people import mark_forgotten
from bot.retention import erase


def access_my_data(turn: Turn, context: Context) -> Reply:
    """What is kept of the person, in plain words."""
    with context.database.session() as session:
        requests, talks = count_records(session, turn.sender)
    place = turn.memory.commune or context.phrases.text("utter_nothing_kept")
    return Reply.of(
        context.phrases.message("utter_my_data", place=place, requests=requests, talks=talks)
    )


def delete_my_data(turn: Turn, context: Context) -> Reply:
    """Ask once before everything goes."""
    return Reply.of(context.phrases.message("utter_delete_ask"), asking="delete")


def confirm_delete(turn: Turn, context: Context) -> Reply:
    """Erase everything that is kept of the person; the talk itself goes when the turn ends."""
    with context.database.session() as session:
        erase(session, turn.sender)
        mark_forgotten(session, turn.sender)
    empty = dict.fromkeys(turn.memory.__dataclass_fields__)
    return Reply.of(context.phrases.message("utter_delete_done"), **empty)

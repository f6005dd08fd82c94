"""How services are shown: what was searched, up to three of them, and what may come next."""

from datetime import datetime, timedelta

from bot.context import Context
from bot.dialogue.turn import Reply, Turn
from bot.directory.listing import Listing
from bot.directory.places import fold
from bot.directory.search import Found, Wish, search
from bot.directory.wording import describe, moment_in_french
from bot.messages import MENU, TALK_TO_PEER, Button, Message

PAGE = 3
ANYWHERE = "*"  # the person did not want to say where
SOON = timedelta(minutes=30)  # a moment nearer than this is now
FREE_LINES = 2
SHORT_NUMBER = 4  # digits of a number like 1718, free to call


def intro(found: Found, turn: Turn, at: datetime, context: Context) -> list[Message]:
    """What was searched, where the person did not just say it so, and what was loosened."""
    far = "distance" in found.loosened
    lines = [] if far else _place_line(turn, context)  # "nothing found in ..." names it as well
    lines += moment_line(turn, at, context)
    place = where(turn)
    lines += [
        context.phrases.text(f"utter_loosened_{what}", place=place) for what in found.loosened
    ]
    return [Message("\n".join(lines))] if lines else []


def _place_line(turn: Turn, context: Context) -> list[str]:
    """The commune, unless the message just named it: it may be an old one, or misread."""
    commune = turn.memory.commune
    if turn.position is not None or commune in (None, ANYWHERE):
        return []
    if fold(commune) in fold(turn.text) and not turn.text.startswith("/"):
        return []
    name = "utter_place_heard" if turn.entity("commune") else "utter_place_remembered"
    return [context.phrases.text(name, place=commune)]


def moment_line(turn: Turn, at: datetime, context: Context) -> list[str]:
    """The moment that hours are told for, where that is not now."""
    if abs(at - turn.at) < SOON:
        return []
    return [context.phrases.text("utter_at_moment", moment=moment_in_french(at, turn.at))]


def show(listings: list[Listing], offset: int, now: datetime, context: Context) -> list[Message]:
    """One message a service, numbered where there are several; days are named as said `now`."""
    alone = len(listings) == 1 and offset == 0
    return [
        Message(describe(one, None if alone else offset + number, now, context.phrases))
        for number, one in enumerate(listings, start=1)
    ]


def finish(messages: list[Message], more: bool, context: Context, **remember: object) -> Reply:
    """The next steps, as buttons under the last message."""
    name = "utter_after_results" if more else "utter_after_last_results"
    buttons = context.phrases.message(name).buttons
    last = messages[-1].with_buttons(*buttons)
    return Reply([*messages[:-1], last], dict(remember))


def nothing_found(turn: Turn, context: Context) -> Reply:
    """Nothing at all: say so, and offer the free lines and a human."""
    said = context.phrases.text("utter_nothing_found", place=where(turn))
    message = Message("\n\n".join([said, *free_lines(turn, context)]))
    return Reply.of(
        message.with_buttons(
            Button(context.phrases.text("utter_talk_button"), TALK_TO_PEER),
            Button(context.phrases.text("utter_menu_button"), MENU),
        )
    )


def free_lines(turn: Turn, context: Context) -> list[str]:
    """Free lines that look for a service with the person, the number alone on its line."""
    commune = turn.memory.commune if turn.memory.commune != ANYWHERE else None
    wish = Wish(needs=("information",), at=turn.at, commune=commune, position=turn.position)
    with context.database.session() as session:
        listings = search(session, wish).listings
    free = [
        one
        for one in listings
        if one.needs[:1] == ("information",)
        and one.phone
        and (one.phone.startswith("0800") or len(one.phone) <= SHORT_NUMBER)
    ]
    return [f"{one.name}\n{one.phone}" for one in free[:FREE_LINES]]


def where(turn: Turn) -> str:
    """ "à Ixelles", "près de vous", or that it may be anywhere."""
    if turn.position is not None:
        return "près de vous"
    commune = turn.memory.commune
    return f"à {commune}" if commune and commune != ANYWHERE else "en Belgique francophone"

"""Finding services: a need and a place in, up to three results out, and what follows."""

from dataclasses import replace
from datetime import datetime

from bot.clock import BRUSSELS
from bot.context import Context
from bot.dialogue.cards import payload
from bot.dialogue.turn import Reply, Turn
from bot.directory.listing import Listing
from bot.directory.names import name_index
from bot.directory.search import Found, Wish, by_ids, search
from bot.directory.wording import describe, details, opening_line
from bot.messages import MENU, SHARE_POSITION, SKIP_PLACE, TALK_TO_PEER, Button, Message

PAGE = 3
ANYWHERE = "*"  # the person did not want to say where


def find_services(turn: Turn, context: Context) -> Reply:
    """Search for the need that was said; without a place, ask for one first."""
    need = turn.intent.removeprefix("need_")
    memory = replace(turn.memory, need=need)
    if turn.entity("commune"):
        memory = replace(memory, commune=turn.entity("commune"), position=None)
    audience = tuple(dict.fromkeys((*memory.audience, *turn.all("audience"))))
    turn = replace(turn, memory=replace(memory, audience=audience))
    if not (memory.commune or turn.position):
        return _ask_place(turn, context)
    return _results(turn, context)


def take_place(turn: Turn, context: Context) -> Reply:
    """A place was given: search there for the pending need, else ask what is needed."""
    commune = turn.entity("commune")
    position = turn.entity("position")
    if commune is None and position is None:
        return _place_unknown(turn, context)
    memory = replace(turn.memory, commune=commune, position=None if commune else position)
    turn = replace(turn, memory=memory)
    if memory.need is None:
        here = _where(turn)
        return Reply.of(
            context.phrases.message("utter_place_noted", place=here),
            commune=memory.commune,
            position=memory.position,
        )
    return _results(turn, context)


def skip_place(turn: Turn, context: Context) -> Reply:
    """No place: what can be had by phone or anywhere."""
    if turn.memory.need is None:
        return Reply.of(context.phrases.message("utter_menu"))
    return _results(replace(turn, memory=replace(turn.memory, commune=ANYWHERE)), context)


def more_services(turn: Turn, context: Context) -> Reply:
    """The next results of the last search."""
    left = turn.memory.results[turn.memory.shown :]
    if not left:
        name = "utter_no_more" if turn.memory.results else "utter_nothing_searched"
        return Reply.of(context.phrases.message(name))
    with context.database.session() as session:
        listings = by_ids(session, left[:PAGE], turn.at)
    shown = turn.memory.shown
    messages = _show(listings, shown, turn.at, context)
    more = len(left) > PAGE
    return _finish(messages, more, context, shown=shown + len(listings), focus=listings[0].id)


def open_now(turn: Turn, context: Context) -> Reply:
    """Which of the results shown are open now, or at the moment that was named."""
    at = _moment(turn)
    if not turn.memory.results:
        return _without_results(turn, context)
    chosen = _chosen(turn)
    with context.database.session() as session:
        listings = by_ids(session, chosen, at)
    lines = [f"{one.name}\n{opening_line(one, at, context.phrases)}" for one in listings]
    lines.append(context.phrases.text("utter_open_call_first"))
    return _finish([Message("\n\n".join(lines))], _more(turn), context)


def show_details(turn: Turn, context: Context) -> Reply:
    """Everything on one result: the one named by its rank, else the last one spoken of."""
    if not turn.memory.results:
        return _without_results(turn, context)
    chosen = _chosen(turn)[:1]
    with context.database.session() as session:
        listings = by_ids(session, chosen, turn.at)
    if not listings:
        return Reply.of(context.phrases.message("utter_nothing_searched"))
    text = details(listings[0], turn.at, context.phrases)
    report = Button(
        context.phrases.text("utter_report_button"), payload("report_wrong_info", service=chosen[0])
    )
    return _finish([Message(text, (report,))], _more(turn), context, focus=chosen[0])


def find_organisation(turn: Turn, context: Context) -> Reply:
    """An organisation asked for by its name, acronym or misspelling."""
    named = turn.all("organisation")
    if not named and turn.memory.results:
        return show_details(turn, context)
    ids: list[str] = []
    for name in named or (turn.text,):
        for hit in name_index().guess(name):
            ids.extend(hit.service_ids)
    if not ids:
        return Reply.of(context.phrases.message("utter_organisation_unknown"))
    with context.database.session() as session:
        listings = by_ids(session, dict.fromkeys(ids), turn.at)
    commune = turn.entity("commune")
    listings.sort(key=lambda one: commune is not None and one.commune != commune)
    if not listings:
        return Reply.of(context.phrases.message("utter_organisation_unknown"))
    first = listings[:PAGE]
    if len(listings) == 1:
        messages = [Message(details(first[0], turn.at, context.phrases))]
    else:
        messages = _show(first, 0, turn.at, context)
    ids = [one.id for one in listings]
    return _finish(
        messages,
        len(ids) > PAGE,
        context,
        results=ids,
        shown=len(first),
        focus=first[0].id,
    )


def report_wrong(turn: Turn, context: Context) -> Reply:
    """Somebody says that what was shown is wrong: thank them, and offer what comes next."""
    return _finish([context.phrases.message("utter_report_thanks")], _more(turn), context)


def _results(turn: Turn, context: Context) -> Reply:
    memory = turn.memory
    need = str(memory.need)
    anywhere = memory.commune == ANYWHERE
    at = _moment(turn)
    wish = Wish(
        needs=(need,),
        at=at,
        commune=None if anywhere else memory.commune,
        position=turn.position,
        audience=frozenset(memory.audience),
        open_only=turn.entity("moment") is not None,
    )
    with context.database.session() as session:
        found = search(session, wish)
    remember = {
        "need": need,
        "commune": None if anywhere else memory.commune,
        "position": memory.position,
        "audience": list(memory.audience),
        "results": [one.id for one in found.listings],
    }
    if not found.listings:
        return _nothing(turn, context).then(Reply.of(**remember, shown=0))
    first = list(found.listings[:PAGE])
    messages = [*_intro(found, turn, context), *_show(first, 0, at, context)]
    return _finish(
        messages,
        len(found.listings) > PAGE,
        context,
        **remember,
        shown=len(first),
        focus=first[0].id,
    )


def _intro(found: Found, turn: Turn, context: Context) -> list[Message]:
    place = _where(turn)
    lines = [
        context.phrases.text(f"utter_loosened_{what}", place=place) for what in found.loosened
    ]
    return [Message("\n".join(lines))] if lines else []


def _show(listings: list[Listing], offset: int, at: datetime, context: Context) -> list[Message]:
    alone = len(listings) == 1 and offset == 0
    return [
        Message(describe(one, None if alone else offset + number, at, context.phrases))
        for number, one in enumerate(listings, start=1)
    ]


def _finish(
    messages: list[Message], more: bool, context: Context, **remember: object
) -> Reply:
    """The next steps, as buttons under the last message."""
    name = "utter_after_results" if more else "utter_after_last_results"
    buttons = context.phrases.message(name).buttons
    last = messages[-1].with_buttons(*buttons)
    return Reply([*messages[:-1], last], dict(remember))


def _ask_place(turn: Turn, context: Context) -> Reply:
    message = context.phrases.message(f"utter_ask_place_{turn.memory.need}") if (
        f"utter_ask_place_{turn.memory.need}" in context.phrases
    ) else context.phrases.message("utter_ask_place")
    return Reply.of(
        message,
        need=turn.memory.need,
        audience=list(turn.memory.audience),
        asking="place",
    )


def _place_unknown(turn: Turn, context: Context) -> Reply:
    buttons = (
        Button(context.phrases.text("utter_share_position_button"), SHARE_POSITION),
        Button(context.phrases.text("utter_skip_place_button"), SKIP_PLACE),
    )
    return Reply.of(
        Message(context.phrases.text("utter_place_unknown"), buttons),
        asking="place",
    )


def _nothing(turn: Turn, context: Context) -> Reply:
    """Nothing at all: say so, and offer the free lines and a human."""
    place = _where(turn)
    message = context.phrases.message("utter_nothing_found", place=place)
    with context.database.session() as session:
        lines = search(session, Wish(needs=("listening", "information"), at=turn.at)).listings
    free = [one for one in lines if one.phone and one.phone.startswith(("0800", "107"))][:2]
    messages = [message] + [Message(describe(one, None, turn.at, context.phrases)) for one in free]
    messages[-1] = messages[-1].with_buttons(
        Button(context.phrases.text("utter_talk_button"), TALK_TO_PEER),
        Button(context.phrases.text("utter_menu_button"), MENU),
    )
    return Reply(messages)


def _without_results(turn: Turn, context: Context) -> Reply:
    """A question about results when there are none: by name, by need, else ask what for."""
    if turn.entity("organisation"):
        return find_organisation(turn, context)
    if turn.memory.need:
        return _results(turn, context) if turn.memory.commune else _ask_place(turn, context)
    return Reply.of(context.phrases.message("utter_nothing_searched"))


def _chosen(turn: Turn) -> tuple[str, ...]:
    """The ids that the question is about: one by rank, the one in focus, else those shown."""
    shown = turn.memory.results[: max(turn.memory.shown, 1)]
    rank = turn.entity("rank")
    page = shown[(len(shown) - 1) // PAGE * PAGE :]
    if rank is None:
        return page if turn.intent == "ask_open_now" else (turn.memory.focus or page[0],)
    number = int(rank)
    if number < 0:
        return shown[-1:]
    return shown[number - 1 : number] or page[:1]


def _more(turn: Turn) -> bool:
    return len(turn.memory.results) > turn.memory.shown


def _moment(turn: Turn) -> datetime:
    said = turn.entity("moment")
    return datetime.fromisoformat(said).astimezone(BRUSSELS) if said else turn.at


def _where(turn: Turn) -> str:
    if turn.position is not None:
        return "près de vous"
    commune = turn.memory.commune
    return f"à {commune}" if commune and commune != ANYWHERE else "en Belgique francophone"

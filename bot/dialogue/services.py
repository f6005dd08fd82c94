"""Finding services: a need and a place in, up to three results out, and what follows."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import BRUSSELS
from bot.context import Context
from bot.dialogue import results
from bot.dialogue.places import ask_place, place_unknown
from bot.dialogue.results import ANYWHERE, PAGE
from bot.dialogue.turn import Reply, Turn
from bot.directory.names import name_index
from bot.directory.places import fold
from bot.directory.search import Wish, by_ids, search
from bot.directory.wording import details, opening_line
from bot.messages import Button, Message, payload

MORE = "more"  # what was asked: whether another address is wanted
BED = "shelter"
TONIGHT = timedelta(hours=18)  # a bed for a moment nearer than this is looked for from now on
STALE = timedelta(hours=1)  # a moment longer ago than this is no longer asked for
# Words around the name of an organisation, or in its place.
NOT_NAMES = frozenset(
    fold(
        "le la les l un une de du des d c est quoi quel quelle numero tel telephone gsm adresse "
        "leur leurs ou et svp stp connais connaissez tu vous organisation association asbl mail "
        "service site horaire horaires heures je cherche veux voudrais contact appeler joindre "
        "donne donnez donner moi me il ils elle elles on y a en pour premier deuxieme troisieme"
    ).split()
)

log = logging.getLogger(__name__)


def find_services(turn: Turn, context: Context) -> Reply:
    """Search for the need that was said; without a place, ask for one first."""
    need = turn.intent.removeprefix("need_")
    memory = replace(turn.memory, need=need, moment=turn.entity("moment"))
    if turn.entity("commune"):
        memory = replace(memory, commune=turn.entity("commune"), position=None)
    audience = tuple(dict.fromkeys((*memory.audience, *turn.all("audience"))))
    turn = replace(turn, memory=replace(memory, audience=audience))
    if not (memory.commune or turn.position):
        return ask_place(turn, context)
    return _results(turn, context)


def take_place(turn: Turn, context: Context) -> Reply:
    """A place was given: search there for the pending need, else ask what is needed."""
    commune = turn.entity("commune")
    position = None if commune else turn.position
    if commune is None and (position is None or not turn.entity("position")):
        return place_unknown(turn, context)
    kept = None if commune else turn.entity("position")
    memory = replace(
        turn.memory,
        commune=commune,
        position=kept,
        moment=turn.entity("moment") or turn.memory.moment,
    )
    turn = replace(turn, memory=memory)
    if memory.need is None:
        here = results.where(turn)
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
    at, shown = _moment(turn), turn.memory.shown
    with context.database.session() as session:
        left = by_ids(session, turn.memory.results[shown:], at)  # some may have gone meanwhile
    if not left:
        name = "utter_no_more" if turn.memory.results else "utter_nothing_searched"
        return Reply.of(context.phrases.message(name))
    page = left[:PAGE]
    lines = results.moment_line(turn, at, context)
    messages = [Message("\n".join(lines))] if lines else []
    messages += results.show(page, shown, turn.at, context)
    return results.finish(
        messages,
        len(left) > PAGE,
        context,
        results=[*turn.memory.results[:shown], *(one.id for one in left)],
        shown=shown + len(page),
        focus=page[0].id,
    )


def open_now(turn: Turn, context: Context) -> Reply:
    """Which of the results shown are open now, or at the moment that was named."""
    if turn.entity("organisation") or not turn.memory.results:
        return _without_results(turn, context)
    at = _moment(replace(turn, memory=replace(turn.memory, moment=None)))
    chosen = _chosen(turn)
    with context.database.session() as session:
        listings = by_ids(session, chosen, at)
    lines = results.moment_line(turn, at, context)
    lines += [f"{one.name}\n{opening_line(one, turn.at, context.phrases)}" for one in listings]
    lines.append(context.phrases.text("utter_open_call_first"))
    return results.finish([Message("\n\n".join(lines))], _more(turn), context)


def show_details(turn: Turn, context: Context) -> Reply:
    """Everything on one result: the one named by its rank, else the last one spoken of."""
    if turn.entity("organisation") or not turn.memory.results:
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
    return results.finish([Message(text, (report,))], _more(turn), context, focus=chosen[0])


def find_organisation(turn: Turn, context: Context) -> Reply:
    """An organisation asked for by its name, acronym or misspelling."""
    named = turn.all("organisation") or _unknown_name(turn.text)
    if not named:
        if turn.memory.results:
            return show_details(turn, context)
        question = context.phrases.message("utter_ask_organisation")
        return Reply.of(question, asking="organisation")
    ids = [one for name in named for hit in name_index().guess(name) for one in hit.service_ids]
    with context.database.session() as session:
        listings = by_ids(session, dict.fromkeys(ids), turn.at)
    if not listings:
        return Reply.of(
            context.phrases.message("utter_organisation_unknown"), asking="organisation"
        )
    commune = turn.entity("commune")
    listings.sort(key=lambda one: commune is not None and one.commune != commune)
    first = listings[:PAGE]
    if len(listings) == 1:
        messages = [Message(details(first[0], turn.at, context.phrases))]
    else:
        messages = results.show(first, 0, turn.at, context)
    return results.finish(
        messages,
        len(listings) > PAGE,
        context,
        results=[one.id for one in listings],
        shown=len(first),
        focus=first[0].id,
    )


def report_wrong(turn: Turn, context: Context) -> Reply:
    """Somebody says that what was shown is wrong: note it, and offer what comes next."""
    service = turn.entity("service") or turn.memory.focus
    if not turn.memory.results and service is None:
        return Reply.of(context.phrases.message("utter_report_which"), asking="organisation")
    log.warning("somebody says that the directory is wrong about %s", service)
    thanks = context.phrases.message("utter_report_thanks")
    return results.finish([thanks], _more(turn), context, asking=MORE)


def _results(turn: Turn, context: Context) -> Reply:
    asked = _asked(turn)
    memory = replace(turn.memory, moment=asked.isoformat() if asked else None)
    need = str(memory.need)
    anywhere = memory.commune == ANYWHERE
    at = _moment(turn)
    if need == BED and at - turn.at < TONIGHT:
        at = turn.at
    wish = Wish(
        needs=(need,),
        at=at,
        commune=None if anywhere else memory.commune,
        position=turn.position,
        audience=frozenset(memory.audience),
        # The hours of a night shelter are often those of arrival: it is not left out for them.
        open_only=asked is not None and need != BED,
    )
    with context.database.session() as session:
        found = search(session, wish)
    remember = {
        "need": need,
        "commune": None if anywhere else memory.commune,
        "position": memory.position,
        "audience": list(memory.audience),
        "moment": memory.moment,
        "results": [one.id for one in found.listings],
    }
    if not found.listings:
        return results.nothing_found(turn, context).then(Reply.of(**remember, shown=0))
    first = list(found.listings[:PAGE])
    messages = results.intro(found, turn, at, context)
    messages += results.show(first, 0, turn.at, context)
    if "distance" in found.loosened:
        lines = results.free_lines(turn, context)
        messages.append(Message("\n\n".join([context.phrases.text("utter_free_lines"), *lines])))
    return results.finish(
        messages,
        len(found.listings) > PAGE,
        context,
        **remember,
        shown=len(first),
        focus=first[0].id,
    )


def _unknown_name(text: str) -> tuple[str, ...]:
    """What is left of a question about an organisation without the words of the question."""
    if text.startswith("/"):
        return ()
    rest = [word for word in fold(text).split() if word not in NOT_NAMES]
    return (" ".join(rest),) if rest else ()


def _without_results(turn: Turn, context: Context) -> Reply:
    """A question about results when there are none: by name, by need, else ask what for."""
    if turn.entity("organisation"):
        return find_organisation(turn, context)
    if turn.memory.need:
        return _results(turn, context) if turn.memory.commune else ask_place(turn, context)
    return Reply.of(context.phrases.message("utter_nothing_searched"))


def _chosen(turn: Turn) -> tuple[str, ...]:
    """The ids that the question is about: one by rank, the one in focus, else those shown."""
    shown = turn.memory.results[: max(turn.memory.shown, 1)]
    rank = turn.entity("rank")
    page = shown[(len(shown) - 1) // PAGE * PAGE :]
    if rank is None:
        return page if turn.intent == "ask_open_now" else (turn.memory.focus or page[0],)
    number = int(rank) if rank.removeprefix("-").isdecimal() else 1
    if number < 0:
        return shown[-1:]
    return shown[number - 1 : number] if 0 < number <= len(shown) else page[:1]


def _more(turn: Turn) -> bool:
    return len(turn.memory.results) > turn.memory.shown


def _moment(turn: Turn) -> datetime:
    """The moment for which hours are told: the one that was asked for, else now."""
    return max(_asked(turn) or turn.at, turn.at)


def _asked(turn: Turn) -> datetime | None:
    """The moment that was named, in this turn or with the search, unless it has long passed."""
    said = turn.entity("moment") or turn.memory.moment
    try:
        moment = datetime.fromisoformat(said).astimezone(BRUSSELS) if said else None
    except ValueError:  # a payload that somebody typed
        return None
    return moment if moment and moment > turn.at - STALE else None

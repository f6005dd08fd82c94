"""Fetching a human: the theme, the consent, the request that waits, the talk and its end."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from bot.context import Context
from bot.dialogue import conversation
from bot.dialogue.duty import nobody_there, position, reachable
from bot.dialogue.peers import join_peers, number, set_duty, take_request
from bot.dialogue.privacy import confirm_delete
from bot.dialogue.turn import Reply, Turn
from bot.handoff.letters import send
from bot.handoff.models import HandoffRequest, Side, Status
from bot.handoff.notices import alert, announce, since
from bot.handoff.relay import Talk, talk_of
from bot.handoff.requests import cancel, end, open_request, rate, request_of, set_theme
from bot.messages import Button, Message, payload

__all__ = [
    "answer_yes_or_no", "choose_theme", "consent", "end_human_chat", "join_peers", "names_theme",
    "rate_talk", "set_duty", "stop_all", "take_request", "talk_to_peer", "wait_time",
]  # fmt: skip

THEMES = (
    "housing", "money", "mental_health", "addiction", "violence", "loneliness", "recovery", "other",
)  # fmt: skip
# What a short answer to the question about the theme was understood as, and the theme it names.
THEME_OF_INTENT = {
    "need_shelter": "housing",
    "need_housing": "housing",
    "need_income": "money",
    "need_debt": "money",
    "need_admin": "money",
    "need_mental_health": "mental_health",
    "express_distress": "mental_health",
    "need_addiction": "addiction",
    "express_relapse": "addiction",
    "express_loneliness": "loneliness",
}
SHORT = 4  # words; more than that is a request of its own
DANGER = "danger"  # in place of a theme: somebody in danger is not asked for one
FRENCH = "fr"


def talk_to_peer(turn: Turn, context: Context) -> Reply:
    """A human is wanted: whether one can be had, then what about, if the person likes to say."""
    with context.database.session() as session:
        running = _running(session, turn, context)
        if running is not None:
            return running
        if turn.danger is not None or turn.memory.theme == DANGER:
            return _ask_consent(session, turn, context, DANGER)
        if reachable(session, turn):
            question = context.phrases.message("utter_ask_theme")
            return Reply.of(_in_language(question, turn), asking="theme", theme=None)
        truth = nobody_there(session, turn, context)
    question = context.phrases.message("utter_ask_theme_to_leave")
    no = Button(context.phrases.text("utter_leave_no_button"), payload("consent", answer="no"))
    return Reply.of(
        truth, _in_language(question, turn).with_buttons(no), asking="leave_request", theme=None
    )


def names_theme(turn: Turn) -> bool:
    """Whether a few words answer the question about the theme, rather than ask for a service."""
    return (
        turn.memory.asking in ("theme", "leave_request")
        and turn.danger is None
        and turn.intent in THEME_OF_INTENT
        and len(turn.text.split()) <= SHORT
    )


def choose_theme(turn: Turn, context: Context) -> Reply:
    """What the person would like to talk about, or nothing; then the consent."""
    theme = turn.entity("theme") or THEME_OF_INTENT.get(turn.intent)
    theme = theme if theme in THEMES else None
    with context.database.session() as session:
        request = request_of(session, turn.sender)
        if request is not None and request.status == Status.OPEN and theme:
            set_theme(session, request, theme)
            return Reply.of(context.phrases.message("utter_theme_noted"))
        running = _running(session, turn, context)
        return running or _ask_consent(session, turn, context, theme)


def consent(turn: Turn, context: Context) -> Reply:
    """Yes: the request is stored and shown to those on duty. No: nothing is passed on."""
    if turn.entity("answer") == "yes":
        return _store(turn, context)
    return _decline(turn, context)


def wait_time(turn: Turn, context: Context) -> Reply:
    """Where the request stands; without one, it is a wish to talk with somebody."""
    return talk_to_peer(turn, context)


def end_human_chat(turn: Turn, context: Context) -> Reply:
    """End the talk or take the request back."""
    stopped = _stop(turn, context)
    return stopped or Reply.of(context.phrases.message("utter_nothing_to_end"))


def stop_all(turn: Turn, context: Context) -> Reply:
    """End whatever runs; where nothing does, a goodbye with what can be done next."""
    stopped = _stop(turn, context)
    forgotten = Reply.of(**conversation.forget_search())
    return forgotten.then(stopped or Reply.of(context.phrases.message("utter_stop")))


def rate_talk(turn: Turn, context: Context) -> Reply:
    """How the talk was for the person, 1 to 5, or no answer."""
    if turn.entity("stars") in (None, "skip"):
        return Reply.of(context.phrases.message("utter_rating_skipped"))
    stars, request_id = number(turn, "stars"), number(turn, "request")
    with context.database.session() as session:
        noted = rate(session, request_id, turn.sender, stars)
    name = "utter_rating_thanks" if noted else "utter_rating_unknown"
    return Reply.of(context.phrases.message(name))


def answer_yes_or_no(turn: Turn, context: Context) -> Reply:
    """A yes or a no to what was asked last."""
    asking, yes = turn.memory.asking, turn.intent == "affirm"
    if asking == "consent":
        return _store(turn, context) if yes else _decline(turn, context)
    if asking == "leave_request":
        return choose_theme(turn, context) if yes else _decline(turn, context)
    if asking == "theme":
        return choose_theme(turn, context)
    if asking == "human" and yes:
        return talk_to_peer(turn, context)
    if asking == "delete" and yes:
        return confirm_delete(turn, context)
    return conversation.answer_yes_or_no(turn, context)


def _ask_consent(session: Session, turn: Turn, context: Context, theme: str | None) -> Reply:
    """One sentence on who will read what, with a yes and a no."""
    yes = {"answer": "yes", **_language(turn)}
    buttons = (
        Button(context.phrases.text("utter_consent_yes_button"), payload("consent", **yes)),
        Button(context.phrases.text("utter_consent_no_button"), payload("consent", answer="no")),
    )
    messages = [Message(context.phrases.text("utter_ask_consent"), buttons)]
    if theme == DANGER and not reachable(session, turn):
        messages.insert(0, nobody_there(session, turn, context))
    return Reply(messages, {"asking": "consent", "theme": theme})


def _store(turn: Turn, context: Context) -> Reply:
    """The person agreed: keep the request, and show it to the peer workers on duty."""
    theme = turn.memory.theme
    in_danger = theme == DANGER or turn.danger is not None
    with context.database.session() as session:
        running = _running(session, turn, context)
        if running is not None:
            return running
        request = open_request(
            session,
            turn.sender,
            theme if theme in THEMES else "",
            turn.entity("spoken_language") or FRENCH,
            turn.at,
            in_danger,
        )
        if request is None:  # nobody in a talk opens one; they were answered above
            return Reply.of(context.phrases.message("utter_helping_now"))
        announce(session, context.phrases, turn.at)
        where = position(session, request, context)
        peers = reachable(session, turn)
        if peers:
            sent = context.phrases.message("utter_request_sent", peers=len(peers), position=where)
            return Reply.of(sent, theme=None)
        kept = context.phrases.message("utter_request_kept", position=where)
        return Reply.of(kept, theme=None)  # who is there, and when, was said before the consent


def _decline(turn: Turn, context: Context) -> Reply:
    """The person would rather not; what was agreed to before still runs, and is said to."""
    with context.database.session() as session:
        running = _running(session, turn, context)
    return running or Reply.of(context.phrases.message("utter_consent_no"), theme=None)


def _running(session: Session, turn: Turn, context: Context) -> Reply | None:
    """What to say to somebody who is in a talk, or whose request waits."""
    talk = talk_of(session, turn.sender)
    if talk is not None:
        name = "utter_helping_now" if talk.side is Side.PEER else "utter_already_talking"
        return Reply.of(context.phrases.message(name, alias=talk.alias))
    request = request_of(session, turn.sender)
    if request is None:
        return None
    if turn.danger is not None:
        alert(session, context.phrases, turn.sender, turn.at)
    return _waiting(session, request, turn, context)


def _waiting(session: Session, request: HandoffRequest, turn: Turn, context: Context) -> Reply:
    """How long a request has been waiting, behind how many others, and who is there."""
    peers = reachable(session, turn)
    message = context.phrases.message(
        "utter_request_waiting" if peers else "utter_request_waiting_nobody",
        since=since(request.opened_at, turn.at),
        position=position(session, request, context),
        peers=len(peers),
    )
    if peers:
        return Reply.of(message)
    return Reply.of(nobody_there(session, turn, context), message)


def _stop(turn: Turn, context: Context) -> Reply | None:
    """End the talk or cancel the request that runs; None when there is neither."""
    with context.database.session() as session:
        talk = talk_of(session, turn.sender)
        if talk is not None and end(session, talk.request_id, talk.side, turn.at):
            reply = _ended(session, talk, turn, context)
            announce(session, context.phrases, turn.at)  # the peer worker is free again
            return reply
        request = request_of(session, turn.sender)
        if request is not None and cancel(session, request.id, turn.at):
            return Reply.of(context.phrases.message("utter_request_cancelled"), theme=None)
    return None


def _ended(session: Session, talk: Talk, turn: Turn, context: Context) -> Reply:
    """Tell both sides that the talk is over; the person may say how it was."""
    rating = context.phrases.message("utter_ask_rating", request=talk.request_id)
    if talk.side is Side.PERSON:
        ended = context.phrases.message("utter_person_ended")
        send(session, talk.other, ended, turn.at)
        return Reply.of(context.phrases.message("utter_person_ends", alias=talk.alias), rating)
    ended = context.phrases.message("utter_peer_ended", alias=talk.alias)
    send(session, talk.other, ended, turn.at)
    send(session, talk.other, rating, turn.at)
    return Reply.of(context.phrases.message("utter_peer_ends"))


def _in_language(question: Message, turn: Turn) -> Message:
    """The theme buttons, carrying the language that was asked for with the wish to talk."""
    language = _language(turn)
    if not language:
        return question
    buttons = tuple(
        Button(one.title, payload("choose_theme", **_entities(one), **language))
        for one in question.buttons
    )
    return Message(question.text, buttons)


def _entities(button: Button) -> dict[str, str]:
    """The entities of a button's payload, `/intent{"entity": "value"}`."""
    return dict(json.loads(button.payload[button.payload.index("{") :]))


def _language(turn: Turn) -> dict[str, str]:
    code = turn.entity("spoken_language")
    return {"spoken_language": code} if code and code != FRENCH else {}

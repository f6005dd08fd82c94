"""Where the person is: asked for, and asked again with the communes that may be meant."""

from rapidfuzz import fuzz, process

from bot.context import Context
from bot.dialogue.turn import Reply, Turn
from bot.directory.places import fold, gazetteer
from bot.messages import SHARE_POSITION, SKIP_PLACE, Button, Message, payload

LIKE = 60  # rapidfuzz ratio, 0 to 100, from which a commune may be the one that was meant
OFFERED = 3  # communes to choose from
MOST_WORDS = 4  # of a text that may be the name of a place
FEWEST_LETTERS = 4  # of the beginning of a name


def ask_place(turn: Turn, context: Context) -> Reply:
    """Ask for the commune; what is looked for waits meanwhile."""
    name = f"utter_ask_place_{turn.memory.need}"
    message = context.phrases.message(name if name in context.phrases else "utter_ask_place")
    return Reply.of(
        message,
        need=turn.memory.need,
        audience=list(turn.memory.audience),
        moment=turn.memory.moment,
        asking="place",
    )


def place_unknown(turn: Turn, context: Context) -> Reply:
    """The place was not understood: the communes that are nearest to it in writing, or again."""
    near = communes_like(turn.text)
    buttons = (
        *(Button(name, payload("give_location", commune=name)) for name in near),
        Button(context.phrases.text("utter_share_position_button"), SHARE_POSITION),
        Button(context.phrases.text("utter_skip_place_button"), SKIP_PLACE),
    )
    text = context.phrases.text("utter_place_which" if near else "utter_place_unknown")
    return Reply.of(Message(text, buttons), asking="place")


def communes_like(text: str) -> list[str]:
    """The communes whose names are written most like a text of few words."""
    words = fold(text).split()
    if not words or len(words) > MOST_WORDS or text.startswith("/"):
        return []
    said = " ".join(words)
    names = {fold(name): name for name in gazetteer().communes}
    names |= {folded.split()[0]: name for folded, name in names.items() if len(folded.split()) > 1}
    begun = [name for name in names.values() if f" {said}" in f" {fold(name)}"]
    if begun and len(said) >= FEWEST_LETTERS:
        return list(dict.fromkeys(begun))[:OFFERED]
    hits = process.extract(said, list(names), scorer=fuzz.ratio, score_cutoff=LIKE, limit=OFFERED)
    return list(dict.fromkeys(names[hit[0]] for hit in hits))

"""Cuts a message into the pieces that may each hold a wish."""

import re

_BOUNDARY = re.compile(
    r"[.!?;:\n]+|,\s|\s(?:et|mais|puis|aussi|sinon|ensuite|donc|alors|car|parce que)\s", re.I
)
_GREETING = re.compile(
    r"^\s*((?:bonjour|bonsoir|salut|bjr|bsr|slt|coucou|hello|cc|re)"
    r"(?: (?:à tous|madame|monsieur|messieurs dames))?)\s+(?=\w)",
    re.I,
)
SHORTEST = 2  # words


def clauses_of(text: str) -> list[str]:
    """The clauses of a text, in order; a piece of one word goes with the piece before it."""
    pieces: list[str] = []
    greeting = _GREETING.match(text)
    if greeting:
        pieces.append(greeting.group(1))
        text = text[greeting.end() :]
    for piece in _BOUNDARY.split(text):
        piece = piece.strip().strip(" ,-")
        if not piece:
            continue
        if pieces and len(piece.split()) < SHORTEST:
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces

"""Every error that Passerelle raises on purpose.

A message says in one sentence what was wrong, with what value, and what to do.
It never holds the text of a person's message nor a Telegram identity.
"""


class PasserelleError(Exception):
    """Root of the hierarchy; the command line prints it and exits with status 2."""


class SettingsError(PasserelleError):
    """A setting has an impossible value."""


class DataError(PasserelleError):
    """A line of a data file cannot be used."""

    def __init__(self, path: object, line: int | None, problem: str) -> None:
        where = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{where}: {problem}")


class DatabaseError(PasserelleError):
    """The database cannot be opened, read or written."""


class ModelError(PasserelleError):
    """The trained model is missing, broken or cannot be made."""


class TelegramError(PasserelleError):
    """Telegram refuses the token or an address."""


class InvitationError(PasserelleError):
    """An invitation link is unknown, used or too old."""

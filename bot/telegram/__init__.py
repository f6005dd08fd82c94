"""The Telegram channel: a Rasa connector on python-telegram-bot."""

import os

# python-telegram-bot: durations as timedelta, as its next version has them.
os.environ.setdefault("PTB_TIMEDELTA", "1")

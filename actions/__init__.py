"""Passerelle's custom actions (rasa-sdk): each a few lines over `bot.dialogue`."""

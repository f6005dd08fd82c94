"""What is said in a turn: from what was understood to the messages, without Rasa or Telegram."""

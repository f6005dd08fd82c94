"""The trained assistant in this process: Rasa's agent with its custom actions called directly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.channel import GatheringChannel
from bot.errors import ModelError
from bot.messages import Message

NLU_FALLBACK = "nlu_fallback"


class InProcessActions(EndpointConfig):
    """Rasa posts an action call to its endpoint; this one runs rasa-sdk's executor itself."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        return await self._executor.run(kwargs["json"])


def load_agent(
    model: Path, tracker_store: TrackerStore | None = None, *, actions: bool = True
) -> Agent:
    """Load a trained model; its talks live in `tracker_store`, else in memory.

    Without `actions` it understands, but cannot answer.

    Raises:
        ModelError: when the file is missing or is not a model of this version.
    """
    if not model.exists():
        raise ModelError(f"There is no model at {model}; make one with `passerelle train`.")
    try:
        agent = Agent.load(
            model,
            tracker_store=tracker_store,
            action_endpoint=InProcessActions() if actions else None,
        )
    except Exception as error:
        raise ModelError(
            f"The model {model} cannot be loaded ({type(error).__name__}); "
            "make a new one with `passerelle train`."
        ) from error
    return agent


async def parse(agent: Agent, text: str) -> dict[str, Any]:
    """What is understood of a text, as `passerelle parse` prints it."""
    heard = await agent.parse_message(text)
    ranking = [
        {"name": one["name"], "confidence": one["confidence"]}
        for one in heard.get("intent_ranking", [])
        if one["name"] != NLU_FALLBACK
    ]
    crisis = heard.get("crisis") or {"flag": False, "kind": None, "score": 0.0}
    return {
        "text": text,
        "intent": ranking[0]["name"] if ranking else None,
        "confidence": ranking[0]["confidence"] if ranking else 0.0,
        "ranking": ranking,
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in heard.get("entities", [])
            if "start" in entity
        ],
        "crisis": {key: crisis[key] for key in ("flag", "kind", "score")},
    }


async def answer(
    handle: Any, sender: str, text: str, input_channel: str = "cmdline"
) -> list[Message]:
    """Say `text` (or a payload) as `sender` and gather what is answered."""
    output = GatheringChannel()
    await handle(UserMessage(text, output, sender_id=sender, input_channel=input_channel))
    return output.messages


async def last_intent(agent: Agent, sender: str) -> str | None:
    """The full name of what was understood of the sender's last message."""
    tracker = await agent.tracker_store.retrieve(sender)
    if tracker is None or tracker.latest_message is None:
        return None
    data = tracker.latest_message.parse_data
    ranking = [one for one in data.get("intent_ranking", []) if one["name"] != NLU_FALLBACK]
    return str(ranking[0]["name"]) if ranking else None

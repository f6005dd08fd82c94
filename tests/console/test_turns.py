"""Turns of a person: one at a time, in order, each once."""

import asyncio

from bot.console.turns import KEPT, Turns
from bot.messages import Message


def saying(text: str, said: list[str], gate: asyncio.Event | None = None):  # type: ignore[no-untyped-def]
    async def answer() -> list[Message]:
        if gate is not None:
            await gate.wait()
        said.append(text)
        return [Message(text)]

    return answer


async def test_turns_of_one_sender_keep_their_order() -> None:
    turns, said, gate = Turns(), [], asyncio.Event()  # type: ignore[var-annotated]
    first = asyncio.ensure_future(turns.take("a", "1", saying("first", said, gate)))
    second = asyncio.ensure_future(turns.take("a", "2", saying("second", said)))
    await turns.take("b", "1", saying("other person", said))
    gate.set()
    await asyncio.gather(first, second)
    assert said == ["other person", "first", "second"]


async def test_a_message_sent_again_gets_the_same_answer_once() -> None:
    turns, said = Turns(), []  # type: ignore[var-annotated]
    answers = [await turns.take("a", "1", saying("done", said)) for _ in range(3)]
    assert said == ["done"]
    assert answers == [[Message("done")]] * 3


async def test_without_a_key_every_message_is_new() -> None:
    turns, said = Turns(), []  # type: ignore[var-annotated]
    for _ in range(2):
        await turns.take("a", "", saying("done", said))
    assert said == ["done", "done"]


async def test_a_turn_goes_on_when_the_connection_is_lost() -> None:
    turns, said, gate = Turns(), [], asyncio.Event()  # type: ignore[var-annotated]
    request = asyncio.ensure_future(turns.take("a", "1", saying("done", said, gate)))
    await asyncio.sleep(0)
    request.cancel()
    gate.set()
    again = await turns.take("a", "1", saying("twice", said))
    assert said == ["done"]
    assert again == [Message("done")]


async def test_little_is_remembered() -> None:
    turns, said = Turns(), []  # type: ignore[var-annotated]
    for number in range(KEPT + 1):
        await turns.take(str(number), "1", saying("done", said))
    assert len(turns._last) == KEPT
    assert not turns._locks

"""How well messages are understood: what is counted, and how it is told."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError
from bot.evaluation import Case, Share, calibration_error, count, read_cases, table


def heard(intent: str, confidence: float = 0.9, *others: str, flag: bool = False) -> dict:
    ranking = [{"name": intent, "confidence": confidence}]
    ranking += [{"name": name, "confidence": 0.01} for name in others]
    return {
        "intent": intent,
        "confidence": confidence,
        "ranking": ranking,
        "crisis": {"flag": flag},
    }


CASES = [
    Case("j'ai faim", "need_food"),
    Case("manj", "need_food", "sms"),
    Case("je veux mourir", "crisis_suicide"),
    Case("je meurs de faim", "need_food"),
    Case("qui est Deegan", "faq/deegan"),
    Case("le foot", "out_of_scope"),
]
HEARD = [
    heard("need_food"),
    heard("greet", 0.4, "thank", "need_food"),
    heard("crisis_suicide", flag=True),
    heard("need_food", flag=True),
    heard("faq/stigma", 0.6, "faq/deegan"),
    heard("faq/deegan"),
]


def test_the_figures_count_what_they_say() -> None:
    figures = count(CASES, HEARD).as_dict()
    assert figures["messages"] == 6
    assert figures["accuracy"] == 3 / 6
    assert figures["offered"] == 5 / 6
    assert figures["danger_recall"] == 1.0
    assert figures["false_alarms"] == 1 / 5
    assert figures["cards"] == 0.0
    assert figures["wrong_cards"] == 1.0
    assert figures["by_style"] == {"sms": 0.0, "std": 3 / 5}
    assert figures["by_intent"]["need_food"] == {
        "recall": 2 / 3,
        "precision": 1.0,
        "messages": 3,
    }
    json.dumps(figures)


def test_what_was_not_in_the_messages_has_no_share() -> None:
    figures = count(CASES[:1], HEARD[:1])
    assert figures.danger_recall.value is None
    assert "| danger: recall | – |" in table(figures)


def test_the_table_holds_the_figures_and_the_worst_confusions() -> None:
    lines = table(count(CASES, HEARD)).splitlines()
    assert "| messages | 6 |" in lines
    assert "| intent accuracy | 0.500 |" in lines
    assert "| need_food | 1.000 | 0.667 | 3 |" in lines
    assert "| need_food | greet | 1 |" in lines


def test_messages_and_answers_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="zip"):
        count(CASES, HEARD[:2])


SURE = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


@given(SURE)
def test_the_calibration_error_is_a_share(sure: list[tuple[float, bool]]) -> None:
    assert 0 <= calibration_error(sure) <= 1


@pytest.mark.parametrize(
    ("sure", "error"),
    [([], 0.0), ([(1.0, True)] * 5, 0.0), ([(0.9, False)] * 5, 0.9), ([(0.5, True)], 0.5)],
)
def test_honest_confidences_have_no_error(sure: list[tuple[float, bool]], error: float) -> None:
    assert calibration_error(sure) == pytest.approx(error)


def test_half_right_at_a_half_is_honest() -> None:
    assert calibration_error([(0.5, True), (0.5, False)]) == pytest.approx(0)


@given(st.lists(st.booleans()))
def test_a_share_is_so_many_of_so_many(answers: list[bool]) -> None:
    share = Share()
    for one in answers:
        share.add(one)
    assert (share.right, share.of) == (sum(answers), len(answers))
    assert (share.value is None) == (not answers)


def test_json_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "slt", "intent": "greet"}\n\n{"text": "m", "intent": "thank", "style": "sms"}\n'
    )
    assert list(read_cases(path)) == [Case("slt", "greet"), Case("m", "thank", "sms")]


def test_rasa_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("nlu:\n- intent: greet\n  examples: |\n    - salut [Liège](commune)\n")
    assert list(read_cases(path)) == [Case("salut Liège", "greet")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("salut", "line 2: is not JSON"),
        ('{"text": "a"}', "line 2: is not JSON"),
        ('["a", "greet"]', "line 2: is not JSON"),
        ("5", "line 2: is not JSON"),
        ('{"text": 5, "intent": "greet"}', "line 2: is not JSON"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "slt", "intent": "greet"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(DataError, match=said):
        list(read_cases(path))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        list(read_cases(tmp_path / "a.jsonl"))
    (tmp_path / "b.jsonl").write_bytes(b"\xe9")
    with pytest.raises(DataError, match="cannot be read"):
        list(read_cases(tmp_path / "b.jsonl"))

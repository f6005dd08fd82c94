"""The training data: checked line by line, and enough of it."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.directory.loader import AUDIENCES
from bot.directory.places import fold
from bot.errors import DataError
from bot.knowledge.cards import cards
from bot.nlu.corpus import Example, check_corpus, read_examples
from bot.settings import ROOT

DOMAIN = ROOT / "domain.yml"
CORPUS = ROOT / "data" / "nlu"
CRISIS = {"crisis_suicide": 120, "crisis_violence": 120, "crisis_medical": 60, "crisis_child": 60}
MOST_FRAMES = 3  # examples of an intent from one writer that begin, or end, with the same words
FRAME = 4  # words
TOLERATED = 0.002  # of the examples


@pytest.fixture(scope="module")
def corpus() -> list[Example]:
    return check_corpus(CORPUS, DOMAIN)


@pytest.fixture
def checked(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Checks one file of training data against a small domain."""
    (tmp_path / "domain.yml").write_text("intents: [greet, {thank: {}}, faq]\n", encoding="utf-8")
    (tmp_path / "nlu").mkdir()

    def check(content: str) -> list[Example]:
        (tmp_path / "nlu" / "a.yml").write_text(content, encoding="utf-8")
        return check_corpus(tmp_path / "nlu", tmp_path / "domain.yml")

    return check


HEAD = 'version: "3.1"\nnlu:\n'


def block(intent: str, *lines: str) -> str:
    return f"- intent: {intent}\n  examples: |\n" + "".join(f"    {line}\n" for line in lines)


def test_an_example_knows_its_intent_style_source_and_line(checked) -> None:  # type: ignore[no-untyped-def]
    (first, second) = checked(
        HEAD
        + "- intent: greet\n  metadata: {style: sms, source: w1}\n"
        + "  examples: |\n    - slt\n\n    - bonjour [Ixelles](commune)\n"
    )
    assert (first.intent, first.text, first.style, first.source) == ("greet", "slt", "sms", "w1")
    assert (first.line, second.line) == (6, 8)
    assert second.text == "bonjour Ixelles"


def test_an_annotation_with_a_value_is_taken_out_of_the_text(checked) -> None:  # type: ignore[no-untyped-def]
    (example,) = checked(
        HEAD + block("thank", '- merci [XL]{"entity": "commune", "value": "Ixelles"} !')
    )
    assert example.text == "merci XL !"


def test_a_card_belongs_to_its_retrieval_intent(checked) -> None:  # type: ignore[no-untyped-def]
    (example,) = checked(HEAD + block("faq/deegan", "- qui est Deegan ?"))
    assert example.intent == "faq/deegan"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            HEAD + block("greet", "- salut", "coucou"),
            r'a\.yml, line 6: an example starts with "- "',
        ),
        (HEAD + block("greet", "- salut", "-  "), "line 6: the example is empty"),
        (HEAD + block("greet", "- salut") + block("eat", "- faim"), "line 8: the intent 'eat'"),
        (HEAD + block("greet", "- salut", "- Salut !"), r"line 6: .* already in a\.yml, line 5"),
        (HEAD + block("greet", "- salut") + block("thank", "- salut"), "line 8: this example"),
        (HEAD + "- intent: greet\n", "line 3: a block needs `intent:` and `examples:`"),
        (HEAD + "- salut\n", "line 3: a block needs"),
        (HEAD, "has no list `nlu:`"),
        ("greet: [salut]\n", "has no list `nlu:`"),
        ("nlu: [\n", "is not YAML"),
        ("", "has no list `nlu:`"),
    ],
)
def test_what_cannot_be_trained_on_is_named_with_its_line(checked, content, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError, match=said) as error:
        checked(content)
    assert "\n" not in str(error.value)


def test_no_data_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no training data"):
        check_corpus(tmp_path, DOMAIN)


def test_a_domain_without_intents_is_said(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("responses: {}\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no list `intents:`"):
        check_corpus(CORPUS, tmp_path / "domain.yml")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        list(read_examples(tmp_path / "a.yml"))


def contract(shared: Path) -> set[str]:
    """The intents that must be understood, in full."""
    groups = YAML(typ="safe").load(shared / "intents.yml")
    return {name for key, group in groups.items() if key != "entities" for name in group}


def test_every_intent_of_the_contract_has_enough_examples(
    corpus: list[Example], shared: Path
) -> None:
    counts = Counter(example.intent for example in corpus)
    human = ("talk_to_peer", "ask_wait_time", "end_human_chat")
    directory = ("give_location", "ask_more", "ask_open_now", "ask_details", "report_wrong_info")
    for intent in contract(shared):
        wanted = 20
        if intent.startswith("need_") or intent in (*human, *directory, "find_organisation"):
            wanted = 40
        wanted = {**CRISIS, "out_of_scope": 80}.get(intent, wanted)
        assert counts[intent] >= wanted, intent


def test_no_example_is_of_an_intent_outside_the_contract(
    corpus: list[Example], shared: Path
) -> None:
    assert {example.intent for example in corpus} <= contract(shared)


def test_every_card_has_examples_and_every_example_of_a_card_has_one(
    corpus: list[Example],
) -> None:
    asked = {e.intent.partition("/")[2] for e in corpus if e.intent.startswith("faq/")}
    assert asked == set(cards())


def test_every_style_is_there(corpus: list[Example]) -> None:
    styles = Counter(example.style for example in corpus)
    wanted = {"std", "sms", "phon", "noacc", "voice", "nonnat", "belge", "caps", "emoji", "long"}
    assert wanted <= set(styles)
    assert min(styles[style] for style in wanted) >= 100


def frames(corpus: list[Example], words: slice) -> dict[tuple[str, str, str], list[Example]]:
    """The examples of one intent and one writer that share their first or last words."""
    found = defaultdict(list)
    for example in corpus:
        said = fold(example.text).split()
        if len(said) > FRAME:
            found[example.intent, example.source, " ".join(said[words])].append(example)
    return found


@pytest.mark.parametrize("words", [slice(None, FRAME), slice(-FRAME, None)], ids=["first", "last"])
def test_hardly_any_sentence_frame_is_used_more_than_three_times(
    corpus: list[Example], words: slice
) -> None:
    """Templates teach a model to read templates; one in five hundred is let through."""
    worn = {
        frame: examples
        for frame, examples in frames(corpus, words).items()
        if len(examples) > MOST_FRAMES
    }
    extra = sum(len(examples) - MOST_FRAMES for examples in worn.values())
    assert extra <= TOLERATED * len(corpus), sorted(worn)[:20]


def test_annotations_are_whole(corpus: list[Example]) -> None:
    """A bracket or brace that stays in a text is an annotation that was not read."""
    broken = [e for e in corpus if re.search(r'\]\(|\]\{"|"\}', e.text)]
    assert broken == []


def test_annotated_values_are_ones_that_the_assistant_knows(shared: Path) -> None:
    known = YAML(typ="safe").load(shared / "intents.yml")["entities"]
    annotation = re.compile(
        r'\[[^\[\]]+\](?:\((\w+)\)|\{"entity": "(\w+)"(?:, "value": "(.*?)")?\})'
    )
    for path in CORPUS.rglob("*.yml"):
        for plain, entity, value in annotation.findall(path.read_text(encoding="utf-8")):
            assert (plain or entity) in known, path
            if entity == "audience":
                assert value in AUDIENCES, (path, value)

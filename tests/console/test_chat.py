"""The channel over real HTTP: Rasa's REST protocol, errors, letters, the page's files."""

import asyncio
import logging
from uuid import uuid4

import httpx
import pytest

from bot.console.page import STATIC, assets
from bot.messages import Button, Message
from bot.outbox import Letter, post
from bot.people import Person, mark_forgotten, pseudonym_of
from tests.console.server import Served

WEBHOOK = "/webhooks/rest/webhook"
LETTERS = "/webhooks/rest/letters"


def send(http: httpx.Client, sender: str, message: str, **metadata: object) -> httpx.Response:
    body = {"sender": sender, "message": message, "metadata": metadata or None}
    return http.post(WEBHOOK, json=body)


def leave_letter(page: Served, sender: str, *texts: str) -> None:
    with page.context.database.session() as session:
        pseudonym = pseudonym_of(session, "rest", sender)
        for text in texts:
            post(session, pseudonym, Message(text, (Button("Oui", "/affirm"),)), page.context.now())


def letters_left(page: Served) -> int:
    with page.context.database.session() as session:
        return session.query(Letter).count()


def test_answers_are_those_of_the_rest_protocol(page: Served, http: httpx.Client) -> None:
    page.assistant.script = lambda _text: [
        Message("Un\n\ndeux", (Button("Menu", "/menu"),)),
        Message("Trois"),
    ]
    answer = send(http, "desk-7", "Bonjour")
    assert answer.status_code == 200
    assert answer.json() == [
        {
            "recipient_id": "desk-7",
            "text": "Un\n\ndeux",
            "buttons": [{"title": "Menu", "payload": "/menu"}],
        },
        {"recipient_id": "desk-7", "text": "Trois"},
    ]
    assert answer.headers["cache-control"] == "no-store"


def test_a_stream_has_one_answer_a_line(page: Served, http: httpx.Client, sender: str) -> None:
    body = {"sender": sender, "message": "Bonjour"}
    lines = http.post(f"{WEBHOOK}?stream=true", json=body).text.splitlines()
    assert len(lines) == 1 and "Vous avez dit" in lines[0]


def test_rasa_only_sees_pseudonyms(page: Served, http: httpx.Client, sender: str) -> None:
    for _ in range(2):
        send(http, sender, "Bonjour")
    first, second = page.assistant.heard
    assert first.sender_id == second.sender_id != sender
    assert first.input_channel == "rest"
    with page.context.database.session() as session:
        assert pseudonym_of(session, "rest", sender) == first.sender_id


def test_typed_words_are_no_payload(page: Served, http: httpx.Client, sender: str) -> None:
    send(http, sender, "/confirm_delete", typed=True)
    send(http, sender, "/urgence il saigne", typed=True)
    send(http, sender, "/need_food", button=True)
    assert page.assistant.texts == ["confirm_delete", "il saigne", "/emergency", "/need_food"]


def test_a_message_sent_again_is_answered_once(
    page: Served, http: httpx.Client, sender: str
) -> None:
    first, again = (send(http, sender, "Bonjour", id="k1").json() for _ in range(2))
    assert first == again
    assert page.assistant.texts == ["Bonjour"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"[1]",
        b'{"message": "a"}',
        b'{"sender": "s"}',
        b'{"sender": "%s", "message": "a"}' % (b"x" * 65),
        b'{"sender": "s", "message": "%s"}' % (b"x" * 4097),
        b'{"sender": "s", "message": "a", "metadata": 3}',
    ],
)
def test_bad_input_is_refused_clearly(page: Served, http: httpx.Client, body: bytes) -> None:
    answer = http.post(WEBHOOK, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert not page.assistant.heard


def test_trouble_is_said_and_only_its_kind_logged(
    page: Served, http: httpx.Client, sender: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> list[Message]:
        raise ValueError(f"secret: {text}")

    page.assistant.script = fail
    with caplog.at_level(logging.DEBUG):
        answer = send(http, sender, "je dors dehors")
    trouble = page.context.phrases.message("utter_trouble")
    assert answer.status_code == 200
    assert [one["text"] for one in answer.json()] == [trouble.text]
    assert "ValueError" in caplog.text
    for secret in ("dehors", "secret", sender):
        assert secret not in caplog.text


def test_what_was_said_before_the_trouble_is_kept(
    page: Served, http: httpx.Client, sender: str
) -> None:
    def half(_text: str):  # type: ignore[no-untyped-def]
        yield Message("Appelez le 112")
        raise KeyError("x")

    page.assistant.script = half
    texts = [one["text"] for one in send(http, sender, "aidez moi").json()]
    assert texts == ["Appelez le 112", page.context.phrases.text("utter_trouble")]


async def test_messages_of_one_sender_are_handled_in_order(page: Served, sender: str) -> None:
    running, most = 0, 0

    async def slow(message: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(20):
            await asyncio.sleep(0)
        running -= 1

    page.assistant.before = slow
    words = [str(number) for number in range(8)]
    async with httpx.AsyncClient(base_url=page.url, timeout=10) as client:
        requests = []
        for word in words:
            body = {"sender": sender, "message": word}
            requests.append(asyncio.create_task(client.post(WEBHOOK, json=body)))
        answers = await asyncio.gather(*requests)
    assert most == 1
    assert sorted(page.assistant.texts) == words
    assert [one.json()[0]["text"] for one in answers] == [f"Vous avez dit : {one}" for one in words]


def test_letters_go_when_they_are_fetched(page: Served, http: httpx.Client, sender: str) -> None:
    leave_letter(page, sender, "Bonjour, ici Sam", "Je suis là")
    found = http.get(LETTERS, params={"sender": sender}).json()
    assert [one["text"] for one in found] == ["Bonjour, ici Sam", "Je suis là"]
    assert found[0]["buttons"] == [{"title": "Oui", "payload": "/affirm"}]
    assert found[0]["recipient_id"] == sender
    assert http.get(LETTERS, params={"sender": sender}).json() == []
    assert letters_left(page) == 0


def test_letters_lost_on_the_way_come_again(page: Served, http: httpx.Client, sender: str) -> None:
    leave_letter(page, sender, "un", "deux")
    lost = http.get(LETTERS, params={"sender": sender, "seen": ""}).json()
    again = http.get(LETTERS, params={"sender": sender, "seen": ""}).json()
    assert [one["text"] for one in lost] == ["un", "deux"]
    assert again == lost
    leave_letter(page, sender, "trois")
    seen = lost[-1]["id"]
    third = http.get(LETTERS, params={"sender": sender, "seen": seen}).json()
    assert [one["text"] for one in third] == ["trois"]
    assert letters_left(page) == 1
    # The database may give the number of a letter that is gone to the next one.
    assert http.get(LETTERS, params={"sender": sender, "seen": third[0]["id"]}).json() == []
    leave_letter(page, sender, "quatre")
    last = http.get(LETTERS, params={"sender": sender, "seen": third[0]["id"]}).json()
    assert [one["text"] for one in last] == ["quatre"]
    http.get(LETTERS, params={"sender": sender})


def test_letters_are_only_for_their_reader(page: Served, http: httpx.Client, sender: str) -> None:
    leave_letter(page, sender, "pour toi")
    stranger = uuid4().hex
    assert http.get(LETTERS, params={"sender": stranger}).json() == []
    with page.context.database.session() as session:
        known = session.query(Person).filter(Person.address == stranger).count()
    assert known == 0, "asking for letters makes nobody known"
    assert len(http.get(LETTERS, params={"sender": sender}).json()) == 1


@pytest.mark.parametrize("query", ["", "?sender=", f"?sender={'x' * 65}", "?sender=a%00b"])
def test_letters_for_nobody_are_refused(http: httpx.Client, query: str) -> None:
    answer = http.get(LETTERS + query)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_somebody_who_asked_to_be_forgotten_is_nobody_after_the_turn(
    page: Served, http: httpx.Client, sender: str
) -> None:
    async def forget(message: object) -> None:
        with page.context.database.session() as session:
            mark_forgotten(session, page.assistant.heard[-1].sender_id)

    page.assistant.before = forget
    assert send(http, sender, "/confirm_delete", button=True).json()
    old = page.assistant.heard[-1].sender_id
    with page.context.database.session() as session:
        assert session.get(Person, old) is None
    page.assistant.before = None
    send(http, sender, "Bonjour")
    assert page.assistant.heard[-1].sender_id != old


def test_the_page_stands_in_the_place_of_rasas_greeting(http: httpx.Client) -> None:
    page = http.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Passerelle" in page.text
    assert http.get("/webhooks/rest/", headers={"Accept": "text/html"}).text == page.text
    assert http.get("/webhooks/rest/").json() == {"status": "ok"}


def test_headers_are_strict_and_the_page_is_small(http: httpx.Client) -> None:
    names = ["/", *(f"/webhooks/rest/static/{path.name}" for path in STATIC.iterdir())]
    for name in names:
        answer = http.get(name)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "geolocation=(self)" in answer.headers["permissions-policy"]
        assert answer.headers["content-encoding"] == "gzip"
    assert sum(path.stat().st_size for path in STATIC.iterdir()) < 40_000
    assert sum(len(asset.packed) for asset in assets().values()) < 12_000


def test_files_are_kept_and_the_page_is_asked_for_again(http: httpx.Client) -> None:
    page = http.get("/")
    assert page.headers["cache-control"] == "no-cache"
    unchanged = http.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    for name in ("page.css", "page.js", "icon.svg"):
        tag = assets()[name].tag
        assert f"{name}?v={tag}" in page.text
        asset = http.get(f"/webhooks/rest/static/{name}?v={tag}")
        assert "immutable" in asset.headers["cache-control"]
        assert http.get(f"/webhooks/rest/static/{name}").headers["cache-control"] == "no-cache"


def test_a_browser_that_cannot_unpack_gets_plain_files(http: httpx.Client) -> None:
    plain = http.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == http.get("/").text


@pytest.mark.parametrize("name", ["nothing.js", "..%2f..%2fchat.py", "%2e%2e"])
def test_no_other_file_is_served(http: httpx.Client, name: str) -> None:
    assert http.get(f"/webhooks/rest/static/{name}").status_code == 404

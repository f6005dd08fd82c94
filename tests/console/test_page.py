"""The chat page in a real browser: a talk, the keyboard, small screens, bad networks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    Route,
    expect,
    sync_playwright,
)

from bot.messages import Button, Message
from bot.outbox import Letter, post
from tests.browser import MISSING, find_chromium
from tests.console.server import Served

CHROMIUM = find_chromium()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=MISSING),
]

WEBHOOK = "**/webhooks/rest/webhook"
PHONE = {"width": 360, "height": 640}
GREETING = Message(
    "Bonjour, je suis Passerelle.\n\nDe quoi avez-vous besoin ?",
    (Button("🍲 Manger", "/need_food"), Button("📍 Partager ma position", "/share_position")),
)
CARD = Message(
    "En cas de danger, appelez :\n\nAmbulance, pompiers\n112\n\nPrévention\n0800 32 123",
    (Button("💬 Parler à un humain", "/talk_to_peer"),),
)
ODD = (
    """1. Chez <b>Nous</b><img src=x onerror="document.title='broken'">
02/538.92.76
+32 487 15 32 04
00800 2123 2123
116 000
1733
1070
01/12/2026
2026
Appelez le 112
https://www.example.org/une-page
javascript:alert(1)
"""
    + "Anticonstitutionnellement" * 8
)


def script(text: str) -> list[Message]:
    answers = {"/greet": GREETING, "/emergency": CARD, "odd": Message(ODD)}
    return [answers.get(text, Message(f"Vous avez dit : {text}"))]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def desk(browser: Browser) -> BrowserContext:
    """One browser for several people: each tab is a session of its own."""
    return browser.new_context(viewport=PHONE)


Open = Callable[..., Page]


@pytest.fixture
def opened(page: Served, browser: Browser, desk: BrowserContext) -> Iterator[Open]:
    """Opens the page in a new tab, greeted; no script error and nothing from outside."""
    page.assistant.script = script
    troubles: list[str] = []
    tabs: list[Page] = []

    def watch(request: Any) -> None:
        if not request.url.startswith((page.url, "about:")):
            troubles.append(f"outside: {request.url}")

    def open_page(**options: Any) -> Page:
        around = browser.new_context(viewport=PHONE, **options) if options else desk
        tab = around.new_page()
        tabs.append(tab)
        tab.set_default_timeout(15_000)
        tab.on("request", watch)
        tab.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        tab.on("console", lambda line: _note(line, troubles))
        tab.goto(page.url)
        expect(choice(tab, "🍲 Manger")).to_be_visible()
        return tab

    yield open_page
    for tab in tabs:
        tab.close() if tab.context is desk else tab.context.close()
    assert not troubles


def _note(line: Any, troubles: list[str]) -> None:
    if "Content Security Policy" in line.text:
        troubles.append(line.text)


def choice(tab: Page, title: str) -> Any:
    return tab.locator(".choices").get_by_role("button", name=title)


def bubbles(tab: Page, who: str = "bot") -> Any:
    return tab.locator(f"#log .{who} .bubble")


def write(tab: Page, text: str) -> None:
    tab.locator("#text").fill(text)
    tab.locator("#text").press("Enter")


def stored(tab: Page) -> dict[str, Any]:
    return json.loads(tab.evaluate("sessionStorage.getItem('passerelle')"))


def overflows(tab: Page) -> bool:
    return tab.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_talk_with_buttons_and_words(opened: Open, page: Served) -> None:
    tab = opened()
    choice(tab, "🍲 Manger").click()
    expect(bubbles(tab).last).to_contain_text("Vous avez dit : /need_food")
    expect(bubbles(tab, "you").last).to_contain_text("🍲 Manger")
    write(tab, "/confirm_delete j'ai faim")
    expect(bubbles(tab).last).to_contain_text("Vous avez dit : confirm_delete j'ai faim")
    tab.get_by_role("button", name="☰ Menu").click()
    expect(bubbles(tab).last).to_contain_text("/menu")
    tab.locator("#urgent").click()
    expect(bubbles(tab).last).to_contain_text("0800 32 123")
    choice(tab, "🍲 Manger").click()  # an old button still works
    expect(bubbles(tab).last).to_contain_text("/need_food")
    assert page.assistant.texts == [
        "/greet", "/need_food", "confirm_delete j'ai faim", "/menu", "/emergency", "/need_food",
    ]  # fmt: skip
    assert len({message.sender_id for message in page.assistant.heard}) == 1


def test_the_sender_is_random_and_only_of_this_session(opened: Open) -> None:
    tabs = [opened(), opened()]
    senders = {stored(tab)["sender"] for tab in tabs}
    assert len(senders) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", sender) for sender in senders)
    assert tabs[0].evaluate("localStorage.length") == 0
    assert tabs[0].context.cookies() == []


def test_a_reload_goes_on_where_it_was(opened: Open, page: Served) -> None:
    tab = opened()
    write(tab, "bonjour")
    expect(bubbles(tab)).to_have_count(2)
    tab.reload()
    expect(bubbles(tab)).to_have_count(2)
    expect(choice(tab, "🍲 Manger")).to_be_visible()
    write(tab, "encore")
    expect(bubbles(tab)).to_have_count(3)
    assert page.assistant.texts == ["/greet", "bonjour", "encore"]


def test_small_screens_have_no_sideways_scroll(opened: Open) -> None:
    tab = opened()
    write(tab, "odd")
    expect(bubbles(tab)).to_have_count(2)
    write(tab, "x" * 300)
    expect(bubbles(tab)).to_have_count(3)
    phone_at_200_percent, desk_at_400_percent = (180, 320), (320, 256)
    for width, height in ((360, 640), desk_at_400_percent, phone_at_200_percent):
        tab.set_viewport_size({"width": width, "height": height})
        assert not overflows(tab), f"{width}x{height}"


def test_urgence_and_menu_stay_in_sight(opened: Open) -> None:
    tab = opened()
    write(tab, "odd")
    expect(bubbles(tab)).to_have_count(2)
    for width, height in ((360, 640), (500, 350), (1000, 700)):
        tab.set_viewport_size({"width": width, "height": height})
        for place in ("0", "document.documentElement.scrollHeight"):
            tab.evaluate(f"scrollTo(0, {place})")
            expect(tab.locator("#urgent")).to_be_in_viewport(ratio=1)
            expect(tab.locator("#menu")).to_be_in_viewport(ratio=1)


def test_what_is_touched_is_large_enough(opened: Open) -> None:
    tab = opened()
    tab.locator("#urgent").click()
    expect(bubbles(tab)).to_have_count(2)
    for target in tab.locator("button:visible, a.tel:visible, textarea").all():
        box = target.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44, target.text_content()


def test_the_start_of_a_long_answer_is_in_sight(opened: Open, page: Served) -> None:
    tab = opened()
    page.assistant.script = lambda _text: [CARD, Message("\n\n".join(["Ligne"] * 40))]
    write(tab, "aidez moi")
    expect(bubbles(tab)).to_have_count(3)
    expect(bubbles(tab).nth(1)).to_be_in_viewport(ratio=1)


def test_six_lines_of_an_emergency_card_fit_on_a_phone(opened: Open, page: Served) -> None:
    tab = opened()
    lines = [f"Violences conjugales {at}\n0800 30 03{at}" for at in range(6)]
    page.assistant.script = lambda _text: [Message("\n\n".join(["Vous pouvez appeler :", *lines]))]
    write(tab, "aidez moi")
    expect(bubbles(tab)).to_have_count(2)
    expect(bubbles(tab).last.locator("a.tel").first).to_be_in_viewport(ratio=1)
    expect(bubbles(tab).last.locator("a.tel").last).to_be_in_viewport(ratio=1)


def test_a_whole_talk_by_keyboard(opened: Open, page: Served) -> None:
    tab = opened()
    keys = tab.keyboard
    keys.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    expect(tab.locator(".skip")).to_be_in_viewport()
    keys.press("Enter")
    expect(tab.locator("#text")).to_be_focused()
    keys.type("bonjour")
    keys.press("Shift+Enter")
    keys.type("j'ai froid")
    keys.press("Enter")
    expect(bubbles(tab).last).to_contain_text("j'ai froid")
    expect(tab.locator("#text")).to_have_value("")
    assert page.assistant.texts[-1] == "bonjour\nj'ai froid"
    for _ in range(20):
        keys.press("Shift+Tab")
        if tab.evaluate("document.activeElement.textContent") == "🍲 Manger":
            break
    expect(choice(tab, "🍲 Manger")).to_be_focused()
    outline = choice(tab, "🍲 Manger").evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    keys.press("Enter")
    expect(bubbles(tab).last).to_contain_text("/need_food")


def test_the_focus_is_never_behind_the_header_or_the_field(opened: Open) -> None:
    tab = opened()
    tab.locator("#urgent").click()
    write(tab, "odd")
    expect(bubbles(tab)).to_have_count(3)
    hidden = """() => {
      const one = document.activeElement, box = one.getClientRects()[0];
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return one !== at && !one.contains(at) ? one.textContent : "";
    }"""
    tab.locator("#text").focus()
    for _ in range(14):
        tab.keyboard.press("Shift+Tab")
        if tab.evaluate("document.activeElement === document.body"):
            break
        assert tab.evaluate(hidden) == ""


def test_numbers_are_links_and_texts_are_only_text(opened: Open) -> None:
    tab = opened()
    write(tab, "odd")
    expect(bubbles(tab)).to_have_count(2)
    links = bubbles(tab).last.locator("a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "tel:025389276",
        "tel:+32487153204",
        "tel:0080021232123",
        "tel:116000",
        "tel:1733",
        "https://www.example.org/une-page",
    ]
    assert "noreferrer" in str(links.last.get_attribute("rel"))
    expect(bubbles(tab).last).to_contain_text("<b>Nous</b><img src=x onerror=")
    assert bubbles(tab).last.locator("b, img").count() == 0
    assert tab.title() == "Passerelle"
    assert bubbles(tab).last.inner_text().count("\n") >= 12
    tab.locator("#urgent").click()
    expect(tab.locator('a[href="tel:112"]:visible')).to_have_count(1)


def test_the_position_is_shared(opened: Open, page: Served) -> None:
    place = {"latitude": 50.84661234, "longitude": 4.35281234}
    tab = opened(permissions=["geolocation"], geolocation=place)
    choice(tab, "📍 Partager ma position").click()
    expect(bubbles(tab, "you").last).to_contain_text("📍 Ma position")
    expect(bubbles(tab)).to_have_count(2)
    assert page.assistant.texts[-1] == '/give_location{"position": "50.8466,4.3528"}'


def test_a_refused_position_leads_to_the_field(opened: Open, page: Served) -> None:
    tab = opened()
    choice(tab, "📍 Partager ma position").click()
    expect(bubbles(tab, "note")).to_contain_text("code postal")
    expect(tab.locator("#text")).to_be_focused()
    expect(tab.locator("#typing")).to_be_hidden()
    assert page.assistant.texts == ["/greet"]


def test_no_network_loses_nothing(opened: Open, page: Served) -> None:
    tab = opened()
    tab.route(WEBHOOK, lambda route: route.abort())
    write(tab, "un")
    trouble = tab.locator("#trouble")
    expect(trouble).to_contain_text("n'est pas parti")
    expect(trouble.locator('a[href="tel:112"]')).to_be_visible()
    write(tab, "deux")
    expect(trouble).to_be_visible()
    assert page.assistant.texts == ["/greet"]
    tab.unroute(WEBHOOK)
    tab.get_by_role("button", name="Réessayer").click()
    expect(bubbles(tab)).to_have_count(3)
    expect(trouble).to_be_hidden()
    expect(tab.locator("#text")).to_be_focused()
    assert page.assistant.texts == ["/greet", "un", "deux"]
    assert stored(tab)["queue"] == []


def test_what_was_not_sent_is_sent_after_a_reload(opened: Open, page: Served) -> None:
    tab = opened()
    tab.route(WEBHOOK, lambda route: route.abort())
    write(tab, "un")
    expect(tab.locator("#trouble")).to_be_visible()
    tab.unroute(WEBHOOK)
    tab.reload()
    expect(bubbles(tab)).to_have_count(2)
    assert page.assistant.texts == ["/greet", "un"]


def test_an_answer_lost_on_the_way_is_no_second_message(opened: Open, page: Served) -> None:
    tab = opened()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    tab.route(WEBHOOK, lose)
    write(tab, "un")
    expect(tab.locator("#trouble")).to_be_visible()
    tab.unroute(WEBHOOK)
    tab.get_by_role("button", name="Réessayer").click()
    expect(bubbles(tab).last).to_contain_text("Vous avez dit : un")
    assert page.assistant.texts == ["/greet", "un"]


def test_a_broken_server_is_tried_again(opened: Open) -> None:
    tab = opened()
    tab.route(WEBHOOK, lambda route: route.fulfill(status=502, body="<html>"))
    write(tab, "un")
    expect(tab.locator("#trouble")).to_be_visible()
    tab.unroute(WEBHOOK)
    tab.evaluate("dispatchEvent(new Event('online'))")
    expect(bubbles(tab).last).to_contain_text("Vous avez dit : un")


def test_a_refused_message_goes_back_to_the_field(opened: Open) -> None:
    tab = opened()
    error = {"error": "Le message est trop long."}
    tab.route(WEBHOOK, lambda route: route.fulfill(status=400, json=error))
    write(tab, "un long texte")
    expect(bubbles(tab, "note")).to_contain_text("trop long")
    expect(tab.locator("#text")).to_have_value("un long texte")
    assert stored(tab)["queue"] == []


def test_letters_arrive_once(opened: Open, page: Served) -> None:
    tab = opened()
    tab.clock.install()
    write(tab, "je veux parler à quelqu'un")
    expect(bubbles(tab)).to_have_count(2)
    with page.context.database.session() as session:
        person = page.assistant.heard[-1].sender_id
        post(session, person, Message("Bonjour, ici Sam"), page.context.now())
    with tab.expect_response("**/letters?*"):
        tab.clock.run_for(5000)
    expect(bubbles(tab).last).to_contain_text("Bonjour, ici Sam")
    with tab.expect_response("**/letters?*") as second:
        tab.clock.run_for(5000)
    assert second.value.json() == []
    expect(bubbles(tab)).to_have_count(3)
    with page.context.database.session() as session:
        assert session.query(Letter).count() == 0


def test_nothing_is_fetched_before_the_first_message(opened: Open) -> None:
    tab = opened()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.clock.install()
    tab.clock.run_for(60_000)
    assert asked == []


def test_starting_again_leaves_nothing(opened: Open, page: Served) -> None:
    tab = opened()
    write(tab, "mon secret")
    expect(bubbles(tab)).to_have_count(2)
    old = stored(tab)["sender"]
    asked: list[Dialog] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog)
        dialog.accept()

    tab.on("dialog", agree)
    tab.get_by_role("button", name="Effacer l'écran et recommencer").click()
    expect(bubbles(tab)).to_have_count(1)
    expect(choice(tab, "🍲 Manger")).to_be_visible()
    expect(tab.locator("#log")).not_to_contain_text("mon secret")
    assert len(asked) == 1
    assert stored(tab)["sender"] != old
    first, new = _senders(page, "/greet")
    assert first != new
    for _ in range(50):  # the goodbye of the old session may come after the new one's greeting
        if _senders(page, "/stop_all"):
            break
        tab.wait_for_timeout(100)
    assert _senders(page, "/stop_all") == [first]


def _senders(page: Served, text: str) -> list[str]:
    """Who said a text to the assistant, in order."""
    return [one.sender_id for one in page.assistant.heard if one.text == text]


def test_starting_again_can_be_refused(opened: Open) -> None:
    tab = opened()
    tab.on("dialog", lambda dialog: dialog.dismiss())
    write(tab, "mon texte")
    expect(bubbles(tab)).to_have_count(2)
    tab.get_by_role("button", name="Effacer l'écran et recommencer").click()
    expect(bubbles(tab)).to_have_count(2)


def test_quitting_leaves_a_neutral_page_and_no_way_back(opened: Open, page: Served) -> None:
    tab = opened()
    write(tab, "mon secret")
    expect(bubbles(tab)).to_have_count(2)
    tab.get_by_role("button", name="Quitter vite").click()
    tab.wait_for_url("about:blank")
    assert tab.evaluate("history.length") <= 2
    tab.goto(page.url)
    expect(choice(tab, "🍲 Manger")).to_be_visible()
    expect(tab.locator("#log")).not_to_contain_text("mon secret")
    assert page.assistant.texts.count("/greet") == 2


@pytest.mark.parametrize("width", [360, 1000])
def test_axe_finds_nothing_in_light_and_dark(opened: Open, width: int) -> None:
    tab = opened(reduced_motion="reduce")
    tab.set_viewport_size({"width": width, "height": 700})
    tab.locator("#urgent").click()
    expect(bubbles(tab)).to_have_count(2)
    choice(tab, "📍 Partager ma position").click()
    expect(bubbles(tab, "note")).to_be_visible()
    tab.route(WEBHOOK, lambda route: route.abort())
    write(tab, "un")
    expect(tab.locator("#trouble")).to_be_visible()
    tab.evaluate("document.getElementById('typing').hidden = false")
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        found = Axe().run(tab, options={"runOnly": rules, "resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


def test_dark_and_light_differ_and_motion_may_stop(opened: Open) -> None:
    tab = opened()
    seen = set()
    for scheme, motion, moving in (("light", "no-preference", "come"), ("dark", "reduce", "none")):
        tab.emulate_media(color_scheme=scheme, reduced_motion=motion)
        seen.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        animation = "getComputedStyle(document.querySelector('.message')).animationName"
        assert tab.evaluate(animation) == moving
    assert len(seen) == 2


def test_without_javascript_there_are_numbers_to_call(browser: Browser, page: Served) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    tab = context.new_page()
    tab.goto(page.url)
    expect(tab.locator('a[href="tel:112"]:visible')).to_have_count(1)
    context.close()

"""`passerelle run`: what is missing is said in one sentence; the page talks with the real model."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from bot.errors import DatabaseError, ModelError, SettingsError, TelegramError
from bot.server import build_app, prepare, serve, tracker_store
from bot.settings import Settings
from tests.browser import find_chromium


def settings_for(tmp_path: Path, **options: object) -> Settings:
    return Settings(**{"database_url": f"sqlite:///{tmp_path}/run.db", **options})


def test_a_busy_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} is busy.*CONSOLE_PORT"):
            serve(settings_for(tmp_path, console_port=port), print)


def test_an_unreachable_telegram_is_said_before_anything_starts(tmp_path: Path) -> None:
    options = settings_for(
        tmp_path,
        console_port=free_port(),
        telegram_token="1:nobody",
        telegram_api_url="http://127.0.0.1:9",
    )
    with pytest.raises(TelegramError):
        serve(options, print)


def test_an_unreadable_database_is_said_in_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, " * 100)
    with pytest.raises(DatabaseError, match="DATABASE_URL"):
        prepare(Settings(database_url=f"sqlite:///{broken}"), print)


def test_a_model_that_is_not_there_is_said_with_the_command_that_makes_it(tmp_path: Path) -> None:
    from bot.assistant import load_agent

    with pytest.raises(ModelError, match="passerelle train"):
        load_agent(tmp_path / "none.tar.gz")


@pytest.mark.model
def test_a_second_set_up_trains_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    prepare(settings_for(tmp_path), told.append)
    prepare(settings_for(tmp_path), told.append)
    assert told == []


def test_talks_are_kept_in_the_same_database(tmp_path: Path) -> None:
    store = tracker_store(settings_for(tmp_path))
    assert str(store.engine.url.database) == f"{tmp_path}/run.db"


@pytest.mark.model
@pytest.mark.browser
async def test_a_person_finds_a_meal_on_the_chat_page(tmp_path: Path) -> None:
    """The real page in a real browser, with the real model behind it; leaves a screenshot."""
    browser_path = find_chromium()
    if browser_path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.async_api import async_playwright

    from tests.console.server import running

    with running(build_app(settings_for(tmp_path))) as address:
        async with async_playwright() as playwright:
            await _find_a_meal(playwright, browser_path, address)


async def _find_a_meal(playwright: Any, browser_path: Path, address: str) -> None:
    browser = await playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
    page = await browser.new_page(viewport={"width": 360, "height": 740})
    await page.goto(address)
    await page.get_by_text("De quoi avez-vous besoin").first.wait_for()
    field = page.get_by_role("textbox")
    await field.fill("jai pa mangé depui hier")
    await field.press("Enter")
    await page.get_by_text("dans quelle commune").first.wait_for()
    await field.fill("1070")
    await field.press("Enter")
    await page.get_by_role("button", name="Autres adresses").first.wait_for()
    assert await page.locator("a[href^='tel:']").count() > 0
    shots = Path(__file__).resolve().parent.parent / "var" / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=shots / "chat.png")
    await browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Every setting: from the environment or `.env`, and wrong ones in one sentence."""

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT, Settings, read_settings


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting of this machine: an empty `.env`, an empty environment."""
    for field in Settings.__fields__.values():
        monkeypatch.delenv(field.field_info.extra["env"], raising=False)
    monkeypatch.setattr("bot.settings.ENV_FILE", tmp_path / ".env")
    return tmp_path / ".env"


def test_nothing_needs_to_be_set() -> None:
    options = read_settings()
    assert options.telegram_token == ""
    assert options.telegram_api_url == "https://api.telegram.org"
    assert options.console_port == 8080
    assert options.database == f"sqlite:///{ROOT / 'var' / 'passerelle.db'}"
    assert options.models_dir == ROOT / "var" / "models"


def test_the_environment_counts_more_than_the_file(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.write_text("CONSOLE_PORT=9000\nLOG_LEVEL=debug\n", encoding="utf-8")
    assert (read_settings().console_port, read_settings().log_level) == (9000, "DEBUG")
    monkeypatch.setenv("CONSOLE_PORT", "9001")
    assert read_settings().console_port == 9001


def test_addresses_lose_their_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://localhost:8081/")
    assert read_settings().telegram_api_url == "http://localhost:8081"


def test_another_database_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/n")
    assert read_settings().database == "postgresql://u:p@h/n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSOLE_PORT", "http"),
        ("CONSOLE_PORT", "0"),
        ("CONSOLE_PORT", "70000"),
        ("LOG_LEVEL", "loud"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_WEBHOOK_URL", "ftp://example.org"),
        ("TELEGRAM_WEBHOOK_SECRET", "not allowed!"),
        ("TELEGRAM_WEBHOOK_SECRET", "é"),
        ("TELEGRAM_WEBHOOK_SECRET", "a" * 257),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_option(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        read_settings()
    said = str(error.value)
    assert said.startswith(f"The option {name} has a value that cannot be used")
    assert "Correct it in the environment or in .env." in said
    assert "\n" not in said


def test_a_secret_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "hunter 2!")
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert "hunter" not in str(error.value)


def test_the_file_may_hold_comments_quotes_and_empty_lines(alone: Path) -> None:
    alone.write_text(
        "# the token\n\nexport TELEGRAM_TOKEN='1:a=b'\n REDIS_URL = redis://x \nOTHER=1\n"
    )
    assert read_settings().telegram_token == "1:a=b"
    assert read_settings().redis_url == "redis://x"


def test_a_line_without_a_value_is_named(alone: Path) -> None:
    alone.write_text("LOG_LEVEL=INFO\nTELEGRAM_TOKEN\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"Line 2 of \.env is not NAME=value"):
        read_settings()


def test_a_file_that_cannot_be_read_is_one_sentence(alone: Path) -> None:
    alone.write_bytes(b"TELEGRAM_TOKEN=\xe9\n")
    with pytest.raises(SettingsError, match=r"The file \.env cannot be read"):
        read_settings()


def test_every_option_stands_in_the_example_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.M))
    assert listed == {field.field_info.extra["env"] for field in Settings.__fields__.values()}

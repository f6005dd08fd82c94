"""Every setting, read once, from the environment and from `.env`."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseSettings, Field, ValidationError, validator

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"

Source = Callable[[BaseSettings], dict[str, Any]]


class Settings(BaseSettings):
    """The options of `.env.example`, with their defaults."""

    telegram_token: str = Field("", env="TELEGRAM_TOKEN")
    telegram_api_url: str = Field("https://api.telegram.org", env="TELEGRAM_API_URL")
    telegram_webhook_url: str = Field("", env="TELEGRAM_WEBHOOK_URL")
    telegram_webhook_secret: str = Field("", env="TELEGRAM_WEBHOOK_SECRET")
    database_url: str = Field("", env="DATABASE_URL")
    redis_url: str = Field("", env="REDIS_URL")
    console_port: int = Field(8080, env="CONSOLE_PORT", ge=1, le=65535)
    var_dir: Path = Field(ROOT / "var", env="PASSERELLE_VAR")
    log_level: str = Field("INFO", env="LOG_LEVEL")

    class Config:
        @classmethod
        def customise_sources(
            cls, init_settings: Source, env_settings: Source, file_secret_settings: Source
        ) -> tuple[Source, ...]:
            return init_settings, env_settings, _of_file

    @validator("telegram_webhook_secret")
    def _secret_alphabet(cls, value: str) -> str:
        # Bot API, setWebhook: 1-256 characters, A-Z, a-z, 0-9, _ and -.
        if value and not (
            len(value) <= 256
            and value.replace("-", "").replace("_", "").isascii()
            and value.replace("-", "").replace("_", "").isalnum()
        ):
            raise ValueError("only letters, digits, _ and -, at most 256 of them")
        return value

    @validator("telegram_api_url", "telegram_webhook_url")
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @validator("log_level")
    def _level(cls, value: str) -> str:
        level = value.upper()
        if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("one of DEBUG, INFO, WARNING, ERROR")
        return level

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; SQLite under `var/` unless told otherwise."""
        return self.database_url or f"sqlite:///{self.var_dir / 'passerelle.db'}"

    @property
    def models_dir(self) -> Path:
        return self.var_dir / "models"


def _of_file(settings: BaseSettings) -> dict[str, Any]:
    """The options that stand in `.env`: NAME=value lines, # comments, quotes if one likes."""
    if not ENV_FILE.exists():
        return {}
    options: dict[str, str] = {}
    for number, line in enumerate(ENV_FILE.read_text(encoding="utf-8").splitlines(), start=1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals:
            raise SettingsError(f"Line {number} of .env is not NAME=value.")
        options[name.strip()] = value.strip().strip("\"'")
    fields = settings.__fields__.values()
    names = {field.field_info.extra["env"]: field.alias for field in fields}
    return {alias: options[name] for name, alias in names.items() if name in options}


def read_settings() -> Settings:
    """Read the settings anew.

    Raises:
        SettingsError: naming the first option that is wrong.
    """
    try:
        return Settings()  # type: ignore[call-arg]
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env cannot be read ({error}).") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = Settings.__fields__[str(first["loc"][0])]
        name = field.field_info.extra.get("env", field.name)
        raise SettingsError(
            f"The option {name} has a value that cannot be used: {first['msg']}. "
            "Correct it in the environment or in .env."
        ) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return read_settings()

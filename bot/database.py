"""The one door to the database: SQLite by default, PostgreSQL when it grows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import DatabaseError as DBError
from sqlalchemy.orm import Session, registry, sessionmaker
from sqlalchemy.types import TypeDecorator

from bot.errors import DatabaseError

mapper_registry = registry()
Base: Any = mapper_registry.generate_base()


class Moment(TypeDecorator):
    """An aware moment, kept as naive UTC so that SQLite and PostgreSQL agree."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment in the database must know its time zone")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.replace(tzinfo=timezone.utc)


class Database:
    """An engine and its sessions.

    Raises:
        DatabaseError: when the address is malformed or the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise DatabaseError(
                "DATABASE_URL is not an address that SQLAlchemy can read; "
                "write for example postgresql://user:password@host/name, or leave it out."
            ) from None
        self.url = url
        self._where = parsed.render_as_string(hide_password=True)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            self._make_folder(Path(parsed.database))
        try:
            self.engine: Engine = self._engine(parsed.get_backend_name())
        except (ArgumentError, ImportError) as error:
            raise DatabaseError(
                f"DATABASE_URL names a kind of database that cannot be used here ({error}); "
                "write for example postgresql://user:password@host/name, or leave it out."
            ) from None
        self._sessions = sessionmaker(self.engine, future=True, expire_on_commit=False)

    def _engine(self, backend: str) -> Engine:
        if backend != "sqlite":
            return create_engine(self.url, future=True, pool_pre_ping=True, hide_parameters=True)
        # The values of a statement may be what people wrote: no error shows them.
        engine = create_engine(
            self.url, future=True, hide_parameters=True, connect_args={"timeout": 10}
        )

        @event.listens_for(engine, "connect")
        def _pragmas(connection, _record):  # type: ignore[no-untyped-def]
            cursor = connection.cursor()
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA secure_delete = ON")  # "oublie-moi" leaves no trace in the file
            cursor.close()

        return engine

    def _make_folder(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(
                f"The folder {path.parent} for the database cannot be made ({error.strerror}); "
                "choose another place with DATABASE_URL."
            ) from None

    def create(self) -> None:
        """Create the tables that are not there yet.

        Raises:
            DatabaseError: when the database cannot be reached, read or written.
        """
        import_models()
        try:
            Base.metadata.create_all(self.engine)
        except SQLAlchemyError as error:
            raise self.unusable(error) from None

    def unusable(self, error: SQLAlchemyError) -> DatabaseError:
        """One sentence for an error of the driver, without the statement's values."""
        cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        return DatabaseError(
            f"The database {self._where} cannot be used ({cause}); "
            "check DATABASE_URL, the file's rights and the space left on the disk."
        )

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction: committed at the end, undone by any error.

        Raises:
            DatabaseError: when the database itself fails.
        """
        session = self._sessions()
        try:
            yield session
            session.commit()
        except IntegrityError:  # a law of the tables, for the caller to answer
            session.rollback()
            raise
        except DBError as error:
            session.rollback()
            raise self.unusable(error) from None
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


def import_models() -> None:
    """Import every module that maps a table, so that `Base` knows them all."""
    import bot.directory.models
    import bot.handoff.models
    import bot.outbox
    import bot.people
    import bot.telegram.models  # noqa: F401

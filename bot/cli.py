"""The command `passerelle`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import clock
from bot.errors import PasserelleError
from bot.messages import payload
from bot.quiet import hush
from bot.settings import Settings, settings


@click.group()
def app() -> None:
    """Passerelle: a French assistant for people in precarity."""


@app.group("directory")
def directory_app() -> None:
    """The directory of services."""


@app.group("peers")
def peers_app() -> None:
    """The peer workers."""


def main() -> NoReturn:
    """Run the command; what goes wrong is said in one sentence, with exit status 2."""
    try:
        status = app(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.ctx.get_help() if error.ctx else "", file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message())
    except PasserelleError as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        known = _known_cause(error)
        if known is None:
            raise
        _fail(str(known))


def _known_cause(error: BaseException | None) -> PasserelleError | None:
    """Our own error behind one of Rasa's, which wraps what its components raise."""
    while error is not None and not isinstance(error, PasserelleError):
        error = error.__cause__ or error.__context__
    return error


def _fail(sentence: str) -> NoReturn:
    print(f"passerelle: {' '.join(sentence.split())}", file=sys.stderr)
    sys.exit(2)


def _begin() -> Settings:
    options = settings()
    hush(options.log_level)
    return options


@app.command()
def run() -> None:
    """Start the assistant: on Telegram where there is a token, and the chat page on loopback."""
    options = _begin()
    from bot.server import serve

    serve(options, click.echo)


@app.command()
def setup() -> None:
    """Create the database, load the directory, train the model if there is none for the data."""
    options = _begin()
    from bot.server import prepare

    prepare(options, click.echo)


@app.command()
def train() -> None:
    """Train the model on the present data."""
    options = _begin()
    from bot import training

    click.echo("Entraînement du modèle (une à trois minutes) :")
    training.train(options, click.echo)


@app.command()
def parse() -> None:
    """Read JSON lines with `text`; print what is understood of each, one line each."""
    options = _begin()
    from bot.assistant import load_agent
    from bot.assistant import parse as understand
    from bot.training import model_file

    agent = None
    for number, record in _json_lines():
        text = record.get("text")
        if not isinstance(text, str):
            raise click.UsageError(f'line {number}: has no `text`; write {{"text": "…"}}.')
        agent = agent or load_agent(model_file(options), actions=False)
        _print_json(asyncio.run(understand(agent, text)))


@app.command()
@click.option("--at", help="The time it is, for example 2026-11-22T21:30.")
def reply(at: str | None) -> None:
    """Read JSON lines with `sender` and `text`, `payload` or `location`; print each answer."""
    _set_clock(at)
    options = _begin()
    from bot.talk import Talk

    talk: Talk | None = None
    loop = asyncio.new_event_loop()
    for number, record in _json_lines():
        sender, words = _heard(number, record)
        talk = talk or Talk(options)
        _print_json(loop.run_until_complete(talk.reply(sender, words)))


@app.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(files: tuple[Path, ...], as_json: bool) -> None:
    """Measure the model on messages that it was not trained on."""
    options = _begin()
    from bot.evaluation import evaluate_files, table

    figures = evaluate_files(list(files), options)
    click.echo(json.dumps(figures.as_dict(), ensure_ascii=False) if as_json else table(figures))


@directory_app.command("search")
def directory_search() -> None:
    """Read JSON lines with `need`, `commune`, `position`, `at`…; print the services found."""
    options = _begin()
    from bot.context import build
    from bot.directory.queries import answer_query

    around = build(options)
    for number, record in _json_lines():
        with around.database.session() as session:
            _print_json(answer_query(session, record, number, around.now()))


@directory_app.command("check")
def directory_check() -> None:
    """Read the directory's files and say whether each line can be used."""
    _begin()
    from bot.directory.loader import check_directory

    click.echo(f"{check_directory()} services: every line can be used.")


@peers_app.command("invite")
@click.argument("alias")
@click.option("--experience", default="", help="What they have lived through, in a few words.")
@click.option("--languages", default="fr", help="Codes, `;` between them: fr;nl;ar.")
@click.option("--hours", default="", help="Hours on duty, as OpenStreetMap writes them.")
def peers_invite(alias: str, experience: str, languages: str, hours: str) -> None:
    """Make a one-time link by which a peer worker joins on Telegram."""
    options = _begin()
    from bot.context import build
    from bot.invitations import invitation_link

    click.echo(asyncio.run(invitation_link(build(options), alias, experience, languages, hours)))


def _set_clock(at: str | None) -> None:
    if at is None:
        return
    try:
        clock.set_clock(clock.fixed(datetime.fromisoformat(at)))
    except ValueError:
        raise click.BadParameter(
            f"{at!r} is not a moment; write for example 2026-11-22T21:30.", param_hint="--at"
        ) from None


def _json_lines() -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects on standard input, with their line numbers."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            raise click.UsageError(f"line {number}: is not JSON in UTF-8.") from None
        if not isinstance(record, dict):
            raise click.UsageError(f"line {number}: is not a JSON object.")
        yield number, record


def _heard(number: int, record: dict[str, Any]) -> tuple[str, str]:
    sender = record.get("sender")
    if not isinstance(sender, str) or not sender:
        raise click.UsageError(f"line {number}: has no `sender`.")
    place = record.get("location")
    if place is not None:
        if not _is_position(place):
            raise click.UsageError(f"line {number}: `location` is not [latitude, longitude].")
        return sender, payload("give_location", position=f"{place[0]},{place[1]}")
    tapped = record.get("payload")
    if isinstance(tapped, str):
        return sender, tapped
    text = record.get("text")
    if not isinstance(text, str):
        raise click.UsageError(f"line {number}: has neither `text`, `payload` nor `location`.")
    return sender, text.lstrip("/")


def _is_position(place: object) -> bool:
    return (
        isinstance(place, list)
        and len(place) == 2
        and all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in place)
        and -90 <= place[0] <= 90
        and -180 <= place[1] <= 180
    )


def _print_json(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()

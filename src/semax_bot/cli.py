"""One command, `semax-bot`. Each subcommand imports only the surface it starts, so that `ask` answers at once."""

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from semax_bot import __version__
from semax_bot.errors import SemaxBotError, StoreError, UnknownEntry

if TYPE_CHECKING:
    from semax_bot.reply import Reply
    from semax_bot.settings import Settings
    from semax_bot.store.stats import Stats
    from semax_bot.tutor import Tutor

FAULTY = 1  # exit codes: what was checked has faults,
UNUSABLE = 2  # or we could not start: bad settings, unreadable content, a wrong command line

app = typer.Typer(
    name="semax-bot",
    help="A course tutor that lives in a chat.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Content = Annotated[
    Path | None, typer.Option("--content", metavar="DIR", help="The course to use (else SEMAX_BOT_CONTENT, else ours).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> NoReturn:
    """Run the command line; whatever is wrong ends in a line for a person and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a screen that cannot show an icon still shows the card
    try:
        app()
    except SemaxBotError as error:
        print(error, file=sys.stderr)
        sys.exit(UNUSABLE)
    sys.exit(0)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"semax-bot {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


@app.command()
def run(content: Content = None) -> None:
    """Start the bot on Telegram, and the page if SEMAX_BOT_WEB_URL is set; without a token, the chat right here."""
    settings, tutor = _start(content)
    if settings.token is None:
        print(
            "SEMAX_BOT_TOKEN is not set (environment or .env), so here is the tutor in your terminal.", file=sys.stderr
        )
        from semax_bot.terminal.chat import chat as talk

        raise typer.Exit(talk(settings, tutor))
    from semax_bot.telegram.app import run as serve

    if not settings.web_url:
        raise typer.Exit(serve(settings, tutor))
    from semax_bot.web.server import serve as page

    raise typer.Exit(serve(settings, tutor, page))


@app.command()
def chat(content: Content = None) -> None:
    """Talk with the tutor at a prompt, or pipe questions in."""
    from semax_bot.terminal.chat import chat as talk

    raise typer.Exit(talk(*_start(content)))


@app.command()
def ask(
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION", help="The question, or - to read one per line from standard input."),
    ],
    as_json: Json = False,
    after: Annotated[
        str | None, typer.Option(metavar="ENTRY", help="The entry that a follow-up ('why?') is about.")
    ] = None,
    content: Content = None,
) -> None:
    """Answer one question, or one per line."""
    from semax_bot.wire import text_lines

    _, tutor = _start(content)
    if after and after not in tutor.course.entries:
        raise UnknownEntry(
            f"--after {after}: there is no such entry. Ask without it, and `ask --json` shows the entry."
        )
    given = " ".join(question)
    questions = text_lines(sys.stdin.buffer) if given == "-" else [os.fsencode(given).decode("utf-8", "replace")]
    for asked in questions:
        _print(asked, tutor.ask(asked, after), as_json)


@app.command()
def check(folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="The course to check.")] = None) -> None:
    """Check the content; names each fault with its file, line, entry and what to do."""
    from semax_bot.course.check import check as faults_in

    settings = _settings(folder)
    faults = faults_in(settings.content)
    print(*faults or [f"No faults in {settings.content}."], sep="\n")
    raise typer.Exit(FAULTY if faults else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a content file, for editors."""
    from semax_bot.course.schema import schema as text

    print(text())


@app.command("eval")
def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="Questions with the entries that answer them (YAML)."
        ),
    ],
    as_json: Json = False,
    content: Content = None,
) -> None:
    """Score the answers to a file of questions, beside two plain baselines."""
    from semax_bot.evaluate import evaluate as score

    _, tutor = _start(content)
    report = score(tutor, file)
    print(json.dumps(report.as_json(), indent=2, ensure_ascii=False) if as_json else report.table())


@app.command()
def web(
    host: Annotated[str, typer.Option(help="Where to listen; 0.0.0.0 is every network of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free one.")] = 8080,
    content: Content = None,
) -> None:
    """Serve the page: charts, cards and the tutor in a browser."""
    from semax_bot.web.server import web as surface

    raise typer.Exit(surface(*_start(content), host, port))


@app.command()
def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it is not there.")],
    content: Content = None,
) -> None:
    """Write charts and cards as plain files for any web host; the tutor stays in the chat."""
    import asyncio

    from semax_bot.charts.worker import Charts
    from semax_bot.web.site import write

    _, tutor = _start(content)
    print(f"{asyncio.run(write(tutor, Charts(), folder))} files are in {folder}; copy them to any host of plain files.")


@app.command()
def stats(as_json: Json = False) -> None:
    """Count learners and answers, and list the items and entries that need work; without anyone's name."""
    import asyncio

    counts = asyncio.run(_stats(_settings(None)))
    print(json.dumps(counts.as_json(), indent=2) if as_json else counts.table())


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to put the copy.")]) -> None:
    """Copy the database to a file, also while the bot runs."""
    from semax_bot.store.backup import backup as copy

    copy(_database(_settings(None)), file)
    print(f"Backed up to {file}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
) -> None:
    """Put a backup in the place of the database, while no bot runs."""
    from semax_bot.store.backup import restore as put_back

    database = _database(_settings(None))
    put_back(file, database, force)
    print(f"Restored {file} to {database}.")


@app.command("export-anki")
def export_anki(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, or - for standard output.")],
    content: Content = None,
) -> None:
    """Write the quiz items as notes that Anki imports."""
    from semax_bot.course.load import load
    from semax_bot.quiz.anki import notes

    text = notes(load(_settings(content).content)).encode()
    if str(file) == "-":
        sys.stdout.buffer.write(text)
        return
    try:
        file.write_bytes(text)
    except OSError as error:
        raise SemaxBotError(f"{file} cannot be written ({error.strerror}). Name another file.") from error


async def _stats(settings: "Settings") -> "Stats":
    from semax_bot.store.stats import stats as count
    from semax_bot.store.store import Store

    store = await Store.open(settings.database_url.get_secret_value(), settings.data)
    try:
        async with store.reading() as conn:
            return await count(conn)
    finally:
        await store.close()


def _database(settings: "Settings") -> Path:
    """The file of the embedded database. Raises StoreError where there is none."""
    from semax_bot.store.engine import FILE

    if settings.database_url.get_secret_value():
        raise StoreError(
            "SEMAX_BOT_DATABASE_URL is set, so the data is in PostgreSQL: back it up by pg_dump, restore by pg_restore."
        )
    return settings.data / FILE


def _settings(content: Path | None) -> "Settings":
    from semax_bot.settings import read_settings, unknown_variables

    settings = read_settings(content=content)
    for warning in unknown_variables():
        print(f"Warning: {warning}", file=sys.stderr)
    return settings


def _start(content: Path | None) -> "tuple[Settings, Tutor]":
    gc.disable()  # all that is made here stays, so looking for garbage would only cost a tenth of the time
    from semax_bot.course.load import load
    from semax_bot.tutor import Tutor

    settings = _settings(content)
    tutor = Tutor(load(settings.content))
    gc.freeze()
    gc.enable()
    return settings, tutor


def _print(question: str, reply: "Reply", as_json: bool) -> None:
    """One reply on standard output: a JSON line in UTF-8, a coloured card on a screen, or plain text."""
    from semax_bot import wire

    if as_json:
        line = json.dumps(wire.as_json(question, reply), ensure_ascii=False)
        sys.stdout.buffer.write(line.encode() + b"\n")
        sys.stdout.buffer.flush()
    elif sys.stdout.isatty():
        from rich.console import Console

        from semax_bot.terminal.render import show

        show(Console(highlight=False), wire.without_buttons(reply))
    else:
        from semax_bot.reply import plain

        print(plain(wire.without_buttons(reply)), flush=True)

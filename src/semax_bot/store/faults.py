"""What a database's errors mean to the person who runs the bot."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from semax_bot.errors import StoreError

# By SQLite's name for the error, or PostgreSQL's code; the longest beginning that fits wins.
_MEANINGS = {
    "SQLITE_FULL": "There is no room left on the disk for {place}. Make some; what was saved before is safe.",
    "SQLITE_READONLY": "{place} is read-only. Make the file and its folder writable for the user who runs semax-bot.",
    "SQLITE_PERM": "{place} may not be opened. Give the file and its folder to the user who runs semax-bot.",
    "SQLITE_CANTOPEN": "{place} cannot be opened. Check that its folder exists and that you may read and write in it.",
    "SQLITE_BUSY": "Another program keeps {place} locked. Close it, then try again.",
    "SQLITE_NOTADB": "{place} is not a database. Move it away, or put a backup in its place by semax-bot restore.",
    "SQLITE_CORRUPT": "{place} is damaged. Move it away, and put a backup in its place by semax-bot restore.",
    "SQLITE_IOERR": "The disk fails to read or write {place}. Check the disk and its free room.",
    "08": "{place} does not answer. Start it, or correct SEMAX_BOT_DATABASE_URL.",
    "25006": "{place} is read-only. Let SEMAX_BOT_DATABASE_URL name the primary server.",
    "28": "{place} refuses this user or password. Correct SEMAX_BOT_DATABASE_URL.",
    "3D": "{place} does not exist. Create it with createdb, or correct SEMAX_BOT_DATABASE_URL.",
    "40": "Too many programs change {place} at once. Try again.",
    "42501": "{place} does not let this user do that. Make the user its owner.",
    "53100": "There is no room left on the disk of {place}. Make some; what was saved before is safe.",
    "53300": "{place} takes no more connections. Close some, or raise its max_connections.",
    "57": "{place} is starting or stopping. Try again in a moment.",
}


class Unavailable(StoreError):
    """The database cannot be reached at all, so that asking again at once would not help."""


def code(error: BaseException | None) -> str:
    """What the database calls an error: SQLITE_FULL, or PostgreSQL's five characters; empty if neither."""
    return getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""


def meaning(found: str, place: str) -> str | None:
    """The line for an error's code, or None where only a developer could help."""
    known = max((begin for begin in _MEANINGS if found.startswith(begin)), key=len, default=None)
    return known and _MEANINGS[known].format(place=place)


def explained(error: DBAPIError, place: str) -> StoreError | None:
    """The error for people, or None where only a developer could help."""
    line = meaning("08" if error.connection_invalidated else code(error.orig), place)
    return StoreError(line) if line else None


@contextmanager
def explaining(place: str, kind: type[StoreError] = StoreError) -> Iterator[None]:
    """Turn the errors of a database at `place` that people can mend into `kind`; others pass as they are."""
    try:
        yield
    except DBAPIError as error:
        if clear := explained(error, place):
            raise kind(str(clear)) from error
        raise

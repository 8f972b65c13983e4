"""One bot per data folder: a lock that the kernel holds, and frees when its process dies however it dies."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from semax_bot.errors import StoreError
from semax_bot.store.engine import make_folder

FILE = "semax-bot.lock"

if sys.platform == "win32":
    import msvcrt

    def _hold(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _hold(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """Held while the context is open. Entering raises StoreError if another process holds the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = -1

    def __enter__(self) -> Self:
        make_folder(self._folder)
        try:
            self._file = os.open(self._folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(
                f"{self._folder / FILE} cannot be opened ({error.strerror}). Make the folder writable for this user."
            ) from error
        try:
            _hold(self._file)
        except OSError as error:
            os.close(self._file)
            raise StoreError(
                f"Another semax-bot works in {self._folder}. Stop it, or give this one a folder of its own "
                "by SEMAX_BOT_DATA."
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)  # the file itself stays: to remove it would let two processes lock two files

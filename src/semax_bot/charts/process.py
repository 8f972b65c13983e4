"""Run a module of ours in a short-lived process, for libraries that would take 100 MB of the bot's own memory."""

import asyncio
import os
import sys

from semax_bot.errors import SemaxBotError


class ChartError(SemaxBotError):
    """A picture could not be drawn; what it shows is also said in words."""


async def output(module: str, *arguments: str, timeout: float, failure: str, given: bytes = b"") -> bytes:
    """What the module prints when it is run with `given` on its standard input.

    Raises ChartError, one line that begins with `failure`, if it cannot be started, prints nothing, fails or takes more
    seconds than `timeout`; the process never outlives the call.
    """
    # It needs none of our settings, so it never learns a token.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")}
    command, pipe = [sys.executable, "-m", module, *arguments], asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise ChartError(f"{failure}: no process for it can be started ({error.strerror}).") from error
    try:
        async with asyncio.timeout(timeout):
            printed, complaint = await process.communicate(given)
    except TimeoutError:
        raise ChartError(f"{failure} within {timeout:g} seconds.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not printed:
        lines = complaint.decode("utf-8", "replace").split("\n")
        reason = next((line.strip() for line in reversed(lines) if line.strip()), f"exit code {process.returncode}")
        raise ChartError(f"{failure}: {reason}")
    return printed

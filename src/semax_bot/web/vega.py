"""Vega for browsers, from the library that draws our pictures, so that page and pictures agree and nothing is vendored.

Bundling takes a process of its own for a second, as the library takes 100 MB: this module, which writes the script to
its standard output.
"""

import asyncio
import os
import sys

from semax_bot.charts.worker import ChartError

TIMEOUT = 60.0  # seconds; it takes about 2
WANTED = "export { vegaEmbed };"
HEAD = b"/* Vega and what it is made of: see licences.txt beside this file. */\n"


async def bundle(timeout: float = TIMEOUT) -> bytes:
    """A module that exports `vegaEmbed`, about 900 kB, or 300 kB compressed.

    Raises ChartError, of one line, if it cannot be made; its process never outlives the call.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEMAX_BOT_")}
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, env=environment, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise ChartError(f"Vega could not be bundled: no process can be started ({error.strerror}).") from error
    try:
        async with asyncio.timeout(timeout):
            script, complaint = await process.communicate()
    except TimeoutError:
        raise ChartError(f"Vega could not be bundled within {timeout:g} seconds.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not script:
        lines = complaint.decode("utf-8", "replace").split("\n")
        reason = next((line.strip() for line in reversed(lines) if line.strip()), f"exit code {process.returncode}")
        raise ChartError(f"Vega could not be bundled: {reason}")
    return HEAD + script


def main() -> None:
    """The worker."""
    import vl_convert

    sys.stdout.buffer.write(vl_convert.javascript_bundle(WANTED).encode())


if __name__ == "__main__":
    main()

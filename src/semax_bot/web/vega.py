"""Vega for browsers, from the library that draws our pictures, so that page and pictures agree and nothing is vendored.

Bundling takes a process of its own for a second, as the library takes 100 MB: this module, which writes the script to
its standard output.
"""

import sys

from semax_bot.charts.process import output

TIMEOUT = 60.0  # seconds; it takes about 2
WANTED = "export { vegaEmbed };"
HEAD = b"/* Vega and what it is made of: see licences.txt beside this file. */\n"


async def bundle(timeout: float = TIMEOUT) -> bytes:
    """A module that exports `vegaEmbed`, about 900 kB, or 300 kB compressed.

    Raises ChartError, of one line, if it cannot be made; its process never outlives the call.
    """
    return HEAD + await output(__name__, timeout=timeout, failure="Vega could not be bundled")


def main() -> None:
    """The worker."""
    import vl_convert

    sys.stdout.buffer.write(vl_convert.javascript_bundle(WANTED).encode())


if __name__ == "__main__":
    main()

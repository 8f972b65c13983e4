"""Draw the README's pictures: a conversation and a quiz as the terminal shows them, progress, and a chart.

python tools/picture.py docs
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from semax_bot.charts import data
from semax_bot.charts.worker import Charts
from semax_bot.course.load import Course, load
from semax_bot.schedule.memory import remembered
from semax_bot.schedule.progress import drawn, progress
from semax_bot.schedule.values import Attempt
from semax_bot.settings import content_folder
from semax_bot.store.store import Store
from semax_bot.terminal.chat import Conversation
from semax_bot.terminal.render import put
from semax_bot.tutor import Tutor

WIDTH = 88
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)  # a Sunday evening
DAYS = 24  # of practice


def main(folder: Path) -> None:
    """Write chat.svg, quiz.svg, progress.png and turnover.png into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(
        _screen(folder / "chat.svg", ["how much does norepinefrine go up??", "is it more addictive than modafinil?"])
    )
    asyncio.run(_screen(folder / "quiz.svg", ["/quiz turnover 2", "1", "2 3", "3"]))
    course = load(content_folder())
    (folder / "progress.png").write_bytes(asyncio.run(_progress(course)))
    shown = data.drawn(course, "06/chart/turnover")
    (folder / "turnover.png").write_bytes(asyncio.run(Charts().draw("changes", shown)))


async def _screen(target: Path, said: Sequence[str]) -> None:
    """Say these lines in a fresh chat, and save its screen as SVG."""
    console = Console(record=True, width=WIDTH, force_terminal=True, file=StringIO())
    with tempfile.TemporaryDirectory() as place:
        store = await Store.open("", Path(place))
        conversation = Conversation(
            Tutor(load(content_folder()), store, lambda: NOW, Random(5)), Path(place, "history")
        )
        for text in said:
            console.print(f"[bold green]you>[/] {text}")
            async for part in conversation.say(text):
                put(console, part)
        await store.close()
    # The viewer's own monospace font: a picture should fetch nothing from anywhere.
    frame = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    console.save_svg(str(target), title="semax-bot chat", code_format=frame)


async def _progress(course: Course) -> bytes:
    """The picture of somebody made up, who practised on most days and is right four times out of five."""
    rng = Random(11)
    items = list(course.items.values())
    log = [
        Attempt(
            number, rng.choice(items[: 4 * (day + 2)]).id, NOW - timedelta(days=DAYS - day), right=rng.random() < 0.8
        )
        for number, day in enumerate(sorted(rng.choice(range(DAYS)) for _ in range(9 * DAYS)))
    ]
    cards = {item.id: card for item in items if (card := remembered(item, [row for row in log if row.item == item.id]))}
    moments = [row.at for row in log]
    graded = [(row.at, row.right) for row in log]
    return await Charts().draw(
        "progress", drawn(course, progress(course, cards, graded, moments, NOW, ZoneInfo("UTC")))
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

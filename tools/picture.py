"""Draw the README's picture: a conversation as the terminal shows it.

python tools/picture.py docs/chat.svg
"""

import re
import sys
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from semax_bot.course.load import load
from semax_bot.settings import content_folder
from semax_bot.terminal.render import show
from semax_bot.tutor import Tutor

WIDTH = 88


def main(target: Path) -> None:
    """Ask two questions and save the screen as SVG."""
    console = Console(record=True, width=WIDTH, force_terminal=True, file=StringIO())
    tutor = Tutor(load(content_folder()))
    for question in ("how much does norepinefrine go up??", "is it more addictive than modafinil?"):
        console.print(f"[bold green]you>[/] {question}")
        show(console, tutor.ask(question))
    target.parent.mkdir(parents=True, exist_ok=True)
    # The viewer's own monospace font: a picture should fetch nothing from anywhere.
    frame = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    console.save_svg(str(target), title="semax-bot chat", code_format=frame)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""`python -m semax_bot` is the command `semax-bot`."""

from semax_bot.cli import main

main()

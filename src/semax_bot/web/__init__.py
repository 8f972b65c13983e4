"""The page: charts, cards and the same tutor in a browser, alone or inside Telegram; also as files for any host."""

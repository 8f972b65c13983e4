"""Quantities in running text, in one form however they are written: '+15-25%' and '15 to 25 percent' are '15-25 %'.

A quantity is a percentage, a range, a ratio, a fold change, a decimal, or a number with a unit. Digits inside names
(5-HT2A, unit 6, ACTH 4-10), years (2005) and counts (30 patients, n=11) are none. Signs and 'about' are left out:
'-68%' and 'fell by 68%' give the same figure.
"""

import re
import unicodedata
from decimal import Decimal

_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
_NUMERALS = {
    **{word: number for number, word in enumerate(_SMALL, 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    "fifteen": 15,
}
_UNIT_NAMES = {  # in the singular -> the one form
    **{"percent": "%", "per cent": "%", "percentage point": "%", "point": "point", "fold": "x", "times": "x"},
    **{"second": "s", "sec": "s", "minute": "min", "min": "min", "hour": "h", "hr": "h", "day": "day", "week": "week"},
    **{"wk": "week", "month": "month", "year": "year", "yr": "year", "y": "year", "milligram": "mg", "microgram": "μg"},
    **{"mcg": "μg", "ug": "μg", "gram": "g", "kilogram": "kg", "kg": "kg", "nanomolar": "nm", "micromolar": "μm"},
}

_UNIT = (
    r"(?:times(?=\s(?:as|the|more|less|\w+er)\b)"
    rf"|(?!times)(?:{'|'.join(_UNIT_NAMES)})s?(?!\w)"
    r"|(?:%|x|ms|h|[mμnp]?g|[mdμ]?l|[mμn]?mol|[nμmc]m|[km]?Hz|[mμ]V|kDa|IU|°C|mmHg)(?!\w)(?!(?<=x)\s?\d))"  # not 3 x 4
)
_UNITS = rf"[\s-]?(?P<unit>{_UNIT}(?:(?:\s?/\s?|\sper\s){_UNIT})*)"
_DIGITS = r"(?:(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?!\.?\d)"
_WORDS = (
    r"(?!one\sday\b|\w+\spoints?\b)"  # no duration and no score: 'one day it may', 'three points to keep'
    rf"(?>(?:{'|'.join(_TENS)})-(?:{'|'.join(_SMALL)})\b|(?:{'|'.join(_NUMERALS)})(?=fold|\b))"
)
_A = rf"(?<![\w.])(?<![^\W\d_]-)(?P<a>{_DIGITS}|{_WORDS})"  # not inside a word, nor the 5 of alpha-5
_B = rf"(?P<b>{_DIGITS}|{_WORDS})"
_PERCENT = r"(?:\s?(?:%|percent|per\scent))?"
_TO = r"(?:\s?-\s?|\sto\s|-to-)"

# How quantities are written -> their one form. What fits first takes its piece of the text, so the richer stand above.
_PATTERNS = [
    (re.compile(pattern, re.IGNORECASE), forms)
    for pattern, forms in [
        (rf"{_A}\s?±\s?{_B}{_UNITS}", ["{a} {unit}", "±{b} {unit}"]),
        (rf"{_A}{_PERCENT}{_TO}{_B}{_UNITS}", ["{a}-{b} {unit}"]),
        (rf"between\s{_A}{_PERCENT}\sand\s{_B}{_UNITS}", ["{a}-{b} {unit}"]),
        (rf"{_A}(?:\s?/\s?|\sor\s|\sand\s){_B}{_UNITS}", ["{a} {unit}", "{b} {unit}"]),
        (rf"{_A}{_UNITS}", ["{a} {unit}"]),
        (rf"{_A}(?:\s?[:/]\s?|\sout\sof\s){_B}", ["{a}:{b}"]),
        (rf"\b(?P<a>one|1)\sin\s{_B}", ["{a}:{b}"]),
        (rf"between\s(?P<a>{_DIGITS})\sand\s(?P<b>{_DIGITS})", ["{a}-{b}"]),
        (rf"(?<![\w.])(?P<a>{_DIGITS}){_TO}(?P<b>{_DIGITS})(?![\w-])", ["{a}-{b}"]),
        (r"(?<![\w.])(?P<a>\d*\.\d+)(?![\w.]*\w)", ["{a}"]),
        (r"\b(?:doubl(?:e[ds]|ing)|twice(?=\s(?:as|the)))\b", ["2 x"]),
        (r"\btripl(?:e[ds]|ing)\b", ["3 x"]),
        (r"\bhalv(?:e[ds]|ing)\b", ["0.5 x"]),
        (r"\btwo[\s-]thirds\b", ["2:3"]),
        (r"\bthree[\s-]quarters\b", ["3:4"]),
        (r"\b(?:a|one)[\s-]third\sof\b", ["1:3"]),
        (r"\b(?:a|one)[\s-]quarter\sof\b", ["1:4"]),
    ]
]
_NO_QUANTITY = re.compile(
    r"\b(?:doi:?\s?)?10\.\d{4,}/\S+|https?://\S+|\bpm(?:id|c)[:\s]*\d+|\d+\s(?:cfr|fr)\s[\d.]+"  # where a text is found
    r"|\b(?:(?:units?|pages?|cards?|sections?|chapters?|steps?|questions?|versions?|phases?|acth)[\s(-]*"
    r"(?>\d[\d.]*(?:\s?(?:-|to|and)\s?\d+)?)\b"  # the number of something
    rf"|(?>(?:19|20)\d\d(?:\s?(?:-|/|to)\s?\d\d(?:\d\d)?)?\b))(?![\s-]?{_UNIT})"  # a year, or a span of years
    r"|\bn\s?=\s?\d+|\b24/7\b",
    re.IGNORECASE,
)
_ONE_SIGN = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"×": "x", "⁄": "/"})


def quantities(text: str) -> dict[str, str]:
    """The quantities in `text`: the one form of each -> as it is written there."""
    rest = unicodedata.normalize("NFKC", text).translate(_ONE_SIGN).replace("+/-", "±")
    rest = _NO_QUANTITY.sub(";", rest)
    found: dict[str, str] = {}
    for pattern, forms in _PATTERNS:
        for match in pattern.finditer(rest):
            groups = match.groupdict()
            numbers = {name: _number(groups[name].lower()) for name in ("a", "b") if name in groups}
            unit = _unit(groups.get("unit", "").lower())
            found |= {form.format(**numbers, unit=unit): match[0] for form in forms}
            rest = rest[: match.start()] + ";" * len(match[0]) + rest[match.end() :]
    return found


def _number(written: str) -> str:
    if written[-1].isdigit():
        plain = "".join(written.replace(",", " ").split())
        return f"{Decimal(plain).normalize():f}"
    return str(sum(_NUMERALS[word] for word in written.split("-")))


def _unit(written: str) -> str:
    """'mcg per kg' -> 'μg/kg', 'days' -> 'day'."""
    parts = re.split(r"\s?/\s?|\sper\s(?!cent)", written)
    return "/".join(_UNIT_NAMES.get(part) or _UNIT_NAMES.get(part.removesuffix("s"), part) for part in parts)

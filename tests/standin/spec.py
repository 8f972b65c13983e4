"""Checks against the published Bot API as data (api.json), where it is at hand."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from standin.markup import length, seen

PLACE = Path(os.environ.get("SEMAX_BOT_BOT_API_JSON") or Path(__file__).parents[3] / "shared" / "bot-api" / "api.json")
_PLAIN: dict[str, type | tuple[type, ...]] = {"String": str, "Integer": int, "Float": (int, float), "Boolean": bool}
_RANGE = re.compile(r"\b(\d+)-(\d+) (characters|bytes)")


class Specification:
    """Methods, parameters and types as published; each check yields what breaks them, in words."""

    def __init__(self, path: Path = PLACE) -> None:
        published = json.loads(path.read_text(encoding="utf-8"))
        self._methods: dict[str, Any] = published["methods"]
        self._types: dict[str, Any] = published["types"]

    def request(self, method: str, params: Mapping[str, str]) -> Iterator[str]:
        """What is wrong with a call, given its parameters as they came over the wire."""
        if method not in self._methods:
            yield f"{method} is no method"
            return
        try:
            params = {**params, **{name: seen(params, name) for name in ("text", "caption") if name in params}}
        except ValueError as fault:
            yield f"{method} has no HTML in its text: {fault}"
        fields = {field["name"]: field for field in self._methods[method].get("fields", [])}
        yield from (
            f"{method}: {name} is required"
            for name, field in fields.items()
            if field["required"] and name not in params
        )
        for name, raw in params.items():
            if name not in fields:
                yield f"{method} has no parameter {name}"
                continue
            yield from self._value(_decoded(raw, fields[name]["types"]), fields[name], f"{method}.{name}")

    def answer(self, method: str, result: object) -> Iterator[str]:
        """What is wrong with a result that we are about to give."""
        yield from self._any(result, self._methods[method]["returns"], f"{method} ->")

    def update(self, update: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with an update that we are about to hand out."""
        yield from self._any(update, ["Update"], "update")

    def _value(self, value: object, field: Mapping[str, Any], where: str) -> Iterator[str]:
        yield from self._any(value, field["types"], where)
        if isinstance(value, str):
            yield from _limits(value, field["description"], where)

    def _any(self, value: object, types: list[str], where: str) -> Iterator[str]:
        """Faults by the type that fits best."""
        yield from min((list(self._one(value, kind, where)) for kind in types), key=len)

    def _one(self, value: object, kind: str, where: str) -> Iterator[str]:
        if kind in _PLAIN:
            if not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind != "Boolean"):
                yield f"{where} should be {kind}, not {value!r}"
        elif kind.startswith("Array of "):
            items = value if isinstance(value, list) else [None]
            for place, item in enumerate(items):
                yield from self._one(item, kind.removeprefix("Array of "), f"{where}[{place}]")
        elif subtypes := self._types[kind].get("subtypes"):
            yield from self._any(value, subtypes, where)
        elif not isinstance(value, dict):
            yield f"{where} should be {kind}, not {value!r}"
        else:
            yield from self._object(value, kind, where)

    def _object(self, value: dict[str, Any], kind: str, where: str) -> Iterator[str]:
        fields = {field["name"]: field for field in self._types[kind].get("fields", [])}
        yield from (
            f"{where}: {kind} needs {name}" for name, field in fields.items() if field["required"] and name not in value
        )
        for name, item in value.items():
            if name in fields:
                yield from self._value(item, fields[name], f"{where}.{name}")
            else:
                yield f"{where}: {kind} has no {name}"


def _decoded(raw: str, types: list[str]) -> object:
    """A parameter's value: JSON, unless it is one of the types that travel as bare text."""
    if "String" in types and not re.fullmatch(r"-?\d+", raw):
        return raw
    return raw if types == ["String"] else json.loads(raw)


def _limits(value: str, description: str, where: str) -> Iterator[str]:
    """Faults against what a description says about a text: its length, and the words that it may be."""
    if limit := _RANGE.search(description):
        size = len(value.encode()) if limit[3] == "bytes" else length(value)
        if not int(limit[1]) <= size <= int(limit[2]):
            yield f"{where} has {size} {limit[3]}, allowed are {limit[1]} to {limit[2]}"
    words = set(re.findall(r'"(\w+)"', description)) if "can be " in description else set()
    if fixed := re.search(r"must be ([a-z_]+)$", description):
        words = {fixed[1]}
    if (len(words) > 1 and value not in words) or (fixed and value != fixed[1]):
        yield f"{where} is {value!r}, allowed are {sorted(words)}"

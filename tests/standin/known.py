"""Checks against what python-telegram-bot itself knows: its methods' parameters, its limits, its parsers."""

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

import telegram
from telegram import Bot, TelegramObject, constants

from standin import polls
from standin.markup import length, seen

_OURS = {"self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs"}
_WORDS = {"parse_mode": constants.ParseMode, "action": constants.ChatAction}
_CLASSES: dict[str, type[TelegramObject]] = {
    "reply_parameters": telegram.ReplyParameters,
    "link_preview_options": telegram.LinkPreviewOptions,
    "scope": telegram.BotCommandScope,
    "commands": telegram.BotCommand,
}
_LONGEST = {
    ("answerCallbackQuery", "text"): constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH,
    ("setMyDescription", "description"): constants.BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
    ("setMyShortDescription", "short_description"): constants.BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
    ("sendPoll", "description"): constants.PollLimit.MAX_DESCRIPTION_CHARACTERS,
    ("sendPhoto", "caption"): constants.MessageLimit.CAPTION_LENGTH,
    ("sendDocument", "caption"): constants.MessageLimit.CAPTION_LENGTH,
    ("sendMessage", "text"): constants.MessageLimit.MAX_TEXT_LENGTH,
    ("editMessageText", "text"): constants.MessageLimit.MAX_TEXT_LENGTH,
}


def request(method: str, params: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a call, given its parameters as they came over the wire."""
    known = _parameters(method)
    if known is None:
        yield f"the library knows no method {method}"
        return
    yield from (f"{method}: the library knows no parameter {name}" for name in params.keys() - known.keys())
    for name, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and name not in params:
            yield f"{method}: the library requires {name}"
    for name, raw in params.items():
        if name in _WORDS and raw not in list(_WORDS[name]):
            yield f"{method}: {name} cannot be {raw!r}"
        kind = _keyboard(json.loads(raw)) if name == "reply_markup" else _CLASSES.get(name)
        if kind:
            yield from _parsed(json.loads(raw), kind, f"{method}.{name}")
        yield from _length(method, name, raw, params)
    if method == "sendPoll":
        yield from polls.faults(params)
    for button in buttons(params):
        if "callback_data" not in button:
            continue
        size = len(button["callback_data"].encode())
        if not 1 <= size <= constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            yield f"{method}: callback_data of {size} bytes"


def _keyboard(markup: Mapping[str, Any]) -> type[TelegramObject] | None:
    """What a keyboard is; None for the word to take one away, which the library only writes."""
    if "remove_keyboard" in markup:
        return None
    return telegram.ReplyKeyboardMarkup if "keyboard" in markup else telegram.InlineKeyboardMarkup


def answer(method: str, result: object) -> Iterator[str]:
    """What is wrong with a result that we are about to give."""
    kinds = _returned(method)
    if isinstance(result, bool):
        if "bool" not in kinds:
            yield f"{method} does not return {result}"
    elif isinstance(result, dict):
        name = next((name for name in ("Message", "User", "Poll", "ChatMember") if name in kinds), kinds)
        yield from _parsed(result, getattr(telegram, name), f"{method} ->")


def update(update: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an update that we are about to hand out."""
    yield from _parsed(dict(update), telegram.Update, "update")


def answers_true(method: str) -> bool:
    """Whether all that a method returns is True."""
    return _parameters(method) is not None and _returned(method) == "bool"


def buttons(params: Mapping[str, str]) -> list[dict[str, str]]:
    """The inline buttons of a call, in reading order."""
    rows = json.loads(params.get("reply_markup", "{}")).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _parameters(method: str) -> dict[str, inspect.Parameter] | None:
    function = getattr(Bot, method, None)
    if function is None or method[:1] == "_" or "_" in method:
        return None
    return {name: kind for name, kind in inspect.signature(function).parameters.items() if name not in _OURS}


def _returned(method: str) -> str:
    return inspect.formatannotation(inspect.signature(getattr(Bot, method)).return_annotation)


def _length(method: str, name: str, raw: str, params: Mapping[str, str]) -> Iterator[str]:
    longest = _LONGEST.get((method, name))
    if longest is None:
        return
    try:
        shown = seen(params, name) if name in {"text", "caption"} else raw
    except ValueError as fault:
        yield f"{method}: {name} is no HTML: {fault}"
        return
    least = 1 if method in {"sendMessage", "editMessageText"} else 0
    if not least <= length(shown.strip()) or length(shown) > longest:
        yield f"{method}: {name} has {length(shown)} characters, allowed are {least} to {longest}"


def _parsed(value: Any, kind: type[TelegramObject], where: str) -> Iterator[str]:
    """Faults found by the library's own parser: a field that it needs, or one that it does not know."""
    try:
        parsed = [kind.de_json(item, None) for item in (value if isinstance(value, list) else [value])]
    except (TypeError, KeyError, ValueError, AttributeError) as fault:
        yield f"{where} is no {kind.__name__}: {fault}"
    else:
        yield from (f"{where}: unknown {name}" for item in parsed for name in _unknown(item))


def _unknown(value: object) -> Iterator[str]:
    if isinstance(value, TelegramObject):
        yield from value.api_kwargs.keys() - ({"date"} if isinstance(value, telegram.InaccessibleMessage) else set())
        for inner in value.to_dict(recursive=False).values():
            yield from _unknown(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _unknown(inner)

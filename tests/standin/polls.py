"""Polls as Telegram keeps them: what a sendPoll may ask for, what stands in the chat, and what votes do to it."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from telegram.constants import PollLimit

from standin.markup import length

Poll = dict[str, Any]
_TRUE = "true"


def faults(params: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a sendPoll, by the rules that the Bot API has for it, and by our own for quizzes."""
    options = [option["text"] for option in json.loads(params.get("options", "[]"))]
    explanation = params.get("explanation", "")
    if not 1 <= length(params.get("question", "")) <= PollLimit.MAX_QUESTION_LENGTH:
        yield f"sendPoll: a question of {length(params.get('question', ''))} characters"
    if not 2 <= len(options) <= PollLimit.MAX_OPTION_NUMBER:
        yield f"sendPoll: {len(options)} options"
    for option in options:
        if not 1 <= length(option) <= PollLimit.MAX_OPTION_LENGTH:
            yield f"sendPoll: an option of {length(option)} characters"
    if length(explanation) > PollLimit.MAX_EXPLANATION_LENGTH:
        yield f"sendPoll: an explanation of {length(explanation)} characters"
    if (feeds := explanation.count("\n")) > PollLimit.MAX_EXPLANATION_LINE_FEEDS:
        yield f"sendPoll: an explanation with {feeds} line feeds"
    if "shuffle_options" in params:
        yield "sendPoll: the order is ours, so shuffle_options is never set"
    if params.get("type") == "quiz":
        yield from _wrong_key(json.loads(params.get("correct_option_ids", "[]")), len(options), params)


def made(name: str, params: Mapping[str, str]) -> Poll:
    """The poll that a sendPoll leads to."""
    asked = json.loads(params["options"])
    texts = {field: params[field] for field in ("explanation", "description") if field in params}
    right = {"correct_option_ids": json.loads(params["correct_option_ids"])} if "correct_option_ids" in params else {}
    return {
        "id": name,
        "question": params["question"],
        "options": [
            {"persistent_id": f"{name}.{place}", "text": option["text"], "voter_count": 0}
            for place, option in enumerate(asked)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": params.get("is_anonymous", _TRUE).lower() == _TRUE,
        "type": params.get("type", "regular"),
        "allows_multiple_answers": params.get("allows_multiple_answers", "").lower() == _TRUE,
        "allows_revoting": False,
        "members_only": False,
        **texts,
        **right,
    }


def count(poll: Poll, places: Collection[int]) -> None:
    """Count one person's vote for the options at these places. Raises ValueError where Telegram takes none."""
    if poll["is_closed"]:
        raise ValueError("this poll is closed")
    if len(places) > 1 and not poll["allows_multiple_answers"]:
        raise ValueError("this poll takes one option")
    poll["total_voter_count"] += 1
    for place in places:
        poll["options"][place]["voter_count"] += 1


def answer(poll: Poll, user: Mapping[str, Any], places: Sequence[int]) -> dict[str, Any]:
    """The poll_answer that tells of a vote; no places mean that it was withdrawn."""
    persistent = [poll["options"][place]["persistent_id"] for place in places]
    return {"poll_id": poll["id"], "user": user, "option_ids": list(places), "option_persistent_ids": persistent}


def _wrong_key(right: list[int], options: int, params: Mapping[str, str]) -> Iterator[str]:
    if not right or right != sorted(set(right)) or not set(right) <= set(range(options)):
        yield f"sendPoll: correct_option_ids {right} of {options} options"
    if len(right) > 1 and params.get("allows_multiple_answers", "").lower() != _TRUE:
        yield f"sendPoll: {len(right)} right options, but only one may be chosen"
    if "allows_revoting" in params:
        yield "sendPoll: a quiz whose answer may be changed teaches nothing"

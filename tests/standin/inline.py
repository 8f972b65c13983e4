"""People who type behind the bot's name in some other chat."""

import json
from itertools import count
from typing import Any

from standin.people import Talk

_ids = count(1)


def types(talk: Talk, words: str, offset: str = "") -> str:
    """Type words behind the bot's name; returns the query's id."""
    query = str(next(_ids))
    content = {"id": query, "from": talk.member, "query": words, "offset": offset, "chat_type": "private"}
    talk.standin.push("inline_query", content)
    return query


def offered(talk: Talk, words: str) -> dict[str, Any]:
    """What is offered for these words: the parameters of the answer, its results parsed."""
    query = types(talk, words)

    def found() -> dict[str, Any]:
        calls = talk.standin.made("answerInlineQuery")
        return next((dict(call.params) for call in calls if call.params["inline_query_id"] == query), {})

    answer = talk.standin.wait(found)
    return answer | {"results": json.loads(answer["results"])}

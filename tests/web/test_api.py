"""The API: the tutor's own answers, one learner's own progress, and a kind line for whatever else comes in."""

import json
import logging
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from clock import Clock
from semax_bot import wire
from semax_bot.charts.worker import Charts
from semax_bot.tutor import Tutor, Who
from semax_bot.web.api import LARGEST
from semax_bot.web.app import application
from semax_bot.web.auth import AGE, FORGED, STALE
from semax_bot.web.drawings import Drawings
from semax_bot.web.pages import LONGEST
from web.serving import launch, practise

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def mine(data: str) -> dict[str, str]:
    """The header by which the page proves who is looking."""
    return {"Authorization": f"tma {data}"}


@pytest.mark.parametrize("question", ["What is DOPAC?", "who won the cup?", "hello", "What dose should I take?"])
async def test_ask_gives_the_tutors_reply(client: httpx.AsyncClient, tutor: Tutor, question: str) -> None:
    """The keys that `semax-bot ask --json` prints, with the same values, and the card as HTML beside them."""
    response = await client.post("/api/ask", json={"question": question})
    told = response.json()
    html = told.pop("html")
    assert (response.status_code, told) == (200, wire.as_json(question, tutor.ask(question)))
    assert html.startswith("<article")
    assert response.headers["cache-control"] == "no-store"


async def test_ask_goes_on_from_a_card(client: httpx.AsyncClient) -> None:
    """'why?' is answered from the card named by `after`."""
    told = (await client.post("/api/ask", json={"question": "why?", "after": "06/figure/dopamine-turnover"})).json()
    assert (told["kind"], told["entry"]) == ("answer", "06/figure/dopamine-turnover")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"What is DOPAC?",
        b"[]",
        b'"DOPAC"',
        b"{}",
        b'{"question": null}',
        b'{"question": ["DOPAC"]}',
        b'{"question": " \\n "}',
        b'{"question": "why?", "after": "06/term/nothing"}',
        b'{"question": "why?", "after": ["06/term/dopac"]}',
        b'{"question": "\xff"}',
        b"[" * 7000,
        json.dumps({"question": "x" * (LONGEST + 1)}).encode(),
    ],
)
async def test_a_malformed_question_gets_one_kind_line(client: httpx.AsyncClient, body: bytes) -> None:
    """What is no question is answered with what one looks like."""
    response = await client.post("/api/ask", content=body, headers=JSON)
    assert response.status_code == 400
    assert response.json().keys() == {"error"}
    assert "\n" not in response.json()["error"]


@pytest.mark.parametrize(
    "question", ["\x00", "\x00dopac\x1b[31m", "\ud83d dopac", "é\u2028\u202e", "🧠" * LONGEST, "<b>"]
)
async def test_any_text_of_that_length_is_a_question(client: httpx.AsyncClient, question: str) -> None:
    """NUL bytes, half an emoji, or the longest question in the longest letters are answered like any other."""
    response = await client.post("/api/ask", content=json.dumps({"question": question}), headers=JSON)
    assert response.status_code == 200
    assert len(response.json()["question"]) == len(question)


async def test_a_question_of_another_type_or_size_is_refused(client: httpx.AsyncClient) -> None:
    """Only JSON is JSON, and nobody can fill the memory."""
    asked = b'{"question": "What is DOPAC?"}'
    typeless = await client.post("/api/ask", content=asked)
    wrong = await client.post("/api/ask", content=asked, headers=FORM)
    assert [typeless.status_code, wrong.status_code] == [415, 415]
    named = await client.post("/api/ask", content=asked, headers={"Content-Type": "Application/JSON; charset=utf-8"})
    assert named.status_code == 200
    huge = await client.post("/api/ask", content=asked + b" " * LARGEST, headers=JSON)
    assert (huge.status_code, huge.json().keys()) == (413, {"error"})


async def test_wrong_methods_are_named(client: httpx.AsyncClient) -> None:
    """A question is never put into an address, where others would log it."""
    response = await client.get("/api/ask", params={"question": "What is DOPAC?"})
    assert (response.status_code, response.json().keys()) == (405, {"error"})
    assert (await client.delete("/e/06-term-dopac")).status_code == 405
    assert (await client.post("/api/progress")).status_code == 405


async def test_the_form_answers_without_scripts(client: httpx.AsyncClient) -> None:
    """A browser that runs no scripts gets the front page with the card in it; what was asked is escaped."""
    response = await client.post("/ask", content="question=What+is+DOPAC%3F", headers=FORM)
    assert "<h2>DOPAC</h2>" in response.text
    example = await client.post("/ask", content="question=&question=Is+Semax+addictive%3F", headers=FORM)
    assert 'value="Is Semax addictive?"' in example.text
    hostile = await client.post("/ask", content='question="><script>alert(1)</script>', headers=FORM)
    assert hostile.status_code == 200
    assert "<script>alert" not in hostile.text
    for body in ("", "question=", "question=+%0A", "&".join(["question=x"] * 9)):
        refused = await client.post("/ask", content=body.encode(), headers=FORM)
        assert (refused.status_code, "<h1>" in refused.text) == (400, True)


async def test_progress_is_the_learners_own(client: httpx.AsyncClient, tutored: Tutor) -> None:
    """Whoever is proved by Telegram sees their own page and chart, in the theme asked for, and nobody else's."""
    await practise(tutored, Who("telegram", "5"))
    told = (await client.get("/api/progress?theme=dark", headers=mine(launch(5)))).json()
    reply, _ = await tutored.accounts.progress(Who("telegram", "5"))
    assert "1 seen so far" in told["html"]
    assert told["chart"]["background"] == "#111a22"
    other = (await client.get("/api/progress", headers=mine(launch(6)))).json()
    assert "Nothing here yet" in other["html"]
    assert other["chart"] is None
    assert reply.blocks


async def test_nobodys_progress_is_shown_without_proof(client: httpx.AsyncClient, tutored: Tutor, clock: Clock) -> None:
    """Without a header, with a forged or an old one, or in the address, there is a line and no progress."""
    await practise(tutored, Who("telegram", "5"))
    clock.now += AGE + timedelta(hours=1)
    old, forged = mine(launch(5)), mine(launch(5, clock.now, token="1:other"))
    answers = [
        await client.get("/api/progress", headers=given) for given in ({}, old, forged, {"Authorization": "tma"})
    ]
    answers.append(await client.get("/api/progress", params={"tgWebAppData": launch(5, clock.now)}))
    assert {answer.status_code for answer in answers} == {401}
    assert [answer.json()["error"] for answer in answers[1:3]] == [STALE, FORGED]
    assert {frozenset(answer.json()) for answer in answers} == {frozenset({"error"})}


async def test_a_page_without_a_bot_knows_nobody(tutor: Tutor) -> None:
    """`semax-bot web` shows no progress, whoever signs what: not even an empty token opens it."""
    charts = Charts()
    app = application(tutor, Drawings(tutor.course, charts), charts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://page") as client:
        assert (await client.get("/api/progress", headers=mine(launch(token="")))).status_code == 401


async def test_nothing_of_a_request_is_logged(
    client: httpx.AsyncClient, tutored: Tutor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither questions nor launch data reach the log, not even where the tutor itself fails."""
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the client of this test
    await client.post("/api/ask", json={"question": "am I depressed"})
    await client.get("/api/progress", headers=mine(launch(5)))

    def broken(question: str, after: str | None = None) -> None:
        raise RuntimeError(question)

    monkeypatch.setattr(tutored, "ask", broken)
    with capture_logs() as lines:
        response = await client.post("/api/ask", json={"question": "am I depressed"})
    assert (response.status_code, response.json().keys()) == (500, {"error"})
    assert [line["event"] for line in lines] == ["the page failed"]
    assert lines[0]["fault"].startswith("RuntimeError at test_api.py:")
    assert caplog.text == ""

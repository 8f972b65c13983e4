"""Launch data: only what Telegram signed for this bot, and lately, tells who is looking."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import START
from semax_bot.tutor import Who
from semax_bot.web.auth import AGE, FORGED, SKEW, STALE, LaunchError, learner
from web.serving import TOKEN, launch, signed

OTHER = "987654321:AAF-the_token_of-another_bot_000000"
DATE = str(int(START.timestamp()))


def refusal(data: str, now: datetime = START) -> str:
    """What is said to somebody whom these data do not prove."""
    with pytest.raises(LaunchError) as caught:
        learner(data, TOKEN, now)
    return str(caught.value)


def test_a_signed_launch_names_the_learner() -> None:
    """The id is the one under which the bot keeps this person's progress."""
    assert learner(launch(5), TOKEN, START) == Who("telegram", "5")
    assert learner(launch(7_000_000_000), TOKEN, START + AGE) == Who("telegram", "7000000000")


def test_a_signature_made_elsewhere_is_read_as_documented() -> None:
    """These fields were signed by `openssl dgst`, outside of this code."""
    data = (
        "auth_date=1700000000&query_id=AAE&user=%7B%22id%22%3A5%7D"
        "&hash=ad0eace2dc2b3faca257df2b0029c1dc09f855158f2f4d487225a4eadb9ebb3d"
    )
    now = datetime.fromtimestamp(1_700_000_000, UTC)
    assert learner(data, TOKEN, now) == Who("telegram", "5")


@pytest.mark.parametrize("field", ["user", "auth_date", "query_id", "signature", "hash"])
def test_a_changed_field_is_forged(field: str) -> None:
    """Nobody can become somebody else, or younger, by editing; nor can a field be left out."""
    fields = dict(parse_qsl(launch()))
    changed = {**fields, field: fields[field][:-1] + ("1" if fields[field][-1] != "1" else "2")}
    assert refusal(urlencode(changed)) == FORGED
    assert refusal(urlencode({name: value for name, value in fields.items() if name != field})) == FORGED
    assert refusal(f"{launch()}&admin=1") == FORGED


def test_another_bots_launch_is_forged_here() -> None:
    """What somebody's own bot got signed is worth nothing for this one."""
    assert refusal(launch(5, token=OTHER)) == FORGED


def test_a_launch_lasts_a_day() -> None:
    """An old one may have been copied; one from the future never was Telegram's."""
    assert refusal(launch(), START + AGE + timedelta(seconds=1)) == STALE
    assert learner(launch(at=START + SKEW), TOKEN, START) == Who("telegram", "5")
    assert refusal(launch(at=START + SKEW + timedelta(seconds=1))) == FORGED


def test_what_could_be_read_in_two_ways_is_forged() -> None:
    """A field that comes twice, or a line end that moves from one field into the next, keeps the signature valid."""
    assert refusal(f"{launch()}&user=%7B%22id%22%3A6%7D") == FORGED
    fields = {"auth_date": DATE, "user": json.dumps({"id": 5})}
    merged = {"auth_date": f"{DATE}\nuser={fields['user']}"}
    told = dict(parse_qsl(signed(fields)))["hash"]
    assert told == dict(parse_qsl(signed(merged)))["hash"]
    assert refusal(urlencode({**merged, "hash": told})) == FORGED


@pytest.mark.parametrize("user", [0, -5, True, "5", None, [], {}, {"id": "5"}, {"id": 5.0}, {"id": None}])
def test_a_signed_launch_by_nobody_is_refused(user: object) -> None:
    """Signed data without a person's id, whatever stands in its place."""
    person = {"id": user} if isinstance(user, int) else user
    assert refusal(signed({"auth_date": DATE, "user": json.dumps(person)})) == FORGED


@pytest.mark.parametrize("date", ["", "soon", "1e9", "9" * 30, "-" + "9" * 18, "٣"])
def test_a_signed_launch_at_no_time_is_refused(date: str) -> None:
    """Dates that no clock shows."""
    assert refusal(signed({"auth_date": date, "user": '{"id": 5}'})) in {FORGED, STALE}


@pytest.mark.parametrize(
    "data",
    ["", "hash", "=", "&&&", "%ff=1", "hash=%00", "hash=ä", "a=1" * 5000, "&".join(f"f{n}=1" for n in range(40))],
)
def test_garbage_is_refused(data: str) -> None:
    """Whatever a header can hold, and none of it is repeated."""
    assert refusal(data) == FORGED


def test_deep_json_is_refused() -> None:
    """A user of a thousand brackets fits the limit, and is no user."""
    assert refusal(signed({"auth_date": DATE, "user": "[" * 2000})) == FORGED


@given(st.text())
def test_any_text_is_refused(data: str) -> None:
    """Nothing but a refusal comes out of any text."""
    assert refusal(data) == FORGED

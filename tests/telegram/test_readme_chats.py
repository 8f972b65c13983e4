"""The README's exchanges on Telegram are real: each is played on the stand-in, and stands there word for word."""

from datetime import timedelta
from pathlib import Path
from textwrap import indent
from typing import Any

from clock import START
from running import Running
from standin.channels import Channel
from standin.chats import BOT, Message
from standin.inline import offered
from standin.learner import Learner
from standin.people import Talk, user
from standin.records import rows
from standin.server import StandIn

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
NAME = BOT["username"]
EVENING = START.replace(hour=19, minute=30)  # 20:30 in Berlin, in winter


def shown(message: Message, lines: int = 99) -> str:
    """A message of the bot's as a reader sees it: its first lines or its question with options, then its buttons."""
    if poll := message.get("poll"):
        head = [
            poll.get("description", ""),
            f"📊 {poll['question']}",
            *(f"   ○ {one['text']}" for one in poll["options"]),
        ]
    else:
        whole = str(message.get("text", message.get("caption"))).splitlines()
        head = ["🖼", *whole] if "photo" in message else whole
        head = [*head[:lines], "…"] if len(head) > lines else head
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    rows = ["  ".join(f"[{button['text']}]" for button in row) for row in keyboard]
    return indent("\n".join(filter(None, (*head, *rows))), "    ")


def right_option(question: Message) -> str:
    """The words of the option that is right."""
    options = question["poll"]["options"]
    return " and ".join(options[place]["text"] for place in question["poll"]["correct_option_ids"])


def votes(running: Running) -> list[dict[str, Any]]:
    """The votes that are stored."""
    return rows(running.folder, "SELECT 1 FROM vote")


def told(*scene: str) -> None:
    """Hold the README to a scene."""
    text = "\n".join(("```text", *scene, "```"))
    print(text)  # what is to stand there, should it not
    assert text in README


def test_daily(standin: StandIn, running: Running) -> None:
    """The section on daily questions."""
    ada = Learner.private(standin)
    scene = ["Ada: /daily 8:30pm Berlin", shown(ada.asks("/daily 8:30pm Berlin")), "(Monday, 20:30 in Berlin)"]
    running.at(EVENING)
    question = ada.asked()
    scene.append(shown(question))
    running.passes(60)
    ada.answers(question)
    scene += [f"(Ada picks “{right_option(question)}”)", shown(ada.hears())]
    told(*scene)


def test_in_a_group(standin: StandIn, running: Running) -> None:
    """The section on study groups."""
    ada = Learner.group(standin)
    ben, cleo = (Learner(standin, ada.chat, user(name)) for name in ("Ben", "Cleo"))
    ada.member["first_name"] = "Ada"
    asked = f"/quiz@{NAME} 1 dopamine 20s"
    ada.says(asked)
    scene = [f"Ada: {asked}", shown(ada.hears())]
    question = ada.asked()
    scene.append(shown(question))
    running.passes(4)
    for one, right in ((ada, True), (ben, False)):
        one.answers(question, right)
    standin.wait(lambda: len(votes(running)) == 2)
    running.passes(11)
    cleo.answers(question)
    standin.wait(lambda: len(votes(running)) == 3)
    scene.append(f"(Ada and Cleo pick “{right_option(question)}”; 20 seconds are over)")
    running.passes(10)
    scene += [shown(ada.hears()), shown(ada.hears(), 6)]
    told(*scene)


def test_in_a_channel(standin: StandIn, running: Running) -> None:
    """The section on channels."""
    olga = Learner.private(standin)
    olga.asks("/start")
    channel = Channel(standin, olga, -1_002_000_000_000 - olga.id)
    channel.lets_in(can_post_messages=True)
    page = olga.hears()
    scene = ["(Olga makes the bot an administrator of her channel “Brain facts”)", shown(page)]
    olga.taps(page, f"ch:when:question:{channel.id}")
    standin.wait(lambda: "when, by" in page["text"])
    scene += ["(Olga taps [Daily quiz])", shown(page)]
    olga.taps(page, f"ch:at:question:1200:{channel.id}")
    standin.wait(lambda: "every day at 12:00" in page["text"])
    scene.append("(Olga taps [12:00]; at noon, in the channel:)")
    running.at(START + timedelta(hours=3))
    standin.wait(channel.posts)
    (post,) = channel.posts()
    scene.append(shown(post))
    right = post["poll"]["correct_option_ids"]
    channel.readers_vote(post, *(31 if place in right else 3 for place in range(len(post["poll"]["options"]))))
    scene.append("(many pick an option; a day later, in the channel:)")
    running.at(START + timedelta(hours=26, minutes=59))
    standin.wait(lambda: len(channel.posts()) > 1)
    scene.append(shown(channel.posts()[1]))
    told(*scene)


def test_anywhere(standin: StandIn, running: Running) -> None:
    """What is offered inline."""
    talk = Talk.private(standin)
    typed = "dopamine turn"
    cards = [f"{one['title']}\n  {one['description']}" for one in offered(talk, typed)["results"][:2]]
    told(f"Ada types: @{NAME} {typed}", indent("\n".join(cards), "    "))

"""The pages that every surface offers as commands: lists of the course, and what this is."""

from collections.abc import Callable, Mapping, Sequence

from semax_bot.answering.compose import cited, comparison, opened, to_entries
from semax_bot.answering.search import overview
from semax_bot.course.load import Course
from semax_bot.course.model import Entry
from semax_bot.reply import Block, Button, Heading, Reply, Table, Text, rows

# Name of the page (and command) -> what it shows, in one line.
PAGES: Mapping[str, str] = {
    "unit": "the unit at a glance",
    "terms": "key terms",
    "figures": "the numbers",
    "systems": "the three messenger systems",
    "evidence": "where it was studied",
    "compare": "three drugs side by side",
    "simple": "the simple version",
    "sources": "what the literature check read",
    "about": "what this is, and what it is not",
    "privacy": "what is stored about you, and why",
    "help": "what you can do here",
}

HELP = (
    "Typos are fine. After a card, 'why?', 'how much?' or 'is that in humans?' go on from it. The buttons under a card "
    "tell it simpler or in more detail, show its evidence, or say that you meant something else."
)
QUIZZES = (
    "/quiz asks you five questions and remembers what to ask again, and when; /quiz 10 or /quiz dopamine does as it "
    "says, and /quiz cram only practises. /review asks what is due, /undo takes an answer back, /stop ends a quiz.\n"
    "/progress shows how far you are. /settings has your time zone and the length of a quiz. /export gives you all "
    "that is stored about you, /forget deletes it."
)
CHARTS = "/dashboard shows the charts, /chart norepinephrine one of them."
ON_TELEGRAM = (
    "On Telegram /daily 08:30 brings you one question a day, in a group /quiz is for everybody in it, /channel sets up "
    "a daily quiz for your channel, and behind my name, in any chat, you can look for cards to send."
)
CHECKED = (
    "The claims were checked against published abstracts, not full papers. 'Not found' means that nothing turned up in "
    "English or Russian; it does not prove that nothing exists. A citation gives what was recorded, no more."
)
ABOUT = "This tutor teaches one course and shows, beside every claim, how strong the evidence for it is."
NO_ADVICE = (
    "It is for learning and gives no medical advice: for anything about your own body or medicines, ask a clinician."
)
STORED = (
    (
        "Your id",
        "the number that stands for you on the surface you write from, so that your answers stay together. Your name "
        "is stored for the groups in which you answer quizzes, and for nothing else.",
    ),
    (
        "Your answers",
        "which options you picked and when; whether you read the hint, guessed, or took the answer back. They decide "
        "when a question comes again, and make up /progress.",
    ),
    ("Cards", "one per question, worked out from your answers: how well you know it and when it is due."),
    (
        "Quizzes",
        "what was asked in which order, with the ids of chat, message and poll, so that a quiz survives a restart.",
    ),
    (
        "In groups",
        "which questions you answered there, whether rightly, your points, and your first name, for the boards that "
        "everybody there sees. /settings leaves you out of those.",
    ),
    (
        "Every day",
        "at which times you want a question, how many you let pass, and for 30 days which ones were sent.",
    ),
    ("Channels", "which channels you have set up with me."),
    ("Settings", "your time zone, questions per quiz, pause, and whether boards show you."),
    (
        "For 30 minutes",
        "the last card of a chat and which message answers which, as ids, so that 'why?' and edited questions work.",
    ),
    (
        "The inbox",
        "what you send waits there, as it came, with its words and your name, until it is handled, which mostly takes "
        "less than a second. Then it is deleted. It is never exported, backed up or logged. Its number alone is kept "
        "for two days, lest it is handled twice.",
    ),
    ("Not about you", "how often a card was not what somebody meant, and Telegram's ids of pictures already sent."),
)
NEEDED = "What quizzes and daily questions need, and no more."
YOURS = (
    "/export gives you all of it as a file, /forget deletes it. Copies in the operator's backups go when those are "
    "replaced, and what stands in this chat is yours to delete."
)
GROUP_HELLO = (
    "Hello! I teach {title}. Ask me in your own words and you get a short card: the fact, its evidence, the catch."
)
GROUP_ASK = "/ask@{name} {example}"
SOME_SEEN = (
    "Telegram shows me only commands, best with my name behind as above, and replies to my messages. A mention of "
    "@{name} I answer when it arrives; it always does if I am an administrator here."
)
ALL_SEEN = "I answer commands, replies to my messages and mentions of @{name}, and leave the rest of the talk alone."
GROUP_COMMANDS = (
    ("/quiz@{name}", "a round for everybody here, then the scoreboard"),
    ("/daily@{name}", "one question a day, its result on the next; admins set it"),
    ("/leaderboard@{name}", "this week, and all time"),
    ("/help@{name}", "all that works here"),
)
GROUP_QUIZ = (
    "/quiz@{name} 5 dopamine 20s asks five questions on that, for 20 seconds each (any time from 20 to 60). A right "
    "answer brings 10 points, a quick one up to 5 more, and what you answer counts for your own progress too. "
    "/stop@{name} ends a round: whoever started it can, and any admin."
)
GROUP_PRIVATE = (
    "Your own progress, settings and quizzes are between the two of us: t.me/{name}. With /settings there you can also "
    "leave yourself out of the boards."
)
WELCOME = "Hello! Ask me about {title}, in your own words, and you get a short card: the fact, its evidence, the catch."


def page(course: Course, name: str) -> Reply:
    """The page of this name, one of PAGES."""
    return _list(course, name) if name in _OF_KIND else _MAKERS[name](course)


def welcome(course: Course) -> Reply:
    """The first thing a learner reads."""
    return _reply(Text(WELCOME.format(title=_titles(course)), lead=True), *_examples(course), buttons=_START)


def group_welcome(course: Course, name: str, sees_all: bool) -> Reply:
    """The first thing a group reads; `name` is the bot's, `sees_all` whether it sees messages that are not for it."""
    hello = Text(GROUP_HELLO.format(title=_titles(course)), lead=True)
    return _reply(hello, *_asking(course, name, sees_all, 1), _commands(GROUP_COMMANDS, name))


def group_help(course: Course, name: str, sees_all: bool) -> Reply:
    """What works in a group, with the bot's name in it; `sees_all` as above."""
    blocks = _asking(course, name, sees_all, 3)
    pages = ", ".join(f"/{page}" for page in PAGES if page != "help")
    return _reply(
        Heading("What you can do in this group"),
        *blocks,
        _commands(GROUP_COMMANDS[:-1], name),
        Text(GROUP_QUIZ.format(name=name)),
        Text(f"Pages: {pages}."),
        Text(GROUP_PRIVATE.format(name=name)),
    )


# Pages that list one kind of entry.
_OF_KIND = {"terms": "term", "figures": "figure", "systems": "system", "evidence": "evidence"}
_START = (
    Button("The unit at a glance", "page:unit"),
    Button("The simple version", "page:simple"),
    Button("Help", "page:help"),
)


def _list(course: Course, name: str) -> Reply:
    entries = _of_kind(course, _OF_KIND[name])
    lines = (Text(f"{entry.title}: {entry.short}") for entry in entries if not entry.home)
    passing = [entry.title for entry in entries if entry.home]
    also = [Text(f"Named in passing: {', '.join(passing)}.")] if passing else []
    return _reply(
        Heading(PAGES[name].capitalize()), *lines, *also, buttons=to_entries(course, (entry.id for entry in entries))
    )


def _unit(course: Course) -> Reply:
    blocks: list[Block] = []
    buttons: list[Button] = []
    for number, unit in course.units.items():
        blocks += [Heading(f"Unit {number} of {course.unit_count} · {unit.title}"), Text(unit.summary)]
        for section in unit.sections:
            inside = [
                entry
                for entry in course.entries.values()
                if entry.section == section.id and entry.id.startswith(f"{number:02}/")
            ]
            buttons += to_entries(course, (entry.id for entry in inside if not entry.home))
    return _reply(*blocks, buttons=buttons)


def _compare(course: Course) -> Reply:
    drugs = [entry for entry in course.entries.values() if entry.row]
    aspects = dict.fromkeys(aspect for drug in drugs for aspect in drug.row)
    tables = (comparison(course, [drug for drug in drugs if aspect in drug.row], aspect) for aspect in aspects)
    return _reply(
        Heading(PAGES["compare"].capitalize()), *tables, buttons=to_entries(course, (drug.id for drug in drugs))
    )


def _simple(course: Course) -> Reply:
    first = overview(course)
    return opened(course, course.entries[first], "card") if first else _unit(course)


def _sources(course: Course) -> Reply:
    lines = (f"• {cited(source)}" for source in course.sources.values())
    return _reply(Heading("Sources"), Text(CHECKED), Text("\n".join(lines)))


def _about(course: Course) -> Reply:
    return _reply(
        Heading(f"{course.title}: a tutor"),
        Text(ABOUT),
        Text(CHECKED),
        Text(NO_ADVICE),
        buttons=[Button("Sources", "page:sources")],
    )


def _privacy(_: Course) -> Reply:
    return _reply(
        Heading("What is stored about you, and why"),
        Text(NEEDED, lead=True),
        Table("What, and what for", STORED),
        Text(YOURS),
    )


def _help(course: Course) -> Reply:
    commands = "\n".join(f"/{name}: {shows}" for name, shows in PAGES.items())
    texts = map(Text, (HELP, QUIZZES, CHARTS, ON_TELEGRAM, commands))
    return _reply(Heading("What you can do here"), *_examples(course), *texts)


def _titles(course: Course) -> str:
    return " and ".join(f"unit {number}, {unit.title}" for number, unit in course.units.items())


def _asking(course: Course, name: str, sees_all: bool, count: int) -> list[Block]:
    """How to ask in a group, with examples, and what of its talk reaches us."""
    examples = [example for unit in course.units.values() for example in unit.examples][:count]
    asks = [Text("\n".join(GROUP_ASK.format(name=name, example=example) for example in examples))] if examples else []
    return [*asks, Text((ALL_SEEN if sees_all else SOME_SEEN).format(name=name))]


def _commands(commands: Sequence[tuple[str, str]], name: str) -> Table:
    return Table("For everybody here", tuple((command.format(name=name), shows) for command, shows in commands))


def _examples(course: Course) -> list[Block]:
    examples = [example for unit in course.units.values() for example in unit.examples]
    return (
        [Text("Ask in your own words, for example:\n" + "\n".join(f"• {example}" for example in examples))]
        if examples
        else []
    )


def _of_kind(course: Course, kind: str) -> list[Entry]:
    return [entry for entry in course.entries.values() if entry.id.split("/")[1] == kind]


def _reply(*blocks: Block, buttons: Sequence[Button] = ()) -> Reply:
    return Reply("answer", blocks, rows(buttons))


_MAKERS: Mapping[str, Callable[[Course], Reply]] = {
    "unit": _unit,
    "compare": _compare,
    "simple": _simple,
    "sources": _sources,
    "about": _about,
    "privacy": _privacy,
    "help": _help,
}

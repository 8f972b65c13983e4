"""A course of two cards and four quiz items, to be broken in one place at a time."""

from pathlib import Path

PAGE = "unit-01/unit.yaml"
COURSE = """\
unit:
  number: 1
  title: sleep
  summary: What keeps us awake, and what does not.
  sections:
    - {id: terms, title: key terms}
  aspects:
    class: Class

entries:
  - id: 01/term/caffeine
    title: Caffeine
    aliases: [theine]
    asks:
      - what is caffeine
      - the stuff that keeps us awake
    short: Caffeine keeps people awake for 5 hours.
    text: It blocks a receptor.
    answers:
      amount: For 5 hours, says the unit.
    figures:
      - {label: Effect, value: 5 hours}
    row:
      class: a stimulant
    evidence: human-clinical
    caveats:
      - People differ.
    source_check:
      verdict: partly
      finding: One study saw 4 hours.
      sources: [Ab12]
    related: [01/term/adenosine]
    section: terms
    topics: [caffeine]

  - id: 01/term/adenosine
    title: Adenosine
    short: Adenosine builds up while we are awake.
    evidence: textbook
    related: [01/term/caffeine]
    section: terms
    topics: [caffeine]
    home: 01/term/caffeine

sources:
  - id: Ab12
    cite: Abel 2012
    finding: In 30 people the effect lasted 4 hours, 20 percent longer than with tea.

words:
  - id: caffeine
    name: caffeine
    variants: [caffein, 1,3,7-trimethylxanthine]

boundaries:
  - id: brewing
    kind: out_of_scope
    text: How coffee is brewed is not part of this unit.
    near: [01/term/caffeine]
    asks:
      - how do I brew coffee
"""


ITEMS = """\
items:
  - id: 01/item/caffeine-does
    kind: definition
    entries: [01/term/caffeine]
    difficulty: 1
    question: What does caffeine do?
    options:
      - text: It keeps people awake
        right: yes
      - text: It makes people drowsy
        why: That is adenosine.
      - text: Nothing
    explanation: It takes the place of adenosine.
    section: terms

  - id: 01/item/caffeine-lasts
    kind: figure
    entries: [01/term/caffeine, 01/term/adenosine]
    difficulty: 2
    context: The unit gives a figure.
    question: How long does caffeine act?
    options:
      - text: 12 hours
      - text: 2 h
      - text: 5 hours
        right: yes
    explanation: Five hours, says the unit; one study saw 4 h.
    section: terms

  - id: 01/item/adenosine-when
    kind: all
    entries: [01/term/adenosine]
    difficulty: 1
    question: When does adenosine build up?
    options:
      - text: At work
        right: yes
      - text: In traffic
        right: yes
      - text: In bed, asleep
    explanation: It builds up while we are awake.
    section: terms

  - id: 01/item/adenosine-tea
    kind: myth
    entries: [01/term/adenosine]
    difficulty: 3
    question: "Myth or fact: tea is made of adenosine."
    options:
      - text: Fact
        why: It is our own.
      - text: Myth
        right: yes
    explanation: Adenosine is made in the body.
    section: terms
"""


class Tiny:
    """The course in a folder of its own; `page` is the file that holds all of unit 1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = self.write(PAGE, COURSE)
        self.head = self.write("course.yaml", "title: Sleep\nunits: 2\n")

    def write(self, name: str, text: str) -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def edit(self, old: str, new: str, at: str = "") -> int:
        """Replace what stands once in the page; returns the line of `at`, or of the new text, after that."""
        text = self.page.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
        self.page.write_text(text, "utf-8")
        return text.count("\n", 0, text.rindex(at or new.strip())) + 1

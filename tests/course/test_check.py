"""Checking: each rule of honesty and of finding catches its slip, in the right line, and leaves sound content alone."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.tiny import COURSE, Tiny
from semax_bot.course.check import check
from semax_bot.settings import content_folder


def test_a_sound_course_has_no_faults(tiny: Tiny) -> None:
    """What keeps to the rules passes."""
    assert check(tiny.folder) == []


def test_the_course_that_ships_has_no_faults() -> None:
    """The rules hold for what learners get to read."""
    assert check(content_folder()) == []


RULES = {
    "claim without caveat": (
        ("    caveats:\n      - People differ.\n", ""),
        ("evidence: human-clinical", "01/term/caffeine"),
        'rests on evidence "human-clinical" without a caveat; add `caveats:` with what to keep in mind',
    ),
    "textbook that names Semax": (
        ("Adenosine builds up while we are awake.", "Adenosine, unlike semax, builds up while we are awake."),
        ("evidence: textbook", "01/term/adenosine"),
        "names Semax without a caveat; add `caveats:` with what to keep in mind",
    ),
    "verdict without source": (
        ("      sources: [Ab12]\n", ""),
        ("verdict: partly", "01/term/caffeine"),
        'the verdict "partly" needs `sources:`; without any, write "not-found"',
    ),
    "quantity in short": (
        ("awake for 5 hours.\n    text", "awake for 5-6 hours.\n    text"),
        ("short: Caffeine", "01/term/caffeine"),
        '"5-6 hours" in `short` stands in no figure and no finding; add it to `figures`, or take it out',
    ),
    "quantity in an answer": (
        ("For 5 hours, says", "For nine hours, says"),
        ("amount: For", "01/term/caffeine"),
        '"nine hours" in `answers` stands in no figure and no finding; add it to `figures`, or take it out',
    ),
    "quantity in a caveat": (
        ("- People differ.", "- People differ by 30 percent."),
        ("- People differ", "01/term/caffeine"),
        '"30 percent" in `caveats` stands in no figure and no finding; add it to `figures`, or take it out',
    ),
    "quantity in a row": (
        ("class: a stimulant", "class: a stimulant, 1.4x as strong"),
        ("class: a stim", "01/term/caffeine"),
        '"1.4x" in `row` stands in no figure and no finding; add it to `figures`, or take it out',
    ),
    "quantity in a boundary": (
        ("How coffee is brewed is", "How coffee is brewed for 3 minutes is"),
        ("text: How", "brewing"),
        '"3 minutes" in `text` stands in no figure and no finding; take it out',
    ),
    "quantity in the summary": (
        ("summary: What", "summary: For 5 hours what"),
        ("summary: For", "unit"),
        '"5 hours" in `summary` stands in no figure and no finding; take it out',
    ),
    "alias that is another's title": (
        ("title: Adenosine", "title: Adenosine\n    aliases: [caf-feine]"),
        ("aliases: [caf-", "01/term/adenosine"),
        '"caf-feine" leads to 01/term/caffeine as well (unit.yaml:11); keep one of the two',
    ),
    "alias of two": (
        ("title: Adenosine", "title: Adenosine\n    aliases: [THEINE]"),
        ("aliases: [THEINE]", "01/term/adenosine"),
        '"THEINE" leads to 01/term/caffeine as well (unit.yaml:11); keep one of the two',
    ),
    "alias twice": (
        ("aliases: [theine]", "aliases: [theine, Theine]"),
        ("aliases: [theine", "01/term/caffeine"),
        '"Theine" stands here twice; keep one',
    ),
    "variant of two words": (
        ("boundaries:", "  - {id: tea, name: tea, variants: [Caffein]}\n\nboundaries:"),
        ("- {id: tea", "tea"),
        '"Caffein" leads to caffeine as well (unit.yaml:51); keep one of the two',
    ),
    "ask twice": (
        ("- the stuff that", "- What is caffeine?\n      - the stuff that"),
        ("- What is caffeine?", "01/term/caffeine"),
        '"What is caffeine?" stands here twice; keep one',
    ),
    "ask of two entries": (
        ("title: Adenosine", "title: Adenosine\n    asks: [What is caffeine?]"),
        ("asks: [What", "01/term/adenosine"),
        '"What is caffeine?" leads to 01/term/caffeine as well (unit.yaml:11); keep one of the two',
    ),
    "ask of an entry and a boundary": (
        ("- how do I brew coffee", "- how do I brew coffee\n      - What is caffeine?"),
        ("- What is caffeine?", "brewing"),
        '"What is caffeine?" leads to 01/term/caffeine as well (unit.yaml:11); keep one of the two',
    ),
}


@pytest.mark.parametrize(("edit", "place", "message"), RULES.values(), ids=RULES)
def test_each_rule_names_line_entry_and_way_out(
    tiny: Tiny, edit: tuple[str, str], place: tuple[str, str], message: str
) -> None:
    """A broken rule is one fault, and it leads to the line that must change."""
    line = tiny.edit(*edit, at=place[0])
    assert check(tiny.folder) == [f"{tiny.page}:{line}: {place[1]}: {message}"]


def test_what_grounds_a_quantity(tiny: Tiny) -> None:
    """A figure, the check's finding and a cited source's finding carry a quantity, however it is spelled."""
    tiny.edit("text: It blocks a receptor.", "text: Five hours, says the unit; the check saw 4 h, +20% against tea.")
    assert check(tiny.folder) == []
    tiny.edit("      sources: [Ab12]\n", "")
    tiny.edit("verdict: partly", "verdict: not-found")
    assert [fault.split(": ")[2].split(" in ")[0] for fault in check(tiny.folder)] == ['"20%"']


def test_a_boundary_rests_on_the_entries_it_points_to(tiny: Tiny) -> None:
    """Turning a question away may repeat a figure that is shown one tap further."""
    tiny.edit("How coffee is brewed is", "Caffeine acts for 5 hours; how coffee is brewed is")
    assert check(tiny.folder) == []


@pytest.mark.parametrize("name", ["terms.yaml", "unit-01/terms.yml", "unit-1/terms.yaml", "unit-01/terms.yaml~"])
def test_a_file_that_nobody_reads_is_named(tiny: Tiny, name: str) -> None:
    """An author who misspells a file's name learns why nothing changes."""
    path = tiny.write(name, "entries: []\n")
    assert check(tiny.folder) == [f"{path}: is never read; name it like unit-06/terms.yaml, or move it elsewhere"]


def test_what_may_lie_beside_the_content(tiny: Tiny) -> None:
    """Notes, the editor's schema and a desktop's hidden files are no faults."""
    for name in ("README.md", "schema.json", ".DS_Store", "unit-01/.terms.yaml.swp", ".git/config"):
        tiny.write(name, "")
    assert check(tiny.folder) == []


def test_a_folder_that_is_no_course_is_not_searched(tmp_path: Path) -> None:
    """Somebody who names the wrong folder gets two lines, not a list of all their files."""
    (tmp_path / "photo.jpg").touch()
    folder, head = check(tmp_path)
    assert folder == f"{tmp_path}: holds no unit; write the first one in a folder such as unit-01"
    assert head.startswith(f"{tmp_path / 'course.yaml'}: cannot be read (No such file or directory); ")
    assert check(tmp_path / "nowhere") == [
        f"{tmp_path / 'nowhere'}: is not a folder; name the one that holds course.yaml"
    ]


def test_faults_come_by_file_and_line_and_all_at_once(tiny: Tiny) -> None:
    """Form, references and rules are checked in one run, and read from top to bottom."""
    tiny.edit("aliases: [theine]", "alias: [theine]")
    tiny.edit("home: 01/term/caffeine", "home: 01/term/tea")
    tiny.edit("How coffee is brewed is", "How coffee is brewed for 3 minutes is")
    tiny.edit("id: brewing", "id: Brewing")
    tiny.write("unit-02/unit.yaml", "unit: {number: 2, title: tea, summary: Drink 3 ml., sections: []}")
    tiny.write("unit-01/a.yaml", "words:\n  - {id: x, name: caffeine}\n")
    found = [tuple(fault.removeprefix(f"{tiny.folder}/").split(": ")[:2]) for fault in check(tiny.folder)]
    assert found == [
        ("unit-01/unit.yaml:13", "01/term/caffeine"),
        ("unit-01/unit.yaml:43", "01/term/adenosine"),
        ("unit-01/unit.yaml:52", "caffeine"),
        ("unit-01/unit.yaml:56", "Brewing"),
        ("unit-02/unit.yaml:1", "unit"),
    ]


PIECES = st.sampled_from(
    ["", ": ", "- ", "[", "{a: ", "&x ", "*x", "!!x ", "? ", "|\n", "\t", '"', "---\n", "\x00", "null", "id: 1"]
)


@settings(deadline=None)
@given(cut=st.integers(0, len(COURSE)), dropped=st.integers(0, 40), piece=PIECES | st.text(max_size=8))
def test_nothing_that_is_written_stops_the_check(
    tmp_path_factory: pytest.TempPathFactory, cut: int, dropped: int, piece: str
) -> None:
    """However a file is mangled, the answer is a list of lines, and the same one when asked again."""
    tiny = Tiny(tmp_path_factory.getbasetemp() / "mangled")
    tiny.page.write_bytes((COURSE[:cut] + piece + COURSE[cut + dropped :]).encode("utf-8", "surrogatepass"))
    found = check(tiny.folder)
    assert found == check(tiny.folder)
    assert all(fault.startswith(str(tiny.folder)) and "\n" not in fault for fault in found)


SPOILED = {
    "a number slipped in": (
        r"^    text: >-\n +",
        r"\g<0>It rose by 77%. ",
        '"77%" in `text` stands in no figure and no finding; add it to `figures`, or take it out',
    ),
    "a caveat lost": (
        r"^    caveats:\n(?:      .*\n)+",
        "",
        " without a caveat; add `caveats:` with what to keep in mind",
    ),
    "a figure drifted": (r"value: [+]?15-25%", "value: 15-35%", '"15-25%" in `'),
    "a source lost": (r"^      sources: \[.*\]\n", "", " needs `sources:`; without any, write "),
}


@pytest.mark.parametrize(("pattern", "replacement", "message"), SPOILED.values(), ids=SPOILED)
def test_a_slip_in_the_course_that_ships_is_seen(tmp_path: Path, pattern: str, replacement: str, message: str) -> None:
    """The rules work in the size and the style of the real course, not only in a toy."""
    page = Path(shutil.copytree(content_folder(), tmp_path / "content")) / "unit-06/figures.yaml"
    spoiled, count = re.subn(pattern, replacement, page.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1
    page.write_text(spoiled, "utf-8")
    faults = check(page.parents[1])
    others = rf"{re.escape(str(page.parent))}/(questions|charts).yaml:\d+: 06/(item|chart)"
    places = rf"({re.escape(str(page))}:\d+: 06/figure|{others})/\S+: "
    assert any(fault.startswith(str(page)) for fault in faults)
    assert all(re.match(places, fault) and message in fault for fault in faults)

"""Loading: a sound course comes out whole, and whatever is broken is named with its place and a way out."""

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.tiny import COURSE, Tiny
from semax_bot.course import read
from semax_bot.course.load import load, slug
from semax_bot.errors import ContentError
from semax_bot.settings import content_folder


def fault(tiny: Tiny) -> str:
    """The one fault that loading finds."""
    with pytest.raises(ContentError) as caught:
        load(tiny.folder)
    assert len(caught.value.faults) == 1, str(caught.value)
    return caught.value.faults[0]


def test_a_sound_course_comes_out_whole(tiny: Tiny) -> None:
    """What authors write is what the tutor gets, by id and in reading order."""
    course = load(tiny.folder)
    assert (course.title, course.unit_count, list(course.units)) == ("Sleep", 2, [1])
    assert list(course.entries) == ["01/term/caffeine", "01/term/adenosine"]
    assert course.entries["01/term/caffeine"].figures[0].value == "5 hours"
    assert course.sources["Ab12"].cite == "Abel 2012"
    assert [word.id for word in course.words] == ["caffeine"]
    assert [boundary.id for boundary in course.boundaries] == ["brewing"]


def test_the_course_that_ships_loads() -> None:
    """The bot can start on its own content, and every entry can be linked to."""
    course = load(content_folder())
    assert set(course.by_slug.values()) == set(course.entries)


@pytest.mark.parametrize(
    "written", ["NO", "2:1", "1.40", "0x1F", "2024-01-01", "yes", "1_000", "on", "12e3", '"null"', "“no” – ½"]
)
def test_values_are_read_as_they_are_written(tiny: Tiny, written: str) -> None:
    """YAML's guesses at numbers, dates and booleans never change a text (NO is no Norwegian false)."""
    tiny.edit("value: 5 hours", f"value: {written}")
    tiny.edit("short: Caffeine keeps people awake for 5 hours.", "short: Caffeine keeps people awake.")
    assert load(tiny.folder).entries["01/term/caffeine"].figures[0].value == written.strip('"')


def test_a_key_without_a_value_is_as_good_as_none(tiny: Tiny) -> None:
    """A key that an author left open for later is no fault."""
    tiny.edit("    text: It blocks a receptor.", "    text:\n    advanced: ~")
    entry = load(tiny.folder).entries["01/term/caffeine"]
    assert (entry.text, entry.advanced) == ("", "")


FORM = {
    "unknown key": ("aliases:", "alias:", "alias:", 'unknown key "alias"; did you mean "aliases"?'),
    "unknown facet": ("amount: For", "amont: For", "amont:", 'unknown key "amont"; did you mean "amount"?'),
    "unknown key in a figure": ("value: 5", "size: 5", "label:", 'unknown key "size"; the keys here are label, value'),
    "unknown key in a check": ("verdict: partly", "verdit: partly", "verdit:", 'unknown key "verdit"; did you mean'),
    "unknown key in a section": ("title: key terms", "titel: key terms", "- {id: terms", 'did you mean "title"?'),
    "unknown key in a word": ("variants:", "variant:", "variant:", 'did you mean "variants"?'),
    "missing key": ("    evidence: human-clinical\n", "", "id: 01/term/caf", 'the key "evidence" is missing; add it'),
    "missing value": ("    evidence: human-clinical", "    evidence:", "evidence:\n", 'key "evidence" is missing'),
    "doubled key": ("text: It", "short: A second one.\n    text: It", "short: A s", 'key "short" stands here twice'),
    "too long": ("It blocks", "It blocks" * 80, "text: It", '"text" has 732 characters, 700 at most; shorten it'),
    "too short": ("finding: One study saw 4 hours.", "finding: Hm.", "finding:", "has 3 characters, 10 at least"),
    "no such level": (
        "human-clinical",
        "humans",
        "evidence: h",
        '"evidence" cannot be "humans"; write human-clinical,',
    ),
    "scalar for a list": ("aliases: [theine]", "aliases: theine", "aliases:", '"aliases" must be a list; write [a, b]'),
    "list for a text": (
        "text: It blocks a receptor.",
        "text: [It, blocks]",
        "text: [",
        '"text" must be a text; put it in',
    ),
    "text for a mapping": (
        "    row:\n      class: a stimulant",
        "    row: a",
        "row: a",
        '"row" must hold keys of its own',
    ),
    "too many": (
        "near: [01/term/caffeine]",
        f"near: [{', '.join(['01/term/caffeine'] * 5)}]",
        "near: [",
        '"near" lists 5, 4 at most; leave some out',
    ),
    "text for an entry": ("words:\n", "words:\n  - tea\n", "- tea", 'words no. 1: "words" must hold keys of its own'),
    "empty item": ("- People differ.", "- People differ.\n      -", "-\n", '"caveats" no. 2 is empty; fill it or'),
    "id of the wrong form": ("id: 01/term/caffeine\n", "id: caffeine\n", "id: caf", "write unit/kind/name, e.g. 06/"),
    "reference of the wrong form": ("[01/term/adenosine]", "[adenosine]", "related: [ad", "write an id such as 06/"),
    "id too long": (
        "id: 01/term/caffeine\n",
        f"id: 01/term/{'x' * 60}\n",
        "id: 01/term/xx",
        "has 68 characters, 48 at",
    ),
    "colon in a text": (
        "text: It blocks",
        "text: Note: it blocks",
        "text: Note",
        "not valid YAML: a colon and a space",
    ),
    "tab": ("    text: It", "\ttext: It", "\ttext: It", "not valid YAML: a tab in front of a text; indent with"),
    "at sign": ("text: It blocks", "text: @It blocks", "text: @It", "not valid YAML: a text that starts with @"),
    "open bracket": ("aliases: [theine]", "aliases: [theine", "aliases: [", "not valid YAML: a bracket that is n"),
    "star": ("text: It blocks", "text: *It blocks", "text: *It", "not valid YAML: a text that starts with *"),
    "anchor": ("value: 5 hours", "value: &x 5 hours, text: *x", "label", "is repeated with *; write it out in both"),
    "tag": ("text: It blocks", "text: !It blocks", "text: !It", '"!It" is taken for a YAML tag; put the text in "dou'),
}


@pytest.mark.parametrize(("old", "new", "at", "message"), FORM.values(), ids=FORM)
def test_a_fault_of_form_names_line_entry_and_way_out(tiny: Tiny, old: str, new: str, at: str, message: str) -> None:
    """Whatever slip an author makes, one line leads to the place and says what to do."""
    tiny.edit(old, new)
    line = tiny.page.read_text("utf-8").split(at)[0].count("\n") + 1
    with pytest.raises(ContentError) as caught:
        load(tiny.folder)
    found = [fault for fault in caught.value.faults if message in fault]
    assert len(found) == 1, str(caught.value)
    assert found[0].startswith(f"{tiny.page}:{line}: ")
    assert re.search(r": (01/term/caffeine|01/term/x+|caffeine|brewing|words no. 1|unit): ", found[0])


def test_the_exact_wording_of_a_fault(tiny: Tiny) -> None:
    """File, line, entry, what is wrong and what to do stand in this order, ready to click."""
    line = tiny.edit("aliases:", "alias:")
    assert fault(tiny) == f'{tiny.page}:{line}: 01/term/caffeine: unknown key "alias"; did you mean "aliases"?'


def test_a_fault_is_one_line_whatever_it_quotes(tiny: Tiny) -> None:
    """A list of faults can be read line by line, even where a value runs over many."""
    tiny.edit("evidence: textbook", "evidence: |\n      known\n" + "      to all\n" * 30)
    assert "\n" not in fault(tiny)
    assert len(fault(tiny).split(": ", 1)[1]) < 250


def test_every_fault_is_named_at_once(tiny: Tiny) -> None:
    """An author fixes a file in one go, and a broken entry does not make others' references dangle."""
    first = tiny.edit("aliases:", "alias:")
    second = tiny.edit("evidence: textbook", "evidence: books")
    tiny.write("course.yaml", "title: Sleep\nunits: many\n")
    with pytest.raises(ContentError) as caught:
        load(tiny.folder)
    places = [found.split(": ")[0] for found in caught.value.faults]
    assert places == [f"{tiny.head}:2", f"{tiny.page}:{first}", f"{tiny.page}:{second}"]


FILES = {
    "not UTF-8": (b"unit:\n  title: caf\xe9\n", ":2: is not UTF-8 from here on; save"),
    "empty": (b"# later\n", ": is empty; fill it or remove it"),
    "a list": (b"- id: 01/term/caffeine\n", ":1: holds no keys; begin it with a key such as `entries:`"),
    "two documents": (b"words: []\n---\nwords: []\n", ":2: not valid YAML: a second '---'"),
    "control character": (b"words:\n  - id: a\x07\n", ":2: a control character"),
    "unclosed quote": (b'words:\n  - id: "a\n\n', ":2: a: not valid YAML: a quote that is never closed"),
    "key that is a list": (b"? [a, b]\n: c\n", ":1: a key that is a list; a key is one word"),
    "endless brackets": (b"words: " + b"[" * 100_000, ":1: not valid YAML: brackets or dashes inside each other"),
    "endless dashes": (b"words:\n" + b"- " * 100_000, ":2: not valid YAML: brackets or dashes inside each other"),
    "huge": (b"#" * (read.MAX_BYTES + 1), ": is larger than 5 MB"),
}


@pytest.mark.parametrize(("data", "message"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_used_is_named(tiny: Tiny, data: bytes, message: str) -> None:
    """No file, however odd or hostile, ends in a traceback or a crash."""
    path = tiny.write("unit-01/more.yaml", "")
    path.write_bytes(data)
    assert fault(tiny).startswith(f"{path}{message}")


def test_an_unreadable_file_makes_no_reference_dangle(tiny: Tiny) -> None:
    """One slip of syntax is one fault, not one for everything that points into the file."""
    tiny.write("unit-02/unit.yaml", "unit: {number: 2, title: tea, summary: 'About tea.}")
    assert "a quote that is never closed" in fault(tiny)


def test_aliases_do_not_explode(tiny: Tiny) -> None:
    """A few lines that name each other ten times over (a YAML bomb) are refused, not unfolded."""
    bomb = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'lol'] * 10)}]" for n in range(30))
    tiny.write("unit-01/bomb.yaml", bomb)
    with pytest.raises(ContentError, match="write it out in both places"):
        load(tiny.folder)


def test_a_byte_order_mark_is_no_fault(tiny: Tiny) -> None:
    """Some editors on Windows write one."""
    tiny.page.write_text(COURSE, "utf-8-sig")
    assert load(tiny.folder).entries


def test_missing_files_are_named(tiny: Tiny, tmp_path: Path) -> None:
    """A folder that is no course says what it lacks."""
    tiny.head.unlink()
    assert fault(tiny).startswith(f"{tiny.head}: cannot be read (No such file or directory); see that")
    tiny.folder = tmp_path / "elsewhere"
    assert fault(tiny) == f"{tiny.folder}: is not a folder; name the one that holds course.yaml"
    tiny.write("course.yaml", "title: Sleep\nunits: 2\n")
    assert fault(tiny) == f"{tiny.folder}: holds no unit; write the first one in a folder such as unit-01"


def test_a_folder_without_its_frame_is_named(tiny: Tiny) -> None:
    """A unit needs its title and sections before any card can say where it stands."""
    tiny.write("unit-02/words.yaml", "words: []\n")
    assert fault(tiny).startswith(f"{tiny.folder / 'unit-02'}: has no unit.yaml with `unit:`; write its number")


LINKS = {
    "related": ("related: [01/term/adenosine]", "related: [01/term/adenosin]", 'did you mean "01/term/adenosine"?'),
    "related to itself": ("related: [01/term/adenosine]", "related: [01/term/caffeine]", "names the entry itself"),
    "home": (
        "home: 01/term/caffeine",
        "home: 01/term/tea",
        '"home" names the entry "01/term/tea", which does not exist',
    ),
    "home of its own": ("home: 01/term/caffeine", "home: 01/term/adenosine", "which has a home itself; name that"),
    "near": ("near: [01/term/caffeine]", "near: [01/term/tea]", "add that entry, or remove the reference"),
    "source": ("sources: [Ab12]", "sources: [Ab21]", '"source_check" names the source "Ab21", which does not exist'),
    "topic": ("topics: [caffeine]\n\n", "topics: [coffee]\n\n", '"topics" names the word "coffee"'),
    "section": ("section: terms\n    topics: [caffeine]\n\n", "section: term\n\n", 'did you mean "terms"?'),
    "aspect": ("row:\n      class: a stimulant", "row:\n      kind: a stimulant", '"row" names the aspect "kind"'),
    "row without topic": ("topics: [caffeine]\n\n", "topics: []\n\n", '"row" needs `topics:`'),
    "doubled entry": (
        "id: 01/term/adenosine",
        "id: 01/term/caffeine",
        "this id stands in unit.yaml:11 already; choose",
    ),
    "doubled word": ("words:\n", "words:\n  - {id: caffeine, name: tea}\n", "this id stands in unit.yaml"),
    "other unit's entry": ("- id: 01/term/adenosine", "- id: 02/term/adenosine", 'its id must be "01/term/adenosine"'),
    "other folder": ("number: 1", "number: 2", "unit 2 stands in the folder unit-01; make the two agree"),
}


@pytest.mark.parametrize(("old", "new", "message"), LINKS.values(), ids=LINKS)
def test_references_and_ids_hold(tiny: Tiny, old: str, new: str, message: str) -> None:
    """Nothing that the tutor follows leads nowhere: a slip stops the start instead of a learner's question."""
    text = tiny.page.read_text("utf-8")
    tiny.page.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError, match=r"unit\.yaml:\d+: \S+: ") as caught:
        load(tiny.folder)
    assert message in str(caught.value)


def test_a_unit_beyond_the_course_is_named(tiny: Tiny) -> None:
    """'Unit 3 of 2' would be nonsense on every card."""
    tiny.write("course.yaml", "title: Sleep\nunits: 1\n")
    tiny.write("unit-02/unit.yaml", "unit: {number: 2, title: tea, summary: About tea., sections: []}")
    assert fault(tiny).endswith("unit: unit 2 is more than the 1 `units:` of course.yaml; raise those")


NAME = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=30)
KIND = st.text(string.ascii_lowercase, min_size=1, max_size=10)


@given(kind=KIND, name=NAME, other=st.tuples(KIND, NAME))
def test_no_two_entries_share_a_link(kind: str, name: str, other: tuple[str, str]) -> None:
    """A deep link leads to one entry: the slug can be turned back into its id."""
    entry_id = f"06/{kind}/{name}"
    assert "/".join(slug(entry_id).split("-", 2)) == entry_id
    assert (slug(entry_id) == slug("06/{}/{}".format(*other))) == ((kind, name) == other)

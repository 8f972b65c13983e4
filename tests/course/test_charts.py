"""Charts as an author declares them: what no entry bears out is a fault, in the right line and in plain words."""

import json
import re
import shutil
from pathlib import Path

import pytest

from course.tiny import Tiny
from semax_bot.charts.data import drawn
from semax_bot.course import chart_model
from semax_bot.course.check import check
from semax_bot.course.load import load
from semax_bot.course.model import Model
from semax_bot.course.schema import schema
from semax_bot.errors import ContentError
from semax_bot.settings import content_folder

FIGURES = "      - {label: Alertness, value: 10-20% higher}\n      - {label: Effect, value: 5 hours}"
FINDING = "finding: One study saw 4 hours; in the cortex alertness was 12% higher."
WORDS = """\
words:
  - id: cortex
    name: cortex
    variants: [cortical]
  - id: brainstem
    name: brainstem
"""
CHARTS = """\
charts:
  - id: 01/chart/alertness
    kind: changes
    title: Alertness by region
    aliases: [regions]
    short: What the unit says about alertness.
    alt: One row, alertness up by 10-20% in the cortex.
    note: A note that stands below it.
    caveats:
      - People differ.
    section: terms
    groups:
      - system: caffeine
        measure: alertness
        rows:
          - {region: cortex, entry: 01/term/caffeine, says: up, size: 10-20%, found: up, found_size: 12%}
          - {region: brainstem, entry: 01/term/caffeine, says: up}

  - id: 01/chart/curve
    kind: curve
    title: The curve
    short: Too little is no good, and too much is none.
    alt: A hill over three zones.
    note: A concept and not data.
    section: terms
    entries: [01/term/adenosine]
    level: caffeine
    effect: performance
    zones:
      - {title: tired, text: yawning}
      - {title: jumpy, text: trembling}
    band: {entry: 01/term/caffeine, size: 10-20%}

  - id: 01/chart/hours
    kind: span
    title: Over five hours
    short: Alertness rises for 5 hours.
    alt: A point, and a range at the end.
    note: Nothing is known about the hours between.
    section: terms
    entry: 01/term/caffeine
    measure: alertness
    says: up
    size: 10-20%
    over: 5 hours
    unknown: Nobody without tea was asked.

  - id: 01/chart/classes
    kind: comparison
    title: Side by side
    short: Both of them beside each other.
    alt: A table of two columns.
    note: A note that stands below it.
    section: terms
    entries: [01/term/caffeine, 01/term/theobromine]

  - id: 01/chart/tally
    kind: tally
    title: All of it
    short: Every card as one mark.
    alt: A row of marks.
    note: A note that stands below it.
    section: terms
"""
THEOBROMINE = """\
entries:
  - id: 01/term/theobromine
    title: Theobromine
    short: Theobromine is in chocolate.
    evidence: textbook
    row:
      class: a weak stimulant
    section: terms
    topics: [caffeine]
"""


@pytest.fixture
def charted(tiny: Tiny) -> Tiny:
    """The tiny course with a chart of each kind; `page` is the file that holds them."""
    tiny.edit("      - {label: Effect, value: 5 hours}", FIGURES)
    tiny.edit("finding: One study saw 4 hours.", FINDING)
    tiny.write("unit-01/words.yaml", WORDS)
    tiny.write("unit-01/more.yaml", THEOBROMINE)
    tiny.page = tiny.write("unit-01/charts.yaml", CHARTS)
    return tiny


def test_a_sound_course_with_charts_has_no_faults(charted: Tiny) -> None:
    """One chart of each kind, and nothing to complain of."""
    assert check(charted.folder) == []
    kinds = [chart.kind for chart in load(charted.folder).charts.values()]
    assert kinds == ["changes", "curve", "span", "comparison", "tally"]


ROW = "says: up, size: 10-20%, found: up, found_size: 12%}"
UNUSABLE = {
    "no kind": ("    kind: tally\n", "", 'a chart needs a "kind" that is known; write changes, curve, span, '),
    "unknown kind": ("kind: tally", "kind: pie", 'a chart needs a "kind" that is known; write changes, curve, span, '),
    "unknown key": ("    over: 5", "    untill: 6 hours\n    over: 5", 'unknown key "untill"'),
    "slip in a key": ("size: 10-20%, found:", "sise: 10-20%, found:", 'unknown key "sise"; did you mean "size"?'),
    "size without percent": (
        ROW,
        ROW.replace("size: 10-20%,", "size: a lot,"),
        '"size" cannot be "a lot"; write a percentage',
    ),
    "no direction": (ROW, ROW.replace("says: up", "says: upp"), '"says" cannot be "upp"; write up, down, little or'),
    "no groups": (
        CHARTS[CHARTS.index("    groups:") : CHARTS.index("\n  - id: 01/chart/curve")],
        "",
        '"groups" is mis',
    ),
    "long title": ("title: All of it", f"title: {'x' * 41}", '"title" has 41 characters, 40 at most; shorten it'),
    "wrong unit": ("id: 01/chart/tally", "id: 02/chart/tally", 'its id must be "01/chart/tally"'),
    "no chart id": ("id: 01/chart/tally", "id: 01/term/tally", "write unit/chart/name"),
    "twice": ("id: 01/chart/tally", "id: 01/chart/hours", "this id stands in charts.yaml:"),
    "entry of nothing": (
        "brainstem, entry: 01/term/caffeine",
        "brainstem, entry: 01/term/caffeinn",
        '"entry" names the entry "01/term/caffeinn", which does not exist; did you mean "01/term/caffeine"?',
    ),
    "region of nothing": ("{region: brainstem", "{region: brainstm", '"region" names the word "brainstm", which does'),
    "band of nothing": (
        "band: {entry: 01/term/caffeine",
        "band: {entry: 01/term/x",
        '"entry" names the entry "01/term/x"',
    ),
    "section of nothing": (
        "mark.\n    alt: A row of marks.\n    note: A note that stands below it.\n    section: terms",
        "mark.\n    alt: A row of marks.\n    note: A note that stands below it.\n    section: turms",
        '"section" names the section "turms"',
    ),
    "nothing to compare": ("01/term/theobromine]", "01/term/adenosine]", "01/term/adenosine has no `row` in this unit"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_drawn_keeps_the_bot_from_starting(charted: Tiny, name: str) -> None:
    """A fault of form or of reference is one line with file, line and chart, and the course does not load."""
    old, new, message = UNUSABLE[name]
    charted.edit(old, new, "charts:" if not new else "")
    with pytest.raises(ContentError) as refused:
        load(charted.folder)
    faults = refused.value.faults
    assert any(message in fault for fault in faults)
    assert all(re.match(rf"{re.escape(str(charted.page))}:\d+: 0[12]/(chart|term)/", fault) for fault in faults)


UNTRUE = {
    "size of no figure": (
        (ROW, ROW.replace("size: 10-20%,", "size: 10-30%,")),
        '"10-30%" in `size` is not among the figures of 01/term/caffeine; write it as there, or leave it out',
    ),
    "band of no figure": (
        ("band: {entry: 01/term/caffeine, size: 10-20%}", "band: {entry: 01/term/caffeine, size: 15%}"),
        '"15%" in `size` is not among the figures of 01/term/caffeine; write it as there, or leave it out',
    ),
    "time of no figure": (
        ("over: 5 hours", "over: 6 hours"),
        '"6 hours" in `over` is not among the figures of 01/term/caffeine; write it as there, or leave it out',
    ),
    "wrong way": (
        ("says: up\n    size", "says: down\n    size"),
        '"down" is not what the figures of 01/term/caffeine say (10-20% higher); make the two agree',
    ),
    "size without direction": (
        (ROW, ROW.replace("says: up, ", "")),
        "`size` needs `says`: the direction in which the unit sees the change",
    ),
    "row without anything": (
        ("01/term/caffeine, says: up}", "01/term/caffeine}"),
        "this row says nothing; give it `says` or `found`",
    ),
    "region twice": (
        ("{region: brainstem", "{region: cortex"),
        '"cortex" stands in "caffeine" twice; keep one of the rows',
    ),
    "finding of no check": (
        (ROW, ROW.replace("found_size: 12%", "found_size: 14%")),
        '"14%" in `found_size` is not in the finding of 01/term/caffeine; write it as there',
    ),
    "finding on another region": (
        ("says: up}", "says: up, found: nothing}"),
        'the finding of 01/term/caffeine does not name "brainstem"; say there what was found, or leave `found` out',
    ),
    "finding of an unchecked entry": (
        ("brainstem, entry: 01/term/caffeine, says: up}", "brainstem, entry: 01/term/adenosine, found: up}"),
        "01/term/adenosine has no `source_check`; leave `found` out",
    ),
    "size of no finding": (
        ("says: up}", "says: up, found_in: tea}"),
        "needs `found`: what the check found in this region",
    ),
    "against the verdict": (
        (ROW, ROW.replace("found: up", "found: unchanged")),
        '"unchanged" beside "up" does not fit the verdict "partly" of 01/term/caffeine; make the two agree',
    ),
    "quantity in the alt text": (
        ("alt: A hill over", "alt: 60% of a hill over"),
        '"60%" in `alt` stands in no figure and no finding; take it out',
    ),
    "quantity in a zone": (
        ("text: yawning", "text: yawning 3 times as often"),
        '"3 times" in `zones` stands in no figure and no finding; take it out',
    ),
    "alias of two": (
        ("title: All of it", "title: All of it\n    aliases: [Regions]"),
        '"Regions" leads to 01/chart/alertness as well (charts.yaml:2); keep one of the two',
    ),
}


@pytest.mark.parametrize("name", UNTRUE)
def test_what_no_entry_bears_out_is_a_fault(charted: Tiny, name: str) -> None:
    """The check names file, line and chart, and says what to do; nothing else is complained of."""
    (old, new), message = UNTRUE[name]
    line = charted.edit(old, new, new.split("\n")[-1].strip())
    faults = check(charted.folder)
    assert len(faults) == 1, faults
    assert faults[0].endswith(f": {message}")
    assert abs(int(faults[0].removeprefix(f"{charted.page}:").split(":")[0]) - line) <= 1


def test_a_figure_that_drifts_is_missed_by_its_chart(tmp_path: Path) -> None:
    """Who changes a figure of the course that ships, and not the chart, hears of both charts that draw it."""
    page = Path(shutil.copytree(content_folder(), tmp_path / "content")) / "unit-06/figures.yaml"
    page.write_text(page.read_text("utf-8").replace("value: +15-25%", "value: +15-35%"), "utf-8")
    faults = [fault for fault in check(page.parents[1]) if "charts.yaml" in fault]
    assert {re.findall(r"06/chart/\w+", fault)[0] for fault in faults} == {"06/chart/turnover", "06/chart/curve"}


def test_evidence_and_verdict_come_from_the_entry(charted: Tiny) -> None:
    """A chart cannot claim more than the entry: change the entry, and the picture changes with it."""
    row, bare = drawn(load(charted.folder), "01/chart/alertness")["rows"][::2]
    assert (row["evidence"], row["verdict"], bare["verdict"]) == ("human clinical", "partly", "partly")
    charted.page = charted.folder / "unit-01/unit.yaml"
    charted.edit("evidence: human-clinical", "evidence: rodent")
    charted.edit("verdict: partly", "verdict: doubtful")
    row, bare = drawn(load(charted.folder), "01/chart/alertness")["rows"][::2]
    assert (row["evidence"], row["verdict"], bare["verdict"]) == ("rodent", "doubtful", "doubtful")


KINDS: list[type[Model]] = [
    chart_model.Changes,
    chart_model.Group,
    chart_model.Row,
    chart_model.Curve,
    chart_model.Zone,
    chart_model.Band,
    chart_model.Span,
    chart_model.Comparison,
    chart_model.Tally,
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_completes_every_key_of_a_chart(kind: type[Model]) -> None:
    """A key that the loader knows is offered, and one that it refuses is underlined."""
    shape = json.loads(schema())["$defs"][kind.__name__]
    assert set(shape["properties"]) == set(kind.model_fields)
    assert shape["additionalProperties"] is False


def test_the_guide_explains_every_key_of_a_chart() -> None:
    """An author never has to read code to declare one, of any kind."""
    guide = (content_folder() / "README.md").read_text("utf-8")
    names = {key for kind in KINDS for key in kind.model_fields} | set("changes curve span comparison tally".split())
    assert sorted(name for name in names if f"`{name}`" not in guide) == []

"""The file for Anki: header lines as its manual has them, and every item in four clean columns."""

from html import unescape

from semax_bot.course.load import Course
from semax_bot.quiz.anki import notes

HEAD = [
    "#separator:tab",
    "#html:true",
    "#notetype:Basic",
    "#deck:Semax mastery course",
    "#guid column:1",
    "#tags column:4",
]


def rows(course: Course) -> list[list[str]]:
    """The columns of every note."""
    return [line.split("\t") for line in notes(course).splitlines()[len(HEAD) :]]


def test_the_header_is_what_anki_reads(course: Course) -> None:
    """A misspelt key would be imported as a note."""
    assert notes(course).splitlines()[: len(HEAD)] == HEAD
    assert notes(course).endswith("\n")


def test_every_item_is_one_line_of_four_columns(course: Course) -> None:
    """A raw tab, line feed or quote would shift columns; a '#' at the start would lose the note."""
    found = rows(course)
    assert [row[0] for row in found] == list(course.items)
    assert {len(row) for row in found} == {4}
    assert all(field.strip() for row in found for field in row)
    assert not any(mark in field for row in found for field in row for mark in '"\r')
    assert not any(row[0].startswith("#") for row in found)


def test_the_back_answers_the_front(course: Course) -> None:
    """The options in front have letters, those on the back are the right ones among them, the ground follows."""
    for name, front, back, tags in rows(course):
        each = course.items[name]
        entry = course.entries[each.entries[0]]
        asked, told = unescape(front).split("<br>"), unescape(back).split("<br>")
        right = [line for line in asked if line in told]
        assert {line[3:] for line in right} == {option.text for option in each.options if option.right}
        assert {line[3:] for line in asked[-len(each.options) :]} == {option.text for option in each.options}
        assert any("Evidence: " in line for line in told)
        assert any(line.startswith("🔎 Check: ") for line in told) == (entry.source_check is not None)
        assert tags.split(" ")[1:3] == [each.section, each.kind]


def test_html_stays_text(course: Course) -> None:
    """A '<' in a question is a sign to be read, not the start of a tag."""
    first = next(iter(course.items.values()))
    odd = first.model_copy(update={"question": 'Is 1 < 2 & "so"\ton?'})
    changed = Course(**{**vars(course), "items": {odd.id: odd}})
    assert rows(changed)[0][1].startswith("Is 1 &lt; 2 &amp; &quot;so&quot; on?<br>A) ")


def test_the_file_is_the_same_every_time(course: Course) -> None:
    """A second export must not look like a change of every note."""
    assert notes(course) == notes(course)

"""The course as far as it can be read: every part with the place where it stands, and every fault of its form.

`load` makes a course of a draft without faults; `check` goes on from a faulty one, so that one run names everything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from textwrap import shorten
from typing import Any, Generic, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from semax_bot.course.chart_model import Band, Chart, Group, Row, Zone
from semax_bot.course.model import (
    Boundary,
    CourseFile,
    Entry,
    Facet,
    Item,
    Model,
    Option,
    Quantity,
    Section,
    Source,
    SourceCheck,
    Unit,
    Word,
)
from semax_bot.course.read import Fault, Loc, Page, read
from semax_bot.course.unit_file import UnitFile

Kind = TypeVar("Kind", bound=Model)

UNIT_FOLDERS = "unit-[0-9][0-9]"
_CHARTS: dict[str, type[Model]] = {  # by `kind`, as the model declares it
    get_args(chart.model_fields["kind"].annotation)[0]: chart for chart in get_args(get_args(Chart)[0])
}
_NO_KIND = f'a chart needs a "kind" that is known; write {", ".join(_CHARTS)}'
_MODELS: dict[str, type[Model]] = {  # what stands under a key
    "unit": Unit,
    "sections": Section,
    "entries": Entry,
    "figures": Quantity,
    "source_check": SourceCheck,
    "sources": Source,
    "words": Word,
    "boundaries": Boundary,
    "items": Item,
    "options": Option,
    "groups": Group,
    "rows": Row,
    "zones": Zone,
    "band": Band,
    **_CHARTS,
}


@dataclass(frozen=True)
class Part(Generic[Kind]):
    """One unit, entry, source, word, boundary, item or chart, and where it stands."""

    page: Page
    loc: Loc
    value: Kind

    @property
    def unit(self) -> str:
        """The number of the unit in whose folder it stands, in two digits."""
        return self.page.path.parent.name[-2:]

    @property
    def place(self) -> str:
        """Its file and line, for a fault of another part."""
        return f"{self.page.path.name}:{self.page.line(self.loc)}"

    def fault(self, message: str, *at: str | int) -> Fault:
        """A fault of this part, in the line of its key `at`."""
        return self.page.fault((*self.loc, *at), message)


@dataclass
class Draft:
    """What was read: the head, the parts whose form is right, the pages that they stand on, and the faults of form."""

    folder: Path
    head: CourseFile | None = None
    pages: list[Page] = field(default_factory=list)
    parts: list[Part[Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_whole: bool = True  # no file was unreadable; otherwise much would seem missing that is only unread

    def of(self, kind: type[Kind]) -> Iterator[Part[Kind]]:
        """The parts of one kind, in reading order."""
        return (part for part in self.parts if isinstance(part.value, kind))

    def ids(self, key: str) -> set[str]:
        """All ids written under `key`, those of faulty parts as well: a reference to them does not dangle."""
        listed = (item for page in self.pages for item in _items(page.values.get(key)))
        return {str(item["id"]) for item in listed if isinstance(item, dict) and "id" in item}


def draft(folder: Path) -> Draft:
    """Read the course in `folder`; never raises for what its files hold."""
    course = Draft(folder)
    if not folder.is_dir():
        course.faults.append(Fault(folder, 0, "is not a folder; name the one that holds course.yaml"))
        return course
    if head := _page(folder / "course.yaml", course.faults):
        course.head = _validated(CourseFile, head.values, head, (), course.faults)
    paths = sorted(folder.glob(f"{UNIT_FOLDERS}/*.yaml"))
    if not paths:
        course.faults.append(Fault(folder, 0, "holds no unit; write the first one in a folder such as unit-01"))
    for path in paths:
        page = _page(path, course.faults)
        course.is_whole = course.is_whole and page is not None
        if page:
            course.pages.append(page)
            course.parts += _parts(page, course.faults)
    return course


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean "..."?' with the nearest known word, or nothing."""
    return "".join(f'; did you mean "{near}"?' for near in get_close_matches(word, sorted(known), 1, 0.75))


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _page(path: Path, faults: list[Fault]) -> Page | None:
    page, slips = read(path)
    faults += slips
    return page


def _parts(page: Page, faults: list[Fault]) -> Iterator[Part[Any]]:
    """Each part validated by itself, as a file that holds nothing else, so that a fault costs only its own part."""
    for key, value in page.values.items():
        if isinstance(value, list) and key in UnitFile.model_fields:
            for index, item in enumerate(value):
                if file := _validated(UnitFile, {key: [item]}, page, (key, index), faults):
                    yield Part(page, (key, index), getattr(file, key)[0])
        elif (file := _validated(UnitFile, {key: value}, page, (key,), faults)) and file.unit:
            yield Part(page, (key,), file.unit)


def _validated(model: type[Kind], values: object, page: Page, at: Loc, faults: list[Fault]) -> Kind | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            below = detail["loc"][len(at) :]
            if at[:1] == ("charts",) and below and below[0] in _CHARTS:
                below = below[1:]  # pydantic's step into the kind of chart; no such key stands in the file
            if detail["type"] != "too_short" or not any(_is_below(other, detail) for other in details):
                words = _NO_KIND if detail["type"].startswith("union_tag") else _words(model, detail)
                faults.append(page.fault((*at, *below), words))
        return None


def _is_below(other: ErrorDetails, detail: ErrorDetails) -> bool:
    """Whether the other fault lies inside: a list whose parts are faulty is not too short as well."""
    place = detail["loc"]
    return len(other["loc"]) > len(place) and other["loc"][: len(place)] == place


def _words(model: type[Model], detail: ErrorDetails) -> str:
    """One fault of form in an author's words."""
    loc, given, limits = detail["loc"], detail["input"], detail.get("ctx", {})
    of_key = loc[-1] == "[key]"  # pydantic's way to say that the key is wrong, not its value
    keys = [step for step in loc if isinstance(step, str) and step != "[key]"]
    key, holder = keys[-1], next((_MODELS[name] for name in reversed(keys[:-1]) if name in _MODELS), model)
    known = list(Facet) if of_key else list(holder.model_fields)
    form = holder.model_fields[key].description if key in holder.model_fields else None
    value = shorten(str(given), 60, placeholder=" ...")
    what = f'"{key}"' + (f" no. {loc[-1] + 1}" if isinstance(loc[-1], int) and len(loc) > 2 else "")
    match detail["type"]:
        case "extra_forbidden" | "enum" if of_key or key not in known:
            words = f'unknown key "{key}"' + (did_you_mean(key, known) or f"; the keys here are {', '.join(known)}")
        case "missing":
            words = f'the key "{key}" is missing; add it' + (f": {form}" if form else "")
        case "string_too_long":
            words = f"{what} has {len(given)} characters, {limits['max_length']} at most; shorten it"
        case "string_too_short":
            words = f"{what} has {len(given)} characters, {limits['min_length']} at least; write it out"
        case "too_long" | "too_short" as slip:
            way = "{max_length} at most; leave some out" if slip == "too_long" else "{min_length} at least; add some"
            words = f"{what} lists {limits['actual_length']}, {way.format_map(limits)}"
        case "enum" | "literal_error":
            words = f'{what} cannot be "{value}"; write {limits["expected"]}'.replace("'", "")
        case "string_pattern_mismatch":
            words = f'{what} cannot be "{value}"; write {form or "an id such as 06/term/dopac"}'
        case "tuple_type":
            words = f'{what} must be a list; write [a, b], or one value to a line with "- " before it'
        case "string_type" if given is None:
            words = f"{what} is empty; fill it or remove it"
        case "string_type":
            words = f'{what} must be a text; put it in "double quotes" if it starts with a bracket'
        case "model_type" | "model_attributes_type" | "dict_type":
            words = f"{what} must hold keys of its own, indented, one to a line"
        case _:
            words = f"{what} is not right: {detail['msg'].lower()}"
    return words

"""Read one YAML file into plain values, and say in which line of it a fault stands.

Every scalar is read as the text that stands there, so `NO`, `1.40` and `2:1` need no quotes. YAML's rarer arts
(anchors, tags, several documents) are refused: in course texts they are slips, in a stranger's file they are bombs.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

Loc = tuple[str | int, ...]  # the way to a value: ("entries", 3, "short")

MAX_BYTES = 5_000_000  # a unit takes about 250 kB; whatever is larger is no course text
MAX_DEPTH = 20  # the model needs 7; at some ten thousand libyaml's composer overflows the stack
_PLAIN_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}
_BLANK = {"", "~", "null"}

# What the parser complains of -> what an author should do.
_ADVICE = {
    "tab": "a tab in front of a text; indent with spaces",
    "mapping values are not allowed": 'a colon and a space inside a text; put the text in "double quotes"',
    "cannot start any token": 'a text that starts with @, ` or %; put it in "double quotes"',
    "undefined alias": 'a text that starts with *; put it in "double quotes"',
    "alphabetic or numeric character": 'a text that starts with * or &; put it in "double quotes"',
    "unexpected end of stream": "a quote that is never closed; close it",
    "expected ',' or": "a bracket that is never closed, or a comma that is missing in it",
    "unknown escape character": r"a backslash in double quotes; write it twice (\\) or use 'single quotes'",
    "another document": "a second '---'; keep one document to a file",
    "levels deep": "brackets or dashes inside each other without end; close the brackets",
}
_OTHER_ADVICE = "the indentation or a quote is off in this line or the one before; compare them with their neighbours"


class Fault(NamedTuple):
    """One thing that is wrong, and where; line 0 stands for a file or folder as a whole."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {' '.join(self.message.split())}"  # in one line, whatever it quotes


@dataclass(frozen=True)
class Page:
    """One YAML file as read: its values, and the nodes that know their lines."""

    path: Path
    root: yaml.MappingNode
    values: dict[str, object]

    def fault(self, loc: Loc, message: str) -> Fault:
        """A fault at `loc`; the message opens with the name of the entry (or source, word ...) in which it stands."""
        name = self.name(loc[:2])
        return Fault(self.path, self.line(loc), f"{name}: {message}" if name else message)

    def name(self, loc: Loc) -> str:
        """What an author calls the part at `loc`, ("entries", 3): its id, else its title or name, else its number."""
        match loc:
            case ("unit", _):
                return "unit"
            case (str(key), int(index)):
                parts = self.values.get(key)
                part = parts[index] if isinstance(parts, list) else None
                names = [part.get(naming) for naming in ("id", "title", "name")] if isinstance(part, dict) else []
                return next((name for name in names if isinstance(name, str)), f"{key} no. {index + 1}")
        return ""

    def line(self, loc: Loc) -> int:
        """The line of the value at `loc`, or of the innermost thing around it that exists."""
        node: yaml.Node = self.root
        line = int(node.start_mark.line)
        for step in loc:
            if isinstance(node, yaml.MappingNode):
                found = [(key, value) for key, value in node.value if key.value == step]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                found = [(node.value[step], node.value[step])]
            else:
                found = []
            if not found:
                break
            line, node = int(found[0][0].start_mark.line), found[0][1]
        return line + 1


def read(path: Path) -> tuple[Page | None, list[Fault]]:
    """The page at `path`, or None where nothing can be made of it, and what is wrong with it as YAML."""
    try:
        root = _composed(_decoded(path))
    except _UnusableError as unusable:
        return None, [Fault(path, *unusable.args)]
    reading = _Reading()
    page = Page(path, root, reading.mapping(root, ()))
    return page, [page.fault(loc, message)._replace(line=line) for loc, line, message in reading.slips]


class _UnusableError(Exception):
    """Nothing can be made of a file; the arguments are line and message."""


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _UnusableError(
            0, f"cannot be read ({error.strerror}); see that the file is there and readable"
        ) from error
    if len(data) > MAX_BYTES:
        raise _UnusableError(0, f"is larger than {MAX_BYTES // 1_000_000} MB; split it, or keep it elsewhere")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _UnusableError(line, "is not UTF-8 from here on; save the file in the encoding UTF-8") from error


def _composed(text: str) -> yaml.MappingNode:
    try:
        root = _Loader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise _UnusableError(line, "a control character, which no editor shows; delete it") from error
    except yaml.MarkedYAMLError as error:
        raise _UnusableError(*_explained(text, error)) from error
    if root is None:
        raise _UnusableError(0, "is empty; fill it or remove it")
    if not isinstance(root, yaml.MappingNode):
        raise _UnusableError(1, "holds no keys; begin it with a key such as `entries:`")
    return root


def _explained(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line that an author must look at, and the parser's complaint in an author's words."""
    is_unclosed = re.search("flow|quoted", str(error.context))  # then the opening counts, not where the parser gave up
    mark = error.context_mark if is_unclosed else error.problem_mark
    line = int(mark.line) + 1 if mark else 1
    above = "\n".join(text.splitlines()[:line])
    entries = re.findall(r"""^ *- id: *["']?([^\s"']+)""", above, re.MULTILINE)
    problem = "tab" if re.search(r"^ *\t.*\Z", above, re.MULTILINE) else str(error.problem)
    advice = next((advice for sign, advice in _ADVICE.items() if sign in problem), _OTHER_ADVICE)
    return line, "".join(f"{entry}: " for entry in entries[-1:]) + f"not valid YAML: {advice}"


class _Loader(yaml.CBaseLoader):
    """libyaml, but never so deep that its composer overflows the stack."""

    depth = 0

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH and isinstance(current_node, yaml.Node):
            raise yaml.MarkedYAMLError(problem="too many levels deep", problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


class _Reading:
    """Nodes to plain values; `slips` keeps what is no fault of syntax, and yet never meant."""

    def __init__(self) -> None:
        self.slips: list[tuple[Loc, int, str]] = []
        self._seen: set[int] = set()

    def mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, node_below in node.value:
            value = self._value(node_below, (*loc, str(key.value)))
            if not isinstance(key, yaml.ScalarNode):
                self._slip(loc, key, "a key that is a list; a key is one word")
            elif key.value in values:
                self._slip(loc, key, f'the key "{key.value}" stands here twice; keep one')
            elif value is not None:  # a key without a value is as good as no key
                values[key.value] = value
        return values

    def _value(self, node: yaml.Node, loc: Loc) -> object:
        if id(node) in self._seen:
            self._slip(loc, node, "a text marked with & is repeated with *; write it out in both places")
            return None
        self._seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            self._slip(loc, node, f'"{node.tag}" is taken for a YAML tag; put the text in "double quotes"')
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*loc, index)) for index, item in enumerate(node.value)]
        is_blank = isinstance(node, yaml.ScalarNode) and not node.style and node.value in _BLANK
        return None if is_blank else str(node.value)

    def _slip(self, loc: Loc, node: yaml.Node, message: str) -> None:
        self.slips.append((loc, int(node.start_mark.line) + 1, message))

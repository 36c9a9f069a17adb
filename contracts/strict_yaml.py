"""The YAML that policy packs may use: parses text to JSON values, with the line of each, and refuses ambiguity.

YAML guesses what a plain word means: no is false, 012 is ten, 1:30 is ninety, an emptied key is null. A pack is law
read by machine, so anything ambiguous is refused with its file, line and key.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from contracts.document import Read
from contracts.keys import Path, shown

TAG = "tag:yaml.org,2002:"
MAX_DEPTH = 40
MAX_ALIASED = 100_000
"""The most values and characters that expanded aliases may add to a text: twenty times those of the largest pack."""
MAX_DIGITS = 18
"""The digits that fit into 64 bits."""
MAX_SHOWN = 100
"""Characters of a word that an error repeats."""
BYTE_ORDER_MARK = "\ufeff"
GUESSED_WORDS = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Words that YAML 1.1 reads as true and false."""
PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


class StrictYamlError(yaml.YAMLError):
    """A text that is not YAML, or is ambiguous. The message names file, line and key."""


class _Loader(yaml.CSafeLoader):
    """The reader of libyaml, ten times as fast as the one written in Python.

    Only words that begin with t or f may be booleans: the others are checked here.
    """

    level = -1

    def descend_resolver(self, current_node: yaml.Node | None, current_index: Any) -> None:
        """Count the levels below the root: libyaml recurses, and a stack overflow would end the process."""
        self.level += 1
        if current_node and self.level > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="is nested too deeply", problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        self.level -= 1


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != TAG + "bool" or first in "tTfF"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_strictly(text: str, name: str) -> Read:
    """Return the values of a YAML text; days become ISO text. Raises StrictYamlError with `name`, line and key."""
    for number, line in enumerate(text.removeprefix(BYTE_ORDER_MARK).splitlines(), start=1):
        if "\t" in line or BYTE_ORDER_MARK in line:
            raise StrictYamlError(f"{name}, line {number}: a tab or an invisible character; only spaces indent")
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise StrictYamlError(f"{name}, {_where(error, text)}: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise StrictYamlError(f"{name}, line 1: {error}") from error
    if root is None:
        raise StrictYamlError(f"{name}, line 1: the file is empty")
    reading = _Reading(name, limit=len(text) + MAX_ALIASED)
    return Read(reading.value(root, ()), reading.lines)


def _where(error: yaml.MarkedYAMLError, text: str) -> str:
    """Return where a text stops being YAML, within the text."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return "line 1"
    line, column = min((mark.line, mark.column), (len(lines) - 1, len(lines[-1])))
    return f"line {line + 1}, column {column + 1}"


class _Reading:
    """One text being turned into values: where each stands, and how large all are with their aliases expanded."""

    def __init__(self, name: str, limit: int) -> None:
        self.name, self.limit = name, limit
        self.lines: dict[Path, int] = {(): 1}
        self.size = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if len(path) > MAX_DEPTH:
            raise self.refused(node, path, "is nested too deeply")
        if isinstance(node, yaml.MappingNode):
            self.grow(node, path, 1)
            return {key: self.value(child, (*path, key)) for key, child in self.members(node, path)}
        if isinstance(node, yaml.SequenceNode):
            self.grow(node, path, 1)
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        self.grow(node, path, 1 + len(node.value))
        return self.scalar(node, path)

    def members(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        for key_node, child in node.value:
            if key_node.tag == TAG + "merge":
                raise self.refused(key_node, path, "merges another mapping; write its keys out")
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != TAG + "str":
                raise self.refused(key_node, path, "has a key that is not a word; quote it")
            key = str(key_node.value)
            if key in seen:
                raise self.refused(key_node, path, f"{_short(key)} is given twice")
            seen.add(key)
            self.grow(key_node, path, len(key))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            yield key, child

    def scalar(self, node: yaml.Node, path: Path) -> Any:
        text, kind, plain = str(node.value), node.tag.removeprefix(TAG), not getattr(node, "style", None)
        if kind == "str" and (text or not plain):
            if plain and text.lower() in GUESSED_WORDS:
                raise self.refused(node, path, f"{text!r} may be a word or a boolean; write true or false, or quote it")
            return text
        if kind == "bool" and text in ("true", "false"):
            return text == "true"
        if kind == "int" and PLAIN_INTEGER.fullmatch(text):
            if len(text.lstrip("-")) > MAX_DIGITS:
                raise self.refused(node, path, f"{_short(text)} has more than {MAX_DIGITS} digits")
            return int(text)
        if kind == "null" and text == "null":
            return None
        if kind == "timestamp":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError as error:
                raise self.refused(node, path, f"{text!r} is not a day") from error
        if kind == "null":
            raise self.refused(node, path, "is empty")
        raise self.refused(node, path, f"{_short(text)} may be read otherwise; quote it")

    def grow(self, node: yaml.Node, path: Path, size: int) -> None:
        """Count what is about to be created: a few nested aliases can stand for more than fits into memory."""
        self.size += size
        if self.size > self.limit:
            raise self.refused(node, path, f"with its aliases expanded, adds more than {MAX_ALIASED:,} characters")

    def refused(self, node: yaml.Node, path: Path, why: str) -> StrictYamlError:
        return StrictYamlError(f"{self.name}, line {node.start_mark.line + 1}: {shown(path) or 'the file'}: {why}")


def _short(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…")

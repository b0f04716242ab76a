"""YAML (``.yml``), as quanteda reads and writes it; what is not plain text is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

from analysis.errors import InputError
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import (
    MAX_DEPTH,
    Category,
    Content,
    Format,
    levels,
    lines,
    squeeze,
)

# Plain text for PyYAML, numbers or truth values for other readers of YAML.
_NOT_TEXT_ELSEWHERE = re.compile(r"[yYnN]|0o[0-7]+|[-+]?\.?\d[\d_.]*[eE][-+]?\d+")
_OWN = ("", "__")  # keys under which quanteda keeps the patterns of a parent


def _yaml() -> Any:
    try:
        import yaml
    except ImportError:
        do = "install it: pip install 'topic-emphasis[dictionaries]'"
        raise InputError("YAML dictionaries need the package PyYAML", do=do) from None
    return yaml


def looks_like(text: str) -> bool:
    """Return whether a line that is no comment has a key."""
    return any(
        re.search(r":(\s|$)", line) for _, line in lines(text) if not line.lstrip().startswith("#")
    )


def parse(text: str, path: Path) -> Content:
    """Return what a YAML file holds; tags, anchors, aliases and non-text are refused."""
    reader = _Reader(text, path)
    root = reader.root(text)
    if root is not None:
        reader.walk(root, None, ())
    return Content(reader.categories)


class _Reader:
    """The categories of a YAML file; what is refused is shown as it should be written."""

    def __init__(self, text: str, path: Path) -> None:
        self.yaml, self.path = _yaml(), path
        self.lines = re.split("\r\n|[\r\n\x85\u2028\u2029]", text)  # as YAML counts them
        self.categories: list[Category] = []

    def refuse(self, problem: str, mark: Any, do: str = "") -> NoReturn:
        raise InputError(
            problem, file=self.path, line=mark.line + 1, do=do or self._in_quotes(mark)
        )

    def _in_quotes(self, mark: Any) -> str:
        """Advise to write the line at a mark with the text there in quotes."""
        line = self.lines[mark.line]
        found = re.compile(r"(.*?)(?=:(?:\s|$)|[,\]}]|\s+#|\s*$)").match(line, mark.column)
        text, end = (found[1], found.end()) if found else ("", mark.column)
        quote = text.replace("'", "''")
        return "write " + f"{line[: mark.column]}'{quote}'{line[end:]}".strip()

    def root(self, text: str) -> Any:
        """Return the root node of the file, None if it is empty."""
        for number, line in enumerate(self.lines, 1):
            if re.match(r" *\t", line) and line.strip():
                do = "YAML wants spaces; write " + line.replace("\t", "  ")
                problem = "a tab stands at the beginning of the line"
                raise InputError(problem, file=self.path, line=number, do=do)
        try:
            self._check_events(text)
            return self.yaml.compose(text, Loader=self.yaml.SafeLoader)
        except self.yaml.reader.ReaderError as error:
            problem = f"the character {chr(error.character)!r} cannot stand in YAML"
            line = text.count("\n", 0, error.position) + 1
            raise InputError(problem, file=self.path, line=line, do="remove it") from None
        except self.yaml.MarkedYAMLError as error:
            alias = error.context in ("while scanning an alias", "while scanning an anchor")
            sign = alias or "cannot start any token" in (error.problem or "")
            mark = error.context_mark if alias else error.problem_mark or error.context_mark
            do = "" if sign else "mend the YAML there"
            self.refuse(f"this is not YAML: {error.problem}", mark, do)

    def _check_events(self, text: str) -> None:
        # Before anything is built: depth, tags and aliases can make a small file grow.
        depth = 0
        for event in self.yaml.parse(text, Loader=self.yaml.SafeLoader):
            if isinstance(event, self.yaml.AliasEvent):
                self.refuse(f"*{event.anchor} is an alias in YAML", event.start_mark)
            if getattr(event, "tag", None) == "!include":
                problem = "a dictionary cannot include another file"
                self.refuse(problem, event.start_mark, "put the topics of both into one file")
            if getattr(event, "tag", None) is not None:
                self.refuse(f"{event.tag} is a tag in YAML", event.start_mark)
            if getattr(event, "anchor", None) is not None:
                self.refuse(f"&{event.anchor} is an anchor in YAML", event.start_mark)
            depth += isinstance(event, self.yaml.CollectionStartEvent)
            depth -= isinstance(event, self.yaml.CollectionEndEvent)
            if depth > 2 * MAX_DEPTH:
                problem = f"categories stand more than {MAX_DEPTH} deep"
                self.refuse(problem, event.start_mark, "put them less deep")

    def walk(self, node: Any, category: Category | None, where: tuple[str, ...]) -> None:
        """Put what stands below a node into its category, and new categories into the list."""
        if isinstance(node, self.yaml.MappingNode):
            first: dict[str, int] = {}
            for key_node, value in node.value:
                key, mark = squeeze(self._word(key_node, "the key")), key_node.start_mark
                if key in first:
                    problem = f"the key {key!r} stands twice, first in line {first[key]}"
                    self.refuse(problem, mark, "rename one, or put their patterns together")
                first[key] = mark.line + 1
                if key in _OWN and category is not None:
                    self.walk(value, category, where)
                else:
                    inner = Category((*where, key), mark.line + 1)
                    self.categories.append(inner)
                    self.walk(value, inner, inner.path)
        elif category is None:
            self.refuse("there is no key", node.start_mark, 'write NAME: ["a word", "another"]')
        elif isinstance(node, self.yaml.SequenceNode):
            for one in node.value:
                if isinstance(one, self.yaml.SequenceNode):
                    problem = "a list stands in a list"
                    self.refuse(problem, one.start_mark, "write one list a category")
                self.walk(one, category, where)
        else:
            pattern = self._word(node, "the pattern")
            category.patterns.append((pattern, node.start_mark.line + 1))

    def _word(self, node: Any, what: str) -> str:
        """Return the text of a node, if every reader of YAML takes it for text."""
        if not isinstance(node, self.yaml.ScalarNode):
            self.refuse(f"{what} is not text", node.start_mark, "write one word or phrase")
        odd = node.style is None and _NOT_TEXT_ELSEWHERE.fullmatch(node.value)
        if not node.tag.endswith(":str") or odd:
            if not node.value:
                self.refuse(f"{what} is empty", node.start_mark, 'write NAME: ["a word"]')
            value = "something else than text" if odd else self._as_yaml_reads(node)
            self.refuse(f"{what} {node.value} is read as {value} by YAML", node.start_mark)
        return str(node.value)

    def _as_yaml_reads(self, node: Any) -> str:
        try:
            value = self.yaml.constructor.SafeConstructor().construct_object(node)
        except (ValueError, self.yaml.YAMLError):
            return f"a {node.tag.rpartition(':')[2]}"
        return "nothing" if value is None else str(value).lower()


def write(dictionary: Dictionary) -> str:
    """Return the text of a YAML file; a parent's own patterns stand under an empty key."""
    inside: list[dict[str, Any]] = [{}]
    for depth, name, topic, after in levels(dictionary.topics):
        core = list(topic.core)
        del inside[depth + 1 :]
        if after > depth:
            inside.append({"": core} if core else {})
            inside[depth][name] = inside[-1]
        else:
            inside[depth][name] = core
    text: str = _yaml().safe_dump(
        inside[0], allow_unicode=True, sort_keys=False, default_flow_style=False, width=10**6
    )
    return text


YAML = Format(parse, write, looks_like, endings=(".yml", ".yaml"))

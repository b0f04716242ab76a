"""Yoshikoder (``.ykd``): XML of categories (cnode) and patterns (pnode), as in older Lexicoders."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from analysis.errors import InputError
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import (
    MAX_DEPTH,
    Category,
    Format,
    dictionary_of,
    first_line,
    foreign,
    levels,
    squeeze,
)

_FOREIGN = foreign(r"\?")


class Reader:
    """The name and the categories of an XML file, and where a pattern ends without a space."""

    def __init__(self, text: str, path: Path) -> None:
        self.path, self.name = path, ""
        self.categories: list[Category] = []
        self.unbounded: list[int] = []
        self._stack: list[Category] = []
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        try:
            # A text is decoded already: what it says of its encoding is ignored.
            self._parser.Parse(text, True)
        except expat.ExpatError as error:
            raise InputError(
                f"this is not XML: {expat.errors.messages[error.code]}",
                file=path,
                line=error.lineno,
                do="mend the XML there",
            ) from None

    def _refuse(self, problem: str, do: str) -> NoReturn:
        raise InputError(problem, file=self.path, line=self._parser.CurrentLineNumber, do=do)

    def _doctype(self, *_: Any) -> None:
        # Entities and references to other files can only be declared here.
        self._refuse("it declares a document type", "remove the DOCTYPE")

    def _start(self, tag: str, values: dict[str, str]) -> None:
        line, name = self._parser.CurrentLineNumber, values.get("name", "")
        if values.get("patternengine") == "regexp":
            self._refuse("its patterns are regular expressions", "write words with * instead")
        if (score := values.get("score", "")) and not re.fullmatch(r"\+?0*1(\.0*)?", score):
            self._refuse(
                f"{name!r} has the score {score}", "only 1 can be counted; remove the score"
            )
        if tag == "dictionary" and not self._stack:
            self.name = squeeze(name)
        elif tag == "cnode":
            if len(self._stack) > MAX_DEPTH:
                self._refuse(f"categories stand more than {MAX_DEPTH} deep", "put them less deep")
            above = self._stack[-1].path if self._stack else ()
            description = squeeze(values.get("desc", ""))
            category = Category((*above, squeeze(name)), line, description=description)
            self.categories.append(category)
            self._stack.append(category)
        elif tag == "pnode" and self._stack:
            if name == name.rstrip() and not name.endswith("*"):
                self.unbounded.append(line)
            self._stack[-1].patterns.append((squeeze(name), line))
        else:
            self._refuse(f"<{tag}> cannot stand here", "a dictionary has cnode and, in them, pnode")

    def _end(self, tag: str) -> None:
        if tag == "cnode":
            self._stack.pop()


def read(text: str, path: Path) -> Dictionary:
    """Return the dictionary of a Yoshikoder file."""
    categories = Reader(text, path).categories
    name, lost = "", []
    if len({one.path[0] for one in categories}) == 1:
        # Yoshikoder keeps all categories in one, which has the name of the dictionary.
        root = categories[0]
        name = root.path[0]
        if root.description not in ("", name):
            lost.append(f"line {root.line}: the description of the whole dictionary")
        own = [replace(root, description="")] if root.patterns else []
        categories = own + [replace(one, path=one.path[1:]) for one in categories[1:]]
    return dictionary_of(categories, path, _FOREIGN, name, lost)


def write(dictionary: Dictionary) -> str:
    """Return the text of a Yoshikoder file."""
    name = quoteattr(dictionary.name)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<dictionary style="050805" patternengine="substring">\n'
        f'<cnode name={name} desc="">\n{cnodes(dictionary, "{}")}</cnode>\n</dictionary>\n'
    )


def cnodes(dictionary: Dictionary, written: str) -> str:
    """Return the categories of a dictionary as XML, every pattern in the form `written`."""
    parts = []
    for depth, name, topic, after in levels(dictionary.topics):
        indent = "  " * depth
        told = f" desc={quoteattr(topic.description)}" if topic.description else ""
        parts.append(f"{indent}<cnode name={quoteattr(name)}{told}>\n")
        for pattern in topic.core:
            parts.append(f"{indent}  <pnode name={quoteattr(written.format(pattern))}/>\n")
        for level in range(depth, after - 1, -1):
            parts.append(f"{'  ' * level}</cnode>\n")
    return "".join(parts)


YOSHIKODER = Format(
    read=read,
    write=write,
    looks_like=lambda text: first_line(text).startswith("<") and "<dictionary" in text,
    endings=(".ykd",),
    foreign=_FOREIGN,
    holds=("name", "description"),
)

"""XML of categories (cnode) and patterns (pnode): Yoshikoder's ``.ykd``, Lexicoder's ``.lcd``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from analysis.errors import InputError, warn
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import MAX_DEPTH, Category, Content, Format, levels, squeeze

_LEXICODER = re.compile(r"""<dictionary\s[^>]*style\s*=\s*["']Lexicoder["']""")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<dictionary '


class _Reader:
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
            problem = f"this is not XML: {expat.errors.messages[error.code]}"
            do = "mend the XML there"
            raise InputError(problem, file=path, line=error.lineno, do=do) from None

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


def _cnodes(dictionary: Dictionary, written: str) -> str:
    """Return the categories of a dictionary as XML, every pattern in the form `written`."""
    parts = []
    for depth, name, topic, after in levels(dictionary.topics):
        indent = "  " * depth
        about = f" desc={quoteattr(topic.description)}" if topic.description else ""
        parts.append(f"{indent}<cnode name={quoteattr(name)}{about}>\n")
        for pattern in topic.core:
            parts.append(f"{indent}  <pnode name={quoteattr(written.format(pattern))}/>\n")
        for level in range(depth, after - 1, -1):
            parts.append(f"{'  ' * level}</cnode>\n")
    return "".join(parts)


def parse_ykd(text: str, path: Path) -> Content:
    """Return what a Yoshikoder file holds."""
    categories = _Reader(text, path).categories
    name, lost = "", []
    if len({one.path[0] for one in categories}) == 1:
        # Yoshikoder keeps all categories in one, which has the name of the dictionary.
        root = categories[0]
        name = root.path[0]
        if root.description not in ("", name):
            lost.append(f"line {root.line}: the description of the whole dictionary")
        own = [replace(root, description="")] if root.patterns else []
        categories = own + [replace(one, path=one.path[1:]) for one in categories[1:]]
    return Content(categories, name, lost)


def write_ykd(dictionary: Dictionary) -> str:
    """Return the text of a Yoshikoder file."""
    return (
        f'{_HEAD}style="050805" patternengine="substring">\n'
        f'<cnode name={quoteattr(dictionary.name)} desc="">\n'
        f"{_cnodes(dictionary, '{}')}</cnode>\n</dictionary>\n"
    )


def parse_lcd(text: str, path: Path) -> Content:
    """Return what an older Lexicoder file holds, patterns read as whole words."""
    found = _Reader(text, path)
    if found.unbounded:
        warn(
            f"{path}: {len(found.unbounded)} patterns (the first in line {found.unbounded[0]}) end "
            "without a space, so Lexicoder may find them in longer words too; read as whole words: "
            "write * where you mean more"
        )
    return Content(found.categories, found.name)


def write_lcd(dictionary: Dictionary) -> str:
    """Return the text of an older Lexicoder file."""
    # Lexicoder finds a pattern as it stands, spaces too: they make it a whole word.
    return (
        f'{_HEAD}style="Lexicoder" name={quoteattr(dictionary.name)}>\n'
        f"{_cnodes(dictionary, ' {} ')}</dictionary>\n"
    )


YOSHIKODER = Format(
    parse_ykd,
    write_ykd,
    looks_like=lambda text: text.lstrip().startswith("<") and "<dictionary" in text,
    endings=(".ykd",),
    signs=(r"\?",),
    holds=("name", "description"),
)
LCD = Format(
    parse_lcd,
    write_lcd,
    looks_like=lambda text: text.lstrip().startswith("<") and bool(_LEXICODER.search(text)),
    endings=(".lcd",),
    signs=(r"\?",),
    holds=("name",),
)

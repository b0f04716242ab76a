"""What the formats of dictionary files share: from categories to checked topics, and back."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.folding import fold
from analysis.errors import InputError, listing, warn
from analysis.io.toml import line_of
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.expressions import KIND, expression
from analysis.topics.matching import PART

MAX_DEPTH = 20  # categories inside categories; more is an attack or an accident
MAX_LENGTH = 1000  # characters of a pattern: no phrase is as long as that


def kind_of(pattern: str) -> str:
    """Return "case", "regex" or, for a word or phrase in any case, nothing."""
    found = KIND.match(pattern)
    return found[1] if found else ""


def same(pattern: str) -> str:
    """Return a text that two patterns share if they are the same pattern, such as two cases."""
    return squeeze(pattern) if kind_of(pattern) else fold(pattern).text.strip()


def same_name(name: str) -> str:
    """Return a text that two names share if only case, typography or accents differ."""
    letters = unicodedata.normalize("NFKD", fold(name).text)
    # Accents are the marks of these classes; those below make another letter (Unicode, 4.3).
    return "".join(one for one in letters if unicodedata.combining(one) < 200)


@dataclass
class Category:
    """One category of a file: where it stands, and its own patterns with their lines."""

    path: tuple[str, ...]
    line: int
    patterns: list[tuple[str, int]] = field(default_factory=list)
    description: str = ""


class Content(NamedTuple):
    """What a file holds: its categories in their order, its name, and what its reader left out."""

    categories: Sequence[Category]
    name: str = ""
    lost: Sequence[str] = ()


@dataclass(frozen=True)
class Format:
    """How one format is read, written and recognised: the contract of `analysis.topics.formats`."""

    parse: Callable[[str, Path], Content | Dictionary]
    write: Callable[[Dictionary], str]
    looks_like: Callable[[str], bool]
    endings: tuple[str, ...]  # of file names, the usual one first; used for writing only
    signs: tuple[str, ...] = ()  # expressions of what means something else there than here
    holds: tuple[str, ...] = ()  # which of "name" and "description" it has a place for

    @cached_property
    def foreign(self) -> re.Pattern[str]:
        """What no folded pattern may hold there: our lists, gaps and kinds, and the signs."""
        return re.compile("|".join([r"\{[^{}]+\}|\.\.\.", f"^{KIND.pattern}", *self.signs]))

    def read(self, text: str, path: Path) -> Dictionary:
        """Return the dictionary of a file, checked; errors name its lines."""
        found = self.parse(text, path)
        return found if isinstance(found, Dictionary) else _dictionary(found, path, self.foreign)


def _dictionary(content: Content, path: Path, foreign: re.Pattern[str]) -> Dictionary:
    """Return the dictionary of categories in the order of their file, checked with their lines.

    Patterns with a foreign sign and categories without a pattern are left out with a warning, which
    names what the reader has left out already as well.
    """
    categories, name, before = content
    lost = list(before)
    parents = {one.path[:depth] for one in categories for depth in range(1, len(one.path))}
    topics: list[Topic] = []
    first: dict[str, tuple[str, int]] = {}
    for category in categories:
        topic = "/".join(category.path)
        where = f"topic {topic!r}"
        _check_place(category, topic, first, path)
        core = []
        for pattern, line in category.patterns:
            if foreign.search(fold(pattern).text):
                lost.append(f"line {line}: {pattern!r} of {where}")
            else:
                check_pattern(pattern, where, path, topic, line)
                core.append(pattern)
        if core:
            topics.append(Topic(topic, tuple(core), description=category.description))
        elif category.path not in parents or category.patterns:
            lost.append(f"line {category.line}: {where}, which has no pattern")
    if lost:
        warn(f"{path}: left out, as it cannot be counted here: {listing(lost, most=20)}")
    if not topics:
        raise InputError("there is no topic with a pattern", file=path, do="write one")
    warn_about_doubles(topics, path)
    return Dictionary(name or path.stem, tuple(topics))


def _check_place(
    category: Category, topic: str, first: dict[str, tuple[str, int]], path: Path
) -> None:
    """Raise if a category has a blank name, stands too deep, or stands a second time."""
    if not all(category.path):
        problem, do = f"topic {topic!r} has a blank name", "write a name"
    elif len(category.path) > MAX_DEPTH:
        problem, do = f"categories stand more than {MAX_DEPTH} deep", "put them less deep"
    elif same_name(topic) in first:
        other, line = first[same_name(topic)]
        problem = f"topic {topic!r} stands twice, first as {other!r} in line {line}"
        do = "rename one, or put their patterns together"
    else:
        first[same_name(topic)] = topic, category.line
        return
    raise InputError(problem, file=path, line=category.line, do=do)


def check_pattern(pattern: str, where: str, path: Path, name: str, line: int | None = None) -> None:
    """Raise if a pattern is blank, too long, matches every word or is put together wrongly.

    Without a line, the pattern is looked for in the file, or else the name of its table.
    """
    bare = fold(KIND.sub("", pattern, count=1)).text.strip()
    if fault := _fault(pattern, bare):
        line = line or (line_of(path, pattern) if pattern.strip() else None) or line_of(path, name)
        raise InputError(f"{where}: {fault[0]}", file=path, line=line, do=fault[1])
    if kind_of(pattern) == "regex":
        return
    if found := re.search(r"[()|\\^\[\]]", bare):
        warn(
            f"{path}: {where}: {found[0]!r} in {pattern!r} stands for itself; patterns are not "
            "regular expressions, so write one pattern each"
        )
    elif re.search(r"\w\w\.[*+](?!\w)", bare):
        plain = bare.replace(".*", "*").replace(".+", "*")
        warn(
            f"{path}: {where}: the point in {pattern!r} stands for itself; write {plain!r} for any "
            f"ending, or 'regex: {pattern}' for a regular expression"
        )
    if found := re.match(r"([a-z]+): ", bare):
        warn(
            f"{path}: {where}: {found[0]!r} in {pattern!r} stands for itself; what a pattern may "
            "begin with is case: or regex:"
        )
    if re.fullmatch(r"\*\w{1,2}\*", bare):
        warn(f"{path}: {where}: the pattern {pattern!r} matches almost every word")


def _fault(pattern: str, bare: str) -> tuple[str, str | None] | None:
    """Return what is wrong with a pattern, folded without its kind `bare`, and what to do."""
    kind = kind_of(pattern)
    if len(pattern) > MAX_LENGTH:
        fault = f"has more than {MAX_LENGTH} characters"
    elif not bare.strip("*?. -"):
        fault = "matches every word" if bare else "is blank"
    elif kind == "regex":  # braces, points and brackets have a meaning of their own there
        try:
            expression(pattern)
        except InputError as error:
            return error.problem, error.do
        return None
    elif bare.startswith("...") or bare.endswith("..."):
        fault = "begins or ends with a gap"
    elif re.search(r"[^\s.]\{[^{}]*\}|\{[^{}]*\}[^\s.]", bare):
        fault = "has a list that is joined to other characters"
    elif kind == "case" and PART.search(bare):
        fault = "has a list or a gap after case:"
    else:
        return None
    shown = pattern if len(pattern) <= 60 else f"{pattern[:60]}…"
    do = "remove it, or write a word; set lists and gaps off by spaces"
    return f"the pattern {shown!r} {fault}", do


def warn_about_doubles(topics: Sequence[Topic], path: Path) -> None:
    """Warn of a pattern that stands in two topics, or twice in one."""
    first: dict[str, str] = {}
    for topic in topics:
        written = [same(pattern) for pattern in topic.core + topic.broad]
        for pattern, key in zip(topic.core + topic.broad, written, strict=True):
            if (other := first.setdefault(key, topic.name)) != topic.name:
                warn(f"{path}: {pattern!r} stands in {other!r} and {topic.name!r}; counts in both")
        for pattern in sorted(one for one, times in Counter(written).items() if times > 1):
            warn(f"{path}: {pattern!r} stands twice in topic {topic.name!r}; it counts once")


class Level(NamedTuple):
    """A category to be written: its depth, name and topic, and the depth of the one after it."""

    depth: int
    name: str
    topic: Topic
    after: int


def levels(topics: Sequence[Topic]) -> list[Level]:
    """Return the categories of topics, parents first; those that are no topic have no pattern.

    Where the order of the topics would change, every topic is a category at the top instead.
    """
    rows = _nested(topics) or [(0, topic.name, topic) for topic in topics]
    depths = [depth for depth, _, _ in rows[1:]]
    return [Level(*row, after) for row, after in zip(rows, [*depths, 0], strict=True)]


def _nested(topics: Sequence[Topic]) -> list[tuple[int, str, Topic]]:
    rows: list[tuple[int, str, Topic]] = []
    seen: set[tuple[str, ...]] = set()
    before: tuple[str, ...] = ()
    for topic in topics:
        names = tuple(topic.name.split("/"))
        if len(names) > MAX_DEPTH or any(not name or name != name.strip() for name in names):
            return []
        for depth, name in enumerate(names):
            here = names[: depth + 1]
            if here == before[: depth + 1] and here != names:
                continue
            if here in seen:
                return []
            seen.add(here)
            rows.append((depth, name, topic if here == names else Topic(name, ())))
        before = names
    return rows


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.strip():
            yield number, line


def squeeze(text: str) -> str:
    """Return a text with one space for all white space, and none around it."""
    return " ".join(text.split())


class Indented:
    """The place of each line among lines that are indented by tabs or spaces."""

    def __init__(self) -> None:
        self._open: list[tuple[int, tuple[str, ...]]] = []

    def parent(self, line: str) -> tuple[str, ...]:
        """Return the path of the category that an indented line stands in."""
        while self._open and self._open[-1][0] >= _indent(line):
            self._open.pop()
        return self._open[-1][1] if self._open else ()

    def enter(self, line: str, name: str) -> tuple[str, ...]:
        """Return the path of a category that begins at a line."""
        path = (*self.parent(line), name)
        self._open.append((_indent(line), path))
        return path


def _indent(line: str) -> int:
    line = line.expandtabs(8)
    return len(line) - len(line.lstrip())

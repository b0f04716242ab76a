"""Dictionaries: topics, the patterns that stand for them, and where they match in a text.

A pattern is a word or a phrase, matched at the edges of words, with case and typography folded on
both sides (see `analysis.text.fold`):

- ``train*``: ``*`` is any letters and digits inside or at an end of a word, ``?`` exactly one;
- ``sale of * helicopters``: a ``*`` of its own is any one word;
- ``cyber security``: a space is white space or a hyphen; a hyphen is a hyphen only;
- ``order* ... frigate*``: three points are any words between, six at the most (each part of a
  hyphenated word counts);
- ``buy {equipment}``: any pattern of the dictionary's list ``equipment``.

Inside a topic the leftmost, then longest match wins and no character is counted twice; the order
of the patterns never matters. A match that touches an exclude pattern does not count. Topics are
independent of each other, unless the dictionary is exclusive: then a place in the text goes to the
topic with the longest match there, and to several only when they match exactly the same words.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import InputError, check_choice, warn
from analysis.files import check_keys, line_of, read_toml
from analysis.matching import PART, Candidate, Matcher
from analysis.text import fold

TIERS = ("core", "broad")


@dataclass(frozen=True)
class Topic:
    """A topic: patterns that surely stand for it, patterns that may, and what does not count.

    Attributes
    ----------
    name : str
        As it stands in every table, an underscore for a space.
    core : tuple of str
        Patterns of the default tier.
    broad : tuple of str
        Patterns that the broad tier adds: near misses, worth a coder's look.
    exclude : tuple of str
        Patterns whose text no match of the topic may touch.
    description : str
        What counts and what does not, for people.
    match, no_match : tuple of str
        Worked examples that the core tier must, and must not, find on the topic.
    """

    name: str
    core: tuple[str, ...]
    broad: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    description: str = ""
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


class Match(NamedTuple):
    """One match: its topic, the pattern as the dictionary writes it, and its place."""

    topic: str
    pattern: str
    start: int
    end: int


def _leftmost_longest(candidates: list[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that win: the leftmost, of those the longest, none overlapping."""
    last = 0
    for start, end, pattern in sorted(candidates, key=lambda one: (one[0], -one[1], one[2])):
        if start >= last:
            yield start, end, pattern
            last = end


@dataclass(frozen=True)
class Dictionary:
    """Topics and the spelling variants that apply to all their patterns.

    Attributes
    ----------
    name : str
        What the dictionary is called.
    topics : tuple of Topic
        In the order of the file, which is the order of every table.
    variants : mapping of str to tuple of str
        Other spellings of a word or of its beginning: ``{"defense": ("defence",)}`` makes every
        pattern with a word that begins with "defense" match "defence" as well.
    lists : mapping of str to tuple of str
        Named lists of words and phrases, for patterns such as ``buy {equipment}``.
    exclusive : bool
        Whether topics compete for the text.

    Examples
    --------
    >>> topics = Dictionary("energy", (Topic("wind", core=("wind power", "wind farm*")),))
    >>> topics.find("Wind\\u2011power and two wind farms.")
    [Match(topic='wind', pattern='wind power', start=0, end=10), \
Match(topic='wind', pattern='wind farm*', start=19, end=29)]
    """

    name: str
    topics: tuple[Topic, ...]
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclusive: bool = False

    @property
    def topic_names(self) -> list[str]:
        """The names of the topics, in the order of the file."""
        return [topic.name for topic in self.topics]

    def patterns(self, topic: Topic, tier: str = "core") -> tuple[str, ...]:
        """Return the include patterns of a topic at a tier; the broad tier contains the core."""
        check_choice(tier, TIERS, "tier", "tier of a dictionary")
        return topic.core if tier == "core" else topic.core + topic.broad

    def find(self, text: str, tier: str = "core") -> list[Match]:
        """Return every match in a text, topic by topic, in the order of the text.

        Parameters
        ----------
        text : str
            A sentence; a match may stand anywhere in it.
        tier : {"core", "broad"}
            Which patterns to use.

        Returns
        -------
        list of Match
            ``start`` and ``end`` are offsets into `text` as given.
        """
        folded = fold(text)
        found = self._candidates(folded.text, tier)
        if self.exclusive:
            every = [one for candidates in found.values() for one in candidates]
            taken = {(start, end) for start, end, _ in _leftmost_longest(every)}
            found = {
                name: [one for one in candidates if one[:2] in taken]
                for name, candidates in found.items()
            }
        return [
            Match(topic.name, pattern, *folded.span(start, end))
            for topic in self.topics
            for start, end, pattern in _leftmost_longest(found.get(topic.name, []))
        ]

    def _candidates(self, text: str, tier: str) -> dict[str, list[Candidate]]:
        """Every place where each topic may match, those that an exclusion touches left out."""
        places = self.matcher(tier).candidates(text)
        found = {}
        for topic in self.topics:
            barred = places.get((topic.name, "exclude"), ())
            found[topic.name] = [
                (start, end, pattern)
                for start, end, pattern in places.get((topic.name, "include"), ())
                if not any(start < bar_end and bar_start < end for bar_start, bar_end, _ in barred)
            ]
        return found

    def failing_examples(self) -> list[str]:
        """Return a line for each worked example that the core tier gets wrong."""
        lines = []
        for topic in self.topics:
            for wanted, examples in ((True, topic.match), (False, topic.no_match)):
                for example in examples:
                    if any(match.topic == topic.name for match in self.find(example)) != wanted:
                        said = "should match" if wanted else "should not match"
                        lines.append(f"topic {topic.name!r}: the example {example!r} {said}")
        return lines

    def matcher(self, tier: str = "core") -> Matcher:
        """Return the matcher of all topics at a tier: owners are (topic, include or exclude)."""
        # Made when first needed and kept: a cache, not part of what a dictionary is.
        matchers: dict[str, Matcher] = self.__dict__.setdefault("_matchers", {})
        if tier not in matchers:
            patterns: dict[Hashable, tuple[str, ...]] = {}
            for topic in self.topics:
                patterns[(topic.name, "include")] = self.patterns(topic, tier)
                patterns[(topic.name, "exclude")] = topic.exclude
            matchers[tier] = Matcher(patterns, self.variants, self.lists)
        return matchers[tier]

    def us_only(self) -> Dictionary:
        """Return the dictionary without its spelling variants."""
        return replace(self, variants={})

    def without(self, patterns: Mapping[str, str]) -> Dictionary:
        """Return the dictionary with one core pattern left out of each named topic.

        A topic whose only pattern is named keeps it: a topic without a pattern says nothing.
        """
        return replace(
            self,
            topics=tuple(
                replace(
                    topic,
                    core=tuple(p for p in topic.core if p != patterns.get(topic.name))
                    or topic.core,
                )
                for topic in self.topics
            ),
        )


def read_dictionary(path: str | Path) -> Dictionary:
    """Return the dictionary of a TOML file.

    Parameters
    ----------
    path : path
        ``name``; ``exclusive``, whether topics compete for the text; ``[variants]``, other
        spellings of words; ``[lists]``, named lists of patterns; and a table ``[topics.NAME]`` a
        topic: ``core``, ``broad`` and ``exclude`` (lists of patterns), ``description``,
        ``examples.match`` and ``examples.no_match`` (sentences).

    Raises
    ------
    InputError
        Naming file and line: an unknown key, a topic without a core pattern, a blank pattern, a
        pattern that matches every word, two topics whose names differ in case only.

    Examples
    --------
    >>> read_dictionary("analysis/dictionaries/defence_cooperation.toml").topic_names
    ['cybersecurity', 'peacekeeping', 'defense_industry', 'training']
    """
    path = Path(path)
    content = read_toml(path)
    known = dict.fromkeys(("name", "description", "exclusive", "variants", "lists", "topics"))
    check_keys(content, known, "the dictionary", path)
    tables = _mapping(content.get("topics", {}), "topics", path)
    if not tables:
        raise InputError("there is no topic", file=path, do="write a table [topics.NAME]")
    topics = tuple(_topic(name, table, path) for name, table in tables.items())
    seen: dict[str, str] = {}
    for topic in topics:
        if (other := seen.setdefault(topic.name.casefold(), topic.name)) != topic.name:
            raise InputError(
                f"topics {other!r} and {topic.name!r} differ in case only",
                file=path,
                line=line_of(path, topic.name),
                do="rename one",
            )
    variants, lists = (
        {
            word: _strings(others, f"{part}: {word}", path)
            for word, others in _mapping(content.get(part, {}), part, path).items()
        }
        for part in ("variants", "lists")
    )
    for name, phrases in lists.items():
        for phrase in phrases:
            _check_pattern(phrase, f"list {name!r}", path, name)
    _check_lists(topics, lists, path)
    _warn_about_doubles(topics, path)
    exclusive = content.get("exclusive", False)
    if not isinstance(exclusive, bool):
        raise InputError(
            f"exclusive is {exclusive!r}",
            file=path,
            line=line_of(path, "exclusive"),
            do="write true or false",
        )
    return Dictionary(str(content.get("name", path.stem)), topics, variants, lists, exclusive)


def _check_lists(topics: Sequence[Topic], lists: Mapping[str, tuple[str, ...]], path: Path) -> None:
    for topic in topics:
        for pattern in topic.core + topic.broad + topic.exclude:
            for found in PART.finditer(pattern):
                if not found["gap"] and not lists.get(found["list"]):
                    raise InputError(
                        f"topic {topic.name!r}: {pattern!r} names a list that is not there",
                        file=path,
                        line=line_of(path, pattern),
                        do=f"the lists are {', '.join(lists) or 'none'}; add it under [lists]",
                    )


def _topic(name: str, table: Any, path: Path) -> Topic:
    where = f"topic {name!r}"
    table = _mapping(table, where, path, name)
    known = {"description": None, "examples": None, **dict.fromkeys(("core", "broad", "exclude"))}
    check_keys(table, known, where, path)
    examples = _mapping(table.get("examples", {}), f"{where}: examples", path, name)
    check_keys(examples, {"match": None, "no_match": None}, f"{where}: examples", path)
    tiers = {
        tier: _strings(table.get(tier, []), f"{where}: {tier}", path)
        for tier in ("core", "broad", "exclude")
    }
    if not tiers["core"]:
        raise InputError(
            f"{where} has no pattern",
            file=path,
            line=line_of(path, name),
            do='write core = ["a word", "another*"]',
        )
    for pattern in chain.from_iterable(tiers.values()):
        _check_pattern(pattern, where, path, name)
    return Topic(
        name,
        **tiers,
        description=str(table.get("description", "")).strip(),
        match=_strings(examples.get("match", []), f"{where}: match", path),
        no_match=_strings(examples.get("no_match", []), f"{where}: no_match", path),
    )


def _check_pattern(pattern: str, where: str, path: Path, name: str) -> None:
    """Raise if a pattern is blank, matches every word or is put together wrongly."""
    bare = fold(pattern).text.strip()
    problem = ""
    if not bare.strip("*?. -"):
        problem = "matches every word" if bare else "is blank"
    elif bare.startswith("...") or bare.endswith("..."):
        problem = "begins or ends with a gap"
    elif re.search(r"[^\s.]\{[^{}]*\}|\{[^{}]*\}[^\s.]", bare):
        problem = "has a list that is joined to other characters"
    if problem:
        raise InputError(
            f"{where}: the pattern {pattern!r} {problem}",
            file=path,
            line=(line_of(path, pattern) if pattern.strip() else None) or line_of(path, name),
            do="remove it, or write a word; set lists and gaps off by spaces",
        )
    if found := re.search(r"[()|\\^\[\]]", bare):
        warn(
            f"{path}: {where}: {found[0]!r} in {pattern!r} stands for itself; patterns are not "
            "regular expressions, so write one pattern each"
        )
    if re.fullmatch(r"\*\w{1,2}\*", bare):
        warn(f"{path}: {where}: the pattern {pattern!r} matches almost every word")


def _mapping(value: Any, where: str, path: Path, word: str = "topics") -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(
            f"{where} is {value!r}, not a table",
            file=path,
            line=line_of(path, word),
            do="write [topics.NAME] and lists of patterns below it",
        )
    return value


def _strings(value: Any, where: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(
            f"{where} is {value!r}, not a list of texts",
            file=path,
            line=line_of(path, where.rpartition(" ")[2]),
            do='write ["a word", "a phrase"]',
        )
    return tuple(value)


def _warn_about_doubles(topics: Sequence[Topic], path: Path) -> None:
    first: dict[str, str] = {}
    for topic in topics:
        for pattern in topic.core + topic.broad:
            other = first.setdefault(fold(pattern).text.strip(), topic.name)
            if other != topic.name:
                warn(f"{path}: {pattern!r} stands in {other!r} and {topic.name!r}; counts in both")
        written = [fold(pattern).text.strip() for pattern in topic.core + topic.broad]
        for pattern in sorted({one for one in written if written.count(one) > 1}):
            warn(f"{path}: {pattern!r} stands twice in topic {topic.name!r}; it counts once")

"""What can have moved a number: the inputs that changed between two runs, and the findings.

Every input has a fingerprint in the record of a run; a finding is known by kind, topic and groups.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import listing
from analysis.io.csv import read_table
from analysis.io.files import sha256
from analysis.study.check.differences import (
    ABSENT,
    CHANGED,
    PRESENT,
    RECORDED,
    Difference,
    of_values,
)
from analysis.study.record import part_of
from analysis.topics.dictionary import TIERS

Record = Mapping[str, Any]
UNNAMED = (RECORDED, CHANGED)


@dataclass(frozen=True)
class Change:
    """One input that changed, and the articles or the topic whose findings it can move."""

    kind: str
    what: str
    where: str
    was: str
    now: str
    article: str | None = None
    topic: str | None = None
    explained: bool = False


def changes(before: Record, after: Record, folder: Path, fresh: Path) -> list[Change]:
    """Return every input that two records of a run name differently."""
    if not before:
        return []
    settings = [part_of(record, "settings") for record in (before, after)]
    own = [one.get(role) for one in settings for role in ("boilerplate", "roles")]
    return [
        *_articles(before, after),
        *_topics(before, after, folder, fresh),
        *(
            Change("input", f"setting {key}", "", was, now)
            for key, was, now in _changed(before, after, "settings")
        ),
        *(
            Change("input", name, "", *_seen(was, now, RECORDED, CHANGED),
                   explained=name not in own)
            for name, was, now in _changed(before, after, "inputs")
        ),
        *_software(before, after),
    ]  # fmt: skip


def listed(changed: Iterable[Change]) -> str:
    """Return what changed, by name; an explained file only where there is nothing else."""
    changed = list(changed)
    names = [one.what for one in changed if not one.explained] or [one.what for one in changed]
    return listing(dict.fromkeys(names))


def _changed(before: Record, after: Record, part: str) -> Iterator[tuple[str, str, str]]:
    old, new = part_of(before, part), part_of(after, part)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield key, *_values(old.get(key), new.get(key))


def _values(was: Any, now: Any) -> tuple[str, str]:
    """Both values in words; of two lists, what each has alone, unless only the order changed."""
    if isinstance(was, list) and isinstance(now, list):
        only = _only(was, now)
        if only != (ABSENT, ABSENT):
            return only
    return ABSENT if was is None else str(was), ABSENT if now is None else str(now)


def _seen(was: str, now: str, old: str, new: str) -> tuple[str, str]:
    """Words for two hashes, which say nothing to people."""
    if ABSENT in (was, now):
        return ABSENT if was == ABSENT else PRESENT, ABSENT if now == ABSENT else PRESENT
    return old, new


def _articles(before: Record, after: Record) -> Iterator[Change]:
    for part, noun in (("texts", "text"), ("variables", "metadata")):
        for name, was, now in _changed(before, after, part):
            if ABSENT not in (was, now):
                yield Change("input", f"article {name}", noun, RECORDED, CHANGED, article=name)
            elif part == "texts" and part in before:
                seen = _seen(was, now, "", "")
                yield Change("input", f"article {name}", "", *seen, article=name)


def _topics(before: Record, after: Record, folder: Path, fresh: Path) -> Iterator[Change]:
    records = [part_of(record, "dictionary") for record in (before, after)]
    if not records[0]:
        return
    audited = folder / "audit.csv"
    known = part_of(before, "outputs").get(audited.name)
    as_written = audited.is_file() and sha256(audited) == known
    was = _patterns(audited) if as_written else {}
    now = _patterns(fresh / audited.name)
    old, new = (part_of(record, "topics") for record in records)
    for topic in dict.fromkeys([*old, *new]):
        if topic not in old or topic not in new:
            seen = (PRESENT, ABSENT) if topic in old else (ABSENT, PRESENT)
            yield Change("input", f"topic {topic}", "", *seen, topic=topic)
            continue
        for tier in dict.fromkeys([*old[topic], *new[topic]]):
            if part_of(old, topic).get(tier) != new[topic].get(tier):
                listed_there = as_written and tier in TIERS  # all that an audit has
                key = (topic, tier)
                seen = _only(was.get(key, ()), now.get(key, ())) if listed_there else UNNAMED
                yield Change("input", f"topic {topic}", f"{tier} patterns", *seen, topic=topic)
    if records[0].get("shared") != records[1].get("shared"):
        yield Change("input", "dictionary", "name, variants, lists or exclusive", RECORDED, CHANGED)


def _patterns(audited: Path) -> dict[tuple[str, str], list[str]]:
    patterns = read_table(audited).groupby(["topic", "tier"])["pattern"]
    return {(str(topic), str(tier)): list(own) for (topic, tier), own in patterns}


def _only(was: Iterable[Any], now: Iterable[Any]) -> tuple[str, str]:
    """What each of two lists has alone."""
    old, new = (dict.fromkeys(map(str, one)) for one in (was, now))
    gone, come = ([one for one in a if one not in b] for a, b in ((old, new), (new, old)))
    return listing(gone) or ABSENT, listing(come) or ABSENT


def _software(before: Record, after: Record) -> Iterator[Change]:
    for key, name in (("analysis", "version of analysis"), ("unicode", "Unicode data")):
        if before.get(key) != after[key]:
            yield Change("software", name, "", *_values(before.get(key), after[key]))
    if before.get("code") != after["code"]:
        yield Change("software", "code", "", RECORDED, CHANGED)
    for name, was, now in _changed(before, after, "packages"):
        yield Change("software", f"package {name}", "", was, now)


Finding = Mapping[str, Any]


def read_claims(path: Path) -> list[Finding]:
    """Return the findings of a ``findings.json``; none, if it cannot be read."""
    try:
        found: list[Finding] = json.loads(path.read_text(encoding="utf-8"))
        # All that is asked of them later: an edited file may hold anything.
        paired(map(_parts, found), ()), movers((), {}, found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return found


def paired(
    old: Iterable[Finding], new: Iterable[Finding]
) -> dict[str, tuple[Finding | None, Finding | None]]:
    """Return each finding as it was and as it is, by a name that both share.

    A finding is called by its kind and topic, and by its groups where there are several of them:
    its number moves when another comes or goes.

    >>> one = {"kind": "absence", "topic": "wind", "groups": ["Red"]}
    >>> list(paired([one], [one | {"groups": ["Green"]}, one | {"kind": "presence"}]))
    ['absence: wind', 'presence: wind']
    """
    both = [list(old), list(new)]
    several = {
        kind
        for run in both
        for kind, many in Counter((one["kind"], one["topic"]) for one in run).items()
        if many > 1
    }
    was, now = (dict(_named(run, several)) for run in both)
    return {name: (was.get(name), now.get(name)) for name in was | now}


def _named(
    run: Iterable[Finding], several: Collection[tuple[str, str | None]]
) -> Iterator[tuple[str, Finding]]:
    """Each finding with its name; one that comes again has a number."""
    seen: Counter[str] = Counter()
    for one in run:
        kind = (one["kind"], one["topic"])
        groups = " and ".join(sorted(one["groups"])) if kind in several else ""
        name = " ".join(": ".join(filter(None, [*kind, groups])).split())
        seen[name] += 1
        yield (f"{name} #{seen[name]}" if seen[name] > 1 else name), one


def moved(was: Finding | None, now: Finding | None) -> list[Difference]:
    """Return where a finding differs: its text and status, or if its text stands, any part of it.

    Where its sentences stand in their articles is no part: a word before them shifts that.

    >>> one = {"text": "Wind: 1 of 2.", "status": "observed", "evidence": [], "values": {"hits": 1}}
    >>> moved(one, one | {"values": {"hits": 2}})
    [('values, hits', '1', '2')]
    """
    if was is None or now is None:
        texts = [ABSENT if one is None else str(one["text"]) for one in (was, now)]
        return [("text", texts[0], texts[1])]
    found = of_values(_parts(was), _parts(now))
    own = [one for one in found if one[0] in ("text", "status")]
    return own if "text" in [one[0] for one in own] else found


def _parts(found: Finding) -> dict[str, Any]:
    """The parts of a finding that count, the values of its text last: most stand elsewhere too."""
    parts = {key: value for key, value in found.items() if key not in ("id", "values", "text")}
    text = {"text": found["text"]}
    return text | parts | {"evidence": _evidence(found), "values": found.get("values")}


def _evidence(found: Finding) -> dict[str, list[str]]:
    return {f"{one['doc_id']}: {one['quote']}": one["patterns"] for one in found["evidence"]}


def movers(
    changed: Sequence[Change], groups: Mapping[str, set[str]], found: Iterable[Finding | None]
) -> str:
    """Return the names of the changes that can have moved a finding.

    An article can move what is said of its groups or quotes it, and on how many sentences any
    finding is validated; a pattern what is said of its topic, anything else all. A finding that is
    about none of them (its p-value is adjusted for all the others) names every change.
    """
    known = [one for one in found if one is not None]
    topics = {one["topic"] for one in known}
    named = {group for one in known for group in one["groups"]}
    validated = [one.get("validation") for one in known]
    of_all = any(one != validated[0] for one in validated)
    quoted = {quote["doc_id"] for one in known for quote in one["evidence"]}

    def bears(change: Change) -> bool:
        if change.article is not None:
            own = groups.get(change.article, set())
            return of_all or change.article in quoted or bool(own & named)
        return change.topic is None or change.topic in topics or None in topics

    own = [one for one in changed if not one.explained and bears(one)]
    return listed(own or changed)


def groups_of_articles(tables: Iterable[pd.DataFrame], by: Sequence[str]) -> dict[str, set[str]]:
    """Return every group that an article belongs to in any of some tables of documents."""
    groups: dict[str, set[str]] = {}
    for table in tables:
        if {"doc_id", *by} <= set(table):
            for name, label in zip(table["doc_id"], group_labels(table, by), strict=True):
                groups.setdefault(str(name), set()).add(str(label))
    return groups

"""The findings of two runs compared: which moved, and what can have moved them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.study.check.changes import Change, listed
from analysis.study.check.differences import ABSENT, Difference, of_values

Finding = Mapping[str, Any]


def read_claims(path: Path) -> list[Finding]:
    """Return the findings of a ``findings.json``; none, if it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        # All that is asked of them later: an edited file may hold anything.
        paired(map(_told, found), ()), movers((), {}, found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return found


def paired(
    old: Iterable[Finding], new: Iterable[Finding]
) -> dict[str, tuple[Finding | None, Finding | None]]:
    """Return each finding as it was and as it is, by a name that both share.

    A finding is called by its kind and topic, and by its groups where there are several of them:
    its number moves when another comes or goes.

    Examples
    --------
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

    Examples
    --------
    >>> one = {"text": "Wind: 1 of 2.", "status": "observed", "evidence": [], "values": {"hits": 1}}
    >>> moved(one, one | {"values": {"hits": 2}})
    [('values, hits', '1', '2')]
    """
    if was is None or now is None:
        texts = [ABSENT if one is None else str(one["text"]) for one in (was, now)]
        return [("text", texts[0], texts[1])]
    found = of_values(_told(was), _told(now))
    told = [one for one in found if one[0] in ("text", "status")]
    return told if "text" in [one[0] for one in told] else found


def _told(found: Finding) -> dict[str, Any]:
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

    An article can move what is said of its groups or quotes it, a pattern what is said of its
    topic, anything else all. A finding that is about none of them (its p-value is adjusted for
    all the others) names every change.

    Parameters
    ----------
    changed : sequence of Change
        Everything that changed.
    groups : mapping of str to set of str
        The groups that each article belongs to, and did.
    found : iterable of mapping
        The finding as it was and as it is; None where there is none.
    """
    known = [one for one in found if one is not None]
    topics = {one["topic"] for one in known}
    named = {group for one in known for group in one["groups"]}
    quoted = {quote["doc_id"] for one in known for quote in one["evidence"]}

    def bears(change: Change) -> bool:
        if change.article is not None:
            return change.article in quoted or bool(groups.get(change.article, set()) & named)
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

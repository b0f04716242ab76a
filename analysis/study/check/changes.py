"""Which inputs of a study changed between two runs, by their records, and what each can move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import listing
from analysis.io.csv import read_table
from analysis.io.files import sha256
from analysis.study.check.differences import ABSENT, CHANGED, PRESENT, RECORDED
from analysis.study.record import part_of

Record = Mapping[str, Any]
UNNAMED = (RECORDED, CHANGED)


@dataclass(frozen=True)
class Change:
    """One input that changed, and the articles or the topic whose findings it can move.

    Attributes
    ----------
    kind : {"input", "software"}
        Whether the study changed or what computes it.
    what, where, was, now : str
        As in the table of `check`.
    article, topic : str, optional
        All that it bears on; neither where it can move anything.
    explained : bool
        Whether it is a file, whose changes of note stand in other rows.
    """

    kind: str
    what: str
    where: str
    was: str
    now: str
    article: str | None = None
    topic: str | None = None
    explained: bool = False


def changes(before: Record, after: Record, folder: Path, fresh: Path) -> list[Change]:
    """Return every input that two records of a run name differently.

    Parameters
    ----------
    before, after : mapping
        The content of the committed ``run.json`` and of that made now.
    folder, fresh : pathlib.Path
        The output folders they stand in: ``audit.csv`` there names the patterns of each topic.
    """
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
        for tier in new[topic]:
            if part_of(old, topic).get(tier) != new[topic][tier]:
                listed_there = as_written and tier != "exclude"  # an audit has no exclusions
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

"""Which of the places where patterns fit count: numbers in, numbers out.

Inside a topic the leftmost, then longest place wins; a place that shares a character with one of
an exclude pattern does not count; what competing topics do stands in `analysis.topics.dictionary`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from analysis.topics.matching import Candidate


def choose(
    places: Mapping[Hashable, Sequence[Candidate]],
    topics: Iterable[str],
    patterns: Mapping[str, Collection[str]] | None = None,
    *,
    exclusive: bool,
) -> Iterator[tuple[str, int, int, str]]:
    """Yield the topic, the place and the pattern of every match, topic by topic.

    Places are those where something fits, by owner: (topic, "include") or (topic, "exclude"). Where
    `patterns` are given, only those include patterns of each topic take part.
    """
    if len(places) == 1:
        ((owner, own),) = places.items()
        if len(own) == 1:  # as most texts have it
            for topic in topics:
                if owner == (topic, "include") and (
                    patterns is None or own[0][2] in patterns[topic]
                ):
                    yield topic, *own[0]
            return
    found = {}
    for topic in topics:
        includes = places.get((topic, "include"), ())
        if patterns is not None:
            includes = [one for one in includes if one[2] in patterns[topic]]
        if includes:
            barred = places.get((topic, "exclude"), ())
            found[topic] = list(_untouched(includes, barred)) if barred else includes
    if exclusive:
        every = [one for candidates in found.values() for one in candidates]
        taken = {(start, end) for start, end, _ in _leftmost_longest(every)}
        found = {
            topic: [one for one in candidates if one[:2] in taken]
            for topic, candidates in found.items()
        }
    for topic, candidates in found.items():
        for candidate in _leftmost_longest(candidates):
            yield topic, *candidate


def _leftmost_longest(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that win: the leftmost, of those the longest, none overlapping."""
    last = 0
    for start, end, pattern in sorted(candidates, key=lambda one: (one[0], -one[1], one[2])):
        if start >= last:
            yield start, end, pattern
            last = end


def _untouched(candidates: Iterable[Candidate], barred: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that share no character with what is barred."""
    sorted_ = sorted(barred)
    starts = [start for start, _, _ in sorted_]
    furthest = list(accumulate((end for _, end, _ in sorted_), max, initial=0))
    for start, end, pattern in candidates:
        if furthest[bisect_left(starts, end)] <= start:
            yield start, end, pattern

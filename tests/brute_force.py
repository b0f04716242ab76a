"""Matching by trying everything: what the engine is held to. Slow, short, and its own reading of
the rules at the top of analysis/topics/dictionary.py."""

import re
from dataclasses import replace
from itertools import pairwise


def candidates(text, patterns, exclude=(), hyphens=()):
    """(start, end, pattern) by trying each pattern at each word; a pattern is a list of units.

    At each of `hyphens` the text was broken at a line end, so that a hyphen may stand there.
    """
    barred = list(readings(text, exclude, hyphens))
    found = readings(text, patterns, hyphens)
    return [m for m in found if all(m[1] <= b[0] or b[1] <= m[0] for b in barred)]


def readings(text, patterns, hyphens):
    """The places in a text, and those across a hyphen in the same text with its hyphens."""
    found = set(places_in(text, patterns))
    cuts = [0, *hyphens, len(text)]
    kept = "-".join(text[one:two] for one, two in pairwise(cuts)) if hyphens else ""
    at = [place + number for number, place in enumerate(hyphens)]
    for start, end, name in places_in(kept, patterns):
        if any(start < place < end - 1 for place in at):
            before = [sum(place < edge for place in at) for edge in (start, end)]
            found.add((start - before[0], end - before[1], name))
    return sorted(found)


def places_in(text, patterns):
    """Every place of a pattern in a text."""
    words = [(found.start(), found.end(), found[0].lower()) for found in re.finditer(r"\w+", text)]
    between = [text[one[1] : two[0]] for one, two in pairwise(words)]

    def fits(unit, word):
        if unit[:1] == "*":
            return any(fits(unit[1:], word[skipped:]) for skipped in range(len(word) + 1))
        if not unit or not word:
            return unit == word
        return unit[0] in ("?", word[0]) and fits(unit[1:], word[1:])

    def ends(units, here):
        """Every word after which a phrase may end when it begins at word number `here`."""
        if here >= len(words):
            return set()
        first, rest = units[0], units[1:]
        if first == "*":  # a word, hyphens inside
            lasts = [here]
            while lasts[-1] < len(between) and between[lasts[-1]] in "-–":
                lasts.append(lasts[-1] + 1)
        else:
            lasts = [here] if fits(first, words[here][2]) else []
        if not rest:
            return {last + 1 for last in lasts}
        joined = [last for last in lasts if between[last : last + 1] in ([" "], ["-"], ["–"])]
        return set().union(*(ends(rest, last + 1) for last in joined))

    def reaches(phrases, here):
        """The same of phrases with gaps between them; each phrase is as long as it can be."""
        after = ends(phrases[0], here)
        if not after or len(phrases) == 1:
            return {max(after)} if after else set()
        return set().union(*(reaches(phrases[1:], max(after) + skipped) for skipped in range(7)))

    for units in patterns:
        phrases = [phrase.split() for phrase in written(units).split("...")]
        for here in range(len(words)):
            for after in reaches(phrases, here):
                yield words[here][0], words[after - 1][1], written(units)


def reference(text, patterns, exclude=(), hyphens=()):
    """(start, end, pattern) of the matches that count."""
    return leftmost_longest(candidates(text, patterns, exclude, hyphens))


def exclusive_reference(text, topics, hyphens=()):
    """The same for each of several topics, (patterns, exclude), that compete for the text."""
    every = [candidates(text, *topic, hyphens=hyphens) for topic in topics]
    taken = {match[:2] for match in leftmost_longest([one for own in every for one in own])}
    return [leftmost_longest([one for one in own if one[:2] in taken]) for own in every]


def leftmost_longest(matches):
    chosen = []
    for match in sorted(matches, key=lambda match: (match[0], -match[1], match[2])):
        if not chosen or match[0] >= chosen[-1][1]:
            chosen.append(match)
    return chosen


def without(dictionary, patterns):
    """The dictionary without one core pattern of each named topic; an only pattern stays."""
    left = [tuple(p for p in one.core if p != patterns.get(one.name)) for one in dictionary.topics]
    topics = zip(dictionary.topics, left, strict=True)
    return replace(dictionary, topics=tuple(replace(t, core=own or t.core) for t, own in topics))


def written(units):
    return " ".join(units)

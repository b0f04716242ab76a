"""Words of many texts at once, in a few passes over one array: those of `folding.WORDS`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, compress

import numpy as np

from analysis.corpus.folding import AT_LINE_END, MARKS, fold_character, folded_text

# What a character is to a word: nothing, a part of it, or a joint between two parts.
_OTHER, _LETTER, _HYPHEN, _JOINT, _POINT, _UNKNOWN = range(6)
_IN_WORD = re.compile(rf"[^\W_]|[{MARKS}]")
_JOINTS = dict.fromkeys("-\u2010\u2011", _HYPHEN) | dict.fromkeys("'\u2019", _JOINT) | {".": _POINT}


def _kind_of(character: str) -> int:
    return _JOINTS.get(character, _LETTER if _IN_WORD.match(character) else _OTHER)


@cache
def _kinds() -> np.ndarray:
    """The kind of each character of Unicode, found out when it first comes up."""
    return np.full(0x110000, _UNKNOWN, dtype=np.uint8)


@cache
def _ascii_kinds() -> bytes:
    return bytes(_kind_of(chr(code)) for code in range(256))


def _kinds_of(codes: np.ndarray) -> np.ndarray:
    if codes.itemsize == 1:
        return np.frombuffer(codes.tobytes().translate(_ascii_kinds()), dtype=np.uint8)
    kinds: np.ndarray = _kinds()[codes]
    if (unknown := kinds == _UNKNOWN).any():
        for code in np.unique(codes[unknown]).tolist():
            _kinds()[code] = _kind_of(chr(code))
        kinds = _kinds()[codes]
    return kinds


_ASCII = bytes(range(128))


def beyond_ascii(text: str) -> str:
    """Return the characters of a text that are not ASCII: mostly few, and soon looked through.

    >>> beyond_ascii("Né en “Виетнам”")
    'é“Виетнам”'
    """
    raw = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return raw.decode("utf-8", "surrogatepass")


def codes_of(text: str) -> np.ndarray:
    """Return the code of each character."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def in_words(codes: np.ndarray) -> np.ndarray:
    """Return which characters of a text belong to its words, by their codes."""
    kinds = _kinds_of(codes)
    letters = kinds == _LETTER
    inside: np.ndarray = letters.copy()
    # Two parts are one word if a joint stands between them, or a point and a hyphen.
    inside[1:-1] |= (kinds[1:-1] > _LETTER) & letters[:-2] & letters[2:]
    pairs = (kinds[1:-2] == _POINT) & (kinds[2:-1] == _HYPHEN) & letters[:-3] & letters[3:]
    inside[1:-2] |= pairs
    inside[2:-1] |= pairs
    return inside


def word_spans(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the words of a text begin and where they end, by the codes of its characters.

    >>> starts, ends = word_spans(codes_of("The U.S.-led e-mail."))
    >>> starts.tolist(), ends.tolist()
    ([0, 4, 13], [3, 12, 19])
    """
    edges = np.flatnonzero(np.diff(in_words(codes), prepend=False, append=False))
    return edges[::2], edges[1::2]


def blocks(texts: Sequence[str], size: int = 1 << 16) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the texts in blocks of about `size` characters, with the number of the first.

    Work that is done for a block at once costs little per text and never much memory.
    """
    for begin in range(0, len(texts), _AT_ONCE):
        some = texts[begin : begin + _AT_ONCE]
        ends, first = list(accumulate(map(len, some), initial=0)), 0
        while first < len(some):
            after = max(bisect_right(ends, ends[first] + size) - 1, first + 1)
            yield begin + first, some[first:after]
            first = after


_AT_ONCE = 2048  # texts that are looked at together: what is read of them is near when read again


def by_kind(texts: Sequence[str]) -> Iterator[tuple[np.ndarray, Sequence[str]]]:
    """Yield the texts of ASCII, which are done sooner, and the others, with their numbers."""
    plain = np.fromiter(map(str.isascii, texts), dtype=bool, count=len(texts))
    for own in (plain, ~plain):
        if own.all():
            yield np.arange(len(texts)), texts
            return
        if own.any():
            yield np.flatnonzero(own), list(compress(texts, own.tolist()))


def _alike(texts: Sequence[str], size: int) -> Iterator[tuple[np.ndarray, Sequence[str]]]:
    """Yield the texts in blocks, with their numbers; in each all of ASCII, or all beyond."""
    for first, block in blocks(texts, size):
        for numbers, own in by_kind(block):
            yield numbers + first, own


def word_counts(texts: Sequence[str]) -> list[int]:
    """Return how many words each text has: `folding.count_words` of all at once.

    >>> word_counts(["The U.S.-Israel deal wasn't state-of-the-art.", "", "Coal."])
    [5, 0, 1]
    """
    counts = np.zeros(len(texts), dtype=np.int64)
    for numbers, block in _alike(texts, 1 << 20):
        kinds = _kinds_of(codes_of("\n".join(["", *block, "", "", ""])))
        letters = kinds == _LETTER
        edges = np.cumsum(np.fromiter(map(len, block), np.intp, len(block)) + 1)
        # Runs of letters, less one for each joint between two of them.
        runs = np.flatnonzero(letters[1:] > letters[:-1])
        joints = np.flatnonzero(kinds[:-3] > _LETTER)
        joined = letters[joints - 1] & letters[joints + 1]
        joined |= (
            letters[joints - 1] & (kinds[joints] == _POINT)
            & (kinds[joints + 1] == _HYPHEN) & letters[joints + 2]
        )  # fmt: skip
        ends = np.searchsorted(runs, edges) - np.searchsorted(joints[joined], edges)
        counts[numbers] = np.diff(ends, prepend=0)
    found: list[int] = counts.tolist()
    return found


def words_of(text: str) -> list[str]:
    """Return the words of a text: ``WORDS.findall(text)``, sooner where the text is long.

    >>> words_of("the u.s.-led e-mail.")
    ['the', 'u.s.-led', 'e-mail']
    """
    codes = codes_of(text)
    return taken_apart(codes, in_words(codes))


def taken_apart(codes: np.ndarray, kept: np.ndarray) -> list[str]:
    """Return the stretches of a text that are kept; none of their characters is white space."""
    spaced = np.where(kept, codes, codes.dtype.type(ord(" "))).tobytes()
    return spaced.decode("ascii" if codes.itemsize == 1 else "utf-32-le", "surrogatepass").split()


@cache
def _folds() -> np.ndarray:
    """What each character folds to, found out when it first comes up; 0: not to one character."""
    return np.full(0x110000, _UNFOLDED, dtype=np.uint32)


_UNFOLDED, _BETWEEN = 0xFFFFFFFF, "\x01"
_SPACES = re.compile("  +")


@cache
def _ascii_folds() -> bytes:
    return "".join(map(folded_text, map(chr, range(128)))).encode().ljust(256)


def _folded(joined: str) -> tuple[str, list[int]]:
    """The text folded letter by letter, and places where `folded_text` has to look."""
    if joined.isascii():
        folded, hard = joined.encode().translate(_ascii_folds()).decode(), []
    else:
        codes = codes_of(joined)
        found = _folds()[codes]
        if (unknown := found == _UNFOLDED).any():
            for code in np.unique(codes[unknown]).tolist():
                _folds()[code] = ord(fold_character(chr(code)) or "\0")
            found = _folds()[codes]
        folded = found.tobytes().decode("utf-32-le", "surrogatepass")
        hard = np.flatnonzero(found == 0).tolist()
    if "\n" in joined or "\r" in joined:
        hard += [place.start() for place in AT_LINE_END.finditer(joined)]
    return folded, hard


def folded_texts(texts: Sequence[str]) -> list[str]:
    """Return `folding.folded_text` of each text; of many short ones, sooner.

    >>> folded_texts(["Wind\\u2019s  power", "COAL"])
    ["wind's power", 'coal']
    """
    found = [""] * len(texts)
    for numbers, block in _alike(texts, 1 << 20):
        joined = _BETWEEN.join(block)
        if joined.count(_BETWEEN) >= len(block):
            parts = list(map(folded_text, block))
        else:
            folded, hard = _folded(joined)
            parts = (_SPACES.sub(" ", folded) if "  " in folded else folded).split(_BETWEEN)
            edges = np.cumsum([0, *(len(text) + 1 for text in block)]) if hard else ()
            for place in set(np.searchsorted(edges, hard, side="right").tolist()):
                parts[place - 1] = folded_text(block[place - 1])
        for number, part in zip(numbers.tolist(), parts, strict=True):
            found[number] = part
    return found


_BASE = np.uint64(0x9E3779B97F4A7C15)
_BACK = np.uint64(pow(int(_BASE), -1, 1 << 64))


def _mixed(values: np.ndarray) -> np.ndarray:
    """Numbers of 64 bits, each bit of which depends on all bits of the one given (Stafford)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)))


def hashes(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return a number of 64 bits for each word of the texts, and how many words each text has.

    The same word has the same number. Two of a million words share one with a chance of 3e-8.

    >>> numbers, counts = hashes(["wind and wind", "", "sun"])
    >>> bool(numbers[0] == numbers[2] != numbers[1]), counts.tolist()
    (True, [3, 0, 1])
    """
    parts, counts = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for _, block in blocks(texts, 1 << 18):
        codes = codes_of("\n".join(block))
        starts, ends = word_spans(codes)
        edges = np.cumsum([0, *(len(text) + 1 for text in block)])
        counts.append(np.diff(np.searchsorted(starts, edges)))
        # Rabin and Karp: sum c_i B^i of a word, put back to where its first letter has B^0.
        powers, back = (
            np.multiply.accumulate(np.full(len(codes) + 1, base)) for base in (_BASE, _BACK)
        )
        sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum((codes + np.uint64(1)) * powers[:-1], out=sums[1:])
        parts.append(_mixed((sums[ends] - sums[starts]) * back[starts]))
    return np.concatenate(parts), np.concatenate(counts)


_PART = 1 << 20  # numbers that are worked on at a time


def runs(numbers: np.ndarray, size: int) -> np.ndarray:
    """Return one number for each run of `size` numbers, from where it begins."""
    found = np.zeros(max(len(numbers) - size + 1, 0), dtype=np.uint64)
    for start in range(0, len(found), _PART):
        part = found[start : start + _PART]
        for place in range(start, start + size):
            part[:] = _mixed(part + numbers[place : place + len(part)] + _BASE)
    return found

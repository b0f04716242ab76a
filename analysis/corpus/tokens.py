"""Words of many texts at once, in a few passes over one array: those of `folding.WORDS`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from analysis.corpus.folding import MARKS, blocks, fold_character, folded_text

# What a character is to a word: nothing, a part of it, or a joint between two parts.
_OTHER, _LETTER, _HYPHEN, _JOINT, _POINT, _UNKNOWN = range(6)
_IN_WORD = re.compile(rf"[^\W_]|[{MARKS}]")
_JOINTS = dict.fromkeys("-\u2010\u2011", _HYPHEN) | dict.fromkeys("'\u2019", _JOINT) | {".": _POINT}


@cache
def _kinds() -> np.ndarray:
    """The kind of each character of Unicode, found out when it first comes up."""
    return np.full(0x110000, _UNKNOWN, dtype=np.uint8)


def _kind_of(character: str) -> int:
    return _JOINTS.get(character, _LETTER if _IN_WORD.match(character) else _OTHER)


def codes_of(text: str) -> np.ndarray:
    """Return the code of each character."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def word_spans(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the words of a text begin and where they end, by the codes of its characters.

    >>> starts, ends = word_spans(codes_of("The U.S.-led e-mail."))
    >>> starts.tolist(), ends.tolist()
    ([0, 4, 13], [3, 12, 19])
    """
    kinds = _kinds()[codes]
    if (unknown := kinds == _UNKNOWN).any():
        for code in np.unique(codes[unknown]).tolist():
            _kinds()[code] = _kind_of(chr(code))
        kinds = _kinds()[codes]
    letters = np.zeros(len(codes) + 2, dtype=bool)
    letters[1:-1] = kinds == _LETTER
    edges = np.flatnonzero(letters[1:] != letters[:-1])
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return starts, ends
    # Two parts are one word if a joint stands between them, or a point and a hyphen.
    here, gaps = ends[:-1], starts[1:] - ends[:-1]
    joined = (gaps == 1) & (kinds[here] != _OTHER)
    joined |= (gaps == 2) & (kinds[here] == _POINT) & (kinds[here + 1] == _HYPHEN)
    apart = np.concatenate([[True], ~joined, [True]])
    return starts[apart[:-1]], ends[apart[1:]]


def word_counts(texts: Sequence[str]) -> list[int]:
    """Return how many words each text has: `folding.count_words` of all at once.

    >>> word_counts(["The U.S.-Israel deal wasn't state-of-the-art.", "", "Coal."])
    [5, 0, 1]
    """
    counts: list[int] = []
    for _, block in blocks(texts, 1 << 20):
        starts, _ = word_spans(codes_of("\n".join(block)))
        edges = np.cumsum([0, *(len(text) + 1 for text in block)])
        counts += np.diff(np.searchsorted(starts, edges)).tolist()
    return counts


def words_of(text: str) -> list[str]:
    """Return the words of a text: ``WORDS.findall(text)``, sooner where the text is long.

    >>> words_of("the u.s.-led e-mail.")
    ['the', 'u.s.-led', 'e-mail']
    """
    codes = codes_of(text)
    starts, ends = word_spans(codes)
    steps = np.zeros(len(codes) + 1, dtype=np.int8)
    steps[starts] = 1
    steps[ends] = -1
    return taken_apart(codes, np.cumsum(steps[:-1], dtype=np.int8) > 0)


def taken_apart(codes: np.ndarray, kept: np.ndarray) -> list[str]:
    """Return the stretches of a text that are kept; none of their characters is white space."""
    spaced = np.where(kept, codes, codes.dtype.type(ord(" "))).tobytes()
    return spaced.decode("ascii" if codes.itemsize == 1 else "utf-32-le", "surrogatepass").split()


@cache
def _folds() -> np.ndarray:
    """What each character folds to, found out when it first comes up; 0: not to one character."""
    return np.full(0x110000, _UNFOLDED, dtype=np.uint32)


_UNFOLDED, _BETWEEN = 0xFFFFFFFF, "\x01"
_AT_LINE_END = re.compile(r"[-\u2010]\s*[\r\n]")  # there `fold` may join two parts of a word


def folded_texts(texts: Sequence[str]) -> list[str]:
    """Return `folding.folded_text` of each text; of many short ones, sooner.

    >>> folded_texts(["Wind\\u2019s  power", "COAL"])
    ["wind's power", 'coal']
    """
    found: list[str] = []
    for _, block in blocks(texts, 1 << 18):
        joined = _BETWEEN.join(block)
        if joined.count(_BETWEEN) >= len(block):
            found += map(folded_text, block)
            continue
        codes = codes_of(joined)
        folded = _folds()[codes]
        if (unknown := folded == _UNFOLDED).any():
            for code in np.unique(codes[unknown]).tolist():
                _folds()[code] = ord(fold_character(chr(code)) or "\0")
            folded = _folds()[codes]
        spaces = folded == ord(" ")
        # All but spaces after a space.
        kept = folded[np.concatenate([[True], ~(spaces[1:] & spaces[:-1])])[: len(folded)]]
        parts = kept.tobytes().decode("utf-32-le", "surrogatepass").split(_BETWEEN)
        hard = [*np.flatnonzero(folded == 0).tolist()]
        if "-" in joined or "\u2010" in joined:
            hard += [place.start() for place in _AT_LINE_END.finditer(joined)]
        edges = np.cumsum([0, *(len(text) + 1 for text in block)])
        for number in np.unique(np.searchsorted(edges, hard, side="right") - 1).tolist():
            parts[number] = folded_text(block[number])
        found += parts
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
    for _, block in blocks(texts, 1 << 20):
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


def runs(numbers: np.ndarray, size: int) -> np.ndarray:
    """Return one number for each run of `size` numbers, from where it begins."""
    length = max(len(numbers) - size + 1, 0)
    found = np.zeros(length, dtype=np.uint64)
    for place in range(size):
        found = _mixed(found + numbers[place : place + length] + _BASE)
    return found


def repeated(numbers: np.ndarray) -> np.ndarray:
    """Return which numbers surely include all that stand there twice, and few others."""
    bits = max(len(numbers).bit_length() + 3, 10)
    slots = (numbers >> np.uint64(64 - bits)).astype(np.int64)
    seen, again = (np.zeros(1 << bits, dtype=bool) for _ in range(2))
    for start in range(0, len(slots), 1 << 18):
        some = np.sort(slots[start : start + (1 << 18)])
        again[some[1:][some[1:] == some[:-1]]] = True
        again[some[seen[some]]] = True
        seen[some] = True
    return again[slots]

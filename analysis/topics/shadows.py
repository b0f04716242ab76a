r"""Many texts as one array of bytes, and where the fixed beginnings of phrases stand in it.

A shadow has one byte for each character of a folded text: the letter itself, a space for white
space and for a hyphen, and one mark for all else that belongs to no word. Beyond Latin-1 some
letters share one, so what is found there is judged on the text itself.

A beginning is looked for by up to eight letters of it, from where a word begins in it. These are
compared with what stands at every word of the texts at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache, cached_property

import numpy as np

from analysis.corpus.folding import AT_LINE_END, MARKS, UNSPACED, fold_character, folded_text
from analysis.corpus.tokens import by_kind, codes_of, folded_texts

IN_WORD = rf"[\w{MARKS}]"
_IN_WORD, _UNSPACED = re.compile(IN_WORD), re.compile(f"[{UNSPACED}]")
_UNKNOWN, _HARD, _SPACE, _OTHER, LETTERS = 0, 1, 0x20, 0x21, 0x30  # letters are from here on
_ENDING = re.compile(rb"[0-\xff]*")
_BETWEEN = "\x01"  # stands between two texts, and belongs to no word


def _shadow_of(character: str) -> int:
    if character in " -":
        return _SPACE
    if not _IN_WORD.match(character) or _UNSPACED.match(character):
        return _OTHER
    return ord(character) if ord(character) < 256 else 0x61 + ord(character) % 26


@cache
def _shadows(*, folded: bool) -> np.ndarray:
    """The shadow of each character, found out when it first comes up."""
    return np.full(0x110000, _UNKNOWN, dtype=np.uint8)


@cache
def _ascii_shadows(*, folded: bool) -> bytes:
    return _looked_up("".join(map(chr, range(128))), folded=folded).tobytes().ljust(256)


def _looked_up(text: str, *, folded: bool) -> np.ndarray:
    codes, table = codes_of(text), _shadows(folded=folded)
    found: np.ndarray = table[codes]
    if (unknown := found == _UNKNOWN).any():
        for code in np.unique(codes[unknown]).tolist():
            character = chr(code) if folded else fold_character(chr(code))
            table[code] = _HARD if character is None else _shadow_of(character)
        found = table[codes]
    return found


def shadow_of(text: str, *, folded: bool = True) -> np.ndarray:
    """Return the shadow of a text; a character is hard that does not fold to one character."""
    if not text.isascii():
        return _looked_up(text, folded=folded)
    raw = text.encode().translate(_ascii_shadows(folded=folded))
    return np.frombuffer(raw, dtype=np.uint8).copy()


_SPECIAL = re.compile(f"[{MARKS}{UNSPACED}]")


def is_special(text: str) -> bool:
    """Return whether a text has marks, or characters of a script without spaces."""
    return not text.isascii() and _SPECIAL.search(text) is not None


class Texts:
    """Texts and their common shadow; each is folded where somebody asks for it.

    In the shadow stand first the texts of ASCII, then those beyond. Those in which not every
    character folds to one stand blank there, and folded at its end.
    """

    def __init__(self, given: Sequence[str]) -> None:
        self.given = given
        self._special: dict[int, bool] = {}
        self.wrapped: list[int] = []  # the numbers of the texts with line ends
        self._numbers = [np.empty(0, np.intp)]
        self._parts, self._lengths = [np.full(1, _OTHER, dtype=np.uint8)], [np.empty(0, np.intp)]
        hard: list[int] = []
        for numbers, own in by_kind(given):
            hard += self._add(numbers, own)
        folded = folded_texts([given[number] for number in hard])
        self._folded = dict(zip(hard, folded, strict=True))
        if hard:
            self._join(np.array(hard), folded, folded=True)
        lengths = np.concatenate(self._lengths)
        self.shadow = np.concatenate([*self._parts, np.full(9, _OTHER, dtype=np.uint8)])
        self._bytes = self.shadow.tobytes()
        self._starts = np.cumsum(lengths) - lengths + 1
        self._ends = self._starts + lengths - 1
        self._order = np.concatenate(self._numbers)  # of the texts in the shadow

    def __len__(self) -> int:
        return len(self.given)

    def __getitem__(self, number: int) -> str:
        if number not in self._folded:
            self._folded[number] = folded_text(self.given[number])
        return self._folded[number]

    def special(self, number: int) -> bool:
        """Whether a text has marks, or characters of a script without spaces."""
        if number not in self._special:
            self._special[number] = is_special(self[number])
        return self._special[number]

    def _join(
        self, numbers: np.ndarray, texts: Sequence[str], *, folded: bool
    ) -> tuple[str, np.ndarray]:
        """Add texts to the shadow; return them joined, with their shadow."""
        joined = _BETWEEN.join([*texts, ""])
        self._parts.append(shadow_of(joined, folded=folded))
        self._lengths.append(np.fromiter(map(len, texts), np.intp, len(texts)) + len(_BETWEEN))
        self._numbers.append(numbers)
        return joined, self._parts[-1]

    def _add(self, numbers: np.ndarray, texts: Sequence[str]) -> list[int]:
        """Add texts of one kind to the shadow; return the numbers of those to be folded."""
        joined, shadow = self._join(numbers, texts, folded=False)
        spaces = shadow == _SPACE
        hard = [
            place
            for place in np.flatnonzero(spaces[1:] & spaces[:-1]).tolist()
            if joined[place].isspace() and joined[place + 1].isspace()
        ]
        hard += np.flatnonzero(shadow == _HARD).tolist()
        edges = np.cumsum(self._lengths[-1])
        if "\n" in joined or "\r" in joined:
            hard += [found.start() for found in AT_LINE_END.finditer(joined)]
            codes = codes_of(joined)
            ends = np.flatnonzero((codes == ord("\n")) | (codes == ord("\r")))
            places = np.unique(np.searchsorted(edges, ends, side="right"))
            self.wrapped = sorted([*self.wrapped, *numbers[places].tolist()])
        if not hard:
            return []
        again = np.unique(np.searchsorted(edges, hard, side="right"))
        for place in again.tolist():
            shadow[edges[place] - self._lengths[-1][place] : edges[place]] = _OTHER
        found: list[int] = numbers[again].tolist()
        return found

    def word_end(self, place: int) -> int:
        """Return where a word ends in the shadow that does not end before a place."""
        found = _ENDING.match(self._bytes, place)
        assert found is not None  # it matches nothing too
        return found.end()

    @cached_property
    def _inside(self) -> np.ndarray:
        return self.shadow >= LETTERS

    @cached_property
    def _words(self) -> np.ndarray:
        """Where words begin."""
        return np.flatnonzero(self._inside[1:] > self._inside[:-1]) + 1

    @cached_property
    def _firsts(self) -> np.ndarray:
        """Four bytes from where each word begins, as a number."""
        found: np.ndarray = self._read("<u4").take(self._words)
        return found

    def _read(self, dtype: str) -> np.ndarray:
        size = len(self.shadow) - np.dtype(dtype).itemsize + 1
        return np.ndarray((size,), dtype, self.shadow, strides=(1,))

    def find(self, literals: Literals) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return what stands where: number of the literal, of the text, place in it, in the shadow.

        Text by text, and in the order of the places.
        """
        known = literals.table.take(_hash(self._firsts))
        kept = np.flatnonzero(known)
        known, words = known[kept], self._words[kept]
        eight = self._read("<u8").take(words)
        parts = [(np.empty(0, np.intp), np.empty(0, np.intp))]
        for size, (keys, first, counts, own) in literals.keys.items():
            rows = np.flatnonzero(known & np.uint8(1 << size - 1))
            values = eight[rows] & _mask(size)
            at = np.searchsorted(keys, values)
            at[at == len(keys)] = 0
            same = np.flatnonzero(keys[at] == values)
            at, rows = at[same], rows[same]
            each = counts[at]
            within = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
            parts.append((own[np.repeat(first[at], each) + within], np.repeat(words[rows], each)))
        numbers, places = map(np.concatenate, zip(*parts, strict=True))
        places = places - literals.offsets[numbers]
        stops = places + literals.lengths[numbers]
        homes = np.searchsorted(self._starts, places, side="right") - 1
        fits = (homes >= 0) & (stops <= self._ends[homes]) & ~self._inside[places - 1]
        fits &= ~(literals.whole[numbers] & self._inside[np.minimum(stops, len(self.shadow) - 1)])
        rows = np.flatnonzero(fits & literals.long[numbers])
        fits[rows] = [
            self._bytes.startswith(literals.texts[number], place)
            for number, place in zip(numbers[rows].tolist(), places[rows].tolist(), strict=True)
        ]
        rows = np.flatnonzero(fits)
        rows = rows[np.argsort(places[rows], kind="stable")]
        numbers, places, homes = numbers[rows], places[rows], homes[rows]
        return numbers, self._order[homes], places - self._starts[homes], places


def _hash(fours: np.ndarray) -> np.ndarray:
    """Sixteen bits for four bytes, eight of which depend on the first two bytes alone."""
    mixed = fours * np.uint32(0x9E3779B1)
    found = mixed >> np.uint32(16)
    found &= np.uint32(0xFF00)
    mixed >>= np.uint32(8)
    mixed &= np.uint32(0xFF)
    found |= mixed
    return np.asarray(found)


def _mask(size: int) -> np.uint64:
    return np.uint64((1 << 8 * size) - 1)


_WORD = re.compile(rb"[0-\xff]+")
_MOST = 8  # letters of a beginning that are compared at once


class Literals:
    """The beginnings of phrases, in shadow, and whether a word has to end behind each."""

    def __init__(self, literals: Sequence[tuple[bytes, bool]]) -> None:
        self.texts = [text for text, _ in literals]
        self.lengths = np.array([len(text) for text in self.texts], dtype=np.intp)
        self.whole = np.array([whole for _, whole in literals], dtype=bool)
        self.offsets = np.zeros(len(literals), dtype=np.intp)  # of the word that is looked for
        # By what four bytes may be, hashed: a bit for each length of what begins so.
        self.table = np.zeros(1 << 16, dtype=np.uint8)
        by_size: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, (text, whole) in enumerate(literals):
            words = list(_WORD.finditer(text))
            # The longest word, if there is something to compare from there on.
            rank = [(min(len(text) - word.start(), 4), word.end() - word.start()) for word in words]
            offset = words[rank.index(max(rank))].start()
            key = text[offset : offset + _MOST]
            by_size[len(key)].append((int.from_bytes(key, "little"), number))
            self.offsets[number] = offset
            self._enter(key, whole=whole and offset + len(key) == len(text))
        self.long = (self.lengths > _MOST) | (self.offsets > 0)
        # By length: the distinct ones, where their literals begin, how many they are, and they.
        self.keys = {}
        for size, pairs in by_size.items():
            pairs.sort()
            every = np.array([key for key, _ in pairs], dtype=np.uint64)
            keys, first, counts = np.unique(every, return_index=True, return_counts=True)
            own = np.array([number for _, number in pairs], dtype=np.intp)
            self.keys[size] = keys, first, counts, own

    def _enter(self, key: bytes, *, whole: bool) -> None:
        bit = np.uint8(1 << len(key) - 1)
        if len(key) == 1:  # almost anything may follow
            self.table |= bit
            return
        fours = np.array([int.from_bytes(key[:4], "little")], dtype=np.uint32)
        for place in range(len(key), 4):
            after = [_SPACE, _OTHER] if whole and place == len(key) else range(256)
            following = np.array(after, dtype=np.uint32) << np.uint32(8 * place)
            fours = (fours[:, None] + following).ravel()
        self.table[_hash(fours)] |= bit

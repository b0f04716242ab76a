"""What scripts ask for: words where no spaces stand between them, letters that pass for others.

Chinese, Japanese, Thai and their kin write words without spaces. Patterns of these scripts are
found anywhere in a text, inside longer words too, unless a segmenter says where words begin and
end: any callable from a text to its words in order, such as ``jieba.lcut``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from analysis.corpus.folding import UNSPACED, WORDS
from analysis.corpus.tokens import beyond_ascii
from analysis.errors import InputError

Segmenter = Callable[[str], Iterable[str]]

_UNSPACED = re.compile(f"[{UNSPACED}]")
# Letters of the Cyrillic and Greek scripts that look like Latin ones (Unicode, UTS 39).
_LOOKALIKES = "асеорхуіјѕһԁԛԝАВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_LOOKALIKE = re.compile(f"[{_LOOKALIKES}]")


def has_unspaced(text: str) -> bool:
    """Return whether a text holds characters of a script without spaces."""
    return not text.isascii() and _UNSPACED.search(beyond_ascii(text)) is not None


def mostly_unspaced(text: str) -> bool:
    """Return whether most letters and digits of a text are of a script without spaces.

    >>> mostly_unspaced("加强NATO网络安全"), mostly_unspaced("The word 网络 is Chinese.")
    (True, False)
    """
    if not has_unspaced(text):
        return False
    return 2 * len(_UNSPACED.findall(text)) > sum(map(str.isalnum, text))


def word_edges(text: str, segmenter: Segmenter) -> tuple[set[int], set[int]]:
    """Return where the words of a segmenter begin and where they end.

    >>> word_edges("网络安全", lambda text: ["网络", "安全"])
    ({0, 2}, {2, 4})
    """
    starts, ends, last = set(), set(), 0
    for word in segmenter(text):
        start = text.find(word, last)
        if start < 0:
            problem = f"the segmenter gave {word!r}, which does not stand in {text[last:][:40]!r}"
            do = "give it a function that returns the words of a text, in order, unchanged"
            raise InputError(problem, do=do)
        last = start + len(word)
        starts.add(start)
        ends.add(last)
    return starts, ends


def mixed_words(text: str) -> list[str]:
    """Return words of Latin letters and letters of another script that look like Latin ones.

    No pattern finds them, since to Unicode they are other words.
    """
    if text.isascii() or not _LOOKALIKE.search(beyond_ascii(text)):
        return []
    words: list[str] = WORDS.findall(text)
    return [word for word in words if _LOOKALIKE.search(word) and re.search("[A-Za-z]", word)]

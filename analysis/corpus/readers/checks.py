"""The contract of `analysis.corpus.readers.files` as a check, for any reader of article files."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import numpy as np

from analysis.errors import InputWarning, hold

DAMAGED = 100  # files made of one, each with a few bytes that are others


def check_reader(read: Callable[[bytes, Path], str], raw: bytes, *, text: str) -> None:
    """Raise an AssertionError unless a reader of article files keeps the contract of all readers.

    The contract stands at the top of `analysis.corpus.readers.files`. The file is also cut off at
    every tenth of it, and damaged in a hundred ways, the same ones each time: what comes of that
    is a text, or an exception that says why not.

    Parameters
    ----------
    read : callable
        It takes the bytes of a file and its path, and returns the text of the article.
    raw : bytes
        A file that it reads.
    text : str
        Exactly the text that the file has: an empty line ends a paragraph.

    Raises
    ------
    AssertionError
        Saying which part of the contract the reader breaks.

    Examples
    --------
    >>> check_reader(lambda raw, path: raw.decode(), "Wind – and sun.".encode(),
    ...              text="Wind – and sun.")
    >>> check_reader(lambda raw, path: raw.decode().upper(), b"Wind.", text="Wind.")
    Traceback (most recent call last):
    AssertionError: the contract is broken: it gives 'WIND.', not 'Wind.'
    """
    path = Path("no-such-folder") / "article"
    given = bytearray(raw)
    found = read(bytes(given), path)
    hold(isinstance(found, str), f"it gives {type(found).__name__}, not a text")
    hold(found == text, f"it gives {found!r}, not {text!r}")
    with ExitStack() as stack:
        for name in ("builtins.open", "io.open", "os.open", "socket.socket"):
            refused = AssertionError(f"the contract is broken: it opens something by {name}")
            stack.enter_context(mock.patch(name, side_effect=refused))
        hold(read(raw, path) == found, "it gives another text the second time")
    hold(bool(found) and not _halves(found), "it gives halves of pairs")
    dice = np.random.default_rng(0)
    for tenth in range(10):
        _either(read, raw[: len(raw) * tenth // 10], path)
    for _ in range(DAMAGED):
        spoilt = np.frombuffer(raw, np.uint8).copy()
        places = dice.integers(0, len(spoilt), dice.integers(1, 5))
        spoilt[places] = dice.integers(0, 256, len(places))
        _either(read, spoilt.tobytes(), path)


def _halves(text: str) -> bool:
    """Whether half of a surrogate pair stands in a text: no file can hold it."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _either(read: Callable[[bytes, Path], str], raw: bytes, path: Path) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InputWarning)
            found = read(raw, path)
    except Exception:  # which becomes an InputError
        return
    hold(isinstance(found, str), f"of a damaged file it gives {type(found).__name__}")

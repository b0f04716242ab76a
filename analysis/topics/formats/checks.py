"""The contract of `analysis.topics.formats` as a check, for any format of dictionary files."""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analysis.errors import InputError, InputWarning, hold
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.formats.shared import Format

# What every format has to hold, name by name and word by word.
DICTIONARIES = (
    (Topic("a category", ("more", "lamb", "little")), Topic("another", ("had", "mary"))),
    (
        Topic("security", ("army*",)),
        Topic("security/cyber", ("cyber security", "hacker*")),
        Topic("trade", ("tariff*", "d'état", "5g")),
    ),
)
DAMAGED = 200  # files made of each, with lines lost, doubled and cut


def check_format(format: Format) -> None:
    """Raise an AssertionError unless a format of dictionaries keeps the contract of all formats.

    The contract stands at the top of `analysis.topics.formats`. Dictionaries of words and phrases,
    with categories inside others, are written and read back. Their files are then damaged in two
    hundred ways, the same ones each time: a dictionary comes of that, or an `InputError`.

    Parameters
    ----------
    format : Format
        How files are read, written and recognised, as in `analysis.topics.formats.FORMATS`.

    Raises
    ------
    AssertionError
        Saying which part of the contract the format breaks.

    Examples
    --------
    >>> from analysis.topics.formats import FORMATS
    >>> check_format(FORMATS["liwc"])  # says nothing: all is kept
    """
    hold(all(one.startswith(".") for one in format.endings), "an ending has no point")
    hold(bool(format.endings), "it has no ending")
    dice = np.random.default_rng(0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"d{format.endings[0]}"
        for topics in DICTIONARIES:
            text = format.write(Dictionary("d", topics))
            hold(text == format.write(Dictionary("d", topics)), "it writes two files of one")
            hold(text.endswith("\n"), "its last line has no end")
            hold(format.looks_like(text), "it does not know its own file")
            hold(not format.looks_like("Wind grows.\n"), "it takes prose for a dictionary")
            read = _read(format, text, path)
            hold(read is not None and read.topics == topics, f"{topics!r} reads back as {read!r}")
            for _ in range(DAMAGED):
                _read(format, _spoilt(text, dice), path)


def _spoilt(text: str, dice: np.random.Generator) -> str:
    lines = text.split("\n")
    start = int(dice.integers(0, len(lines)))
    few = lines[start : start + int(dice.integers(1, 4))]
    cut = [line[: int(dice.integers(0, len(line) + 1))] for line in few]
    instead = [[], few * 2, few[::-1], cut, [" " + line for line in few]][int(dice.integers(0, 5))]
    return "\n".join([*lines[:start], *instead, *lines[start + len(few) :]])


def _read(format: Format, text: str, path: Path) -> Dictionary | None:
    """The dictionary of a text; nothing if the format says what is wrong with it."""
    path.write_text(text, encoding="utf-8")  # where a format may look for the line of a fault
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        try:
            read = format.read(text, path)
        except InputError:
            return None
        except Exception as error:
            raise AssertionError(f"the contract is broken: {error!r} of {text!r}") from error
    hold(isinstance(read, Dictionary), f"of {text!r} it makes no dictionary")
    return read

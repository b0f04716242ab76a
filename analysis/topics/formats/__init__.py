"""Dictionary files: our own TOML and the formats of other tools, read and written.

Contract of a format, which is one module and one entry in `FORMATS`: ``parse(text, path)`` returns
the categories of a file (`Content`; our own gives a `Dictionary`), ``write(dictionary)`` the text
of a file that reads back equal, and ``looks_like(text)`` knows the format by its content.
What a file holds and a `Dictionary` cannot hold, or the other way round, is refused with an
`InputError` or named in an `InputWarning`.

- A category inside another is a topic of its own: ``security/cyber``. A topic has the patterns
  that stand directly in its category; those of the categories inside it are not added.
- ``*`` and white space mean what they mean to us. A pattern with a character that is plain text
  there and a sign here (or the reverse) is left out by name: it would count something else.
- TOML holds everything. The others hold core patterns only: lists and variants are written out,
  all else is lost by name.
- No other format says of a pattern that its case counts: those tools fold the case of every
  pattern, or leave it to a setting outside the file. So ``case:`` patterns are lost on writing,
  and what is read matches in any case. ``regex:`` patterns are lost too: the formats that know
  regular expressions know them for whole files only, which are refused on reading.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis.corpus.scripts import Segmenter
from analysis.errors import InputError, check_choice
from analysis.io.files import read_text, replace_file
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.lexicoder import LEXICODER
from analysis.topics.formats.liwc import LIWC
from analysis.topics.formats.plain import check_written, plain
from analysis.topics.formats.shared import Format
from analysis.topics.formats.toml import TOML
from analysis.topics.formats.wordstat import WORDSTAT
from analysis.topics.formats.xml import LCD, YOSHIKODER
from analysis.topics.formats.yaml import YAML

MAX_SIZE = 20_000_000  # characters of a file

# The first that looks like a file reads it: TOML, as ours, last of those with a sign of their own.
FORMATS: dict[str, Format] = {
    "liwc": LIWC,
    "lcd": LCD,
    "yoshikoder": YOSHIKODER,
    "lexicoder": LEXICODER,
    "toml": TOML,
    "wordstat": WORDSTAT,
    "yaml": YAML,
}


def read_dictionary(
    path: str | Path, *, format: str | None = None, segmenter: Segmenter | None = None
) -> Dictionary:
    """Return the dictionary of a file, in our TOML or in the format of another tool.

    Parameters
    ----------
    path : path
        The file. Its content tells the format, not its name.
    format : {"toml", "yaml", "liwc", "yoshikoder", "lexicoder", "lcd", "wordstat"}, optional
        The format, where the content leaves it open. "yaml" is what quanteda reads and writes,
        "lexicoder" is Lexicoder 3 (``.lc3``) and "lcd" the older Lexicoder (``.lcd``).
    segmenter : callable, optional
        Gives the words of a text, for scripts without spaces; see `Dictionary`.

    Raises
    ------
    InputError
        Naming file and line: an unknown format, a syntax error, a topic twice, a blank pattern or
        one that matches every word, a weight other than 1, regular expressions, anything that a
        file should not make its reader do (YAML tags and aliases, XML entities, great depth).

    Examples
    --------
    >>> read_dictionary("analysis/topics/data/defence_cooperation.toml").topic_names
    ['cybersecurity', 'peacekeeping', 'defense_industry', 'training']
    >>> read_dictionary("tests/reference/dictionaries/nested.dic").topic_names
    ['security', 'security/cyber', 'trade']
    """
    path = Path(path)
    text = read_text(path)
    if len(text) > MAX_SIZE:
        raise InputError(f"it has {len(text)} characters", file=path, do=f"at most {MAX_SIZE}")
    if format is None:
        format = next((name for name, one in FORMATS.items() if one.looks_like(text)), None)
        if format is None and path.suffix.lower() == ".toml":
            format = "toml"  # whose reader says what is wrong
        if format is None:
            raise InputError(
                f"this is none of the dictionary formats {', '.join(FORMATS)}",
                file=path,
                do="convert it to one of them, or name its format: format='...'",
            )
    check_choice(format, FORMATS, "format", "format of dictionaries")
    return replace(FORMATS[format].read(text, path), segmenter=segmenter)


def write_dictionary(
    dictionary: Dictionary, path: str | Path, *, format: str | None = None
) -> None:
    """Write a dictionary to a file, whole or not at all; TOML keeps everything.

    The other formats keep topics and their core patterns. An `InputWarning` a topic names what it
    loses, and says when lists and variants are written out as patterns of their own.

    Parameters
    ----------
    dictionary : Dictionary
        From `read_dictionary`, or made in Python.
    path : path
        The file; it is replaced if it is there.
    format : {"toml", "yaml", "liwc", "yoshikoder", "lexicoder", "lcd", "wordstat"}, optional
        By default what the ending of the file name stands for.

    Raises
    ------
    InputError
        If the format is unknown, a topic would lose all its patterns, lists and variants would
        become more than 2000 patterns, or a name cannot stand in the format.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from analysis import Topic
    >>> wind = Dictionary("energy", (Topic("wind", core=("wind farm*",)),))
    >>> with TemporaryDirectory() as folder:
    ...     write_dictionary(wind, Path(folder) / "energy.dic")
    ...     print((Path(folder) / "energy.dic").read_text())
    %
    1   wind
    %
    wind farm*  1
    """
    path = Path(path)
    if format is None:
        endings = {ending: name for name, one in FORMATS.items() for ending in one.endings}
        if (format := endings.get(path.suffix.lower())) is None:
            raise InputError(
                f"the ending {path.suffix!r} stands for no format",
                file=path,
                do=f"use one of {', '.join(endings)}, or name the format: format='...'",
            )
    check_choice(format, FORMATS, "format", "format of dictionaries")
    if not path.parent.is_dir():
        raise InputError("there is no such folder", file=path.parent, do="make it first")
    empty = [topic.name for topic in dictionary.topics if not topic.core]
    if empty or not dictionary.topics:
        problem = f"topic {empty[0]!r} has no pattern" if empty else "there is no topic"
        raise InputError(problem, file=path, do="a dictionary needs topics with core patterns")
    kind = FORMATS[format]
    if format != "toml":
        dictionary = plain(dictionary, format, kind, path)
    text = kind.write(dictionary)
    if format != "toml":
        check_written(dictionary, text, format, kind, path)
    replace_file(path, text)

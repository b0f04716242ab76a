r"""Tables as text for where they go: CSV for machines and spreadsheets, LaTeX, Markdown.

Contract of an export: a table in, the whole text of a file out. What a cell or the name of a column
says is shown, and never acts as a formula, a command, a link or a mark. Numbers stay numbers; a
missing value is an empty cell; the index is left out. What no text file can hold, NUL and half of
a surrogate pair, stands as Python writes it: ``\x00``, ``\ud800``.

A new one is one function and one line in `EXPORTS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.files import read_text

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")
_WIDE = 60  # characters of the longest cell of a column that LaTeX has to break into lines


# CSV

# What a spreadsheet may take for a formula (OWASP, "CSV Injection"), also after spaces, which some
# leave out; an apostrophe, so that the guard can be told from it; a byte-order mark at the start.
_FORMULA = re.compile("['\t\r\n\ufeff]|\\s*[=+\\-@＝＋－＠]")
_SEPARATES = re.compile('[",\r\n]')
# What most texts are, found in one look: it begins with a letter, and nothing below is in it.
_HARMLESS = re.compile('(?!(?:inf|True|False)$)[^\\W\\d][^",\r\n\0\ud800-\udfff]*')
# As `to_csv` writes numbers. More digits than these are a text: Python takes 4300 at most.
_NUMBER = re.compile(r"-?([0-9]{1,999}(\.[0-9]+)?(e[+-]?[0-9]{1,999})?|inf)|True|False")
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)')


def to_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV, which `read_table` reads back as it was.

    Numbers have ten significant digits, so that machines agree. A text that a spreadsheet would
    take for a formula gets an apostrophe before it, the remedy of OWASP's "CSV Injection"; so does
    one that begins with an apostrophe. Quotes stand around a text where CSV needs them, and where
    it would read as a number or as nothing: ``"2020"``, ``""``.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.

    Examples
    --------
    >>> table = pd.DataFrame({"word": ["=1+1", "2020", "'t", "NA"], "change": [-0.5, 2, 1 / 3, 0]})
    >>> print(to_csv(table), end="")
    word,change
    '=1+1,-0.5
    "2020",2
    ''t,0.3333333333
    NA,0
    """
    columns = [map(_csv_cell, column.to_list()) for _, column in table.items()]
    header = ",".join(_csv_text(str(name)) for name in table.columns)
    return "\n".join([header, *map(",".join, zip(*columns, strict=True)), ""])


def _csv_cell(value: Any) -> str:
    if isinstance(value, str):
        return _csv_text(value)
    if isinstance(value, float):
        return f"{value:.10g}" if value == value else ""
    if _is_missing(value):
        return ""
    return str(value) if isinstance(value, Real | np.bool_) else _csv_text(str(value))


def _csv_text(text: str) -> str:
    if _HARMLESS.fullmatch(text):
        return text
    text = _UNWRITABLE.sub(_as_escape, text)
    if _FORMULA.match(text):
        text = f"'{text}"
    if not text or _SEPARATES.search(text) or _NUMBER.fullmatch(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def read_table(path: str | Path) -> pd.DataFrame:
    """Return the table that `to_csv` wrote: texts as texts, numbers as numbers.

    Parameters
    ----------
    path : str or path
        A CSV file, from `run`, `Result.save` or `to_csv`. In one from elsewhere, which has no
        quotes around ``001``, that is a number; ``NA`` is a text in any.

    Returns
    -------
    pandas.DataFrame
        An empty cell is missing, and one with quotes around nothing an empty text. A column of
        whole numbers is whole, whatever it was.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, a column name stands twice, a quote is never closed,
        or a row is longer or shorter than the header.
    """
    path = Path(path)
    rows = _csv_rows(read_text(path), path)
    _, found = next(rows, (1, []))
    names = [_csv_value(*cell, number=False) for cell in found]
    if not any(names) or len(set(names)) < len(names):
        problem = "a column name stands twice" if any(names) else "there is no header"
        raise InputError(problem, file=path, line=1, do="give each column its own name")
    values: list[list[Any]] = [[] for _ in names]
    for line, cells in rows:
        if len(cells) != len(names):
            raise InputError(
                f"{len(cells)} values stand under {len(names)} column names",
                file=path,
                line=line,
                do="write one value a column",
            )
        for column, cell in zip(values, cells, strict=True):
            column.append(_csv_value(*cell))
    return pd.DataFrame(dict(zip(names, values, strict=True)))


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, list[tuple[str | None, str]]]]:
    """Each row as its line and its cells: (what stands in quotes, or None; what does not).

    The standard library's reader does not say which cells had quotes.
    """
    place, line = 0, 1
    cells: list[tuple[str | None, str]] = []
    begins = 0
    while place < len(text) or cells:
        found = _CELL.match(text, place)
        if not found:
            raise InputError("this row is not CSV", file=path, line=line, do="check its quotes")
        cells.append((found[1], found[2]))
        place = found.end()
        if found[3] != ",":
            yield line, cells
            line += text.count("\n", begins, place)
            cells, begins = [], place


def _csv_value(quoted: str | None, plain: str, number: bool = True) -> Any:
    if quoted is not None:
        return quoted.replace('""', '"').removeprefix("'")
    if number and not plain:
        return np.nan
    if number and _NUMBER.fullmatch(plain):
        if plain in ("True", "False"):
            return plain == "True"
        return int(plain) if plain.removeprefix("-").isdecimal() else float(plain)
    return plain.removeprefix("'")


# LaTeX

_LATEX = {
    **{mark: f"\\{mark}" for mark in "{}$&#_%"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",  # in TeX's first encoding < > | " are other characters
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\symbol{34}",  # which babel makes a command in some languages
    "`": r"\textasciigrave{}",
    "[": "{[}",  # after the end of a row it would begin an argument
    "]": "{]}",
    "*": "{*}",
}
_LIGATURE = re.compile(r"(?<=([-',]))(?=\1)")  # -- is a dash, '' and ,, are quotation marks
_LABEL = re.compile(r"[A-Za-z0-9:._/+-]*")


def to_latex(
    table: pd.DataFrame, caption: str = "", label: str = "", digits: int = 3, long: bool = False
) -> str:
    r"""Return a table as LaTeX, for ``\input``: texts at the left, numbers at the right.

    Needs no package, or, if it is long, ``longtable``, which every TeX has. For letters beyond
    Western Europe compile it with LuaLaTeX or XeLaTeX and a font that has them.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table. White space and line ends in a cell become one space.
    caption : str
        What stands above the table; without one it has no number.
    label : str
        What ``\ref`` calls it: letters, digits and ``: . _ / + -``.
    digits : int
        Decimals of numbers that are not whole.
    long : bool
        Whether it may go over several pages; the header then stands on each.

    Raises
    ------
    InputError
        If the label has other characters: in a label nothing can be escaped.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["R&D_50%"], "change": [-0.25]})
    >>> print(to_latex(table, caption="Shares", label="tab:shares"), end="")
    \begin{table}
    \centering
    \caption{Shares}
    \label{tab:shares}
    \begin{tabular}{lr}
    \hline
    party & change \\
    \hline
    R\&D\_50\% & $-$0.250 \\
    \hline
    \end{tabular}
    \end{table}
    """
    if not _LABEL.fullmatch(label):
        raise InputError(
            f"label={label!r} has characters that LaTeX reads as its own",
            do="write letters, digits and : . _ / + -",
        )
    head, *rows = (
        f"{' & '.join(cells)} \\\\" for cells in _cells(table, digits, _escape_latex, "$-$")
    )
    columns = "".join(_latex_column(column) for _, column in table.items())
    title = [f"\\caption{{{_escape_latex(caption)}}}"] if caption else []
    title += [f"\\label{{{label}}}"] if label else []
    top = [r"\hline", head, r"\hline"]
    if long:
        first = ["".join(title) + r"\\", *top, r"\endfirsthead"] if title else []
        top = [*first, *top, r"\endhead", r"\hline", r"\endfoot"]
        lines = [f"\\begin{{longtable}}{{{columns}}}", *top, *rows, r"\end{longtable}"]
    else:
        lines = [r"\begin{table}", r"\centering", *title, f"\\begin{{tabular}}{{{columns}}}"]
        lines += [*top, *rows, r"\hline", r"\end{tabular}", r"\end{table}"]
    return "\n".join([*lines, ""])


def _latex_column(column: pd.Series) -> str:
    if pd.api.types.is_numeric_dtype(column):
        return "r"
    longest = max((len(str(value)) for value in column), default=0)
    return r"p{0.5\linewidth}" if longest > _WIDE else "l"


def _escape_latex(text: str) -> str:
    parts = _LIGATURE.split(_one_line(text))[::2]  # [1::2] is what the group has found
    return "{}".join("".join(_LATEX.get(mark, mark) for mark in part) for part in parts)


# Markdown

# What Markdown reads as its own: marks anywhere, list marks at the beginning, entities, and what
# a renderer makes links of by itself: addresses with @, with //, with a point before letters.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&@]|/(?=/)|\.(?=[^\W\d]))|^([-+]|\d+(?=[.)]))")


def to_markdown(table: pd.DataFrame, digits: int = 3) -> str:
    r"""Return a table as Markdown, as GitHub and most others render it (GFM).

    Parameters
    ----------
    table : pandas.DataFrame
        Any table. White space and line ends in a cell become one space.
    digits : int
        Decimals of numbers that are not whole.

    Examples
    --------
    >>> table = pd.DataFrame({"word": ["<b>|*", "example.org"], "change": [-0.25, 1]})
    >>> print(to_markdown(table), end="")
    | word | change |
    | --- | ---: |
    | \<b\>\|\* | −0.250 |
    | example\.org | 1.000 |
    """
    sides = [
        "---:" if pd.api.types.is_numeric_dtype(column) else "---" for _, column in table.items()
    ]
    head, *rows = _cells(
        table, digits, lambda text: escape_markdown(_one_line(text)), "\N{MINUS SIGN}"
    )
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, sides, *rows])


def escape_markdown(text: str) -> str:
    r"""Return a text so that Markdown shows it as it is.

    Examples
    --------
    >>> print(escape_markdown("1. *wind*"))
    1\. \*wind\*
    """
    return _MARKDOWN.sub(_escaped_mark, text)


def _escaped_mark(found: re.Match[str]) -> str:
    if found[0][0].isdigit():  # "1." begins a list: the point is what can be escaped
        return found[0] + "\\"
    return "\\" + found[0]


# Shared

EXPORTS: dict[str, Callable[[pd.DataFrame], str]] = {  # by the ending of the file
    "csv": to_csv,
    "tex": to_latex,
    "md": to_markdown,
}


def _cells(
    table: pd.DataFrame, digits: int, escape: Callable[[str], str], minus: str
) -> Iterator[list[str]]:
    """The header and each row as what stands in their cells."""

    def shown(value: Any) -> str:
        if isinstance(value, Real):
            whole = isinstance(value, Integral)
            # "z" takes the sign from what is rounded to 0.
            text = str(value) if whole else f"{float(value):z.{digits}f}"
            return "" if text == "nan" else text.replace("-", minus)
        return "" if _is_missing(value) else escape(str(value))

    yield [escape(str(name)) for name in table.columns]
    columns = [map(shown, column.to_list()) for _, column in table.items()]
    yield from map(list, zip(*columns, strict=True))


def _is_missing(value: Any) -> bool:
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _one_line(text: str) -> str:
    return _CONTROL.sub(_as_escape, " ".join(text.split()))


def _as_escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()

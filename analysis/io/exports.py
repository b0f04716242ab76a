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
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from analysis.errors import InputError
from analysis.io.csv import as_escape, is_missing, to_csv

_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff]")

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
_WIDE = 60  # characters in a cell from which a column is broken into lines


def to_latex(
    table: pd.DataFrame, *, caption: str = "", label: str = "", digits: int = 3, long: bool = False
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
        f"{' & '.join(cells)} \\\\"
        for cells in text_cells(table, _escape_latex, _decimals(digits), "$-$")
    )
    columns = "".join(_latex_column(column) for _, column in table.items())
    title = [f"\\caption{{{_escape_latex(_one_line(caption))}}}"] if caption else []
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
    if is_numeric_dtype(column):
        return "r"
    longest = max((len(str(value)) for value in column), default=0)
    return r"p{0.5\linewidth}" if longest > _WIDE else "l"


def _escape_latex(text: str) -> str:
    parts = _LIGATURE.split(text)[::2]  # [1::2] is what the group has found
    return "{}".join("".join(_LATEX.get(mark, mark) for mark in part) for part in parts)


# What Markdown reads as its own: marks anywhere, list marks at the beginning, entities, and what
# a renderer makes links of by itself: addresses with @, with //, with a point before letters.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!&@]|/(?=/)|\.(?=[^\W\d]))|^([-+]|\d+(?=[.)]))")


def to_markdown(table: pd.DataFrame, *, digits: int = 3) -> str:
    r"""Return a table as Markdown, as GitHub and most others render it (GFM).

    Addresses are text, not links, except that GitHub makes a link of an e-mail address that is
    escaped too.

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
    sides = ["---:" if is_numeric_dtype(column) else "---" for _, column in table.items()]
    head, *rows = text_cells(table, escape_markdown, _decimals(digits))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, sides, *rows])


def escape_markdown(text: str) -> str:
    """Return a text so that Markdown shows it as it is."""
    # "1." begins a list: the point is what can be escaped, as in `1\\.`
    return _MARKDOWN.sub(
        lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", text
    )


EXPORTS: dict[str, Callable[[pd.DataFrame], str]] = {  # by the ending of the file
    "csv": to_csv,
    "tex": to_latex,
    "md": to_markdown,
}


def text_cells(
    table: pd.DataFrame,
    escape: Callable[[str], str],
    number: Callable[[float], str],
    minus: str = "\N{MINUS SIGN}",
) -> Iterator[list[str]]:
    """Yield the header and each row of a table as what stands in their cells."""

    def shown(value: Any) -> str:
        if isinstance(value, Real):
            text = str(value) if isinstance(value, Integral) else number(float(value))
            return "" if text == "nan" else text.replace("-", minus)
        return "" if is_missing(value) else escape(_one_line(str(value)))

    yield [escape(_one_line(str(name))) for name in table.columns]
    columns = [map(shown, column.to_list()) for _, column in table.items()]
    yield from map(list, zip(*columns, strict=True))


def _decimals(digits: int) -> Callable[[float], str]:
    return f"{{:z.{digits}f}}".format  # "z" takes the sign from what is rounded to 0


def _one_line(text: str) -> str:
    return _CONTROL.sub(as_escape, " ".join(text.split()))

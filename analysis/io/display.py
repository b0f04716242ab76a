"""What a notebook shows: texts with marked spans, tables, HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from analysis.io.exports import text_cells


def mark(
    text: str, spans: Sequence[tuple[int, int]], before: str, after: str, escape: Any = str
) -> str:
    """Return a text with the given spans between `before` and `after`, all of it escaped."""
    return "".join(
        f"{before}{escape(piece)}{after}" if marked else escape(piece)
        for piece, marked in pieces(text, spans)
    )


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, each with whether it lies in a span; spans that overlap are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    place = 0
    for start, end in [*joined, (len(text), len(text))]:
        if place < start:
            yield text[place:start], False
        if start < end:
            yield text[start:end], True
        place = end


class Html:
    """What a notebook shows: HTML made by this package, and a text for where HTML is not shown."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def table_html(table: pd.DataFrame, *, digits: int = 3, caption: str = "") -> Html:
    """Return a table for a notebook: texts at the left and whole, numbers at the right.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table; its index is not shown.
    digits : int
        Significant digits of numbers that are not whole. What stands before the point is never
        rounded.
    caption : str
        A line below the table.

    Examples
    --------
    >>> print(table_html(pd.DataFrame({"word": ["<b>"], "share": [0.05263]})).html)
    <div style="overflow-x: auto">
    <table>
    <tr><th style="text-align: left">word</th><th style="text-align: right">share</th></tr>
    <tr><td style="text-align: left">&lt;b&gt;</td><td style="text-align: right">0.0526</td></tr>
    </table>
    </div>
    """
    sides = ["right" if is_numeric_dtype(column) else "left" for _, column in table.items()]

    def row(tag: str, cells: Iterable[str]) -> str:
        return "".join(
            # Else a phone gives a long text one word a line.
            f'<{tag} style="text-align: {side}{"; min-width: 18em" if len(cell) > 60 else ""}">'
            f"{cell}</{tag}>"
            for side, cell in zip(sides, cells, strict=True)
        )

    head, *body = text_cells(table, escape, partial(significant, digits=digits))
    rows = "\n".join(
        f"<tr>{line}</tr>" for line in [row("th", head), *(row("td", r) for r in body)]
    )
    html = f'<div style="overflow-x: auto">\n<table>\n{rows}\n</table>\n</div>'
    text = table.to_string(index=False)
    if caption:
        html, text = f"{html}\n<p>{escape(caption)}</p>", f"{text}\n{caption}"
    return Html(html, text)


def significant(value: float, digits: int) -> str:
    """Return a number with so many significant digits, but all that stand before the point."""
    more = max(digits - 1, 0)
    short = f"{value:.{more}e}"
    power = short.partition("e")[2]
    if not power or not -5 <= int(power) < 15:  # infinite, or too many zeros to be read
        return short
    return f"{value:z.{max(more - int(power), 0)}f}"

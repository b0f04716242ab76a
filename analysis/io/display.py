"""What a notebook shows: texts with marked spans, tables, HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd


def mark(
    text: str, spans: Sequence[tuple[int, int]], before: str, after: str, escape: Any = str
) -> str:
    """Return a text with the given spans between `before` and `after`, all of it escaped.

    >>> mark("Wind power grows.", [(0, 4), (0, 10)], "[", "]")
    '[Wind power] grows.'
    """
    return "".join(
        f"{before}{escape(piece)}{after}" if marked else escape(piece)
        for piece, marked in pieces(text, spans)
    )


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, each with whether it lies in one of the spans, or in several."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    place = 0
    for start, end in joined:
        if place < start:
            yield text[place:start], False
        yield text[start:end], True
        place = end
    if place < len(text):
        yield text[place:], False


class Html:
    """What a notebook shows: HTML made by this package, and a text for where HTML is not shown."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def table_html(table: pd.DataFrame, *, digits: int = 3) -> Html:
    """Return a table for a notebook: texts at the left and whole, numbers at the right.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table; its index is not shown.
    digits : int
        Decimals of numbers that are not whole.

    Examples
    --------
    >>> print(table_html(pd.DataFrame({"word": ["<b>"], "share": [0.5]})).html)
    <div style="overflow-x: auto">
    <table>
    <tr><th style="text-align: left">word</th><th style="text-align: right">share</th></tr>
    <tr><td style="text-align: left">&lt;b&gt;</td><td style="text-align: right">0.500</td></tr>
    </table>
    </div>
    """
    sides = [
        "right" if pd.api.types.is_numeric_dtype(table[column]) else "left" for column in table
    ]

    def style(side: str, cell: Any) -> str:
        wide = isinstance(cell, str) and len(cell) > 60  # else a phone gives it one word a line
        return f"text-align: {side}" + ("; min-width: 18em" if wide else "")

    def row(tag: str, cells: Iterable[Any]) -> str:
        return "".join(
            f'<{tag} style="{style(side, cell)}">{escape(_cell(cell, digits))}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )

    lines = [row("th", table.columns), *(row("td", cells) for cells in table.to_numpy(object))]
    rows = "\n".join(f"<tr>{line}</tr>" for line in lines)
    html = f'<div style="overflow-x: auto">\n<table>\n{rows}\n</table>\n</div>'
    return Html(html, table.to_string(index=False))


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.{digits}f}".replace("-", "\u2212")
    return str(value)

"""Documents made of findings: Markdown for people, objects for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.exports import escape_markdown as _escape
from analysis.languages import read_wording
from analysis.results import rows_of
from analysis.wording import called, heading


def markdown(
    findings: pd.DataFrame,
    title: str,
    wording: str | Path = "english",
    names: Mapping[str, str] | None = None,
) -> str:
    """Return the findings as Markdown: each with its text and every sentence behind it.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`.
    title : str
        The study's title.
    wording : str or path
        The wording the findings were made with.
    names : mapping, optional
        The names they were made with.

    Returns
    -------
    str
        Headed by scope, topics and refusal; the evidence of a finding folds out below it, with
        the matched words in bold and the place of each sentence in its article.
    """
    words = read_wording(wording)
    lines = [f"# {_escape(title)}{words['colon']}{words['title']}", ""]
    last = ""
    for found in rows_of(findings):
        part = heading(called(found["topic"], names or {})) if found["topic"] else found["kind"]
        if part != last:
            last = part
            lines += [f"## {_escape(words['headings'].get(part, part))}", ""]
        lines += [f'<a id="{found["id"]}"></a>**{found["id"]}** {_escape(found["text"])}', ""]
        lines += _evidence(found["evidence"], words["evidence"])
        if found["kind"] == "absence":
            lines += _folded(
                f"{words['searched']} ({len(found['searched'])})",
                [" · ".join(f"`{pattern}`" for pattern in found["searched"])],
            )
    return "\n".join(lines)


def _evidence(quotes: Sequence[dict[str, Any]], word: str) -> list[str]:
    places = quoted(quotes)
    if not places:
        return []
    shown = []
    for text, spans, where in places:
        marked = mark(text, spans, "**", "**", _escape)
        shown += [f"> {' '.join(marked.split())} — {_escape(where)}", ""]
    return _folded(f"{word} ({len(places)})", shown[:-1])


def quoted(quotes: Sequence[dict[str, Any]]) -> list[tuple[str, list[tuple[int, int]], str]]:
    """Return each sentence once: its text, all spans to mark, and where it stands."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    texts: dict[tuple[str, int], tuple[str, str]] = {}
    for quote in quotes:
        key = (quote["doc_id"], quote["sentence_id"])
        texts[key] = (quote["quote"], f"{quote['doc_id']}, {quote['start']}–{quote['end']}")
        spans.setdefault(key, []).extend((start, end) for start, end in quote["spans"])
    return [(text, spans[key], where) for key, (text, where) in texts.items()]


def _folded(summary: str, lines: Sequence[str]) -> list[str]:
    return [f"<details><summary>{summary}</summary>", "", *lines, "", "</details>", ""]


def mark(
    text: str, spans: Sequence[tuple[int, int]], before: str, after: str, escape: Any = str
) -> str:
    """Return a text with the given spans between `before` and `after`, the rest escaped.

    Examples
    --------
    >>> mark("Wind power grows.", [(0, 4), (0, 10)], "[", "]")
    '[Wind power] grows.'
    """
    return "".join(
        f"{before}{escape(piece)}{after}" if marked else escape(piece)
        for piece, marked in pieces(text, spans)
    )


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, each with whether it lies in one of the spans.

    Examples
    --------
    >>> list(pieces("Wind power grows.", [(0, 4), (0, 10)]))
    [('Wind power', True), (' grows.', False)]
    """
    place = 0
    for start, end in _joined(spans):
        if place < start:
            yield text[place:start], False
        yield text[start:end], True
        place = end
    if place < len(text):
        yield text[place:], False


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


class Html:
    """What a notebook shows: HTML made by this package, and a text for where HTML is not shown."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def findings_html(findings: pd.DataFrame, wording: str | Path = "english") -> Html:
    """Return findings for a notebook: each with every sentence behind it, folded in.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`, or some rows of it.
    wording : str or path
        The wording the findings were made with.
    """
    rows, words = rows_of(findings), read_wording(wording)
    paragraphs = []
    for found in rows:
        paragraphs.append(f"<p><b>{found['id']}</b> {escape(found['text'])}</p>")
        places = quoted(found["evidence"])
        if places:
            quotes = "\n".join(
                f"<li>{mark(text, spans, '<mark>', '</mark>', escape)} "
                f"<small>{escape(where)}</small></li>"
                for text, spans, where in places
            )
            summary = f"<summary>{escape(words['evidence'])} ({len(places)})</summary>"
            paragraphs.append(f"<details>{summary}\n<ul>\n{quotes}\n</ul></details>")
    return Html("\n".join(paragraphs), "\n".join(f"{row['id']} {row['text']}" for row in rows))


def table_html(table: pd.DataFrame, digits: int = 3) -> Html:
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

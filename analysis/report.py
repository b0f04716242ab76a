"""Documents made of findings: Markdown for people, objects for programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from analysis.prose import label, read_wording
from analysis.results import rows_of

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$!])")


def markdown(findings: pd.DataFrame, title: str, wording: str = "english") -> str:
    """Return the findings as Markdown: each with its text and every sentence behind it.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`.
    title : str
        The study's title.
    wording : str
        The wording the findings were made with.

    Returns
    -------
    str
        Headed by scope, topics and refusal; the evidence of a finding folds out below it, with
        the matched words in bold and the place of each sentence in its article.
    """
    words = read_wording(wording)
    lines = [f"# {_escape(title)}: {words['title']}", ""]
    heading = ""
    for found in rows_of(findings):
        part = label(found["topic"]).capitalize() if found["topic"] else found["kind"]
        if part != heading:
            heading = part
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
    places = _places(quotes)
    if not places:
        return []
    shown = []
    for text, spans, where in places:
        marked = mark(text, spans, "**", "**", _escape)
        shown += [f"> {' '.join(marked.split())} — {_escape(where)}", ""]
    return _folded(f"{word} ({len(places)})", shown[:-1])


def _places(quotes: Sequence[dict[str, Any]]) -> list[tuple[str, list[tuple[int, int]], str]]:
    """Each sentence once: its text, all spans to mark, and where it stands in its article."""
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
    parts, place = [], 0
    for start, end in _joined(spans):
        parts += [escape(text[place:start]), before, escape(text[start:end]), after]
        place = end
    return "".join([*parts, escape(text[place:])])


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


class FindingsHTML:
    """Findings as a notebook shows them; everything from an article is escaped."""

    def __init__(self, findings: pd.DataFrame, wording: str = "english") -> None:
        self._findings, self._words = rows_of(findings), read_wording(wording)

    def _repr_html_(self) -> str:
        return "\n".join(self._paragraph(found) for found in self._findings)

    def __repr__(self) -> str:
        return "\n".join(f"{found['id']} {found['text']}" for found in self._findings)

    def _paragraph(self, found: dict[str, Any]) -> str:
        quotes = "\n".join(
            f"<li>{mark(text, spans, '<mark>', '</mark>', escape)} "
            f"<small>{escape(where)}</small></li>"
            for text, spans, where in _places(found["evidence"])
        )
        behind = (
            f"<details><summary>{escape(self._words['evidence'])} "
            f"({len(_places(found['evidence']))})</summary>\n<ul>\n{quotes}\n</ul></details>"
        )
        head = f"<p><b>{found['id']}</b> {escape(found['text'])}</p>"
        return f"{head}\n{behind}" if quotes else head


def findings_html(findings: pd.DataFrame, wording: str = "english") -> FindingsHTML:
    """Return findings for a notebook: each with every sentence behind it, folded in.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`, or some rows of it.
    wording : str
        The wording the findings were made with.
    """
    return FindingsHTML(findings, wording)

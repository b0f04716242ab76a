"""Findings in a notebook and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.io.display import Html, mark
from analysis.io.exports import escape_markdown as _escape
from analysis.io.results import rows_of
from analysis.prose.language import Language, read_language


def markdown(
    findings: pd.DataFrame,
    title: str,
    *,
    language: str | Path | Language = "english",
) -> str:
    """Return the findings as Markdown: each with its text and every sentence behind it.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`.
    title : str
        The study's title.
    language : str, path or Language
        The one the findings were made with.

    Returns
    -------
    str
        Headed by scope, topics and refusal; the evidence of a finding folds out below it, with
        the matched words in bold and the place of each sentence in its article.
    """
    language = read_language(language)
    words = language.words
    lines = [f"# {_escape(title)}{words['colon']}{words['title']}", ""]
    last = ""
    for found in rows_of(findings):
        part = language.heading(found["topic"]) if found["topic"] else found["kind"]
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


def findings_html(findings: pd.DataFrame, *, language: str | Path | Language = "english") -> Html:
    """Return findings for a notebook: each with every sentence behind it, folded in.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`, or some rows of it.
    language : str, path or Language
        The one the findings were made with.
    """
    rows, words = rows_of(findings), read_language(language).words
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

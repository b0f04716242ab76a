"""The findings alone: as Markdown, and in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pandas as pd

from analysis.io.display import Html
from analysis.io.results import rows_of
from analysis.prose.language import Language, read_language
from analysis.report.blocks import Block, Folded, Heading, Run, Sentence, Text
from analysis.report.paper import STORY, findings_blocks
from analysis.report.printers import to_md


def findings_markdown(
    findings: pd.DataFrame, *, title: str = "", language: str | Path | Language = "english"
) -> str:
    """Return the findings as Markdown: each with its text and every sentence behind it.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`.
    title : str
        The study's title.
    language : str, path or Language
        What the findings were made with.

    Returns
    -------
    str
        Headed by scope, topics and refusal; the evidence of a finding folds out below it, with
        the matched words in bold and the place of each sentence in its article.

    Raises
    ------
    InputError
        If the findings are in another language.
    """
    language = read_language(language)
    blocks = findings_blocks(findings, title, language)
    return to_md(blocks, language.words["language"]).decode("utf-8")


def findings_html(findings: pd.DataFrame, *, language: str | Path | Language = "english") -> Html:
    """Return findings for a notebook: each with every sentence behind it, folded in.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `findings`, or some rows of it.
    language : str, path or Language
        What the findings were made with.

    Raises
    ------
    InputError
        If the findings are in another language.
    """
    language = read_language(language)
    blocks = findings_blocks(findings, "", language)
    html = filter(None, map(_html, blocks))
    text = "\n".join(
        f"{found['id']} {language.heading(found['topic']) + ': ' if found['kind'] == STORY else ''}"
        f"{found['text']}"
        for found in rows_of(findings)
    )
    return Html("\n".join(html), text)


def _html(block: Block) -> str:
    match block:
        case Folded(summary, inner):
            items = "\n".join(f"<li>{_html(one)}</li>" for one in inner)
            return f"<details><summary>{escape(summary)}</summary>\n<ul>\n{items}\n</ul></details>"
        case Sentence(runs, place):
            return f"{_html_runs(runs, 'mark')} <small>{escape(place)}</small>"
        case Text(runs):
            return f"<p>{_html_runs(runs, 'b')}</p>"
        case Heading(1, text):
            return f"<h4>{escape(text)}</h4>"
    return ""  # a notebook has a title of its own


def _html_runs(runs: Sequence[Run], bold: str) -> str:
    tags = {"plain": "{}", "bold": f"<{bold}>{{}}</{bold}>", "code": "<code>{}</code>"}
    return "".join(tags[style].format(escape(text)) for text, style in runs)

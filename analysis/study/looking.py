"""What the explorer shows, without a widget: a study and a choice in, a table or HTML out.

Every number is one of a plain function: of `kwic`, of `Study.emphasis` and of `audit`, for the
study itself or for the same study with other topics. Only the body is looked at, as for every
estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, check_choice
from analysis.io.display import Html, mark, table_html
from analysis.io.results import Result, rows_of
from analysis.topics.coding import evidence, matches
from analysis.topics.concordance import kwic
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.formats.shared import check_pattern
from analysis.validation.auditing import found_nothing

if TYPE_CHECKING:
    from analysis.study.study import Study

MOST = 100  # lines or sentences that are shown; more are counted
_BAR = 24  # characters of the longest bar
_KEYS = ["doc_id", "sentence_id"]
_PARTS = ("core", "broad", "exclude", "context")


def chosen_emphasis(study: Study, topics: Sequence[str], groups: Sequence[str]) -> Result:
    """Return the emphasis of some groups on some topics; of all where none is named."""
    result = study.emphasis()
    cells = result.to_frame()
    keep = cells["topic"].isin(topics) if topics else cells["topic"].notna()
    if groups:
        keep &= group_labels(cells, study.by).isin(groups)
    return replace(result, estimates=cells[keep].reset_index(drop=True))


def picture(study: Study, topics: Sequence[str] = (), groups: Sequence[str] = ()) -> Html:
    """Return the emphasis of some groups on some topics: a figure where it can be read, a table."""
    from analysis.figures.canvas import MOST_GROUPS
    from analysis.figures.files import figure_html
    from analysis.figures.shares import plot_emphasis

    result = chosen_emphasis(study, topics, groups)
    cells = result.to_frame()
    columns = ["topic", *study.by, "hits", "size", "estimate", "conf_low", "conf_high", "status"]
    shown = cells[columns].sort_values("estimate", ascending=False, kind="stable")
    table = table_html(shown, digits=2)
    names = set(group_labels(cells, study.by)) if len(cells) else set()
    if not 0 < len(cells) <= MOST_GROUPS:
        words = "Choose fewer groups for a figure." if len(cells) else "Nothing is chosen."
        return Html(f"<p>{words}</p>\n{table.html}", table.text)
    ax = plot_emphasis(result, groups=[name for name in study.groups if name in names])
    figure = figure_html(ax, "The share of sentences on each topic; a line is its interval.")
    return Html(f"{figure.html}\n{table.html}", table.text)


def of_pattern(study: Study, pattern: str) -> Study:
    """Return the same study with one topic, which one pattern stands for."""
    _check(pattern, "the pattern", 1)
    return study.with_(topics=Dictionary(pattern, (Topic(pattern, (pattern,)),)))


def of_topic(study: Study, topic: str) -> Study:
    """Return the same study with one of its topics alone."""
    own = tuple(one for one in study.dictionary.topics if one.name == topic)
    return study.with_(topics=replace(study.dictionary, topics=own))


def spread(study: Study, pattern: str) -> pd.DataFrame:
    """Return how often each group uses a pattern, in sentences, articles and words; with a bar."""
    cells = of_pattern(study, pattern).emphasis(measure="sentence_share").to_frame()
    cells = cells.sort_values("estimate", ascending=False, kind="stable")
    longest = cells["estimate"].max()
    bars = (cells["estimate"].fillna(0) / (longest or 1) * _BAR).round().astype(int)
    counted = ["hits", "size", "estimate", "articles_with_topic", "articles", "per_1000_words"]
    names = {"hits": "sentences", "size": "of", "estimate": "share", "articles": "of articles"}
    names |= {"articles_with_topic": "in articles"}
    table = cells[[*study.by, *counted]].rename(columns=names)
    table.insert(len(study.by), "", bars.map("█".__mul__))
    return table.reset_index(drop=True)


def lines(
    study: Study, pattern: str, *, sort: str = "text", groups: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the lines of a pattern in the body of some groups' articles; see `kwic`."""
    _check(pattern, "the pattern", 1)
    body = study.sentences[study.sentences["section"] == "body"]
    if groups:
        body = body[group_labels(body, study.by).isin(groups)]
    return kwic(body, pattern, window=8, sort=sort)


def lines_html(found: pd.DataFrame, by: Sequence[str]) -> str:
    """Return lines under one another, the keyword in the middle; the first `MOST` of them."""
    rows = [
        f'<tr><td style="text-align: right">{escape(line["left"])}</td>'
        f"<td><mark>{escape(line['keyword'])}</mark></td>"
        f'<td style="text-align: left">{escape(line["right"])}</td>'
        f'<td style="text-align: left"><small>{escape(_place(line, by))}</small></td></tr>'
        for line in rows_of(found.head(MOST))
    ]
    table = f'<div style="overflow-x: auto">\n<table>\n{"".join(rows)}\n</table>\n</div>'
    return f"{table}\n<p>{_of(len(rows), len(found), 'line')}</p>"


def edited(
    dictionary: Dictionary, topic: str, *, within: str | None = None, **patterns: str
) -> Dictionary:
    """Return a dictionary with other patterns of a topic: ``core="one a line\\nanother"``.

    `within` is how near its context has to stand; by default as before.

    Raises
    ------
    InputError
        If a pattern cannot be one; the error names the line.
    """
    check_choice(topic, dictionary.topic_names, "topic", "topic of the dictionary")
    changed: dict[str, Any] = {"context_within": within} if within else {}
    for part, text in patterns.items():
        check_choice(part, _PARTS, "part", "part of a topic")
        written = {number: line.strip() for number, line in enumerate(text.split("\n"), 1)}
        for number, pattern in written.items():
            if pattern:
                _check(pattern, part, number)
        changed[part] = tuple(dict.fromkeys(filter(None, written.values())))
    if "core" in changed and not changed["core"]:
        raise InputError(f"topic {topic!r} has no pattern", do="write one a line")
    topics = tuple(
        replace(one, **changed) if one.name == topic else one for one in dictionary.topics
    )
    return replace(dictionary, topics=topics)


def _check(pattern: str, where: str, line: int) -> None:
    """Raise unless a pattern can be one; the error has its line in what was typed."""
    check_pattern(pattern, where, Path("patterns"), "", line)


def effect(study: Study, other: Study, topic: str, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Return counts and shares of a topic for each group, before and after its patterns changed."""
    before, after = (chosen_emphasis(one, [topic], groups).to_frame() for one in (study, other))
    table = before[[*study.by, "hits", "size", "estimate"]].merge(
        after[[*study.by, "hits", "size", "estimate"]],
        on=study.by,
        suffixes=(" before", " now"),
    )
    names = {"hits before": "sentences before", "hits now": "sentences now", "size now": "of"}
    names |= {"estimate before": "share before", "estimate now": "share now"}
    return table.rename(columns=names)[[*study.by, *names.values()]]


def moved(study: Study, other: Study, topic: str, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Return the sentences on a topic, in either study, with ``change``: new, gone or neither.

    What moved stands first.
    """
    tables = []
    for one in (other, study):
        table = one.codes[(one.codes["topic"] == topic) & (one.codes["section"] == "body")]
        table = table[table["coded"]]
        if groups:
            table = table[group_labels(table, study.by).isin(groups)]
        tables.append(table[[*_KEYS, *study.by]].set_index(_KEYS))
    now, before = tables
    gone = before[~before.index.isin(now.index)].assign(change="gone")
    kept = now.index.isin(before.index)
    found = pd.concat([now[~kept].assign(change="new"), gone, now[kept].assign(change="")])
    return found.reset_index()


def moved_html(study: Study, other: Study, topic: str, found: pd.DataFrame) -> str:
    """Return sentences that `moved` found with their matched words marked; the first `MOST`.

    The marks of a sentence that is gone are those it had.
    """
    items, first = [], found.head(MOST)
    for change, one in {"new": other, "gone": study, "": other}.items():
        keys = first.loc[first["change"] == change, _KEYS]
        texts = keys.merge(one.sentences, on=_KEYS)
        quotes = evidence(texts, matches(texts, one.dictionary, places=one.places))
        for row in rows_of(quotes[quotes["topic"] == topic]):
            quote = mark(row["quote"], row["spans"], "<mark>", "</mark>", escape)
            place = f"<small>{escape(_place(row, study.by))}</small>"
            items.append(f"<li>{f'<b>{change}</b> ' if change else ''}{quote} {place}</li>")
    counted = found["change"].value_counts()
    words = _of(len(items), len(found), "sentence")
    words += f" {counted.get('new', 0)} new, {counted.get('gone', 0)} gone."
    return f"<p>{words}</p>\n<ul>\n{''.join(items)}\n</ul>"


def silent_html(study: Study) -> str:
    """Return what is said of the patterns of a study that find nothing, or nothing."""
    said = found_nothing(study.audit())
    return f"<p>{escape(said)}</p>" if said else ""


def kept_html(path: Path) -> str:
    """Return where an edited dictionary is kept, and how a study uses it."""
    name = escape(str(path))
    return (
        f"<p>Kept in <code>{name}</code>. To use it, write <code>dictionary = &quot;{name}&quot;"
        "</code> under <code>[topics]</code> in study.toml.</p>"
    )


def alert_html(problem: str) -> str:
    """Return what is wrong, or odd, in what was typed."""
    return f'<p role="alert"><b>{escape(problem)}</b></p>'


def _place(row: dict[str, Any], by: Sequence[str]) -> str:
    group = ", ".join(str(row[column]) for column in by)
    return f"{group}: {row['doc_id']}, sentence {row['sentence_id']}"


def _of(shown: int, number: int, noun: str) -> str:
    words = f"{number:,} {noun}{'' if number == 1 else 's'}."
    return words if shown == number else f"The first {shown} of {words}"

"""The report on paper: what it says and in which order, as data that any kind of file can hold.

A block is a mapping with a `kind`: a heading, a text or a note made of runs (a text, and whether it
is bold), a table, or a numbered sentence with its place. No block holds markup of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.estimates.measures import MEASURES
from analysis.io.display import pieces
from analysis.io.results import Result, rows_of
from analysis.prose.language import environment, read_wording
from analysis.prose.numbers import called, format_percent, heading, spelled
from analysis.report.notebook import quoted
from analysis.report.page import method_keys
from analysis.report.passages import MOST_SENTENCES, visible

MOST_TOPICS = 4  # side by side in a table: more do not fit on a sheet

Block = dict[str, Any]


def report_blocks(
    title: str,
    emphasis: Result,
    findings: pd.DataFrame,
    wording: str | Path | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Block]:
    """Return the report as blocks: findings, a table of emphasis, and the sentences behind them.

    Each sentence stands once under its topic, up to `MOST_SENTENCES`, with a number that the
    findings refer to. Where fewer are shown than there are, it is said.

    Parameters
    ----------
    title : str
        The study's title.
    emphasis : Result
        From `emphasis`, by any measure.
    findings : pandas.DataFrame
        From `findings`.
    wording : str or path, optional
        The wording the findings were made with; needed where that is a file of your own.
    names : mapping, optional
        The names they were made with.

    Examples
    --------
    >>> import analysis as an
    >>> texts = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Coal pays."]}))
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> tally = an.tally(an.codes(texts, energy), by="party")
    >>> emphasis, ways = an.emphasis(tally), an.specifications(texts, energy, by="party")
    >>> told = an.findings(texts, energy, emphasis, an.contrasts(tally), ways)
    >>> blocks = report_blocks("Energy", emphasis, told)
    >>> [block["text"] for block in blocks if block["kind"] == "heading"][3:]
    ['Wind', 'Evidence', 'What these articles cannot show', 'How the numbers are made',
    'Patterns searched for']
    >>> [block["runs"] for block in blocks if block["kind"] == "sentence"][0]
    [('Wind', True), (' grows.', False)]
    """
    wording = wording or findings["provenance"].iloc[0]["wording"]
    names = names or {}
    blocks, number = [_heading(0, title)], 0
    for place, part in enumerate(_parts(findings)):
        told = list(_findings(part, number, wording, names))
        number += sum(block["kind"] == "sentence" for block in told)
        blocks += told
        if place == 0:  # after what was compared
            blocks += _emphasis(emphasis, wording, names)
    blocks += _method(emphasis.provenance, findings, wording)
    blocks += _searched(findings, wording, names)
    return [_visible(block) for block in blocks]


@lru_cache(maxsize=256)
def _template(wording: str | Path, text: str) -> Any:
    return environment(wording).from_string(text)


def _say(wording: str | Path, key: str, **values: Any) -> str:
    """A text of the report, filled in."""
    return str(_template(wording, read_wording(wording)["report"][key]).render(values))


def _parts(findings: pd.DataFrame) -> list[list[dict[str, Any]]]:
    """The findings that stand under one heading, heading by heading."""
    return [list(part) for _, part in groupby(rows_of(findings), key=_part)]


def _part(found: Mapping[str, Any]) -> str:
    return heading(found["topic"]) if found["topic"] else found["kind"]


def _findings(
    part: Sequence[Mapping[str, Any]], before: int, wording: str | Path, names: Mapping[str, str]
) -> Iterator[Block]:
    """The findings under one heading, then their sentences, numbered on from `before`."""
    topic, kind = part[0]["topic"], part[0]["kind"]
    heads = read_wording(wording)["headings"]
    yield _heading(1, heading(called(topic, names)) if topic else heads.get(kind, kind))
    quotes = [quote for found in part for quote in found["evidence"]]
    keys = dict.fromkeys(map(_key, quotes))
    numbers = {key: before + number for number, key in enumerate(keys, 1)}
    shown = quoted(quotes)[:MOST_SENTENCES]
    for found in part:
        yield {"kind": "text", "runs": [(found["id"], True), (f" {found['text']}", False)]}
        behind = {numbers[_key(quote)] for quote in found["evidence"]}
        if own := _ranges(number for number in sorted(behind) if number <= before + len(shown)):
            yield _text("note", f"{_say(wording, 'read_sentences')} {own}")
    if shown:
        yield _heading(2, read_wording(wording)["evidence"])
    for number, (text, spans, place) in enumerate(shown, before + 1):
        runs = [(re.sub(r"\s+", " ", piece), marked) for piece, marked in pieces(text, spans)]
        yield {"kind": "sentence", "number": number, "runs": runs, "place": place}
    if len(shown) < len(keys):
        yield _text("note", _say(wording, "cut", shown=len(shown), number=len(keys)))


def _key(quote: Mapping[str, Any]) -> tuple[str, int]:
    return quote["doc_id"], quote["sentence_id"]


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, neighbours drawn together: "1–3, 5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _emphasis(emphasis: Result, wording: str | Path, names: Mapping[str, str]) -> Iterator[Block]:
    """Every group and topic: its counts, its share and its interval."""
    measure, level = emphasis.provenance["measure"], emphasis.provenance["conf_level"]
    columns = [key for key in emphasis.keys if key != "topic"]
    table = emphasis.to_frame()
    keys = zip(group_labels(table, columns), table["topic"], strict=True)
    cells = {
        key: _cell(row, measure, wording) for key, row in zip(keys, rows_of(table), strict=True)
    }
    groups, topics = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    yield _heading(1, _say(wording, "emphasis"))
    unit = read_wording(wording)["report"]["units"][measure]
    yield _text("text", _say(wording, "emphasis_note", unit=unit, level=level))
    noun = environment(wording).filters["label"](called(columns, names))
    corner = _say(wording, "group", noun=noun)
    for start in range(0, len(topics), MOST_TOPICS):
        side = topics[start : start + MOST_TOPICS]
        heads = [heading(called(topic, names)) for topic in side]
        rows = [
            [called(group, names), *(cells[group, topic] for topic in side)] for group in groups
        ]
        yield {"kind": "table", "rows": [[corner, *heads], *rows]}


def _cell(row: Mapping[str, Any], measure: str, wording: str | Path) -> str:
    if not row["size"]:
        return _say(wording, "no_text")
    form = format_percent if MEASURES[measure].scale == 1 else "{:.1f}".format

    def written(number: float) -> str:
        return spelled(form(number), read_wording(wording))

    low, high = row["conf_low"], row["conf_high"]
    count = _say(wording, f"count_{measure}", hits=int(row["hits"]), size=int(row["size"]))
    share = _say(
        wording,
        "share_and_interval",
        share=written(row["estimate"]),
        low="" if pd.isna(high) else written(low),
        high="" if pd.isna(high) else written(high),
    )
    return f"{count}\n{share}"


def _searched(
    findings: pd.DataFrame, wording: str | Path, names: Mapping[str, str]
) -> Iterator[Block]:
    """The patterns of each topic that some group does not mention."""
    absent = findings[findings["kind"] == "absence"].drop_duplicates("topic")
    if len(absent):
        yield _heading(1, read_wording(wording)["searched"])
    for found in rows_of(absent):
        patterns = found["searched"]
        name = (f"{heading(called(found['topic'], names))} ({len(patterns)})", True)
        yield {"kind": "note", "runs": [name, (f" {' · '.join(patterns)}", False)]}


def _method(
    provenance: Mapping[str, Any], findings: pd.DataFrame, wording: str | Path
) -> Iterator[Block]:
    values = {
        "dictionary": findings["provenance"].iloc[0]["dictionary"],
        "measure": provenance["measure"],
        "method": provenance["method"],
    }
    yield _heading(1, _say(wording, "method"))
    for key in method_keys(values["measure"], values["method"]):
        # The wording's own <b> alone is bold: what is filled in is filled in afterwards.
        texts = re.split("</?b>", read_wording(wording)["report"]["methods"][key])
        runs = [
            (_template(wording, text).render(values), bool(place % 2))
            for place, text in enumerate(texts)
        ]
        yield {"kind": "text", "runs": [run for run in runs if run[0].strip()]}


def _heading(level: int, text: str) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def _text(kind: str, text: str) -> Block:
    return {"kind": kind, "runs": [(text, False)]}


def _visible(value: Any) -> Any:
    """The same with every text as it may be shown."""
    if isinstance(value, dict):
        return {key: _visible(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_visible, value))
    return visible(value) if isinstance(value, str) else value

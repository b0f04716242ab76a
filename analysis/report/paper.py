"""What the report on paper says and in which order, as a list of blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import InputError
from analysis.estimates.measures import MEASURES
from analysis.io.display import pieces
from analysis.io.results import Result, rows_of
from analysis.prose.language import Language
from analysis.prose.numbers import format_percent
from analysis.prose.tables import Tables
from analysis.report.blocks import Block, Folded, Heading, Run, Sentence, Table, Text
from analysis.report.methods import method_keys, method_values, rates_shown
from analysis.report.passages import MOST_QUOTED, MOST_SENTENCES, at_most, quoted, visible

STORY = "story"  # the kind of finding that stands first under a topic; the others fold away
MOST_TOPICS = 4  # side by side in a table: more do not fit on a sheet


def paper_blocks(tables: Tables, findings: pd.DataFrame, language: Language) -> list[Block]:
    """Return the report on paper: findings, a table of emphasis, and the sentences behind them.

    Each sentence stands once under its topic, up to `MOST_SENTENCES`, with a number that the
    findings refer to. Where fewer are shown than there are, it is said.
    """
    words = _Words(findings, language)
    blocks: list[Block] = [Heading(0, tables.title)]
    for title, part in _parts(findings, language):
        number = sum(isinstance(block, Sentence) for block in blocks)
        blocks += [Heading(1, title), *_part(part, number, words)]
        if part[0]["kind"] == "scope":  # after what was compared
            blocks += _emphasis(tables.emphasis, words)
    blocks += _method(tables.emphasis, findings, words)
    blocks += _rates(tables, words)
    blocks += _searched(findings, words)
    return [_visible(block) for block in blocks]


def findings_blocks(findings: pd.DataFrame, title: str, language: Language) -> list[Block]:
    """Return the findings alone, the sentences behind each folded in below it.

    Where fewer are shown than there are, it is said: `MOST_QUOTED` together can still be opened.
    """
    words = _Words(findings, language)
    texts = language.words
    name = texts["title"]
    blocks: list[Block] = [Heading(0, f"{title}{texts['colon']}{name}" if title else name)]
    parts = [
        (heading, part, [found for found in part if found["kind"] == STORY] or part)
        for heading, part in _parts(findings, language)
    ]
    numbers = (len(found["evidence"]) for *_, told in parts for found in told)
    shown = at_most(numbers, MOST_QUOTED, MOST_SENTENCES)
    for heading, part, told in parts:
        blocks.append(Heading(1, heading))
        for found in told:
            blocks.append(_statement(found, anchor=found["id"]))
            blocks += _validated(found, words)
            if rows := quoted(found["evidence"]):
                # Of an archive a sample is at hand.
                cut = found.get("evidence_cut") or {"number": len(rows)}
                summary = f"{texts['evidence']} ({cut['number']})"
                inner: tuple[Text | Sentence, ...] = tuple(map(_sentence, rows[:shown]))
                if cut["number"] > len(inner):
                    inner += (_note(words.say("cut", **{**cut, "shown": len(inner)})),)
                blocks.append(Folded(summary, inner))
        if counts := [found for found in part if found not in told]:
            statements = tuple(_statement(found, anchor=found["id"]) for found in counts)
            blocks.append(Folded(f"{texts['details']} ({len(counts)})", statements))
        if any(found["kind"] == "absence" for found in part):
            summary = f"{texts['searched']} ({_searched_for(part[0])})"
            blocks.append(Folded(summary, (Text(_patterns(part[0], words)),)))
    return [_visible(block) for block in blocks]


def _visible(value: Any) -> Any:
    """The same with every text as it may be shown."""
    if isinstance(value, str):
        return visible(value)
    if not isinstance(value, tuple):
        return value
    items = map(_visible, value)
    return type(value)(*items) if hasattr(value, "_fields") else tuple(items)


class _Words:
    """The language of findings, and its texts of the report, each compiled once."""

    def __init__(self, findings: pd.DataFrame, language: Language) -> None:
        name = Path(language.wording).name
        if others := {made["wording"] for made in findings["provenance"]} - {name}:
            raise InputError(
                f"the findings are written in {min(others)!r}, not in {name!r}",
                do="pass the language that they were made with",
            )
        self.language = language
        self.texts: Mapping[str, Any] = language.words["report"]
        self.template = _templates(language)

    def say(self, key: str, **values: Any) -> str:
        return str(self.template(self.texts[key]).render(values))


@lru_cache(maxsize=8)
def _templates(language: Language) -> Callable[[str], Any]:
    return cache(language.environment().from_string)


def _parts(
    findings: pd.DataFrame, language: Language
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each heading and the findings under it."""
    headings = language.words["headings"]

    def title(found: Mapping[str, Any]) -> str:
        topic, kind = found["topic"], found["kind"]
        return language.heading(topic) if topic else str(headings.get(kind, kind))

    return ((name, list(part)) for name, part in groupby(rows_of(findings), key=title))


def _part(part: Sequence[Mapping[str, Any]], before: int, words: _Words) -> Iterator[Block]:
    """The findings under one heading, then their sentences, numbered on from `before`."""
    rows = quoted([quote for found in part for quote in found["evidence"]])
    numbers = {_key(row): number for number, row in enumerate(rows, before + 1)}
    printed = rows[:MOST_SENTENCES]
    for found in part:
        yield _statement(found)
        behind = sorted({numbers[_key(quote)] for quote in found["evidence"]})
        if own := _ranges(number for number in behind if number <= before + len(printed)):
            yield _note(f"{words.say('read_sentences')} {own}")
        yield from _validated(found, words)
    if printed:
        yield Heading(2, words.language.words["evidence"])
    yield from map(_sentence, printed, count(before + 1))
    if len(printed) < len(rows):
        yield _note(words.say("cut", shown=len(printed), number=len(rows)))


def _statement(found: Mapping[str, Any], anchor: str = "") -> Text:
    return Text(((f"{found['text']} ", "plain"), (found["id"], "code")), anchor=anchor)


def _validated(found: Mapping[str, Any], words: _Words) -> Iterator[Text]:
    """Below the story of a topic: how right the codes of the topic are."""
    if found["kind"] == STORY:
        text = words.say("validated", one=words.language.called(found["validation"]))
        yield _note(f"{text[:1].upper()}{text[1:]}.")


def _note(text: str) -> Text:
    return Text(((text, "plain"),), small=True)


def _sentence(row: Mapping[str, Any], number: int = 0) -> Sentence:
    runs: Iterator[Run] = (
        (re.sub(r"\s+", " ", piece), "bold" if matched else "plain")
        for piece, matched in pieces(row["quote"], row["spans"])
    )
    return Sentence(tuple(runs), f"{row['doc_id']}, {row['start']}–{row['end']}", number)


def _searched_for(found: Mapping[str, Any]) -> int:
    """How many patterns were searched for."""
    return len(found["searched"].get("core", ()))


def _patterns(found: Mapping[str, Any], words: _Words) -> tuple[Run, ...]:
    """The patterns that were searched for, dots between them; what bars them; a context."""
    searched = found["searched"]
    within = f"within_{searched.get('context_within')}"
    runs: list[Run] = []
    for part, says in (("core", ""), ("exclude", "excluded"), ("context", within)):
        for number, pattern in enumerate(searched.get(part, ())):
            before = " · " if number or not says else f" {words.say(says)} "
            runs += [(before, "plain"), (pattern, "code")]
    return tuple(runs[1:])


_key = itemgetter("doc_id", "sentence_id")


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, neighbours drawn together: "1–3, 5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _emphasis(emphasis: Result, words: _Words) -> Iterator[Block]:
    """Every group and topic: its counts, its share and its interval."""
    table, language = emphasis.to_frame(), words.language
    keys = zip(group_labels(table, emphasis.by), table["topic"], strict=True)
    cells = {
        key: _cell(row, emphasis.measure, words)
        for key, row in zip(keys, rows_of(table), strict=True)
    }
    groups, topics = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    yield Heading(1, words.say("emphasis"))
    unit = words.texts["units"][emphasis.measure]
    note = words.say("emphasis_note", unit=unit, level=emphasis.conf_level)
    yield Text(((note, "plain"),))
    noun = language.environment().filters["label"](language.called(emphasis.by))
    corner = words.say("group", noun=noun)
    for start in range(0, len(topics), MOST_TOPICS):
        side = topics[start : start + MOST_TOPICS]
        head = (corner, *map(language.heading, side))
        rows = (
            (language.called(group), *(cells[group, topic] for topic in side)) for group in groups
        )
        yield Table((head, *rows))


def _cell(row: Mapping[str, Any], measure: str, words: _Words) -> str:
    if not row["size"]:
        return words.say("no_text")

    def written(value: float, *beside: float) -> str:
        if pd.isna(value):
            return ""
        share = MEASURES[measure].scale == 1
        return words.language.spelled(format_percent(value, *beside) if share else f"{value:.1f}")

    low, high = row["conf_low"], row["conf_high"]
    share = {
        "share": written(row["estimate"]),
        "low": written(low, high),
        "high": written(high, low),
    }
    count = words.say(f"count_{measure}", hits=int(row["hits"]), size=int(row["size"]))
    return f"{count}\n{words.say('share_and_interval', **share)}"


def _searched(findings: pd.DataFrame, words: _Words) -> Iterator[Block]:
    """The patterns of each topic that some group does not mention."""
    absent = findings[findings["kind"] == "absence"].drop_duplicates("topic")
    if len(absent):
        yield Heading(1, words.language.words["searched"])
    for found in rows_of(absent):
        name = f"{words.language.heading(found['topic'])} ({_searched_for(found)})"
        yield Text(((name, "bold"), (" ", "plain"), *_patterns(found, words)), small=True)


def _rates(tables: Tables, words: _Words) -> Iterator[Block]:
    """How right the dictionary is, where sentences are coded by hand."""
    shown = rates_shown(tables, words.language)
    if tables.error_rates is not None:
        yield Heading(2, words.language.words["headings"]["validation"])
        note = words.say("rates_note", coders=shown["coders"], level=tables.error_rates.conf_level)
        yield Text(((f"{note} {shown['note']}".strip(), "plain"),))
        head = [words.say(f"rates_{key}") for key in ("topic", "coded", "precision", "recall")]
        noun = words.language.environment().filters["label"](
            words.language.called(tables.emphasis.by)
        )
        head.insert(1, words.say("group", noun=noun))
        yield Table((tuple(head), *shown["all"], *shown["groups"]))


def _method(emphasis: Result, findings: pd.DataFrame, words: _Words) -> Iterator[Block]:
    values = method_values(emphasis, findings["provenance"].iloc[0]["dictionary"])
    yield Heading(1, words.say("method"))
    for key in method_keys(values["measure"], values["method"]):
        # The wording's own <b> alone is bold: what is filled in is filled in afterwards.
        texts = re.split("</?b>", words.texts["methods"][key])
        runs: list[Run] = [
            (words.template(text).render(values), "bold" if place % 2 else "plain")
            for place, text in enumerate(texts)
        ]
        yield Text(tuple(run for run in runs if run[0].strip()))

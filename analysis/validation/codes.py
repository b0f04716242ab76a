"""Anyone's codes: by hand, by a classifier or by a language model, beside a dictionary's.

A row of the sheet is one answer. Its columns, in any order and beside any others:

    which sentence: ``item`` (from `coding_sample`), or ``doc_id`` with ``start`` and ``end``, with
    ``sentence_id``, or with the sentence's own ``text``. With its text, a sentence is found again
    after its article changed.
    ``topic``; ``coder`` (who says so; or the argument); ``answer`` (yes, no or unsure; blank: not
    coded yet); ``probability`` (from 0 to 1, of "yes"; if there is no answer, .5 and more is yes)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.corpus.anchoring import EDITED, MOVED, Anchor, Mark, anchored, items
from analysis.errors import InputError, check_columns, listing, placed, warn
from analysis.io.sheets import read_sheet

ANSWERS = ("yes", "no", "unsure")
_WORDS = {
    **{name: name for name in ANSWERS},
    **{"y": "yes", "1": "yes", "true": "yes", "n": "no", "0": "no", "false": "no", "?": "unsure"},
}
_KEYS = ["doc_id", "sentence_id", "topic"]


def read_codes(
    path: str | Path, sentences: pd.DataFrame, *, coder: str | None = None
) -> pd.DataFrame:
    """Return the codes table of a sheet: codes by hand, by a classifier, by a language model.

    It goes where the codes of a dictionary go: `tally`, `positions`, `evidence`. It has only the
    sentences that were coded, so a tally of a sample speaks of the sample; `corrected_emphasis`
    and `corrected_contrasts` speak of all. Where several coders coded the same, choose one
    (``codes[codes["coder"] == "Anna"]``) or tally ``by=["coder", "party"]``.

    Parameters
    ----------
    path : path
        A ``.csv``, ``.xlsx`` or ``.jsonl`` file; see the module for its columns.
    sentences : pandas.DataFrame
        From `sentences`.
    coder : str, optional
        Whose codes these are, if the sheet has no column ``coder``.

    Returns
    -------
    pandas.DataFrame
        The columns of `codes`, then ``coder`` and ``answer``, and ``probability`` if the sheet has
        one; by coder, and in the order of the sentences. ``coded`` is true where the answer is
        yes, ``matches`` 1 there, and ``matched_words`` 0. Rows without an answer are left out.

    Raises
    ------
    InputError
        With the line: for an answer that is none, a probability outside 0 to 1, two answers of one
        coder for one sentence and topic, a blank topic or coder, columns that were sorted apart.
        Also if a column is missing, or no row is about a sentence of this study.

    Warns
    -----
    InputWarning
        Naming the rows whose sentence has changed: kept, if only spelling did; else left out.

    Examples
    --------
    >>> import analysis as an
    >>> codes = read_codes("seeds/codes_1.csv", an.read_study("study.toml").sentences)
    >>> codes["answer"].value_counts().to_dict()
    {'no': 265, 'yes': 22, 'unsure': 1}
    >>> tally = an.tally(codes, by="partner")
    >>> rows = an.emphasis(tally).to_frame().query("topic == 'training'")
    >>> dict(zip(rows["partner"], rows["hits"]))
    {'France': 1, 'Israel': 2, 'Italy': 2, 'Russia': 1}
    """
    path = Path(path)
    check_columns(sentences, ["doc_id", "sentence_id", "section", "start", "end", "text"],
                  "sentences")  # fmt: skip
    rows = read_sheet(path)
    with placed(path, 1):
        _check_header(rows[0][1] if rows else {}, coder)
    marks: dict[str, list[Mark]] = defaultdict(list)
    answers: dict[str, list[tuple[int, str, str, float | None]]] = defaultdict(list)
    blank = 0
    for line, row in rows:
        with placed(path, line):
            answer, probability = _answer(row)
            if not answer:
                blank += 1
                continue
            name = row.get("coder", "") or (coder or "")
            for what, value in (("topic", row["topic"]), ("coder", name)):
                if not value:
                    raise InputError(f"{what!r} is blank", do=f"write the {what} of the answer")
            marks[name].append(_mark(row))
            answers[name].append((line, row["topic"], answer, probability))
    parts: list[pd.DataFrame] = []
    lost: dict[str, list[int]] = defaultdict(list)
    edited: dict[str, list[int]] = defaultdict(list)
    named = {item: number for number, item in enumerate(items(sentences))}
    for name, own in marks.items():
        anchors = anchored(own, sentences)
        for mark, (line, *_), anchor in zip(own, answers[name], anchors, strict=True):
            if anchor is None:
                lost[_said(mark)].append(line)
            elif anchor[1] == MOVED and named.get(mark.item, anchor[0]) != anchor[0]:
                was = _short(sentences["text"].iloc[named[mark.item]])
                problem = f"'item' {mark.item} is {was}, and 'text' is {_short(mark.text)}"
                do = "sort whole rows, not columns: which of the two was answered is not known"
                raise InputError(problem, file=path, line=line, do=do)
            elif anchor[1] == EDITED:
                now = sentences["text"].iloc[anchor[0]]
                edited[f"{_said(mark)}, now {_short(now)}"].append(line)
        parts.append(_table(path, name, anchors, answers[name], sentences))
    _tell(path, len(rows), blank, lost, edited)
    table = pd.concat(parts, ignore_index=True)
    return table.drop(columns="probability") if table["probability"].isna().all() else table


def _check_header(row: Mapping[str, str], coder: str | None) -> None:
    if not row:
        raise InputError("there is no row", do="write one row an answer")
    ways = [{"item"}, {"doc_id", "start", "end"}, {"doc_id", "sentence_id"}, {"text"}]
    missing = [name for name in ("topic",) if name not in row]
    missing += [] if {"answer", "probability"} & set(row) else ["answer"]
    missing += [] if coder or "coder" in row else ["coder"]
    do = f"the columns are {listing(row, most=20)}"
    if missing:
        raise InputError(f"there is no column {listing(map(repr, missing))}", do=do)
    if not any(way <= set(row) for way in ways):
        problem = "no columns say which sentence: item; doc_id with start and end; doc_id with "
        raise InputError(f"{problem}sentence_id; or text", do=do)


def _answer(row: Mapping[str, str]) -> tuple[str, float | None]:
    """The answer of a row, blank if there is none, and its probability."""
    written, number = row.get("answer", ""), row.get("probability", "")
    answer = _WORDS.get(_whole(written).casefold(), "")
    if written and not answer:
        do = "write yes, no or unsure, or leave it blank"
        raise InputError(f"'answer' is {written!r}", do=do)
    if not number:
        return answer, None
    try:
        probability = float(number)
    except ValueError:
        probability = float("nan")
    if not 0 <= probability <= 1:
        raise InputError(f"'probability' is {number!r}", do="write a number from 0 to 1")
    return answer or ("yes" if probability >= 0.5 else "no"), probability


def _whole(written: str) -> str:
    """A number without the ".0" that pandas writes in a column with blanks."""
    return written.removesuffix(".0")


def _mark(row: Mapping[str, str]) -> Mark:
    numbers = []
    for name in ("sentence_id", "start", "end"):
        value = _whole(row.get(name, ""))
        if value and not value.isdecimal():
            raise InputError(f"{name!r} is {value!r}", do="write a whole number")
        numbers.append(int(value) if value else None)
    sentence_id, start, end = numbers
    texts = row.get("text", ""), row.get("item", "")
    own = Mark(row.get("doc_id", ""), sentence_id, start, end, *texts)
    named = own.doc_id and (own.sentence_id is not None or None not in (own.start, own.end))
    if not (own.text or own.item or named):
        raise InputError("the row does not say which sentence", do="fill in its place or its text")
    return own


def _table(
    path: Path,
    coder: str,
    anchors: Sequence[Anchor | None],
    answers: Sequence[tuple[int, str, str, float | None]],
    sentences: pd.DataFrame,
) -> pd.DataFrame:
    """The codes of one coder, in the order of the sentences; raises where one stands twice."""
    lines: dict[tuple[int, str], int] = {}
    kept: list[tuple[int, int, str, str, float | None]] = []
    order = {topic: number for number, topic in enumerate(dict.fromkeys(a[1] for a in answers))}
    for anchor, (line, topic, answer, probability) in zip(anchors, answers, strict=True):
        if anchor is None:
            continue
        number = anchor[0]
        if (number, topic) in lines:
            problem = f"line {lines[number, topic]} has an answer of {coder!r} on {topic!r} for "
            problem += f"this sentence too ({_short(sentences['text'].iloc[number])})"
            raise InputError(problem, file=path, line=line, do="keep one")
        lines[number, topic] = line
        kept.append((number, order[topic], topic, answer, probability))
    kept.sort(key=lambda row: row[:2])
    numbers = [row[0] for row in kept]
    table = sentences.drop(columns="text").iloc[numbers].reset_index(drop=True)
    table["topic"] = pd.Series([row[2] for row in kept], dtype=str)
    given = pd.Series([row[3] for row in kept], dtype=str)
    table["coded"] = given == "yes"
    table["matches"] = table["coded"].astype("int64")
    table["matched_words"] = 0
    table["coder"] = pd.Series([coder] * len(kept), dtype=str)
    table["answer"] = given
    table["probability"] = pd.Series([row[4] for row in kept], dtype=float)
    return table


Lines = Mapping[str, Sequence[int]]  # of a sentence: the rows about it


def _tell(path: Path, rows: int, blank: int, lost: Lines, edited: Lines) -> None:
    """Raise if nothing is left of a sheet, and warn of what is not as it was."""
    if blank == rows:
        raise InputError("no row has an answer", file=path, do="code the sentences first")
    if (gone := sum(map(len, lost.values()))) and gone + blank == rows:
        problem = f"no row is about a sentence of these articles ({next(iter(lost))})"
        do = "are these codes of another study, or of another unit?"
        raise InputError(problem, file=path, do=do)
    for found, problem, then in (
        (lost, "have changed or gone", "they are left out: code them anew"),
        (edited, "are spelled otherwise now", "they are kept"),
    ):
        if found:
            names = listing(
                (f"line {listing(lines, most=20)}: {text}" for text, lines in found.items()),
                most=50,
            )
            number = (
                f"{sum(map(len, found.values()))} of {rows} codes are of sentences that {problem}"
            )
            warn(f"{path}: {number} ({names}); {then}")
    if blank:
        warn(f"{path}: {blank} of {rows} rows have no answer yet")


def _said(mark: Mark) -> str:
    place = mark.sentence_id if mark.start is None else f"{mark.start} to {mark.end}"
    text = _short(mark.text) if mark.text else ""
    return " ".join(filter(None, [mark.doc_id or mark.item, str(place or ""), text]))


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def answers_of(codes: pd.DataFrame) -> pd.DataFrame:
    """Return one answer a sentence and topic: what most coders say, and `unsure` where none do.

    The columns are ``doc_id``, ``sentence_id``, ``topic``, ``answer``.
    """
    check_columns(codes, [*_KEYS, "coder", "answer"], "codes")
    votes = codes["answer"].map({"yes": 1, "no": -1, "unsure": 0})
    total = votes.groupby([codes[name] for name in _KEYS], sort=False, observed=True).sum()
    table = total.rename("answer").reset_index()
    table["answer"] = table["answer"].map(lambda sum_: ANSWERS[(sum_ < 0) + 2 * (sum_ == 0)])
    return table

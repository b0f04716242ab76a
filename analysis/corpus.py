"""From articles to sentences, each with its place in the article as given.

Table
-----
sentences : one row a sentence
    ``doc_id``, ``sentence_id`` (from 1 in each article), the document variables, ``section``
    (headline, body or furniture), ``rule`` (the furniture rule that took it, or empty),
    ``paragraph`` (from 1), ``start`` and ``end`` (offsets into the article as given), ``words``,
    ``text``. ``article_text[start:end] == text``, always. An article without a sentence has one
    row, with ``section`` empty and no text, so that it is never lost. With another unit a row is a
    paragraph or a window of words instead of a sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.errors import InputError, check_columns, listing
from analysis.furniture import Rule, classify
from analysis.results import rows_of
from analysis.text import count_words, paragraph_spans, sentence_spans, strip_span, window_spans

# Columns that the tables downstream make: no document variable may have their names.
RESERVED = {
    "sentence_id", "section", "rule", "paragraph", "start", "end", "words",
    "topic", "coded", "matches", "matched_words", "pattern", "patterns",
    "spans", "quote", "position", "sentences",
    "measure", "hits", "size", "articles", "feature", "count", "group",
}  # fmt: skip

SENTENCE_COLUMNS = (
    "sentence_id",
    "section",
    "rule",
    "paragraph",
    "start",
    "end",
    "words",
    "text",
)


def variables_of(sentences: pd.DataFrame) -> list[str]:
    """Return the document variables among the columns of a sentences or codes table."""
    own = {"doc_id", "text", *RESERVED}
    return [column for column in sentences.columns if column not in own]


UNITS = ("sentence", "paragraph")  # or a number of words


def sentences(
    documents: pd.DataFrame, furniture: Sequence[Rule] = (), unit: str | int = "sentence"
) -> pd.DataFrame:
    """Return the sentences table: one row a sentence, with its place in the article as given.

    Parameters
    ----------
    documents : pandas.DataFrame
        Any table with ``doc_id`` and ``text``; its other columns travel along as document
        variables.
    furniture : sequence of Rule
        From `read_furniture`. Lines that a rule takes stay in the table, as one row each, with
        their section and the rule's name.
    unit : {"sentence", "paragraph"} or int
        What a row of the body is. A number stands for windows of so many words, one after
        another; a window runs across paragraphs but never across furniture, and the last one
        before furniture or the end has the words that are left. The ``size`` of a tally, the
        measures by the sentence and the branch ``sentence`` of `specifications` then count these
        units, and the ``paragraph`` of a window is the one it begins in. A pattern matches inside
        a unit, never across two.

    Returns
    -------
    pandas.DataFrame
        See the module's description of the sentences table.

    Raises
    ------
    InputError
        For an unknown unit, a text that is missing, or a column with the name of one of the
        tables' own.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "party": ["Green"],
    ...                          "text": ["Wind power grows. Coal does not."]})
    >>> sentences(articles)[["doc_id", "sentence_id", "party", "start", "end", "words", "text"]]
      doc_id  sentence_id  party  start  end  words               text
    0      a            1  Green      0   17      3  Wind power grows.
    1      a            2  Green     18   32      3   Coal does not.
    >>> sentences(articles, unit=4)["text"].to_list()
    ['Wind power grows. Coal', 'does not.']
    """
    if unit not in UNITS and (not isinstance(unit, int) or unit < 1 or unit is True):
        raise InputError(
            f"unit={unit!r} is not a unit",
            do=f"choose one of {listing(UNITS)}, or a number of words",
        )
    check_columns(documents, ["doc_id", "text"], "documents")
    variables = [column for column in documents.columns if column not in ("doc_id", "text")]
    if taken := sorted(RESERVED & set(variables)):
        raise InputError(
            f"the column names {listing(map(repr, taken))} are the tables' own",
            do="rename the columns",
        )
    if (missing := ~documents["text"].map(lambda text: isinstance(text, str))).any():
        raise InputError(
            f"{listing(documents.loc[missing, 'doc_id'])} have no text but a missing value",
            do='write "" for an article without text',
        )
    columns = ["doc_id", "sentence_id", *variables, *SENTENCE_COLUMNS[1:]]
    rows = []
    for record in rows_of(documents):
        values = {name: record[name] for name in variables}
        for number, own in enumerate(_units(record["text"], furniture, values, unit), 1):
            rows.append({"doc_id": record["doc_id"], "sentence_id": number, **values, **own})
    table = pd.DataFrame(rows, columns=columns)
    for column in variables:  # so that a group whose articles are empty is still a group
        if isinstance(documents[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].astype(documents[column].dtype)
    return table


Span = tuple[int, int, int]  # paragraph, start, end


def _units(
    text: str, rules: Sequence[Rule], variables: Mapping[str, Any], unit: str | int
) -> Iterator[dict[str, Any]]:
    spans = paragraph_spans(text)
    taken = classify([text[start:end] for start, end in spans], rules, variables)
    if not spans:
        yield _unit(text, 0, 0, 0, "empty")
    body: list[Span] = []  # paragraphs with no furniture between them
    for paragraph, ((start, end), rule) in enumerate(zip(spans, taken, strict=True), 1):
        if rule is not None:
            yield from _body_units(text, body, unit)
            body = []
            if rule.prefix is None:
                yield _unit(text, start, end, paragraph, rule.section, rule.name)
                continue
            found = rule.prefix.match(text[start:end])
            assert found is not None  # classify matched it
            first = strip_span(text, start, start + found.end())
            yield _unit(text, *first, paragraph, rule.section, rule.name)
            start += found.end()
        body.append((paragraph, start, end))
    yield from _body_units(text, body, unit)


def _body_units(text: str, body: Sequence[Span], unit: str | int) -> Iterator[dict[str, Any]]:
    if isinstance(unit, int) and body:  # one passage, from the first paragraph to the last
        offset, last = body[0][1], body[-1][2]
        begins = [start for _, start, _ in body]
        for start, end in window_spans(text[offset:last], unit):
            paragraph = body[bisect_right(begins, offset + start) - 1][0]
            yield _unit(text, offset + start, offset + end, paragraph)
        return
    for paragraph, offset, last in body:
        passage = text[offset:last]
        whole = [strip_span(passage, 0, len(passage))]
        for start, end in whole if unit == "paragraph" else sentence_spans(passage):
            if start < end:
                yield _unit(text, offset + start, offset + end, paragraph)


def _unit(
    text: str, start: int, end: int, paragraph: int, section: str = "body", rule: str = ""
) -> dict[str, Any]:
    words = count_words(text[start:end])
    values = (section, rule, paragraph, start, end, words, text[start:end])
    return dict(zip(SENTENCE_COLUMNS[1:], values, strict=True))

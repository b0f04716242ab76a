"""From articles to sentences, each with its place in the article as given.

Table
-----
sentences : one row a sentence
    ``doc_id``, ``sentence_id`` (from 1 in each article), the document variables, ``section``
    (headline, body or boilerplate), ``rule`` (the boilerplate rule that took it, or empty),
    ``paragraph`` (from 1), ``start`` and ``end`` (offsets into the article as given), ``words``,
    ``text``. ``article_text[start:end] == text``, always. An article without a sentence has one
    row, with ``section`` empty and no text, so that it is never lost. With another unit a row is a
    paragraph or a window of words instead of a sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.boilerplate import Rule, classify
from analysis.corpus.folding import count_words
from analysis.corpus.languages import languages_of
from analysis.corpus.paragraphs import paragraph_spans, strip_span
from analysis.corpus.scripts import Segmenter, mixed_words, mostly_unspaced
from analysis.corpus.segmentation import segment, window_spans
from analysis.corpus.tokens import word_counts
from analysis.errors import NAMES, InputError, check_columns, listing, warn
from analysis.io.frames import as_frame
from analysis.io.results import rows_of

# Columns that the tables downstream make: no document variable may have their names.
RESERVED = {
    "sentence_id", "section", "rule", "paragraph", "start", "end", "words",
    "topic", "coded", "matches", "matched_words", "coder", "answer", "probability",
    "pattern", "patterns",
    "spans", "quote", "position", "sentences",
    "measure", "hits", "size", "articles", "feature", "count", "group",
}  # fmt: skip


def variables_of(sentences: pd.DataFrame) -> list[str]:
    """Return the document variables among the columns of a sentences or codes table."""
    own = {"doc_id", "text", *RESERVED}
    return [column for column in sentences.columns if column not in own]


UNITS = ("sentence", "paragraph")  # or a number of words


def sentences(
    documents: pd.DataFrame,
    *,
    boilerplate: Sequence[Rule] = (),
    unit: str | int = "sentence",
    segmenter: Segmenter | None = None,
    language: str | None = None,
) -> pd.DataFrame:
    """Return the sentences table: one row a sentence, with its place in the article as given.

    Parameters
    ----------
    documents : pandas.DataFrame
        Any table with ``doc_id`` and ``text``, of polars or pyarrow too; its other columns travel
        along as document variables.
    boilerplate : sequence of Rule
        From `read_boilerplate`. Lines that a rule takes stay in the table, as one row each, with
        their section and the rule's name.
    unit : {"sentence", "paragraph"} or int
        What a row of the body is. A number stands for windows of so many words, one after
        another; a window runs across paragraphs but never across boilerplate, and the last one
        before boilerplate or the end has the words that are left. The ``size`` of a tally, the
        measures by the sentence and the branch ``sentence`` of `specifications` then count these
        units, and the ``paragraph`` of a window is the one it begins in. A pattern matches inside
        a unit, never across two.
    segmenter : callable, optional
        Gives the words of a text, for scripts that put no spaces between them; without it a run
        of such characters counts as one word, with a warning.
    language : {"english", "french", "german", "italian", "spanish", "vietnamese"}, optional
        Whose abbreviations end no sentence. Default: of each article its own, as its words show
        it. A warning names articles that look to be in a language not known here, or in another
        one than this.

    Returns
    -------
    pandas.DataFrame
        See the module's description of the sentences table.

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
        do = f"choose one of {listing(UNITS)}, or a number of words"
        raise InputError(f"unit={unit!r} is not a unit", do=do)
    documents = as_frame(documents, "documents")
    check_columns(documents, ["doc_id", "text"], "documents")
    variables = [column for column in documents.columns if column not in ("doc_id", "text")]
    if taken := sorted(RESERVED & set(variables)):
        problem = f"the column names {listing(map(repr, taken))} are the tables' own"
        do = f'documents.rename(columns={{"{taken[0]}": "document_{taken[0]}"}}) gives it another'
        raise InputError(problem, do=do)
    if (missing := ~documents["text"].map(lambda text: isinstance(text, str))).any():
        names = listing(documents.loc[missing, "doc_id"])
        problem = f"{names} have no text but a missing value"
        raise InputError(problem, do='write "" for an article without text')
    texts = documents["text"].to_list()
    _warn_of_scripts(documents, segmenter)
    pieces = [
        piece
        for number, record in enumerate(rows_of(documents[["doc_id", *variables]]))
        for piece in _pieces(number, texts[number], boilerplate, record)
    ]
    spoken: list[str] = []
    if unit == "sentence":
        spoken = languages_of(documents["doc_id"].to_list(), texts, language)
    units = list(_split(pieces, texts, unit, spoken))
    owners = [piece.document for piece in units]
    table = documents[["doc_id", *variables]].iloc[owners].reset_index(drop=True)
    table.insert(1, "sentence_id", table.groupby(np.array(owners), sort=False).cumcount() + 1)
    for column in ("section", "rule", "paragraph", "start", "end"):
        table[column] = [getattr(piece, column) for piece in units]
    found = [texts[piece.document][piece.start : piece.end] for piece in units]
    table["words"] = (
        [count_words(text, segmenter) for text in found] if segmenter else word_counts(found)
    )
    table["text"] = found
    if unit == "sentence":
        _warn_of_long_ones(table)
    return table


LONG = 300  # words, of a sentence that probably is none


def _warn_of_long_ones(table: pd.DataFrame) -> None:
    long = table[table["words"] > LONG]
    long = long[long["section"] == "body"]
    if len(long):
        warn(
            f"{NAMES}: a sentence has up to {long['words'].max()} words; "
            "if the text has no full stops, count windows of words (unit=50) instead",
            of=dict.fromkeys(long["doc_id"]),
        )


def _warn_of_scripts(documents: pd.DataFrame, segmenter: Segmenter | None) -> None:
    special = documents[~documents["text"].map(str.isascii)]
    for doc_id, text in zip(special["doc_id"], special["text"], strict=True):
        if mixed := mixed_words(text):
            words = listing(map(ascii, mixed))
            warn(f"{NAMES} mixes scripts in {words}; no pattern finds them", of=[doc_id])
    unspaced = special.loc[special["text"].map(mostly_unspaced), "doc_id"]
    if segmenter is None and len(unspaced):
        warn(
            f"{NAMES} put no spaces between words, so words are not counted there and "
            "patterns are found inside words too; pass segmenter=",
            of=unspaced,
        )


class _Piece(NamedTuple):
    """A paragraph or a part of one: its article, its place, and whose it is."""

    document: int
    paragraph: int
    start: int
    end: int
    section: str = "body"
    rule: str = ""


def _pieces(
    document: int, text: str, rules: Sequence[Rule], variables: Mapping[str, Any]
) -> Iterator[_Piece]:
    """Yield the paragraphs of an article, what boilerplate takes set apart."""
    spans = paragraph_spans(text)
    if not spans:
        yield _Piece(document, 0, 0, 0, "empty")
    taken = classify([text[start:end] for start, end in spans], rules, variables)
    for paragraph, ((start, end), rule) in enumerate(zip(spans, taken, strict=True), 1):
        if rule is None:
            yield _Piece(document, paragraph, start, end)
        elif rule.prefix is None:
            yield _Piece(document, paragraph, start, end, rule.section, rule.name)
        else:
            found = rule.prefix.match(text[start:end])
            assert found is not None  # classify matched it
            first = strip_span(text, start, start + found.end())
            yield _Piece(document, paragraph, *first, rule.section, rule.name)
            rest = strip_span(text, start + found.end(), end)
            if rest[0] < rest[1]:
                yield _Piece(document, paragraph, *rest)


def _split(
    pieces: Sequence[_Piece], texts: Sequence[str], unit: str | int, languages: Sequence[str]
) -> Iterator[_Piece]:
    """Yield the pieces, those of the body split into units; languages are those of the texts."""
    if unit == "paragraph":
        yield from pieces
    elif unit == "sentence":
        body = [piece for piece in pieces if piece.section == "body"]
        spans = segment(
            [texts[piece.document][piece.start : piece.end] for piece in body],
            [languages[piece.document] for piece in body],
        )
        sentences = [
            _Piece(piece[0], piece[1], piece[2] + start, piece[2] + end)
            for piece, start, end in ((body[number], start, end) for number, start, end in spans)
        ]
        rest = (piece for piece in pieces if piece.section != "body")
        yield from merge(sentences, rest, key=lambda piece: (piece.document, piece.start))
    else:
        for (_, section), run in groupby(pieces, key=lambda piece: (piece[0], piece.section)):
            passage = list(run)
            if section == "body":
                yield from _windows(passage, texts[passage[0].document], int(unit))
            else:
                yield from passage


def _windows(passage: Sequence[_Piece], text: str, size: int) -> Iterator[_Piece]:
    begins = [piece.start for piece in passage]
    for start, end in window_spans(text[begins[0] : passage[-1].end], size):
        first = passage[bisect_right(begins, begins[0] + start) - 1]
        yield first._replace(start=begins[0] + start, end=begins[0] + end)

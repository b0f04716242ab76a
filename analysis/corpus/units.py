"""From articles to sentences, each with its place in the article as given.

Table
-----
sentences : one row a sentence
    ``doc_id``, ``sentence_id`` (from 1 in each article), the document variables, ``section``
    (headline, body or boilerplate), ``rule`` (the boilerplate rule that took it, or empty),
    ``paragraph`` (from 1), ``start`` and ``end`` (offsets into the article as given), ``words``,
    ``text``. ``article_text[start:end] == text``, always. An article without a sentence has one
    row, with ``section`` empty and no text, so that it is never lost; and signs without a word, as
    ``* * *`` between two parts, have a row that is empty too, and counts for nothing. With another
    unit a row is a paragraph or a window of words instead of a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.boilerplate import Rule, classify
from analysis.corpus.folding import WORDS, count_words
from analysis.corpus.groups import check_unique
from analysis.corpus.languages import languages_of
from analysis.corpus.paragraphs import Span, paragraph_spans, strip_span
from analysis.corpus.scripts import Segmenter, mixed_words, mostly_unspaced
from analysis.corpus.segmentation import places
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
    check_unique(documents)
    variables = [column for column in documents.columns if column not in ("doc_id", "text")]
    if taken := sorted(RESERVED & set(variables)):
        problem = f"the column names {listing(map(repr, taken))} are the tables' own"
        do = f'documents.rename(columns={{"{taken[0]}": "document_{taken[0]}"}}) gives it another'
        raise InputError(problem, do=do)
    texts = documents["text"].to_list()
    if any(missing := [not isinstance(text, str) for text in texts]):
        kinds = {type(text).__name__ for text in texts if not isinstance(text, str)}
        value = "missing value" if kinds <= {"NoneType", "float", "NAType"} else listing(kinds)
        names = listing(documents.loc[missing, "doc_id"])
        problem = f"{names} have no text but a {value}"
        raise InputError(problem, do='write "" for an article without text')
    _warn_of_scripts(documents["doc_id"].to_list(), texts, segmenter)
    labels = [("body", ""), ("empty", ""), *((rule.section, rule.name) for rule in boilerplate)]
    records = rows_of(documents[["doc_id", *variables]]) if boilerplate else []
    pieces = _pieces(texts, boilerplate, records)
    if unit == "sentence":
        spoken = languages_of(documents["doc_id"].to_list(), texts, language)
        pieces = _in_sentences(pieces, texts, spoken)
    elif unit != "paragraph":
        pieces = _in_windows(pieces, texts, int(unit))
    owners, paragraphs, starts, ends, label = pieces.T
    table = documents[["doc_id", *variables]].take(owners).reset_index(drop=True)
    table.insert(1, "sentence_id", np.arange(1, len(owners) + 1) - np.searchsorted(owners, owners))
    for place, column in enumerate(("section", "rule")):
        table[column] = pd.Series([one[place] for one in labels]).array.take(label)
    for column, values in (("paragraph", paragraphs), ("start", starts), ("end", ends)):
        table[column] = values
    found = _slices(texts, pieces)
    table["words"] = (
        [count_words(text, segmenter) for text in found] if segmenter else word_counts(found)
    )
    table["text"] = found
    _set_signs_apart(table)
    if unit == "sentence":
        _warn_of_long_ones(table)
    return table


_SAYING = re.compile("[^\\W_]|[\U0001f000-\U0001ffff]")  # a letter, a digit, or a picture


def _set_signs_apart(table: pd.DataFrame) -> None:
    """Count no row of signs alone, such as ``* * *``: there is nothing that it could speak of."""
    signs = np.flatnonzero((table["words"] == 0) & (table["section"] == "body")).tolist()
    bare = [row for row in signs if _SAYING.search(str(table["text"].iat[row])) is None]
    table.loc[bare, "section"] = "empty"


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


def _warn_of_scripts(
    names: Sequence[str], texts: Sequence[str], segmenter: Segmenter | None
) -> None:
    unspaced = []
    for doc_id, text in zip(names, texts, strict=True):
        if mixed := mixed_words(text):
            words = listing(map(ascii, mixed))
            warn(f"{NAMES} mixes scripts in {words}; no pattern finds them", of=[doc_id])
        if mostly_unspaced(text):
            unspaced.append(doc_id)
    if segmenter is None and unspaced:
        warn(
            f"{NAMES} put no spaces between words, so words are not counted there and "
            "patterns are found inside words too; pass segmenter=",
            of=unspaced,
        )


# Paragraphs, parts of them and units are rows of whole numbers: article, paragraph, start, end, and
# whose they are: of the body, of nothing, or of a rule.
_DOCUMENT, _PARAGRAPH, _START, _END, _LABEL = range(5)
_BODY, _EMPTY, _RULES = range(3)
_Row = tuple[int, int, int, int, int]


def _pieces(
    texts: Sequence[str], rules: Sequence[Rule], variables: Sequence[Mapping[str, Any]]
) -> np.ndarray:
    """The paragraphs of all articles, what boilerplate takes set apart."""
    rows: list[_Row] = []
    for document, text in enumerate(texts):
        spans = paragraph_spans(text)
        if not spans:
            rows.append((document, 0, 0, 0, _EMPTY))
        elif rules:
            rows += _taken(document, text, spans, rules, variables[document])
        else:
            rows += [(document, n, start, end, _BODY) for n, (start, end) in enumerate(spans, 1)]
    return _as_array(rows)


def _as_array(rows: Sequence[_Row]) -> np.ndarray:
    return np.fromiter(chain.from_iterable(rows), np.intp, 5 * len(rows)).reshape(-1, 5)


def _taken(
    document: int,
    text: str,
    spans: Sequence[Span],
    rules: Sequence[Rule],
    variables: Mapping[str, Any],
) -> Iterator[_Row]:
    """Yield the paragraphs of an article, and what rules take."""
    taken = classify([text[start:end] for start, end in spans], rules, variables)
    for paragraph, ((start, end), rule) in enumerate(zip(spans, taken, strict=True), 1):
        if rule is None:
            yield document, paragraph, start, end, _BODY
            continue
        label = _RULES + rules.index(rule)
        if rule.prefix is None:
            yield document, paragraph, start, end, label
        else:
            found = rule.prefix.match(text[start:end])
            assert found is not None  # classify matched it
            yield document, paragraph, *strip_span(text, start, start + found.end()), label
            rest = strip_span(text, start + found.end(), end)
            if rest[0] < rest[1]:
                yield document, paragraph, *rest, _BODY


def _slices(texts: Sequence[str], rows: np.ndarray) -> list[str]:
    columns = (rows[:, place].tolist() for place in (_DOCUMENT, _START, _END))
    return [texts[document][start:end] for document, start, end in zip(*columns, strict=True)]


def _in_sentences(pieces: np.ndarray, texts: Sequence[str], languages: Sequence[str]) -> np.ndarray:
    """The pieces, those of the body cut into sentences; languages are those of the texts."""
    own = pieces[:, _LABEL] == _BODY
    body = pieces[own]
    spoken = [languages[document] for document in body[:, _DOCUMENT].tolist()]
    numbers, starts, ends = places(_slices(texts, body), spoken).T
    found: np.ndarray = body[numbers]
    found[:, _END] = found[:, _START] + ends
    found[:, _START] += starts
    if own.all():
        return found
    found = np.concatenate([found, pieces[~own]])
    return found[np.lexsort((found[:, _START], found[:, _DOCUMENT]))]


def _in_windows(pieces: np.ndarray, texts: Sequence[str], size: int) -> np.ndarray:
    """The pieces, those of the body cut into windows of so many words."""
    rows: list[_Row] = []
    for (document, is_body), run in groupby(
        pieces.tolist(), key=lambda row: (row[_DOCUMENT], row[_LABEL] == _BODY)
    ):
        passage = [tuple(row) for row in run]
        if not is_body:
            rows += passage
            continue
        begins = [row[_START] for row in passage]
        for start, end in _window_spans(texts[document][begins[0] : passage[-1][_END]], size):
            paragraph = passage[bisect_right(begins, begins[0] + start) - 1][_PARAGRAPH]
            rows.append((document, paragraph, begins[0] + start, begins[0] + end, _BODY))
    return _as_array(rows)


def _window_spans(passage: str, size: int) -> list[tuple[int, int]]:
    """Return (start, end) of each window of `size` words of a passage, without white space around.

    Windows follow one another and do not overlap; the last one has the words that are left.
    Punctuation stays with the word it is written against, so that ``#NATO`` is never cut.
    """
    words = [found.span() for found in WORDS.finditer(passage)]
    cuts = [0]
    for (_, before), (after, _) in zip(words[size - 1 :: size], words[size::size], strict=False):
        gap = passage[before:after]
        against = "" if gap[-1].isspace() else gap.rsplit(maxsplit=1)[-1]
        cuts.append(after - len(against))
    spans = zip(cuts, [*cuts[1:], len(passage)], strict=True)
    return [(start, end) for start, end in (strip_span(passage, *s) for s in spans) if start < end]

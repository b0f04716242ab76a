"""What a sentence does in its article: report the event, or tell its background.

That is a judgement, so it is read from a table that a coder has filled in; `role_table` gives the
empty one. The columns of the file, in any order and beside any others:

    ``doc_id``, ``start``, ``end`` (which body sentence: its place in the article as given),
    ``begins`` (its first words, so that a person knows it again and a file that has slipped is
    noticed), ``role`` (event or background; blank: not coded yet), ``by`` (rule: a written rule
    gives the role; hand: the coder judged)

Table
-----
roles : one row a body sentence
    ``doc_id``, ``sentence_id``, ``role`` (event, background or not_coded), ``by`` (rule, hand, or
    empty).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.corpus.anchoring import Mark, anchored
from analysis.errors import InputError, check_columns, listing, placed, warn
from analysis.io.csv import read_rows

ROLES = ("event", "background")
WAYS = ("rule", "hand")
NOT_CODED = "not_coded"

_FIRST_WORDS = 8
_SENTENCE = ["doc_id", "sentence_id"]
_PLACE = ["doc_id", "start", "end"]
_COLUMNS = [*_PLACE, "begins", "role", "by"]


def role_table(sentences: pd.DataFrame) -> pd.DataFrame:
    """Return an empty table of roles: one row a body sentence, for a coder to fill in.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, ``start``, ``end``, ``begins`` (the first eight words), ``role`` and ``by``
        (both empty).

    Examples
    --------
    >>> from analysis import sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["They met. They had met in 2015."]})
    >>> role_table(sentences(texts))
      doc_id  start  end                 begins role by
    0      a      0    9              They met.
    1      a     10   31  They had met in 2015.
    """
    body = _body(sentences)
    begins = body["text"].map(_first_words)
    return body[_PLACE].assign(begins=begins, role="", by="").reset_index(drop=True)


def read_roles(path: str | Path, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return the roles table: what each body sentence does in its article.

    A sentence that stands elsewhere now keeps its role. One that has changed since it was coded
    (its first words, or its length) is ``not_coded``, with a warning that names it; so are
    sentences that the file leaves out or blank, with a warning that counts them.

    Parameters
    ----------
    path : path
        A CSV file; see the module for its columns.
    sentences : pandas.DataFrame
        From `sentences`, made as they were for `role_table`.

    Returns
    -------
    pandas.DataFrame
        See the module's description; in the order of the sentences.

    Raises
    ------
    InputError
        With the line: for an unknown article, role or way of coding, a place that is no number,
        a sentence coded twice. Also if no row fits any more, or no sentence is about the event.

    Examples
    --------
    >>> from analysis import read_articles, read_boilerplate, sentences
    >>> articles = read_articles("seeds", metadata="seeds/articles.csv")
    >>> roles = read_roles("seeds/roles.csv", sentences(articles, boilerplate=read_boilerplate(
    ...     "seeds/boilerplate.toml")))
    >>> roles.groupby(["role", "by"]).size().to_dict()[("event", "rule")]
    26
    """
    path = Path(path)
    body = _body(sentences)
    header, rows = read_rows(path)
    if lacking := [name for name in _COLUMNS if name not in header]:
        problem = f"there is no column {listing(map(repr, lacking))}"
        do = f"the columns of a table of roles are {listing(_COLUMNS)}"
        raise InputError(problem, file=path, line=1, do=do)
    coded = _coded(path, [(line, dict(zip(header, row, strict=True))) for line, row in rows], body)
    found = [coded.get(number, (NOT_CODED, "")) for number in range(len(body))]
    roles = body[_SENTENCE].reset_index(drop=True)
    roles[["role", "by"]] = pd.DataFrame(found, columns=["role", "by"], dtype=object)
    if ROLES[0] not in set(roles["role"]):
        problem = f"no sentence has the role {ROLES[0]!r}"
        raise InputError(problem, file=path, do="code the sentences first")
    missing = roles.loc[roles["role"] == NOT_CODED, "doc_id"].value_counts(sort=False)
    if len(missing):
        names = listing(f"{number} in {doc_id}" for doc_id, number in missing.items())
        number = f"{missing.sum()} of {len(roles)} body sentences have no role ({names})"
        warn(f"{path}: {number}; they count as neither event nor background")
    return roles


def check_roles(sentences: pd.DataFrame, roles: pd.DataFrame) -> None:
    """Raise unless a roles table has one row for each of the body sentences, and no other."""
    check_columns(roles, [*_SENTENCE, "role"], "roles")
    own = sentences.loc[sentences["section"] == "body", _SENTENCE].drop_duplicates()
    body = pd.MultiIndex.from_frame(own)
    coded = pd.MultiIndex.from_frame(roles[_SENTENCE])
    for problem, which in {
        "have two roles": coded[coded.duplicated()],
        "have a role and are no body sentences": coded[~coded.isin(body)],
        "have no role": body[~body.isin(coded)],
    }.items():
        if len(which):
            names = listing(f"{doc_id} {sentence_id}" for doc_id, sentence_id in which.unique())
            problem = f"sentences of the roles table {problem}: {names}"
            raise InputError(problem, do="give every body sentence one role")


def _body(sentences: pd.DataFrame) -> pd.DataFrame:
    check_columns(sentences, [*_SENTENCE, "section", "start", "end", "text"], "sentences")
    return sentences[sentences["section"] == "body"]


def _coded(
    path: Path, rows: Sequence[tuple[int, dict[str, str]]], body: pd.DataFrame
) -> dict[int, tuple[str, str]]:
    """The role of each body sentence that a row is about, and who gave it."""
    articles = list(dict.fromkeys(body["doc_id"]))
    marks: list[Mark] = []
    roles: list[tuple[str, str]] = []
    for line, row in rows:
        cells = {name: cell.strip() for name, cell in row.items()}
        with placed(path, line):
            marks.append(_mark(cells, articles))
            roles.append(_role(cells))
    lines: dict[int, int] = {}
    coded: dict[int, tuple[str, str]] = {}
    lost: list[str] = []
    anchors = anchored(marks, body)
    for (line, _), mark, role, anchor in zip(rows, marks, roles, anchors, strict=True):
        if anchor is None:
            lost.append(f"line {line}, {mark.doc_id}: {mark.text!r}")
        elif (number := anchor[0]) in lines:
            problem = f"line {lines[number]} has this sentence too"
            raise InputError(problem, file=path, line=line, do="keep one")
        else:
            lines[number], coded[number] = line, role
    if lost and not coded:
        problem = f"no row is about a sentence of these articles ({lost[0]})"
        do = "make a new table with role_table: are these the roles of another study?"
        raise InputError(problem, file=path, do=do)
    if lost:
        some = f"{len(lost)} of {len(rows)} rows are about a sentence that has changed or gone"
        warn(f"{path}: {some} ({listing(lost)}); it is not coded")
    return coded


def _mark(cells: Mapping[str, str], articles: Collection[str]) -> Mark:
    """The sentence that a row means, as the row says it."""
    doc_id, start, end, begins = (cells[name] for name in _COLUMNS[:4])
    if doc_id not in articles:
        do = f"correct the name, or delete its rows; the articles are {listing(articles)}"
        raise InputError(f"there is no article {doc_id!r} with body sentences", do=do)
    for name, value in (("start", start), ("end", end)):
        if not value.isdecimal():
            do = "make a new table with role_table, and carry the roles over"
            raise InputError(f"{name!r} is {value!r}, not a place in the article", do=do)
    if not begins:
        raise InputError("'begins' is blank", do="write the first words of the sentence")
    return Mark(doc_id, start=int(start), end=int(end), text=begins, whole=False)


def _first_words(text: str) -> str:
    return " ".join(text.split()[:_FIRST_WORDS])


def _role(cells: Mapping[str, str]) -> tuple[str, str]:
    """The role of a row and who gave it; a blank one is not coded yet."""
    role, by = cells["role"], cells["by"]
    if not role and not by:
        return NOT_CODED, ""
    for name, value, choices in (("role", role, ROLES), ("by", by, WAYS)):
        if value not in choices:
            do = f"write one of {listing(choices)}, or leave both role and by blank"
            raise InputError(f"{name!r} is {value!r}", do=do)
    return role, by

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

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import InputError, check_columns, listing, placed, warn
from analysis.io.csv import read_rows
from analysis.io.results import rows_of

ROLES = ("event", "background")
WAYS = ("rule", "hand")
NOT_CODED = "not_coded"

Place = tuple[str, str]  # start and end, as the file writes them

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

    Sentences that the file leaves out or blank are ``not_coded``, with a warning that counts them.

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
        With the line: for an unknown article, role or way of coding, a place that is no body
        sentence, first words that are not the sentence's, a sentence coded twice. Also if no
        sentence is about the event.

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
    keys = [(row["doc_id"], (str(row["start"]), str(row["end"]))) for row in rows_of(body[_PLACE])]
    texts: dict[str, dict[Place, str]] = defaultdict(dict)
    for (doc_id, place), text in zip(keys, body["text"], strict=True):
        texts[doc_id][place] = text
    coded: dict[tuple[str, Place], tuple[int, str, str]] = {}
    header, rows = read_rows(path)
    if lacking := [name for name in _COLUMNS if name not in header]:
        problem = f"there is no column {listing(map(repr, lacking))}"
        do = f"the columns of a table of roles are {listing(_COLUMNS)}"
        raise InputError(problem, file=path, line=1, do=do)
    for line, row in rows:
        cells = dict(zip(header, map(str.strip, row), strict=True))
        with placed(path, line):
            key = cells["doc_id"], _place(cells, texts)
            if key in coded:
                raise InputError(f"line {coded[key][0]} has this sentence too", do="keep one")
            coded[key] = line, *_role(cells)
    found = [coded.get(key, (0, NOT_CODED, ""))[1:] for key in keys]
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


def _place(cells: Mapping[str, str], texts: Mapping[str, Mapping[Place, str]]) -> Place:
    """The sentence that a row means; raises unless it is one and begins as the row says."""
    doc_id, start, end, begins = (cells[name] for name in _COLUMNS[:4])
    if doc_id not in texts:
        do = f"correct the name, or delete its rows; the articles are {listing(texts)}"
        raise InputError(f"there is no article {doc_id!r} with body sentences", do=do)
    own = texts[doc_id]
    if (start, end) not in own:
        do = "make a new table with role_table, and carry the roles over"
        for place in [place for place, text in own.items() if _starts(text, begins)][:1]:
            do = f"{begins!r} stands at {place[0]} to {place[1]}"
        raise InputError(f"no body sentence of {doc_id!r} stands at {start} to {end}", do=do)
    if not _starts(own[start, end], begins):
        first = _first_words(own[start, end])
        problem = f"the sentence at {start} to {end} of {doc_id!r} begins {first!r}, not {begins!r}"
        do = "correct the row: is it another sentence, or has the article changed?"
        raise InputError(problem, do=do)
    return start, end


def _first_words(text: str) -> str:
    return " ".join(text.split()[:_FIRST_WORDS])


def _starts(text: str, begins: str) -> bool:
    """Whether a text starts with these words, whatever the spaces between them."""
    return begins != "" and " ".join(text.split()).startswith(" ".join(begins.split()))


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

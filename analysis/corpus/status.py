"""What became of every article: analysed, or left out and why. Nothing disappears silently.

Table
-----
document_status : one row an article
    ``doc_id``, the group columns, ``sentences`` and ``words`` (of its body: those that the numbers
    rest on), ``status``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of
from analysis.corpus.readers.folder import article_files, listed_files
from analysis.errors import check_columns


def document_status(
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str],
    unlisted: Sequence[str] = (),
) -> pd.DataFrame:
    """Return what became of every article: one row an article, whether it is analysed or left out.

    Parameters
    ----------
    documents : pandas.DataFrame
        From `read_articles`.
    sentences : pandas.DataFrame
        From `sentences`, of these documents.
    by : str or list of str
        The document variables that form the groups.
    unlisted : sequence of str
        Names of article files that the metadata does not list. Each has a row, with its name for
        ``doc_id`` and no group.

    Returns
    -------
    pandas.DataFrame
        See the module's description. ``status`` is ``analysed``; or, left out of the numbers,
        ``no_text`` (the file is blank), ``no_body_sentence`` (all of it is headline or
        boilerplate) or ``not_listed``.

    Examples
    --------
    >>> from analysis import sentences
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...                          "text": ["Wind grows. Coal falls.", " "]})
    >>> document_status(articles, sentences(articles), by="party", unlisted=["c.txt"])
      doc_id  party  sentences  words    status
    0      a  Green          2      4  analysed
    1      b    Red          0      0   no_text
    2  c.txt    NaN          0      0  not_listed
    """
    groups = columns_of(by)
    check_columns(documents, ["doc_id", *groups, "text"], "documents")
    check_columns(sentences, ["doc_id", "section", "words"], "sentences")
    body = sentences[sentences["section"] == "body"].groupby("doc_id")["words"]
    table = documents[["doc_id", *groups]].reset_index(drop=True)
    for column, sums in (("sentences", body.size()), ("words", body.sum())):
        table[column] = table["doc_id"].map(sums).fillna(0).astype("int64")
    blank = (documents["text"].str.strip() == "").to_numpy()
    why = np.where(blank, "no_text", "no_body_sentence")
    table["status"] = np.where(table["sentences"] > 0, "analysed", why)
    if not unlisted:
        return table
    rows = {"doc_id": list(unlisted), "sentences": 0, "words": 0, "status": "not_listed"}
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True)


def status_counts(status: pd.DataFrame) -> dict[str, int]:
    """Return how many articles were found, and what became of them, in numbers that add up.

    >>> status_counts(pd.DataFrame({"status": ["analysed", "analysed", "not_listed"]}))
    {'found': 3, 'not_listed': 1, 'read': 2, 'no_text': 0, 'no_body_sentence': 0, 'analysed': 2}
    """
    number = status["status"].value_counts()
    read = {name: int(number.get(name, 0)) for name in ("no_text", "no_body_sentence", "analysed")}
    not_listed = int(number.get("not_listed", 0))
    return {"found": len(status), "not_listed": not_listed, "read": sum(read.values()), **read}


def unlisted_files(articles: Path, metadata: Path | None) -> list[str]:
    """Return the names of the article files in a folder that its metadata does not list."""
    if metadata is None or not articles.is_dir():
        return []
    listed = listed_files(metadata)
    names = [file.name for file in article_files(articles, listed)]
    return [name for name in names if unicodedata.normalize("NFC", name) not in listed]

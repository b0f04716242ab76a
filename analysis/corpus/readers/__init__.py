"""From files to articles: one reader a kind of corpus, each row with the place it comes from.

Table
-----
documents : one row an article
    ``doc_id``, the document variables (every other column of the metadata), ``text`` exactly as
    given.

Contract of a reader, which is one function and one entry in `READERS`: (path, metadata or None,
which columns hold texts and names) in; out, for each article, the file and line it stands in and
its values as text, ``doc_id`` first and ``text`` last. Values are text and nothing else: ``NA`` is
a name and ``001`` an identifier. What reads one file of a folder stands in ``files``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis.corpus.groups import Row, check_dates, check_groups, names_of
from analysis.corpus.readers.files import BUNDLES, FILES
from analysis.corpus.readers.folder import read_bundle, read_folder, with_subfolders
from analysis.corpus.readers.named import Named, kind_of
from analysis.corpus.readers.parlamint import is_parlamint, read_parlamint
from analysis.corpus.readers.tables import read_csv, read_jsonl, read_parquet, read_xlsx
from analysis.errors import NAMES, InputError, listing, placed, warn

_SHEETS = (".xls", ".ods", ".numbers")
MAX_CHARS = 5_000_000  # of one article: a long novel has 3 million characters
_EXCEL_CHARS = 32_767  # of a cell; what is longer is cut there
_TAGS = re.compile(r"</?(?:p|br|div|span|a|b|i|em|strong)\b[^<>]*>|&(?:[a-z]{2,6}|#\d{2,5});", re.I)


def read_articles(
    path: str | Path,
    metadata: str | Path | None = None,
    *,
    by: str | Sequence[str] = (),
    dates: str | Sequence[str] = (),
    text: str = "text",
    id: str = "doc_id",
    encoding: str = "",
) -> pd.DataFrame:
    """Return the documents table: one row an article, its text exactly as given.

    The text of a ``.txt`` file or a table is exactly that; the text of a page, a Word file or a
    PDF is what its reader takes from it, by the rules in ``analysis/corpus/readers/``. A file that
    an archive delivered (Nexis, Factiva, ProQuest, Europresse) is split into its articles.

    Parameters
    ----------
    path : path
        A folder of ``.txt``, ``.html``, ``.docx``, ``.rtf``, ``.pdf`` and ``.eml`` files; an
        archive's download; or a ``.csv``, ``.xlsx``, ``.jsonl`` or ``.parquet`` file with a
        ``text`` column and the document variables beside it. The columns of a CSV file, or
        ``.tsv``, may be separated by commas, semicolons or tabs. See docs/input.md.
    metadata : path, optional
        For a folder: a CSV file with one row an article; ``file`` names its file, ``doc_id``
        (optional) the article, and every other column is a document variable.
    by : str or list of str
        Columns that will form groups: no value in them may be blank. ``folder``, without
        metadata, reads the subfolders too, and their names are the groups.
    dates : str or list of str
        Columns that hold days: every value must be written ``YYYY-MM-DD``, or be blank where the
        day is unknown. They stay text, which sorts as the days do; blank becomes missing.
    text, id : str
        Which columns of a file hold the texts and the names of the articles. Without a column
        ``doc_id`` articles are called by their number.
    encoding : str, optional
        In what files of text are written, if it is not UTF-8: ``cp1251``, ``gb18030``,
        ``shift_jis``. Metadata have to be in UTF-8.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, the document variables as text, ``text``; in the order of the metadata, or of
        the file names without it.

    Raises
    ------
    InputError
        Naming file and line: a row without its file, a blank group, what cannot be a date, two
        rows for one article, an unreadable, damaged or overlong article, a missing package.

    Examples
    --------
    >>> articles = read_articles("seeds", metadata="seeds/articles.csv", by="partner")
    >>> articles[["doc_id", "partner"]].head(2)
                doc_id partner
    0  israel_dialogue  Israel
    1   italy_dialogue   Italy
    """
    path = Path(path)
    with placed(path):
        try:
            kind = "folder" if path.is_dir() else kind_of(path)
            there = path.exists()
        except OSError as error:
            problem = f"it cannot be read: {error.strerror}"
            raise InputError(problem, do="check its name and permissions") from None
        if not there:
            raise InputError("there is no such file or folder", do="check its name")
        if kind not in READERS:
            problem = f"{kind or 'a file without an ending'!r} is not a kind of corpus"
            do = "save the sheet as CSV, or " if kind in _SHEETS else ""
            do += f"name a folder of articles, or one of {listing(list(READERS)[1:], most=20)}"
            raise InputError(problem, do=do)
    named = Named(text, id, encoding)
    if kind not in TABLES and named != Named(encoding=encoding):
        do = "leave them out; in a folder a file is a text, and the metadata's doc_id its name"
        raise InputError("text= and id= name columns of a table", file=path, do=do)
    table = None if metadata is None else Path(metadata)
    if kind == "folder" and table is None and is_parlamint(path):
        rows = list(read_parlamint(path))
    elif kind == "folder":
        deep = with_subfolders(by, table)
        rows = list(read_folder(path, table, encoding=encoding, subfolders=deep))
    else:
        rows = list(READERS[kind](path, table, named))
    return documents_of(rows, by=by, dates=dates)


def documents_of(
    rows: Sequence[Row],
    *,
    by: str | Sequence[str] = (),
    dates: str | Sequence[str] = (),
    part: bool = False,
) -> pd.DataFrame:
    """Return the documents table of rows, checked; they may be part of a larger corpus."""
    for file, line, row in rows:
        if (length := len(row["text"])) > MAX_CHARS:
            problem = f"{row['doc_id']!r} has {length} characters, more than {MAX_CHARS}"
            raise InputError(problem, file=file, line=line, do="split it into its articles")
    # What only some articles have, as those of an archive beside others, is blank in the others.
    known = [{key: row[key] for key in row if key != "text"} for _, _, row in rows]
    documents = pd.DataFrame(known).fillna("").assign(text=[row["text"] for _, _, row in rows])
    for column in names_of(by):
        check_groups(documents, rows, column, part=part)
    for column in names_of(dates):
        check_dates(documents, rows, column, part=part)
    _check_documents(documents, rows, part=part)
    return documents


READERS: dict[str, Callable[[Path, Path | None, Named], Iterator[Row]]] = {
    "folder": lambda path, metadata, named: read_folder(path, metadata, encoding=named.encoding),
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
    **dict.fromkeys([*FILES, *BUNDLES], read_bundle),
}
TABLES = tuple(READERS)[1:6]


def _check_documents(documents: pd.DataFrame, rows: Sequence[Row], *, part: bool) -> None:
    doubled = documents["doc_id"].duplicated(keep=False)
    if doubled.any():
        doc_id = documents.loc[doubled, "doc_id"].iloc[0]
        same = [(file, line) for file, line, row in rows if row["doc_id"] == doc_id]
        lines = [line for _, line in same if line is not None]
        files = list(dict.fromkeys(file for file, _ in same))
        places = (
            f"on lines {listing(lines)}" if len(files) == 1 and lines else f"in {listing(files)}"
        )
        problem = f"{doc_id!r} stands {places}"
        do = "give each article one row and one doc_id"
        raise InputError(problem, file=same[-1][0], line=lines[-1] if lines else None, do=do)
    texts = [row["text"] for _, _, row in rows]  # as they are: a look at those of pandas copies
    number_of = Counter(texts)
    if not part and len(number_of) < len(texts):
        again = documents[[bool(text) and number_of[text] > 1 for text in texts]]
        for _, alike in again.groupby("text")["doc_id"]:
            warn(f"{NAMES} have the same text; all are kept", of=alike)
    if cut := list(documents.loc[[len(text) == _EXCEL_CHARS for text in texts], "doc_id"]):
        say = "a cell of Excel ends there, so it was most likely cut; take it from its source"
        warn(f"{NAMES} has exactly {_EXCEL_CHARS} characters; {say}", of=cut)
    tags = [("<" in text or "&" in text) and _TAGS.search(text) is not None for text in texts]
    if tagged := list(documents.loc[tags, "doc_id"]):
        warn(f"tags or entities of HTML stand in {NAMES}; counted as written", of=tagged)
    if empty := list(documents.loc[[not text.strip() for text in texts], "doc_id"]):
        warn(f"no text in {NAMES}; counted as articles without a sentence", of=empty)

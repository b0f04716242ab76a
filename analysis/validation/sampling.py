"""Which sentences to code by hand, so that a dictionary's errors can be counted and corrected.

Table
-----
sample : one row a sentence and topic to be coded, in the order of the sheet
    ``item`` (the sentence's name in the sheet), ``doc_id``, ``sentence_id``, the group columns,
    ``topic``, ``stratum`` (hit, near_miss, rest), ``stratum_size`` (sentences of this stratum in
    the group), ``inclusion`` (the probability of being drawn), ``twice`` (also for a second
    coder), ``before``, ``text``, ``after`` (the sentence and its neighbours).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2s
from math import ceil
from numbers import Integral
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.anchoring import items
from analysis.corpus.groups import columns_of
from analysis.errors import InputError, check_columns, listing
from analysis.estimates.grouping import check_groups, check_names
from analysis.io.files import read_text
from analysis.io.sheets import write_sheet
from analysis.topics.coding import codes as codes_of
from analysis.topics.dictionary import Dictionary
from analysis.validation.codes import ANSWERS
from analysis.validation.sample import KEYS, OWN, STRATA, asked

# Misses are what biases, so most of the work goes where the dictionary says no.
SHARES = {True: (0.2, 0.4, 0.4), False: (0.2, 0.0, 0.8)}
FEWEST = 2  # of a stratum that has them: one alone says nothing about its spread
_SHEET = ["item", "topic", "before", "text", "after", "coder", "answer", "note"]
_WIDTHS = {"item": 14, "topic": 18, "before": 40, "text": 60, "after": 40, "note": 30}


def coding_sample(
    codes: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str],
    n: int,
    dictionary: Dictionary | None = None,
    twice: float = 0.2,
    seed: int = 0,
) -> pd.DataFrame:
    """Return a sample of body sentences to code by hand, drawn at random within strata.

    For each group and topic there are three strata: sentences that the dictionary codes (hits),
    those that its broad tier finds or that it leaves out for want of their context (near misses),
    and the rest. They get 20, 40 and 40 % of `n`, or 20 and 80 % without near misses; what a small
    stratum does not need goes to the others. A corpus of `n` sentences a group or fewer is coded
    whole.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`: what is to be validated.
    sentences : pandas.DataFrame
        From `sentences`.
    by : str or list of str
        The columns that form the groups: error rates are then known of each.
    n : int
        How many sentences of each group to code on each topic.
    dictionary : Dictionary, optional
        What the codes were made with: it knows the near misses. Without it there are none.
    twice : float
        The share that a second coder codes too, for `agreement`.
    seed : int
        The same seed draws the same sentences of a group, whatever other groups there are; a
        larger `n` adds to them.

    Returns
    -------
    pandas.DataFrame
        See the module's description. Keep it (`to_csv`, `read_table`): the inclusion probabilities
        are what a correction rests on. `save_coding_sheet` writes what a coder is shown.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> sample = coding_sample(
    ...     study.codes, study.sentences, by="partner", n=12, dictionary=study.dictionary
    ... )
    >>> own = sample[(sample["partner"] == "Israel") & (sample["topic"] == "defense_industry")]
    >>> own.groupby("stratum").size().to_dict()
    {'hit': 2, 'near_miss': 1, 'rest': 9}
    """
    groups = columns_of(by)
    check_columns(codes, [*KEYS, "section", "coded", *groups], "codes")
    check_columns(sentences, ["doc_id", "sentence_id", "section", "start", "text"], "sentences")
    check_groups(codes, groups)
    check_names(groups, OWN)
    if not isinstance(n, Integral):
        raise InputError(f"n={n!r} is no whole number", do="write how many sentences to code")
    if n < 2 * FEWEST * len(STRATA):
        do = f"code {2 * FEWEST * len(STRATA)} sentences or more of each group"
        raise InputError(f"n={n!r} is too few for three strata", do=do)
    if not 0 <= twice <= 1:
        raise InputError(f"twice={twice!r} is not a share", do="write .2 for 20 %")
    body = codes.loc[codes["section"] == "body", [*KEYS, *groups, "coded"]].reset_index(drop=True)
    if body.empty:
        raise InputError("the codes have no body sentence", do="is all of the text boilerplate?")
    near = None if dictionary is None else near_misses(sentences, dictionary)
    body["stratum"] = strata(body, near)
    body = body.merge(_shown(sentences), on=["doc_id", "sentence_id"], validate="many_to_one")
    body["chance"] = _chances(body["item"] + body["topic"], seed)
    drawn = [
        _drawn(cell, n, near=near is not None, twice=twice)
        for _, cell in body.groupby([*groups, "topic"], sort=False, observed=True)
    ]
    table = pd.concat(drawn)
    table["order"] = _chances(table["item"], seed)  # a sentence's topics stand together
    table = table.sort_values(["order", "topic"], kind="stable")
    columns = ["item", "doc_id", "sentence_id", *groups, "topic", "stratum", "stratum_size"]
    columns += ["inclusion", "twice", "before", "text", "after"]
    return table[columns].reset_index(drop=True)


def near_misses(sentences: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """Return codes of the body by the broad tier, wherever a match stands: without any context."""
    topics = (replace(one, context=()) for one in dictionary.topics)
    body = sentences[sentences["section"] == "body"]
    return codes_of(body, replace(dictionary, topics=tuple(topics)), tier="broad")


def strata(body: pd.DataFrame, broad: pd.DataFrame | None) -> pd.Series:
    """Return the stratum of each row of codes: hit, near_miss (`broad` codes it) or rest."""
    near = np.zeros(len(body), bool)
    if broad is not None:
        wide = broad.set_index(KEYS)["coded"].reindex(pd.MultiIndex.from_frame(body[KEYS]))
        if wide.isna().any():
            problem = f"{int(wide.isna().sum())} rows of the codes are of other sentences or topics"
            do = "pass the sentences and the dictionary= that the codes were made with"
            raise InputError(problem, do=do)
        near = wide.to_numpy(bool)
    names = np.select([body["coded"].to_numpy(bool), near], STRATA[:2], STRATA[2])
    return pd.Series(names, index=body.index, dtype=str)


def _shown(sentences: pd.DataFrame) -> pd.DataFrame:
    """Body sentences with their item and the sentences before and after."""
    ordered = sentences.sort_values("sentence_id", kind="stable")
    table = ordered[["doc_id", "sentence_id", "section", "text"]].assign(item=items(ordered))
    table = table[table["section"] == "body"].drop(columns="section")
    of_article = table.groupby("doc_id", sort=False)["text"]
    return table.assign(
        before=of_article.shift(fill_value=""), after=of_article.shift(-1, fill_value="")
    )


def _chances(names: pd.Series, seed: int) -> list[bytes]:
    """A number at random for each name, which depends on nothing else."""
    return [blake2s(f"{seed}\n{name}".encode(), digest_size=8).digest() for name in names]


def _drawn(cell: pd.DataFrame, n: int, *, near: bool, twice: float) -> pd.DataFrame:
    """The sentences to code of one group and topic."""
    sizes = [int((cell["stratum"] == name).sum()) for name in STRATA]
    parts = []
    for name, size, wanted in zip(STRATA, sizes, allocated(sizes, n, SHARES[near]), strict=True):
        own = cell[cell["stratum"] == name].sort_values("chance", kind="stable").head(wanted)
        again = np.arange(len(own)) < ceil(twice * len(own))
        parts.append(own.assign(stratum_size=size, inclusion=wanted / max(size, 1), twice=again))
    return pd.concat(parts)


def allocated(sizes: Sequence[int], n: int, shares: Sequence[float]) -> list[int]:
    """Return how many of each stratum to code: `n` in all, by `shares`, none beyond its size.

    A stratum has at least two, or all; what one does not need goes to the last ones first.

    >>> allocated([50, 30, 920], 100, (0.2, 0.4, 0.4)), allocated([0, 3, 20], 50, (0.2, 0.4, 0.4))
    ([20, 30, 50], [0, 3, 20])
    """
    wanted = [
        min(size, max(round(share * n), FEWEST)) for size, share in zip(sizes, shares, strict=True)
    ]
    for place in reversed(range(len(sizes))):
        room = n - sum(wanted)
        wanted[place] = min(sizes[place], max(wanted[place] + room, min(FEWEST, sizes[place])))
    return wanted


def save_coding_sheet(
    sample: pd.DataFrame,
    path: str | Path,
    *,
    coder: str,
    second: bool = False,
    codebook: str | Path | None = None,
) -> None:
    """Write the sheet that a coder fills in: a sentence, a topic, and an empty answer a row.

    The sheet shows neither the group, nor the article's name, nor what the dictionary says.
    `read_codes` reads it back.

    Parameters
    ----------
    sample : pandas.DataFrame
        From `coding_sample`.
    path : path
        A new ``.csv`` or ``.xlsx`` file. A workbook has the answers as a drop-down; it needs
        ``pip install 'topic-emphasis[excel]'``.
    coder : str
        Who fills it in.
    second : bool
        Only what is coded twice.
    codebook : path, optional
        A text that says what counts: copied beside the sheet, and a page of the workbook.

    Raises
    ------
    InputError
        If the file is there already: answers may stand in it.

    Examples
    --------
    >>> import analysis as an, tempfile
    >>> study = an.read_study("study.toml")
    >>> sample = coding_sample(study.codes, study.sentences, by="partner", n=12)
    >>> path = Path(tempfile.mkdtemp()) / "anna.csv"
    >>> save_coding_sheet(sample, path, coder="Anna")
    >>> an.read_table(path).columns.to_list()
    ['item', 'topic', 'before', 'text', 'after', 'coder', 'answer', 'note']
    """
    path = Path(path)
    check_columns(sample, [*KEYS, *_SHEET[:5], "twice"], "sample")
    if path.exists():
        problem = "the sheet is there already, and answers may stand in it"
        raise InputError(problem, file=path, do="name another file, or move it away")
    if not coder.strip():
        raise InputError("coder= is blank", do="name who fills in the sheet")
    rows = asked(sample, second=second)
    if rows.empty:
        raise InputError("there is no sentence to code", do="draw with a larger twice=")
    sheet = rows.assign(coder=coder.strip(), answer="", note="")[_SHEET]
    pages = {"how to": _HOW_TO.format(answers=listing(ANSWERS))}
    if codebook is not None:
        pages["codebook"] = read_text(Path(codebook))
    write_sheet(path, sheet, choices={"answer": ANSWERS}, widths=_WIDTHS, pages=pages)
    if codebook is not None and (beside := path.with_name(Path(codebook).name)) != Path(codebook):
        shutil.copyfile(codebook, beside)


_HOW_TO = """\
One row is one question: is the sentence in the column text about the topic of the row?
Write the answer in the column answer: {answers}. Leave it blank if you have not decided yet.
Code what the sentence itself says; before and after are there to understand it.
Change nothing in the columns item, topic and text. Write what you like in the column note.
"""

"""A coding sample whose articles have changed since it was drawn."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.corpus.anchoring import Mark, anchored
from analysis.errors import InputError, check_columns, listing, warn
from analysis.validation.sample import KEYS, checked_sample

MOST_CHANGED = 0.05  # of the sentences of a group: more is another corpus


def refit_sample(sample: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return a sample with every row where its sentence stands now.

    For articles that were edited after the sample was drawn. A sentence is found again as
    `read_codes` finds it: by its words, also where three of them are spelled otherwise. A row whose
    sentence has changed or gone is left out. Sentences that are new were never drawn: they count
    to the largest stratum of their group, as sentences that are gone count against the stratum they
    were drawn from, or the largest.

    Parameters
    ----------
    sample : pandas.DataFrame
        From `coding_sample`.
    sentences : pandas.DataFrame
        From `sentences`, of the articles as they are.

    Raises
    ------
    InputError
        If a group has over 5 % more or fewer sentences than when the sample was drawn, or most
        rows of a group and topic are of sentences that are not there: draw a new sample.

    Warns
    -----
    InputWarning
        Saying how many rows are left out, and how many sentences have come or gone.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> sample = an.coding_sample(study.codes, study.sentences, by="partner", n=12)
    >>> refit_sample(sample, study.sentences).equals(sample)
    True
    """
    check_columns(sample, ["item", *KEYS[:2], "topic", "text"], "sample")
    columns = list(sample.columns)
    # As `coding_sample` lays them out.
    groups = columns[columns.index("sentence_id") + 1 : columns.index("topic")]
    sample = checked_sample(sample, groups)
    needed = [*KEYS[:2], *groups, "section", "start", "end", "text"]
    check_columns(sentences, needed, "sentences")
    named = zip(*(sample[name] for name in ("doc_id", "sentence_id", "text", "item")), strict=True)
    marks = [Mark(doc, int(number), text=text, item=item) for doc, number, text, item in named]
    rows = [-1 if found is None else found[0] for found in anchored(marks, sentences)]
    body = (sentences["section"] == "body").to_numpy()
    stands = pd.Series([row >= 0 and bool(body[row]) for row in rows], index=sample.index)
    kept = sample[stands].copy()
    now = sentences.iloc[[row for row, here in zip(rows, stands, strict=True) if here]]
    for name in KEYS[:2]:
        kept[name] = now[name].to_numpy()
    totals = Counter(sentences.loc[body, groups].itertuples(index=False, name=None))
    cells = [*groups, "topic"]
    moved: dict[str, int] = {}
    for names, drawn in sample.groupby(cells, sort=False, observed=True):
        sizes = dict(zip(drawn["stratum"], drawn["stratum_size"].astype(int), strict=True))
        gone = drawn.loc[~stands[drawn.index], "stratum"]
        was, now_there = sum(sizes.values()), totals[names[:-1]]
        if abs(now_there - was) > MOST_CHANGED * was or len(gone) > len(drawn) / 2:
            problem = f"the sample was drawn from {was} sentences, and there are {now_there}; "
            problem += f"{len(gone)} of {len(drawn)} rows are not among them"
            do = "the articles, the groups or the unit have changed: draw a new sample"
            raise InputError(f"{listing(names)}: {problem}", do=do)
        for stratum in gone[: max(was - now_there, 0)]:
            sizes[stratum] -= 1
        sizes[max(sizes, key=lambda one: sizes[one])] += now_there - sum(sizes.values())
        if now_there != was:
            moved[listing(names[:-1])] = now_there - was
        own = kept.index.intersection(drawn.index)
        kept.loc[own, "stratum_size"] = kept.loc[own, "stratum"].map(sizes)
    if moved or not stands.all():
        counts = listing((f"{name} {change:+d}" for name, change in moved.items()), most=20)
        warn(
            f"the articles have changed since the sample was drawn: {int((~stands).sum())} of "
            f"{len(sample)} rows are left out; sentences more or fewer: {counts or 'none'}"
        )
    in_stratum = kept.groupby([*cells, "stratum"], observed=True)["item"].transform("size")
    kept["inclusion"] = in_stratum / kept["stratum_size"]
    return kept

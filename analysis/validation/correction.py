"""Emphasis and contrasts corrected for a dictionary's errors, from sentences coded by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

import numpy as np
import pandas as pd

from analysis.corpus.groups import REST, columns_of, group_labels
from analysis.errors import InputError, check_conf_level
from analysis.estimates.changes import flips
from analysis.estimates.comparison import pairs_of
from analysis.estimates.effective import prior_correlation
from analysis.estimates.intervals import (
    Moments,
    holm,
    intra_article_correlation,
    logit_contrast,
    mover,
)
from analysis.estimates.prior import DEFAULT_PRIOR, Prior
from analysis.io.results import Result
from analysis.validation.design_based import (
    Corrected,
    article_sums,
    corrected,
    phi,
    without_each,
)
from analysis.validation.rates import error_rates, unequal_recall
from analysis.validation.strata import Cell, Key, by_topic, cells_of


def corrected_emphasis(
    hand: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    by: str | Sequence[str],
    sample: pd.DataFrame | None = None,
    lam: float | None = None,
    conf_level: float = 0.95,
    cluster: str = "doc_id",
) -> Result:
    """Return the share of sentences on each topic, corrected for the dictionary's errors.

    The coders' answers correct the dictionary's by a design-based estimator (DSL,
    prediction-powered inference); `analysis.validation.design_based` has the formulas. The
    interval is for further articles like these.

    Parameters
    ----------
    hand : pandas.DataFrame
        From `read_codes`. Of several coders the answer that most gave; where they are divided, and
        where they are unsure, there is none.
    codes : pandas.DataFrame
        From `codes`: what is corrected.
    by : str or list of str
        The columns that form the groups, as for `coding_sample`.
    sample : pandas.DataFrame, optional
        From `coding_sample`. Without it every sentence has to be coded, and the coders' answers
        are the estimate.
    lam : float, optional
        How much of the dictionary is used, from 0 (the answers alone) to 1 (all); by default the
        best for each group and topic.
    conf_level : float
        Level of the interval.
    cluster : str
        What chance works on, as for `tally`.

    Returns
    -------
    Result
        Keys: the group columns and ``topic``. ``sentences``, ``answered``, ``errors``; ``estimate``
        with ``conf_low`` and ``conf_high``; ``uncorrected``, the dictionary's own share; ``lam``,
        ``n_eff``, ``df``. ``method``: ``census`` (all was coded), ``design_based``, or ``strata``
        (fewer than five errors were seen).

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> hand = an.read_codes("seeds/codes_2.csv", study.sentences)
    >>> hand["answer"] = hand["answer"].replace("unsure", "no")  # one sentence
    >>> table = corrected_emphasis(hand, study.codes, by="partner").to_frame()
    >>> row = table[(table["partner"] == "Israel") & (table["topic"] == "defense_industry")].iloc[0]
    >>> [round(float(row[name]), 3) for name in ("uncorrected", "estimate")]
    [0.391, 0.348]
    """
    check_conf_level(conf_level)
    if lam is not None and not 0 <= lam <= 1:
        raise InputError(f"lam={lam!r} is not between 0 and 1", do="leave it out for the best")
    groups = columns_of(by)
    cells = cells_of(hand, codes, by, sample, cluster)
    found: dict[Key, Corrected] = {}
    for own in by_topic(cells).values():
        found |= corrected_cells(own, lam, conf_level)
    rows = []
    for (group, topic), share in found.items():
        cell = cells[group, topic]
        row = dict(zip(groups, group, strict=True)) | {"topic": topic}
        row |= {"sentences": len(cell.code), "answered": int(cell.answered.sum())}
        row |= {"errors": cell.errors, "estimate": share.estimate}
        row |= {"conf_low": share.low, "conf_high": share.high}
        row |= {"uncorrected": float(cell.code.mean()), "lam": share.lam}
        rows.append(row | {"n_eff": share.n_eff, "df": share.df, "method": share.method})
    table = pd.DataFrame(rows).sort_values(["topic", *groups], kind="stable", ignore_index=True)
    provenance = {"function": "corrected_emphasis", "by": groups, "conf_level": conf_level}
    provenance |= {"cluster": cluster, "lam": lam, "coders": list(hand["coder"].unique())}
    return Result(table, (*groups, "topic"), provenance)


def corrected_cells(
    cells: Mapping[Key, Cell],
    lam: float | None,
    conf_level: float,
    *,
    pool: Sequence[Cell] | None = None,
    prior: Prior = DEFAULT_PRIOR,
) -> dict[Key, Corrected]:
    """Return the corrected share of each cell of one topic.

    The intra-article correlation rho is pooled over the dictionary's codes of these cells, or of
    `pool`. Errors hide some of it: with phi the correlation of codes and answers, that of the
    answers is rho / phi^2, and the codes say phi^2 times as much of it.
    """
    parts = [
        article_sums(cell.article, cell.answer if cell.census else cell.code)
        for cell in pool or cells.values()
    ]
    sums = Moments(*(np.array([getattr(o, n) for o in parts]) for n in Moments.__annotations__))
    m_star = float(sums.smm.sum() / max(sums.sm.sum(), 1))
    rho0 = float(prior_correlation(m_star, rho=prior.rho))
    shrunk, nu = map(float, intra_article_correlation(sums, Prior(rho0, prior.df)))
    told = shrunk * (prior.df + nu) - prior.df * rho0  # nu rho_hat
    found = {}
    for key, cell in cells.items():
        phi2 = 1.0 if cell.census else phi(cell.strata) ** 2
        rho = (prior.df * rho0 + min(told, nu * phi2)) / (prior.df + nu * phi2)
        found[key] = corrected(cell, rho, lam=lam, conf_level=conf_level, prior=prior)
    return found


def corrected_contrasts(
    hand: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    by: str | Sequence[str],
    sample: pd.DataFrame | None = None,
    reference: str = "pairs",
    conf_level: float = 0.95,
    cluster: str = "doc_id",
) -> Result:
    """Return the differences between groups on every topic, corrected for the dictionary's errors.

    Parameters
    ----------
    hand, codes : pandas.DataFrame
        As for `corrected_emphasis`.
    by : str or list of str
        The columns that form the groups.
    sample : pandas.DataFrame, optional
        From `coding_sample`.
    reference : str
        As for `contrasts`: "pairs", "rest" or the name of a group.
    conf_level : float
        Level of the limits.
    cluster : str
        What chance works on, as for `tally`; ``articles`` then counts clusters.

    Returns
    -------
    Result
        Keys ``topic``, ``target``, ``reference``. ``estimate`` is target minus reference, with
        MOVER limits; ``uncorrected`` the dictionary's own difference. ``statistic``, ``df`` and
        ``p_value`` are those of the logit test on effective sizes, ``p_adjusted`` Holm's over
        the topic. ``sign_flips``: how many single articles change the sign, or leave no
        difference, when left out. ``unequal_recall``: the intervals of the groups' recall are
        disjoint, so that the uncorrected contrast says nothing. ``status`` as of `contrasts`, as
        far as numbers of articles, p and single articles decide it: specifications are not asked.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> hand = an.read_codes("seeds/codes_2.csv", study.sentences)
    >>> table = corrected_contrasts(hand, study.codes, by="partner", reference="Israel").to_frame()
    >>> table[["topic", "target", "status"]].iloc[0].to_list()
    ['cybersecurity', 'France', 'not_distinguishable']
    """
    check_conf_level(conf_level)
    groups = columns_of(by)
    cells = cells_of(hand, codes, by, sample, cluster)
    apart = unequal_recall(error_rates(hand, codes, by=by, sample=sample, conf_level=conf_level))
    names = pd.DataFrame([group for group, _ in cells], columns=groups)
    labelled = dict(zip(cells, group_labels(names, groups), strict=True))
    pairs = pairs_of(sorted(set(labelled.values())), reference)
    rows = []
    for topic, of_topic in by_topic(cells).items():
        own = {labelled[key]: cell for key, cell in of_topic.items()}
        sides = dict(own)
        for name in own if reference == REST and len(own) > 1 else ():
            others = (cell for other, cell in own.items() if other != name)
            sides[f"{REST} {name}"] = reduce(add, others)
        keyed: dict[Key, Cell] = {((name,), topic): cell for name, cell in sides.items()}
        found = corrected_cells(keyed, None, conf_level, pool=list(own.values()))
        whole = float(np.average([found[(n,), topic].estimate for n in own],
                                 weights=[len(c.code) for c in own.values()]))  # fmt: skip
        for target, other in pairs:
            if target not in own or (other is not None and other not in own):
                continue
            second = f"{REST} {target}" if other is None else other
            both = [(sides[n], found[(n,), topic]) for n in (target, second)]
            row = {"topic": topic, "target": target, "reference": other or REST}
            unequal = {"unequal_recall": (topic, target, other or REST) in apart}
            rows.append(row | unequal | _difference(*both[0], *both[1], whole))
    table = pd.DataFrame(rows, columns=_COLUMNS)
    for _, part in table.groupby("topic"):
        fewest = part[["articles_target", "articles_reference"]].min(axis=1)
        tested = part["p_value"].where(fewest > 1)
        table.loc[part.index, "p_adjusted"] = holm(tested.to_numpy(float))
    table["status"] = _statuses(table, 1 - conf_level)
    provenance = {"function": "corrected_contrasts", "by": groups, "conf_level": conf_level}
    provenance |= {"reference": reference, "cluster": cluster}
    provenance["coders"] = list(hand["coder"].unique())
    return Result(table[_COLUMNS], ("topic", "target", "reference"), provenance)


_COLUMNS = [
    *("topic", "target", "reference", "articles_target", "articles_reference"),
    *("estimate", "conf_low", "conf_high", "uncorrected", "statistic", "df", "p_value"),
    *("p_adjusted", "sign_flips", "unequal_recall", "status"),
]


def _difference(
    one: Cell, first: Corrected, other: Cell, second: Corrected, whole: float
) -> dict[str, object]:
    """What a contrast says of two cells and their corrected shares; `whole` is that of all."""
    ends = [
        (np.asarray(c.estimate), np.asarray(c.low), np.asarray(c.high)) for c in (first, second)
    ]
    low, high = mover(*ends)
    sizes = [
        (np.asarray(c.estimate), np.asarray(c.n_eff), np.asarray(c.df)) for c in (first, second)
    ]
    test = logit_contrast(sizes[0], sizes[1], whole)
    turned = flips(first.estimate - second.estimate, _without_each(one, first, other, second))
    return {
        "articles_target": len(np.unique(one.article)),
        "articles_reference": len(np.unique(other.article)),
        "estimate": first.estimate - second.estimate,
        "conf_low": float(low),
        "conf_high": float(high),
        "uncorrected": float(one.code.mean() - other.code.mean()),
        "statistic": float(test.statistic),
        "df": float(test.df),
        "p_value": float(test.p_value),
        "sign_flips": int(turned.sum()),
    }


def _without_each(one: Cell, first: Corrected, other: Cell, second: Corrected) -> np.ndarray:
    """The difference without each single article of either side."""
    left = without_each(one, first.lam) - second.estimate
    return np.concatenate([left, first.estimate - without_each(other, second.lam)])


def _statuses(table: pd.DataFrame, alpha: float) -> pd.Series:
    fewest = table[["articles_target", "articles_reference"]].min(axis=1)
    apart = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    holds = (table["p_adjusted"].astype(float) <= alpha) & apart
    strong = holds & (fewest >= 5) & (table["sign_flips"] == 0)
    names = np.select([strong, holds & (fewest < 5)], ["supported", "suggestive"],
                      "not_distinguishable")  # fmt: skip
    return pd.Series(names, index=table.index, dtype=str)

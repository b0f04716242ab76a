"""Which groups are compared, whether they differ, and what may be said of it.

Everything is computed from a tally (see `analysis.estimates.tallies`), never from text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.corpus.groups import REST, Pair, group_labels, names_of
from analysis.errors import InputError, check_conf_level, listing
from analysis.estimates.by_article import SEED, by_article, labelled
from analysis.estimates.edge import difference
from analysis.estimates.effective import pooled, prior_of
from analysis.estimates.intervals import holm
from analysis.estimates.measures import MEASURES, TEXT_MEASURES
from analysis.estimates.planning import of_a_null
from analysis.estimates.prior import DEFAULT_PRIOR, Prior
from analysis.estimates.shares import moments_of, sums_of
from analysis.estimates.specifications import tally_specifications
from analysis.estimates.stability import ordering_shares
from analysis.estimates.status import least_within, left_open, statuses
from analysis.estimates.tallies import Tally, as_tally
from analysis.estimates.within import WITHIN, within_strata
from analysis.io.results import Result

MOST_CONTRASTS = 100_000  # of 315 groups on two topics, or 60 groups on 56


def pairs_of(names: Sequence[str], reference: str) -> list[Pair]:
    """Return the comparisons of groups that a `reference` asks for; see `contrasts`."""
    if reference == "pairs":
        return list(combinations(names, 2))
    if reference == REST and REST in names:
        raise InputError("a group is called 'rest'", do="rename it, or compare pairs")
    if reference == REST:
        return [(name, None) for name in names] if len(names) > 1 else []
    if reference not in names:
        raise InputError(
            f"reference={reference!r} is not a group",
            do=f"choose 'pairs', 'rest' or one of {listing(names, most=20)}",
        )
    return [(name, reference) for name in names if name != reference]


def contrasts(
    tally: Tally | pd.DataFrame,
    *,
    reference: str = "pairs",
    measure: str = "sentence_share",
    conf_level: float = 0.95,
    specifications: pd.DataFrame | None = None,
    within: str | Sequence[str] | None = None,
    prior: Prior = DEFAULT_PRIOR,
) -> Result:
    """Return the difference between groups on every topic, and what may be said of it.

    Parameters
    ----------
    tally : Tally
        From `tally`; or a table of one's own with the columns of one.
    reference : str
        ``"pairs"``: every pair of groups; ``"rest"``: each group against all others together; or
        the name of one group, which all others are compared with; of several columns, their
        values as ``"Israel, VNA"``.
    measure : str
        One of `MEASURES`.
    conf_level : float
        Level of the limits.
    specifications : pandas.DataFrame, optional
        From `specifications`: those in which an ordering has to hold. By default the few that
        the tally itself offers: three measures, articles pooled or their mean.
    within : str or list of str, optional
        Confounders, of those that the tally was made with or that are columns of it: a difference
        is supported only where it is found within each of them too, outlet by outlet, say. By
        default all that the tally was made with.
    prior : Prior
        As for `emphasis`.

    Returns
    -------
    Result
        Keys ``topic``, ``target``, ``reference``. ``estimate`` is target minus reference with
        MOVER limits; ``statistic``, ``df``, ``p_value`` the logit test on effective sample
        sizes, guarded where a group hardly mentions the topic; ``p_adjusted`` is
        adjusted (Holm) over what the design leaves open on the topic: not the pairs with one
        article in a group, a full confound or no hit in either; ``p_strict`` over that of all
        topics; both are missing elsewhere. ``prob_higher`` is the probability that the target is
        higher; ``ratio``, target by reference, with its MOVER limits, missing where the reference
        has none. ``at_most_apart``: further articles differ by at most this, the larger end of
        the limits at the level 2 conf_level - 1; ``could_have_shown``: the smallest difference
        that such articles show four times in five. ``permutation_p`` and the smallest it could be,
        ``permutation_p_min``; ``p_max_t``, the permutation p adjusted over all rows (`max_t`), and
        ``p_max_t_min``, the smallest it could be. Where there are too many permutations, 9,999
        are drawn, always the same. ``ordering_share``: the share of the specifications in which
        the ordering holds (a tie does not; those without a hit in either group are left out).
        ``sign_flips``: how many single articles change the sign, or leave no difference, when left
        out (`leave_one_out` names them). ``within`` names the confounder within which least is left
        of the difference, ``within_estimate`` what is left (Mantel-Haenszel weights), with limits
        and ``within_p``, the p of the logit contrast within its values; missing where no
        confounder is looked into, or the groups have no value of one in common. ``status``:

        - ``not_estimable``: a group has no text;
        - ``absent_in_both``: no hit in either;
        - ``not_distinguishable``: one article in a group, no value of a confounder in
          common, or the conditions below fail;
        - ``suggestive``: p_adjusted <= 1 - conf_level, the limits exclude 0 and the ordering holds
          in .9 of the specifications;
        - ``supported``: the same with 5 articles in each, no single article flips the sign, and
          within every confounder the difference has the same sign and p <= 1 - conf_level.

        ``warnings`` are names, space-separated: ``one_article``; for each confounder
        ``confounded_with_outlet`` (no value in common), ``outlet_unknown`` (known of no article
        of a group) or ``not_within_outlet`` (found in all articles, not within outlets);
        ``confounding_not_checked``: suggestive or supported without a confounder;
        ``test_and_interval_disagree``: one of them finds a difference, the other does not.

    Raises
    ------
    InputError
        If an argument is not one of its choices.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Red"], "measure": ["sentence_share"] * 2,
    ...     "topic": ["wind"] * 2, "hits": [7, 2], "size": [23, 15], "articles": [1, 1]})
    >>> contrasts(table).to_frame()[["target", "reference", "permutation_p_min", "status"]]
      target reference  permutation_p_min               status
    0  Green       Red                1.0  not_distinguishable
    """
    tally, confounders = _confounders(as_tally(tally), within)
    rows, prior = labelled(tally, measure), prior_of(tally, measure, prior)
    check_conf_level(conf_level)
    if specifications is None:
        # A tally of one's own may have no measure of the text.
        of_text = [name for name in TEXT_MEASURES if (tally.table["measure"] == name).any()]
        specifications = tally_specifications(tally, of_text or [measure])
    ways = specifications.assign(group=group_labels(specifications, tally.by))
    pairs = pairs_of(sorted(rows["group"].unique()), reference)
    _check_number(rows, pairs)
    sums = dict(list(sums_of(rows, ["group"]).groupby("topic")))
    counted = dict(list(ways.groupby("topic")))
    topics = [
        _topic_contrasts(
            part,
            sums[topic],
            pairs,
            counted.get(topic, ways[:0]),
            conf_level=conf_level,
            prior=prior,
        )
        for topic, part in rows.groupby("topic")
        if pairs
    ]
    topics = topics or [pd.DataFrame(columns=_CONTRAST_COLUMNS)]
    table = pd.concat(topics, ignore_index=True)[_CONTRAST_COLUMNS]
    found = by_article(rows, pairs)
    found.index = table.index[table["p_value"].notna()]
    table[found.columns] = found.reindex(table.index)
    numbers = table.columns.difference([*_WORDS])
    table[numbers] = table[numbers].apply(pd.to_numeric)  # also when there is nothing to compare
    inside = {
        name: _inside(labelled(own, measure, name), pairs, table, prior, conf_level)
        for name, own in confounders.items()
    }
    table[["within", *WITHIN]] = least_within(table, inside)
    table[_IN_UNITS] *= MEASURES[measure].scale
    p = table["p_value"].where(left_open(table, inside))
    table["p_strict"] = holm(p.to_numpy(float))
    for _, own in p.groupby(table["topic"]):
        table.loc[own.index, "p_adjusted"] = holm(own.to_numpy(float))
    status, warnings = statuses(table, 1 - conf_level, inside)
    table["status"] = pd.Series(status, dtype=str)
    table["warnings"] = pd.Series(warnings, dtype=str)
    table["measure"] = measure
    provenance = tally.provenance(
        "contrasts",
        **{"reference": reference, "measure": measure, "conf_level": conf_level, "seed": SEED},
        prior=asdict(prior),
        within=[*confounders],
    )
    return Result(table, ("topic", "target", "reference"), provenance)


def _check_number(rows: pd.DataFrame, pairs: Sequence[Pair]) -> None:
    """Raise if there are more comparisons than anybody can read, or wait for."""
    groups = rows["group"].nunique()
    if (number := len(pairs) * rows["topic"].nunique()) > MOST_CONTRASTS:
        raise InputError(
            f"{groups} groups make {number:,} comparisons of two groups on all topics, and "
            f"{MOST_CONTRASTS:,} are the most",
            do="join groups, in a column of their own or by leaving some out, or choose topics",
        )


def _confounders(
    tally: Tally, within: str | Sequence[str] | None
) -> tuple[Tally, Mapping[str, Tally]]:
    """The tally by groups alone, and by each confounder as well."""
    if within is None:
        return tally, tally.within
    names = names_of(within)
    known = [*tally.within, *tally.by]
    if unknown := [name for name in names if name not in known]:
        raise InputError(
            f"the tally was not made with the confounder {unknown[0]!r}",
            do=f"make it with tally(codes, by, within={unknown[0]!r})",
        )
    columns = [name for name in names if name in tally.by]
    if not columns:
        return tally, {name: tally.within[name] for name in names}
    by = tuple(name for name in tally.by if name not in columns)
    if not by:
        raise InputError("no column is left that forms groups", do="name fewer in within")
    apart = {name: replace(tally, by=(*by, name), within={}) for name in columns}
    own = replace(tally, by=by, within={})
    return own, {name: apart.get(name) or tally.within[name] for name in names}


def _inside(
    rows: pd.DataFrame,
    pairs: Sequence[Pair],
    table: pd.DataFrame,
    prior: Prior,
    conf_level: float,
) -> pd.DataFrame:
    """The contrasts within one confounder, a row for each of the table."""
    found = within_strata(rows, pairs, prior=prior, conf_level=conf_level)
    keys = pd.MultiIndex.from_frame(table[[*found.index.names]])
    found = found.reindex(keys).reset_index(drop=True)
    return found.assign(overlap=found["overlap"].fillna("unknown"))


_IN_UNITS = [
    *("estimate", "conf_low", "conf_high", "at_most_apart", "could_have_shown"),
    *WITHIN[:3],
]
_WORDS = ("topic", "target", "reference", "within", "status", "warnings")
_CONTRAST_COLUMNS = [
    *("topic", "target", "reference", "hits_target", "size_target", "articles_target"),
    *("hits_reference", "size_reference", "articles_reference"),
    *("estimate", "conf_low", "conf_high", "statistic", "df", "p_value", "p_adjusted", "p_strict"),
    *("prob_higher", "ratio", "ratio_low", "ratio_high", "at_most_apart", "could_have_shown"),
    *("permutation_p", "permutation_p_min", "p_max_t", "p_max_t_min"),
    *("ordering_share", "sign_flips", "within", *WITHIN, "status", "warnings"),
]


def _topic_contrasts(
    rows: pd.DataFrame,
    sums: pd.DataFrame,
    pairs: Sequence[Pair],
    ways: pd.DataFrame,
    *,
    conf_level: float,
    prior: Prior,
) -> pd.DataFrame:
    """The contrasts of one topic, but for what permutations and the other topics decide."""
    targets, references = map(list, zip(*pairs, strict=True))
    if None in references:
        # Under the name of each target, the articles of all other groups.
        others = [rows[rows["group"] != name].assign(group=name) for name in targets]
        against, named = sums_of(pd.concat(others), ["group"]), targets
    else:
        against, named = sums, references
    sides = [
        part.set_index("group").loc[names].reset_index(drop=True)
        for part, names in ((sums, targets), (against, named))
    ]
    names = {"target": targets, "reference": [name or REST for name in references]}
    table = pd.DataFrame({"topic": rows["topic"].iloc[0], **names}, columns=_CONTRAST_COLUMNS)
    for side, part in zip(names, sides, strict=True):
        for name, column in {"hits": "sx", "size": "sm", "articles": "n"}.items():
            table[f"{name}_{side}"] = part[column].astype("int64")
    known = (table["size_target"] > 0) & (table["size_reference"] > 0)
    first, second = (moments_of(part[known]) for part in sides)
    off = [part.loc[known, "n_off"].to_numpy(float) for part in sides]
    everyone, belief = pooled(moments_of(sums)), (prior.rho, prior.df)
    found = difference(
        *(first, second),
        everyone=everyone,
        total=(sums["sx"].to_numpy().sum(), sums["sm"].to_numpy().sum()),
        prior=belief,
        conf_level=conf_level,
        off=(off[0], off[1]),
    )
    numbers = {name: getattr(found, name) for name in ("statistic", "df", "p_value", "prob_higher")}
    numbers |= {"estimate": first.p - second.p, "conf_low": found.low, "conf_high": found.high}
    ratio = np.divide(first.p, second.p, out=np.full_like(first.p, np.nan), where=second.p > 0)
    numbers |= {"ratio": ratio, "ratio_low": found.ratio_low, "ratio_high": found.ratio_high}
    numbers |= of_a_null(first, second, found, everyone, prior=belief, alpha=1 - conf_level)
    table.loc[known, [*numbers]] = np.stack([*numbers.values()], axis=1)
    table["ordering_share"] = ordering_shares(ways, pairs, table["estimate"].to_list())
    return table

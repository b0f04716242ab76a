"""Which groups are compared, whether they differ, and what may be said of it.

Everything is computed from a tally (see `analysis.estimates.tallies`), never from text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, check_conf_level, listing
from analysis.estimates.edge import difference
from analysis.estimates.effective import pooled, prior_of
from analysis.estimates.intervals import DEFAULT_PRIOR, Prior, holm
from analysis.estimates.measures import MEASURES
from analysis.estimates.permutation import Test, Topic, max_t, permutation_tests
from analysis.estimates.planning import of_a_null
from analysis.estimates.resampling import Side, flips, without_each
from analysis.estimates.shares import moments_of, sums_of
from analysis.estimates.specifications import tally_specifications
from analysis.estimates.stability import ordering_shares
from analysis.estimates.status import left_open, overlaps_of, statuses
from analysis.estimates.tallies import Tally, as_tally
from analysis.io.results import Result

REST = "rest"
Pair = tuple[str, str | None]  # target and reference, None for all the others together
SEED = 0  # of the permutation tests, where there are too many splits to enumerate


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
    confounds: pd.DataFrame | None = None,
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
    confounds : pandas.DataFrame, optional
        From `confounds`, with the same `reference`: where two groups have no outlet, say, in
        common, no statement is made about them.
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
        higher. ``at_most_apart``: further articles differ by at most this, the larger end of
        the limits at the level 2 conf_level - 1; ``could_have_shown``: the smallest difference
        that such articles show four times in five. ``permutation_p`` and the smallest it could be,
        ``permutation_p_min``; ``p_max_t``, the permutation p adjusted over all rows (`max_t`), and
        ``p_max_t_min``, the smallest it could be. Where there are too many permutations, 9,999
        are drawn, always the same. ``ordering_share``: the share of the specifications in which
        the ordering holds (a tie does not; those without a hit in either group are left out).
        ``sign_flips``: how many single articles change the sign, or leave no difference, when left
        out (`leave_one_out` names them). ``status``:

        - ``not_estimable``: a group has no text;
        - ``absent_in_both``: no hit in either;
        - ``not_distinguishable``: one article in a group, a full confound (`confounds`), or the
          conditions below fail;
        - ``suggestive``: 2 to 4 articles in the smaller group, p_adjusted <= 1 - conf_level,
          the limits exclude 0 and the ordering holds in .9 of the specifications;
        - ``supported``: the same with 5 articles in each, and no single article flips the sign.

        ``warnings`` are names, space-separated: ``one_article``; for each variable of `confounds`
        ``confounded_with_outlet`` (no value in common) or ``outlet_unknown`` (known of no article
        of a group); ``confounding_not_checked``: suggestive or supported without `confounds`;
        ``test_and_interval_disagree``: one of them finds a difference, the other does not.

    Raises
    ------
    InputError
        If an argument is not one of its choices, or `confounds` has other pairs.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Red"], "measure": ["sentence_share"] * 2,
    ...     "topic": ["wind"] * 2, "hits": [7, 2], "size": [23, 15], "articles": [1, 1]})
    >>> contrasts(table).to_frame()[["target", "reference", "permutation_p_min", "status"]]
      target reference  permutation_p_min               status
    0  Green       Red                1.0  not_distinguishable
    """
    tally = as_tally(tally)
    rows, prior = _labelled(tally, measure), prior_of(tally, measure, prior)
    check_conf_level(conf_level)
    ways = tally_specifications(tally) if specifications is None else specifications
    ways = ways.assign(group=group_labels(ways, tally.by))
    pairs = pairs_of(sorted(rows["group"].unique()), reference)
    topics = [
        _topic_contrasts(part, pairs, conf_level, ways[ways["topic"] == topic], prior)
        for topic, part in rows.groupby("topic")
        if pairs
    ]
    topics = topics or [pd.DataFrame(columns=_CONTRAST_COLUMNS)]
    table = pd.concat(topics, ignore_index=True)[_CONTRAST_COLUMNS]
    found = _by_article(rows, pairs)
    found.index = table.index[table["p_value"].notna()]
    table[found.columns] = found.reindex(table.index)
    numbers = table.columns.difference(["topic", "target", "reference", "status", "warnings"])
    table[numbers] = table[numbers].apply(pd.to_numeric)  # also when there is nothing to compare
    table[_IN_UNITS] *= MEASURES[measure].scale
    overlaps = overlaps_of(confounds, table)
    p = table["p_value"].where(left_open(table, overlaps))
    table["p_strict"] = holm(p.to_numpy(float))
    for _, own in p.groupby(table["topic"]):
        table.loc[own.index, "p_adjusted"] = holm(own.to_numpy(float))
    status, warnings = statuses(table, 1 - conf_level, overlaps)
    table["status"] = pd.Series(status, dtype=str)
    table["warnings"] = pd.Series(warnings, dtype=str)
    table["measure"] = measure
    provenance = tally.provenance(
        "contrasts",
        **{"reference": reference, "measure": measure, "conf_level": conf_level, "seed": SEED},
        prior=asdict(prior),
        confounders=None if overlaps is None else list(overlaps.columns),
    )
    return Result(table, ("topic", "target", "reference"), provenance)


def _labelled(tally: Tally, measure: str) -> pd.DataFrame:
    """The rows of a measure, with what the group of each is called in the place of its columns."""
    rows = tally.of(measure)
    return rows.assign(group=group_labels(rows, tally.by)).drop(columns=[*tally.by])


_IN_UNITS = ["estimate", "conf_low", "conf_high", "at_most_apart", "could_have_shown"]
_CONTRAST_COLUMNS = [
    *("topic", "target", "reference", "hits_target", "size_target", "articles_target"),
    *("hits_reference", "size_reference", "articles_reference"),
    *("estimate", "conf_low", "conf_high", "statistic", "df", "p_value", "p_adjusted", "p_strict"),
    *("prob_higher", "at_most_apart", "could_have_shown"),
    *("permutation_p", "permutation_p_min", "p_max_t", "p_max_t_min"),
    *("ordering_share", "sign_flips", "status", "warnings"),
]


def _topic_contrasts(
    rows: pd.DataFrame, pairs: Sequence[Pair], conf_level: float, ways: pd.DataFrame, prior: Prior
) -> pd.DataFrame:
    """The contrasts of one topic, but for what permutations and the other topics decide."""
    sums = sums_of(rows, ["group"])
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
    numbers |= of_a_null(first, second, found, everyone, belief, 1 - conf_level)
    table.loc[known, [*numbers]] = np.stack([*numbers.values()], axis=1)
    table["ordering_share"] = ordering_shares(ways, pairs, table["estimate"].to_list())
    return table


def _by_article(rows: pd.DataFrame, pairs: Sequence[Pair]) -> pd.DataFrame:
    """What single articles decide of the contrasts that can be estimated, topic by topic."""
    topics: list[Topic] = []
    sides: list[tuple[Side, Side]] = []
    for _, part in rows[rows["articles"] * rows["size"] > 0].groupby("topic"):
        units = {str(name): _expand(own) for name, own in part.groupby("group")}
        places = {name: place for place, name in enumerate(units)}
        tested = [
            (target, other)
            for target, other in pairs
            if target in units and (len(units) > 1 if other is None else other in units)
        ]
        for target, other in tested:
            rest = _expand(part[part["group"] != target]) if other is None else units[other]
            sides.append((units[target], rest))
        if tested:
            hits, sizes = zip(*units.values(), strict=True)
            numbers = [(places[one], None if two is None else places[two]) for one, two in tested]
            topics.append((hits, sizes, numbers))
    tests = [([first[0], second[0]], [first[1], second[1]]) for first, second in sides]
    permuted, adjusted = permutation_tests(tests, SEED), max_t(topics, SEED)
    table = pd.DataFrame(permuted, columns=["permutation_p", "permutation_p_min"])
    table["p_max_t"] = [p for own, _ in adjusted for p in own]
    table["p_max_t_min"] = [smallest for _, own in adjusted for smallest in own]
    return table.assign(sign_flips=[int(flips(*without_each(*both)).sum()) for both in sides])


def _expand(rows: pd.DataFrame) -> Side:
    """Hits and sizes article by article, of the articles with text."""
    rows = rows[rows["size"] > 0]
    hits, size = rows[["hits", "size"]].to_numpy(float).T
    return np.repeat(hits, rows["articles"]), np.repeat(size, rows["articles"])


def omnibus(
    tally: Tally | pd.DataFrame, *, measure: str = "sentence_share", seed: int = SEED
) -> Result:
    """Return one test a topic of whether any group differs from the others.

    Parameters
    ----------
    tally : Tally
        As for `contrasts`.
    measure : str
        One of `MEASURES`.
    seed : int
        For the permutation test, when there are too many permutations to enumerate.

    Returns
    -------
    Result
        Key ``topic``; ``groups`` (with text), ``articles``, ``permutation_p`` and the smallest it
        could be, ``permutation_p_min``. NaN with fewer than two groups.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Green", "Red"], "measure": "sentence_share",
    ...     "topic": "wind", "hits": [7, 6, 0], "size": [20, 20, 20], "articles": 1})
    >>> row = omnibus(table).to_frame().iloc[0]
    >>> [round(float(row[column]), 2) for column in ("permutation_p", "permutation_p_min")]
    [0.33, 0.33]
    """
    tally = as_tally(tally)
    rows = _labelled(tally, measure)
    tests: dict[str, Test] = {}
    for topic, part in rows[rows["size"] > 0].groupby("topic"):
        hits, sizes = zip(*(_expand(own) for _, own in part.groupby("group")), strict=True)
        tests[str(topic)] = hits, sizes
    found = permutation_tests(list(tests.values()), seed)
    table = [
        (topic, len(hits), sum(map(len, hits)), *p)
        for (topic, (hits, _)), p in zip(tests.items(), found, strict=True)
    ]
    columns = ["topic", "groups", "articles", "permutation_p", "permutation_p_min"]
    provenance = tally.provenance("omnibus", measure=measure, seed=seed)
    return Result(pd.DataFrame(table, columns=columns), ("topic",), provenance)

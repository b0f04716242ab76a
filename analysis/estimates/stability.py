"""How far the order of two groups rests on the specification.

The order of two groups is that of the default specification: body sentences, the core tier, all
spellings, articles pooled. The distance of two shares is their ``relative`` difference,
(target - reference) / (target + reference): from -1 to 1 whatever the unit; 0 where they are
equal, 1/3 where the target has twice as much, 1 where it has all. It is missing where neither has
any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, check_choice, check_columns
from analysis.estimates.intervals import Array
from analysis.estimates.specifications import FORKS, group_columns
from analysis.io.results import Result

# What may be said of an order that holds in at least this share of the specifications; of one
# that holds in less than half of them, nothing.
AGREEMENT = {"nearly_all": 0.95, "most": 0.8, "depends": 0.5}
# The tops and the bottoms of each group, one element a specification.
Sums = tuple[Mapping[str, Array], Mapping[str, Array]]


def specification_curve(
    specifications: pd.DataFrame,
    topic: str,
    *,
    target: str,
    reference: str,
    measure: str = "sentence_share",
) -> Result:
    """Return the difference between two groups in every specification, the smallest first.

    Parameters
    ----------
    specifications : pandas.DataFrame
        From `specifications`.
    topic : str
        The topic.
    target, reference : str
        The groups, as they are called in prose: of several columns, ``"Israel, VNA"``.
    measure : str
        The measure of the default specification.

    Returns
    -------
    Result
        Keys: the forks. ``estimate_target``, ``estimate_reference``; ``relative``, see the
        module's description; ``outcome``: whether the order ``holds``, ``flips`` or is a ``tie``;
        ``absent_in_both``; ``not_estimable``, where a group has no text; ``no_order``, where the
        two are equal by default; ``default``, whether it is the default specification. The
        provenance has ``ways``: how many differ, of those in which either group has a hit.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences, specifications
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind. Coal.\\nCoal.", "Wind power and wind mills pay.\\nNo."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind",)),))
    >>> ways = specifications(sentences(texts), energy, by="party")
    >>> curve = specification_curve(ways, "wind", target="Red", reference="Green").to_frame()
    >>> curve.groupby(["measure", "unit"])["outcome"].first().head(4).to_list()
    ['flips', 'flips', 'tie', 'holds']
    """
    tables = dict(_estimates(specifications))
    check_choice(topic, tables, "topic", "topic of the specifications")
    estimates = tables[topic]
    for argument, name in (("target", target), ("reference", reference)):
        check_choice(name, estimates.columns, argument, "group")
    curve = estimates.index.to_frame(index=False).astype(str)
    default = _is_default(curve, measure)
    higher, lower = (estimates[name].to_numpy(float) for name in (target, reference))
    relative = _relative(higher, lower)
    order = np.nan_to_num(np.sign(relative[default]).item())
    curve["estimate_target"], curve["estimate_reference"] = higher, lower
    curve["relative"] = relative
    curve["outcome"] = np.select(
        [np.isnan(higher + lower), np.isnan(relative), order == 0, relative == 0],
        ["not_estimable", "absent_in_both", "no_order", "tie"],
        default=np.where(np.sign(relative) == order, "holds", "flips"),
    )
    curve["default"] = default
    made = {"function": "specification_curve", "topic": topic, "target": target}
    made |= {"reference": reference, "measure": measure}
    both = estimates[[target, reference]].to_numpy(float)
    ways = len(_distinct(both[~np.isnan(relative)]))
    table = curve.sort_values("relative", kind="stable", ignore_index=True)
    return Result(table, tuple(FORKS), {**made, "ways": ways})


def ordering_stability(
    specifications: pd.DataFrame, *, measure: str = "sentence_share"
) -> pd.DataFrame:
    """Return, for every pair of groups and topic, in how many specifications their order holds.

    Parameters
    ----------
    specifications : pandas.DataFrame
        From `specifications`.
    measure : str
        The measure of the default specification.

    Returns
    -------
    pandas.DataFrame
        ``topic``, ``target`` (the group that leads by default), ``reference``; ``ways``, the
        specifications in which either has a hit, those with the same two estimates counted
        once, and of these ``holds``, ``ties``, ``flips``;
        ``ordering_share`` = holds / ways: a tie does not hold. Where the two are equal by default
        there is no order: the three counts are 0, and the share is missing. ``relative_low`` and
        ``relative_high``, the ends of the curve.
        ``fork``, the one that moves the order most: ``fork_effect`` is the difference between
        the lowest and the highest mean of ``relative`` over its branches, ``lowest_branch`` and
        ``highest_branch``; blank where nothing moves it.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences, specifications
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind. Coal.\\nCoal.", "Wind power and wind mills pay.\\nNo."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind",)),))
    >>> stability = ordering_stability(specifications(sentences(texts), energy, by="party"))
    >>> stability[["target", "reference", "ways", "holds", "ties", "flips", "fork"]]
      target reference  ways  holds  ties  flips     fork
    0    Red     Green     3      1     1      1  measure
    """
    parts = [
        _pairs(estimates, measure).assign(topic=topic)
        for topic, estimates in _estimates(specifications)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["topic", *table.columns.drop("topic")]]


def _pairs(estimates: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the stability of every pair of groups on one topic."""
    curve = estimates.index.to_frame(index=False).astype(str)
    shares = estimates.to_numpy(float)
    lead = shares[_is_default(curve, measure)][0]
    first, second = np.triu_indices(len(lead), 1)
    turned = lead[first] < lead[second]
    target, reference = np.where(turned, second, first), np.where(turned, first, second)
    relative = _relative(shares[:, target], shares[:, reference])
    names = estimates.columns.to_numpy()
    table = pd.DataFrame({"target": names[target], "reference": names[reference]})
    ordered = _relative(lead[target], lead[reference]) > 0
    counts = []
    for place, pair in enumerate(zip(target, reference, strict=True)):
        ways = _relative(*_distinct(shares[:, pair][~np.isnan(relative[:, place])]).T)
        outcomes = ((ways > 0).sum(), (ways == 0).sum(), (ways < 0).sum())
        counts.append((len(ways), *(count * ordered[place] for count in outcomes)))
    columns = ["ways", "holds", "ties", "flips"]
    table[columns] = np.array(counts, dtype=np.int64).reshape(-1, 4)
    table["ordering_share"] = table["holds"] / table["ways"].where(ordered)
    curves = pd.DataFrame(relative)
    table["relative_low"], table["relative_high"] = curves.min(), curves.max()
    return table.join(_fork_effects(curves, curve))


def _fork_effects(relative: pd.DataFrame, curve: pd.DataFrame) -> pd.DataFrame:
    """Return the fork that moves each pair most, a pair a row; the first of two that do equally."""
    effects, lowest, highest = [], [], []
    for fork in FORKS:
        means = relative.groupby(curve[fork].to_numpy(), sort=False).mean().round(12)
        branches = means.index.to_numpy()
        effects.append((means.max() - means.min()).fillna(0).to_numpy())
        lowest.append(branches[means.fillna(np.inf).to_numpy().argmin(axis=0)])
        highest.append(branches[means.fillna(-np.inf).to_numpy().argmax(axis=0)])
    most, pair = np.argmax(effects, axis=0), np.arange(relative.shape[1])
    effect = np.array(effects)[most, pair]
    names = {"fork": np.array(list(FORKS))[most]}
    names |= {"lowest_branch": np.array(lowest)[most, pair]}
    names |= {"highest_branch": np.array(highest)[most, pair]}
    named = {name: np.where(effect > 0, values, "") for name, values in names.items()}
    return pd.DataFrame({"fork_effect": effect, **named})


def _estimates(specifications: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield, for each topic, the estimates: a specification a row, a group a column."""
    check_columns(specifications, [*FORKS, "topic", "estimate"], "specifications")
    ways = specifications.assign(
        group=group_labels(specifications, group_columns(specifications)),
        # Branches in the order of the table, not of their names.
        **{fork: pd.Categorical(specifications[fork], specifications[fork].unique())
           for fork in FORKS},
    )  # fmt: skip
    for topic, rows in ways.groupby("topic", sort=True):
        yield str(topic), rows.pivot(index=list(FORKS), columns="group", values="estimate")


def _is_default(curve: pd.DataFrame, measure: str) -> np.ndarray:
    wanted = FORKS | {"measure": measure}
    default = np.logical_and.reduce([curve[fork] == branch for fork, branch in wanted.items()])
    if default.sum() != 1:
        raise InputError(
            f"the default specification ({', '.join(wanted.values())}) is not among these",
            do="pass all rows of `specifications`, and one of their measures",
        )
    return np.asarray(default)


def _relative(higher: np.ndarray, lower: np.ndarray) -> np.ndarray:
    both = higher + lower
    # Rounded, so that shares that are equal on paper are equal here.
    return np.asarray(np.round((higher - lower) / np.where(both > 0, both, np.nan), 12))


def sums_by_group(specifications: pd.DataFrame) -> Sums:
    """Return the `Sums` of the specifications of one topic, which have a column ``group``."""
    keys = [fork for fork in FORKS if fork in specifications.columns]
    wide = specifications.pivot(index=keys, columns="group", values=["top", "bottom"]).fillna(0)
    tops, bottoms = (
        {str(name): sums.to_numpy(float) for name, sums in wide[part].items()}
        for part in ("top", "bottom")
    )
    return tops, bottoms


def ordering(sums: Sums, target: str, reference: str | None, difference: float) -> tuple[int, int]:
    """Return in how many ways of counting an ordering holds, and of how many.

    The ordering is the sign of `difference` (target minus reference, or minus all other groups
    together where it is None); a tie does not hold it. Specifications in which neither group has
    a hit say nothing and are left out; those that give both the same shares are one way: where an
    article is the only one of its group, say, pooling makes no difference.
    """
    tops, bottoms = sums
    others = [name for name in tops if (name != target if reference is None else name == reference)]
    top, bottom = (np.sum([side[name] for name in others], axis=0) for side in (tops, bottoms))
    use = tops[target] + top > 0
    sides = [(tops[target], bottoms[target]), (top, bottom)]
    ways = _distinct(np.stack([_share(*side) for side in sides], axis=1)[use])
    holds = (ways[:, 0] - ways[:, 1]) * np.sign(difference) > 1e-12
    return int(holds.sum()), len(ways)


def _distinct(ways: np.ndarray) -> np.ndarray:
    """The rows that differ, a missing share (no text) being like another."""
    rows: np.ndarray = np.unique(np.nan_to_num(ways, nan=-1.0).round(12), axis=0)
    return np.where(rows == -1.0, np.nan, rows)


def ordering_shares(
    specifications: pd.DataFrame,
    pairs: Sequence[tuple[str, str | None]],
    differences: Sequence[float],
) -> list[float]:
    """Return the share of the specifications in which each ordering holds; see `ordering`.

    NaN where there is no difference to hold.
    """
    sums = sums_by_group(specifications)
    shares = []
    for pair, difference in zip(pairs, differences, strict=True):
        holds, ways = ordering(sums, *pair, difference)
        known = difference != 0 and not np.isnan(difference) and ways
        shares.append(holds / ways if known else float("nan"))
    return shares


def _share(top: Array, bottom: Array) -> Array:
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def agreement(holds: int, ways: int) -> str:
    """Return the name in `AGREEMENT` of how far specifications agree on an order, or nothing."""
    return next((name for name, least in AGREEMENT.items() if ways and holds / ways >= least), "")

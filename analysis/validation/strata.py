"""What a sample of coded sentences says of all of them: strata, weights, and whose answers.

A *cell* is a group and a topic. In each of its strata so many of so many sentences were answered;
an answered sentence stands for size / answered sentences. `unsure` and sentences on which coders
are divided count as not answered. Without a sample, every sentence has to be coded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import InputError, check_columns, listing
from analysis.estimates.grouping import check_filled, check_groups, check_names
from analysis.estimates.intervals import Array
from analysis.validation.codes import answers_of
from analysis.validation.sample import KEYS, OWN, STRATA, checked_sample
from analysis.validation.sampling import strata


@dataclass(frozen=True)
class Strata:
    """The strata of a cell: their sentences, those answered, and those answered yes."""

    names: tuple[str, ...]
    hit: Array  # 1 where the dictionary codes the sentences of the stratum, else 0
    size: Array  # N_h
    answered: Array  # n_h
    yes: Array  # k_h

    def __add__(self, other: Strata) -> Strata:
        return Strata(self.names + other.names, *_joined(self, other, "hit size answered yes"))

    @property
    def share(self) -> Array:
        """W_h: what part of all sentences each stratum is."""
        return np.asarray(self.size / self.size.sum())


@dataclass(frozen=True)
class Cell:
    """The body sentences of a group on a topic, and their strata.

    Of each sentence: its article (or what chance works on), the stratum it was drawn from (blank
    if it was not), whether the dictionary codes it, what the coders say (NaN where nothing), and
    how many sentences an answered one stands for (0 where it is not answered).
    """

    article: np.ndarray
    drawn: np.ndarray
    code: Array
    answer: Array
    weight: Array
    strata: Strata

    def __add__(self, other: Cell) -> Cell:
        article, drawn, *numbers = _joined(self, other, "article drawn code answer weight")
        code, answer, weight = numbers
        return Cell(article, drawn, code, answer, weight, self.strata + other.strata)

    @property
    def answered(self) -> np.ndarray:
        return ~np.isnan(self.answer)

    @property
    def census(self) -> bool:
        """Whether every sentence was answered."""
        return bool((self.strata.answered == self.strata.size).all())

    @property
    def errors(self) -> int:
        """How many answered sentences the dictionary coded otherwise."""
        return int((self.code != self.answer)[self.answered].sum())


def _joined(one: object, other: object, names: str) -> list[np.ndarray]:
    return [np.concatenate([getattr(one, n), getattr(other, n)]) for n in names.split()]


Key = tuple[tuple[object, ...], str]  # the values of the group columns, and the topic


def by_topic(cells: Mapping[Key, Cell]) -> dict[str, dict[Key, Cell]]:
    """Return the cells of each topic."""
    topics: dict[str, dict[Key, Cell]] = {}
    for key, cell in cells.items():
        topics.setdefault(key[1], {})[key] = cell
    return topics


def cells_of(
    hand: pd.DataFrame,
    codes: pd.DataFrame,
    by: str | Sequence[str],
    sample: pd.DataFrame | None = None,
    cluster: str = "doc_id",
) -> dict[Key, Cell]:
    """Return the cell of each group and topic that was coded by hand, in order of both.

    Chance works on each `cluster`; one that has articles in several groups counts in each anew.
    """
    groups = columns_of(by)
    check_columns(codes, [*KEYS, "section", "coded", cluster, *groups], "codes")
    check_groups(codes, groups)
    check_names(groups, OWN)
    check_filled(codes, cluster)
    answers = answers_of(hand)
    if answers.empty:
        raise InputError("there is no code by hand", do="read the sheets with read_codes")
    topics = list(dict.fromkeys(answers["topic"]))
    if unknown := [topic for topic in topics if topic not in set(codes["topic"])]:
        do = f"the topics of the codes are {listing(codes['topic'].unique(), most=20)}"
        raise InputError(f"{listing(map(repr, unknown))} was coded by hand and is no topic", do=do)
    body = codes.loc[(codes["section"] == "body") & codes["topic"].isin(topics)]
    body["cluster"] = body[cluster].astype(str).str.cat(group_labels(body, groups), "\n")
    body = body[[*KEYS, *groups, "cluster", "coded"]].merge(answers, on=KEYS, how="left")
    sample = None if sample is None else checked_sample(sample, groups)
    body["drawn"] = _strata(body, sample)
    keys = [*groups, "topic"]
    sizes = None
    if sample is not None:
        sizes = sample.groupby([*keys, "stratum"], observed=True)["stratum_size"].first()
    found: dict[Key, Cell] = {}
    for names, own in body.groupby(keys, sort=True, observed=True):
        *group, topic = names
        drawn_as = tuple(map(str, names))
        known = None if sizes is None else {s: int(sizes.get((*drawn_as, s), 0)) for s in STRATA}
        with _named(names):
            if known and not any(known.values()):
                do = "if the groups have changed, form them as then, or draw a new sample"
                raise InputError("the sample has no sentence of it", do=do)
            found[tuple(group), str(topic)] = _cell(own, known)
    return found


def _strata(body: pd.DataFrame, sample: pd.DataFrame | None) -> pd.Series:
    """The stratum that each sentence was drawn from; missing where it was not drawn."""
    if sample is None:
        if (missing := body["answer"].isna()).any():
            some = listing(f"{a} {b}" for a, b in body.loc[missing, KEYS[:2]].to_numpy()[:3])
            problem = (
                f"{int(missing.sum())} of {len(body)} sentences and topics have no code by hand"
            )
            do = "code them, or pass the sample= that `coding_sample` drew"
            raise InputError(f"{problem} ({some}, ...)", do=do)
        return strata(body, None)
    drawn = sample[sample["topic"].isin(body["topic"].unique())].set_index(KEYS)["stratum"]
    here = pd.MultiIndex.from_frame(body[KEYS])
    if gone := int((~drawn.index.isin(here)).sum()):
        problem = f"{gone} of {len(drawn)} sentences of the sample are not among the codes"
        do = "the articles, or the unit, have changed: draw a new sample"
        raise InputError(problem, do=do)
    return pd.Series(drawn.reindex(here).to_numpy(), index=body.index)


class _named:
    """Give an error raised inside the name of its cell."""

    def __init__(self, names: Sequence[object]) -> None:
        self.names = names

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, InputError):
            raise InputError(f"{listing(self.names)}: {error.problem}", do=error.do) from None


def _cell(own: pd.DataFrame, sizes: Mapping[str, int] | None) -> Cell:
    drawn = own["drawn"].fillna("").to_numpy(object)
    answer = np.array(own["answer"].map({"yes": 1.0, "no": 0.0}), np.float64)
    answer[drawn == ""] = np.nan  # coded, but not drawn at random
    known = {name: int(sizes[name] if sizes else (drawn == name).sum()) for name in STRATA}
    if (total := sum(known.values())) != len(own):
        problem = f"the sample was drawn from {total} sentences, and there are {len(own)}"
        raise InputError(problem, do="the articles have changed: draw a new sample")
    weight = np.zeros(len(own))
    names = [name for name, size in known.items() if size]
    rows = []
    for name in names:
        inside = (drawn == name) & ~np.isnan(answer)
        if not inside.any():
            problem = f"no sentence of the stratum {name!r} has an answer, and it has {known[name]}"
            raise InputError(problem, do="code some of them")
        weight[inside] = known[name] / inside.sum()  # 1 / pi_i
        rows.append((name == STRATA[0], known[name], inside.sum(), answer[inside].sum()))
    parts = Strata(tuple(names), *np.array(rows, float).T)
    code = own["coded"].to_numpy(np.float64)
    return Cell(own["cluster"].to_numpy(object), drawn, code, answer, weight, parts)

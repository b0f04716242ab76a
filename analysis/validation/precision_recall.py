"""Precision, recall and F1 of a cell from its strata, with intervals from draws.

Each stratum is parted by what is coded now. That parts nothing where the codes are those that the
sample was drawn by; of another coder, how many sentences of a stratum it codes is estimated too.

    precision = TP / hits;   recall = TP / on the topic;   F1 = 2 TP / (hits + on the topic)

Draws: a Beta(k + 1/2, n - k + 1/2) for the share of yes in each part, and for the sizes of the
parts of a stratum a Dirichlet(n + 1/2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from analysis.estimates.intervals import Array, wilson
from analysis.validation.strata import Cell, Strata

DRAWS = 4000


@dataclass(frozen=True)
class Halves:
    """The strata of a cell, parted; ``of`` says of which stratum, ``whole`` how large that is."""

    strata: Strata
    of: np.ndarray
    whole: Array


def halves(cell: Cell) -> Halves:
    """Return the strata of a cell, each parted by what is coded now."""
    names: list[str] = []
    rows: list[tuple[float, ...]] = []
    for number, (name, size) in enumerate(zip(cell.strata.names, cell.strata.size, strict=True)):
        drawn = cell.answered & (cell.drawn == name)
        for code in np.unique(cell.code[drawn]):
            own = drawn & (cell.code == code)
            part = size * own.sum() / drawn.sum()
            rows.append((code, part, own.sum(), cell.answer[own].sum(), number, size))
            names.append(name)
    *numbers, of, whole = np.array(rows, float).T
    return Halves(Strata(tuple(names), *numbers), of.astype(int), whole)


def rates(
    parts: Sequence[Halves], conf_level: float, seed: int
) -> dict[str, tuple[float, float, float]]:
    """Return each rate with its limits, of one cell or of several together; NaN for 0 of 0."""
    strata = reduce(add, (one.strata for one in parts))
    rng = np.random.default_rng(seed)  # of each cell anew: other groups move nothing
    drawn = [_draws(one, rng) for one in parts]
    sizes, shares = (np.hstack([draw[place] for draw in drawn]) for place in (0, 1))
    points = _measures(strata.hit, strata.size[None], (strata.yes / strata.answered)[None])
    draws = _measures(strata.hit, sizes, shares)
    tail = (1 - conf_level) / 2
    found = {}
    for name, (value,) in points.items():
        low = high = value
        if name == "precision" and not np.isnan(value):
            size, answered = (one[strata.hit == 1] for one in (strata.size, strata.answered))
            n = size.sum() ** 2 / np.sum(size**2 / answered)  # as many of equal weight
            low, high = wilson(np.asarray(value * n), np.asarray(n), conf_level)
        elif not np.isnan(value):
            low, high = np.quantile(draws[name], [tail, 1 - tail])
        found[name] = float(value), min(float(low), float(value)), max(float(high), float(value))
    return found


def _draws(parts: Halves, rng: np.random.Generator) -> tuple[Array, Array]:
    """Sizes of the parts and shares of yes in them, a row a draw."""
    n, k = parts.strata.answered, parts.strata.yes
    shares = rng.beta(k + 0.5, n - k + 0.5, (DRAWS, len(n)))
    weights = rng.gamma(n + 0.5, size=shares.shape)
    same = (parts.of[:, None] == parts.of).astype(float)  # one part alone has all of its stratum
    return np.asarray(parts.whole * weights / (weights @ same)), shares


def _measures(hit: Array, size: Array, yes: Array) -> Mapping[str, Array]:
    true, hits = (yes * size) @ hit, size @ hit
    total = (yes * size).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {"precision": true / hits, "recall": true / total, "f1": 2 * true / (hits + total)}
    return {name: np.asarray(value, float) for name, value in found.items()}

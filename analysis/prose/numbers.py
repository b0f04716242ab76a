"""How numbers and names are written in a text."""

from __future__ import annotations

import math
from collections.abc import Callable


class Count(int):
    """A count of sentences that knows which they are; a report makes it a link to them.

    They are those of a cell (a topic, a group), of a topic (and no group, ""), of a group (its
    name alone), or, by default, those that the finding itself shows. `anchor` is where they stand
    on a page, once that is known.
    """

    of: tuple[str, ...]
    anchor: str

    def __new__(cls, number: int, of: tuple[str, ...] = (), anchor: str = "") -> Count:
        count = super().__new__(cls, number)
        count.of, count.anchor = of, anchor
        return count


def label(topic: str) -> str:
    """Return a topic as people write it: ``defense_industry`` is "defense industry"."""
    return topic.replace("_", " ")


def heading(topic: str) -> str:
    """Return a topic as it begins a line: "Defense industry"."""
    return label(topic)[:1].upper() + label(topic)[1:]


def format_percent(share: float, beside: float | None = None) -> str:
    """Return a share as whole per cent, or with decimals if that says too little.

    One of less than 1 % has two digits that are not 0 (so has what another lacks of 100 %). A
    limit has as many decimals as tell it from the one `beside` it. Up to eight keep both from 0
    and 100.
    """
    value = 100 * share
    digits = _digits(min(value, 100 - value) if beside is None else value - 100 * beside, beside)
    return f"{_written(value, digits, (0, 100), whole=beside is None)} %"


def _digits(spread: float, beside: float | None) -> int:
    """How many decimals keep a spread below 1 but for a sixth, or two digits of a small value."""
    spread = abs(round(spread, 8))
    if not 0 < spread < 1:
        return 0
    if beside is None:
        return min(1 - math.floor(math.log10(spread)), 8)
    return min(-math.floor(math.log10(spread / 3)), 8)


def _written(value: float, digits: int, ends: tuple[int, ...], *, whole: bool) -> str:
    """A value in per cent with so many decimals, or more that keep it from the ends."""
    if value in ends:
        return f"{value:.0f}"
    while float(written := f"{value:.{digits}f}") in ends and digits < 8:
        digits += 1
    bare = whole and digits and float(written) not in ends
    return written.rstrip("0").rstrip(".") if bare else written


def format_level(level: float) -> str:
    """Return a confidence level exactly: ``0.975`` is "97.5 %"."""
    return f"{100 * level:.10g} %"


def format_points(difference: float) -> str:
    """Return a difference of shares in percentage points, one decimal and a true minus: "−49.9"."""
    return f"{round(100 * difference, 1) + 0.0:.1f}".replace("-", "\u2212")


def format_whole(difference: float, beside: float | None = None) -> str:
    """Return a difference of shares in whole percentage points: "−50"; see `format_percent`."""
    points = round(100 * difference, 8) + 0.0  # no minus before 0
    digits = _digits(points if beside is None else points - 100 * beside, beside)
    return _written(points, digits, (0,), whole=beside is None).replace("-", "\u2212")


def format_ratio(ratio: float) -> str:
    """Return how many times as much: "4.2", "12"."""
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


def format_p(p: float) -> str:
    """Return a p-value as it follows the letter p, with three decimals: "= .012", "< .001"."""
    if p < 0.001:
        return "< .001"
    return f"= {p:.3f}".replace("0.", ".")


def format_correlation(rho: float) -> str:
    """Return a correlation with two decimals, or more that it has: ``0.2`` is ".20"."""
    return (f"{rho:.2f}" if rho == round(rho, 2) else f"{rho:g}").removeprefix("0")


FORMS: dict[str, Callable[..., str]] = {  # the filters of templates that write a number
    "percent": format_percent,
    "level": format_level,
    "points": format_points,
    "whole": format_whole,
    "times": format_ratio,
    "p_value": format_p,
    "correlation": format_correlation,
}

"""How numbers and names are written in a text."""

from __future__ import annotations

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


def format_percent(share: float) -> str:
    """Return a share as whole per cent, or with up to eight decimals that keep it from 0 or 100."""
    for digits in range(9):
        written = f"{100 * share:.{digits}f}"
        if float(written) not in (0, 100) or share in (0, 1):
            break
    return f"{written} %"


def format_level(level: float) -> str:
    """Return a confidence level exactly: ``0.975`` is "97.5 %"."""
    return f"{100 * level:.10g} %"


def format_points(difference: float) -> str:
    """Return a difference of shares in percentage points, one decimal and a true minus: "−49.9"."""
    return f"{round(100 * difference, 1) + 0.0:.1f}".replace("-", "\u2212")


def format_whole(difference: float) -> str:
    """Return a difference of shares in whole percentage points: "−50"; one below 1 keeps more."""
    points = round(100 * difference, 8) + 0.0  # no minus before 0
    for digits in range(9):
        written = f"{points:.{digits}f}"
        if float(written) or not points:
            break
    return written.replace("-", "\u2212")


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


FORMS: dict[str, Callable[[float], str]] = {  # the filters of templates that write a number
    "percent": format_percent,
    "level": format_level,
    "points": format_points,
    "whole": format_whole,
    "times": format_ratio,
    "p_value": format_p,
    "correlation": format_correlation,
}

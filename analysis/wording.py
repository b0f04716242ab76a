"""How findings are worded: templates from ``wordings/*.toml``, and how numbers are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Any

from analysis.errors import check_choice


@lru_cache(maxsize=8)
def read_wording(name: str) -> dict[str, Any]:
    """Return a wording file of ``analysis/wordings``, as it stands.

    Raises
    ------
    InputError
        If there is no wording of that name; the message lists those there are.
    """
    folder = resources.files("analysis") / "wordings"
    names = sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )
    check_choice(name, names, "wording", "wording")
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


class Linked(int):
    """A count that leads somewhere: in a text it is the number, in a page a link."""

    anchor: str

    def __new__(cls, number: int, anchor: str) -> Linked:
        linked = super().__new__(cls, number)
        linked.anchor = anchor
        return linked


@lru_cache(maxsize=8)
def templates(wording: str) -> dict[str, Any]:
    """Return the templates of the findings, which give plain text."""
    words = read_wording(wording)
    return _compiled(environment(wording), words)


@lru_cache(maxsize=8)
def html_templates(wording: str) -> dict[str, Any]:
    """Return the same templates giving HTML, in which every `Linked` count is a link."""
    words = read_wording(wording)
    return _compiled(environment(wording, html=True), words)


def _compiled(environment: Any, words: dict[str, Any]) -> dict[str, Any]:
    return {
        name: environment.from_string(words["macros"] + text)
        for name, text in words["templates"].items()
    }


def environment(wording: str, html: bool = False) -> Any:
    """Return the Jinja environment in which a wording is filled in, for text or for HTML.

    Parameters
    ----------
    wording : str
        The name of a file in ``analysis/wordings``.
    html : bool
        Whether everything that is filled in is escaped, and counts become links.
    """
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    words = read_wording(wording)
    link = Markup('<a href="#{}">{}</a>')

    def finalize(value: Any) -> Any:
        return link.format(value.anchor, int(value)) if isinstance(value, Linked) else value

    def of(number: int, one: str, more: str) -> Any:
        noun = one if number == 1 else more
        if isinstance(number, Linked) and html:
            return Markup("{} {}").format(finalize(number), noun)
        return f"{number} {noun}"

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=False,
        autoescape=html,
        finalize=finalize if html else None,
    )

    def listed(names: Iterable[Any], others: int = 0) -> str:
        names = [str(name) for name in names]
        if others:
            names = [*names[:-others], words["others"][others > 1].format(others)]
        *most, last = names
        comma, and_ = words["comma"], words["and"]
        if any(comma in name for name in names):  # groups of several columns: "Israel, VNA"
            comma, and_ = words["semicolon"], words["semicolon"].rstrip() + and_
        return and_.join([comma.join(most), last] if most else [last])

    def joint(loop: Any, last: str | None = None, others: int = 0) -> str:
        """What stands after an item of a list: a comma, an "and" before the last, or nothing.

        The "and" is left to `others` items that are counted instead of named, if there are any.
        """
        if loop.last:
            return ""
        if last == "; ":
            return last
        return str((last or words["and"]) if loop.revindex0 == 1 and not others else words["comma"])

    def plural(name: str) -> str:
        one = label(name)
        ends = (
            re.sub(end, new, one, count=1) for end, new in words["plurals"] if re.search(end, one)
        )
        return next(ends)

    environment.filters |= {
        "of": of,
        "percent": format_percent,
        "level": format_level,
        "points": format_points,
        "logits": format_logits,
        "p_value": format_p,
        "plural": plural,
        "in_words": words["agreement"].__getitem__,
        "label": label,
        "labels": lambda topics: [label(topic) for topic in topics],
        "listed": listed,
        "named": lambda items, others: items[: len(items) - others],
    }
    environment.globals |= {"joint": joint, "or_": words["or"]}
    return environment


def label(topic: str) -> str:
    """Return a topic as people write it: ``defense_industry`` is "defense industry"."""
    return topic.replace("_", " ")


def heading(topic: str) -> str:
    """Return a topic as it begins a line: "Defense industry"."""
    return label(topic)[:1].upper() + label(topic)[1:]


def format_percent(share: float) -> str:
    """Return a share as whole per cent, or with the decimals that keep it from reading 0 or 100.

    Examples
    --------
    >>> format_percent(0.614), format_percent(0.004), format_percent(0.9999), format_percent(0.975)
    ('61 %', '0.4 %', '99.99 %', '98 %')
    """
    for digits in range(9):
        written = f"{100 * share:.{digits}f}"
        if float(written) not in (0, 100) or share in (0, 1):
            break
    return f"{written} %"


def format_level(level: float) -> str:
    """Return a confidence level exactly: ``0.975`` is "97.5 %"."""
    return f"{round(100 * level, 8):g} %"


def format_points(difference: float) -> str:
    """Return a difference of shares in percentage points, with one decimal and a true minus.

    Examples
    --------
    >>> format_points(0.171), format_points(-0.4987), format_points(-0.0001)
    ('17.1', '−49.9', '0.0')
    """
    return f"{round(100 * difference, 1) + 0.0:.1f}".replace("-", "\u2212")


def format_logits(slope: float) -> str:
    """Return a number of logits, with two decimals and a true minus: ``-0.5`` is "−0.50"."""
    return f"{round(slope, 2) + 0.0:.2f}".replace("-", "\u2212")


def format_p(p: float) -> str:
    """Return a p-value as it follows the letter p.

    Examples
    --------
    >>> format_p(1.0), format_p(0.0123), format_p(0.0001)
    ('= 1.00', '= .012', '< .001')
    """
    if p < 0.001:
        return "< .001"
    return f"= {p:.2f}" if p >= 0.1 else f"= {p:.3f}".replace("0.", ".")

"""How findings are worded: the templates of a wording filled in, and how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.languages import parsed, read_wording, source

# Values of a finding that a template chooses by, and what stands for an article: none has a name.
_CODES = ("status", "agreement", "carrier")


class Linked(int):
    """A count that leads somewhere: in a text it is the number, in a page a link."""

    anchor: str

    def __new__(cls, number: int, anchor: str) -> Linked:
        linked = super().__new__(cls, number)
        linked.anchor = anchor
        return linked


def worded(
    template: str,
    values: Mapping[str, Any],
    wording: str | Path = "english",
    names: Mapping[str, str] | None = None,
    html: bool = False,
) -> str:
    """Return the text of a finding, on one line: its template filled in with its values.

    Parameters
    ----------
    template : str
        The name of a template, as in the provenance of a finding.
    values : mapping
        The values of a finding.
    wording : str or path
        A wording, as `read_wording` takes it.
    names : mapping, optional
        What topics, groups and document variables are called; see `called`.
    html : bool
        Whether everything that is filled in is escaped, and `Linked` counts become links.

    Raises
    ------
    InputError
        If the template asks a value for a part that it has not.

    Examples
    --------
    >>> group = {"name": "Green", "hits": 1, "size": 3, "articles_with_topic": 1, "articles": 1}
    >>> told = {"unit": "article", "topic": "wind", "groups": [group], "others": 0}
    >>> worded("presence", told | {"with_topic": 1, "articles": 2}, names={"Green": "the Greens"})
    'Of these 2 articles, 1 mentions wind: on the Greens, 1 of 3 body sentences (1 of 1 article).'
    """
    from jinja2 import UndefinedError

    text, file = source(wording)
    try:
        filled = _compiled(text, file, html)[template].render(called(values, names or {}))
    except UndefinedError as error:
        raise InputError(
            f"{template}: {error.message}", file=file, do="mend the template"
        ) from None
    # A space that is not to be broken stays one: other languages have them within a sentence.
    return re.sub(r"[^\S\u00a0\u202f]+", " ", filled).strip()


@lru_cache(maxsize=8)
def _compiled(text: str, file: Path | None, html: bool) -> dict[str, Any]:
    words = parsed(text, file)
    made = _environment(words, html)
    return {
        name: made.from_string(words["macros"] + template)
        for name, template in words["templates"].items()
    }


def called(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value with every name in it as `names` has it; what has no name there stays.

    A group of several columns is called what its parts are.

    Examples
    --------
    >>> called({"name": "Italy, Post", "hits": 2}, {"Italy": "Italie"})
    {'name': 'Italie, Post', 'hits': 2}
    """
    if not names:
        return value
    if isinstance(value, str):
        parts = (names.get(part, part) for part in value.split(", "))
        return names.get(value) or ", ".join(parts)
    if isinstance(value, list):
        return [called(item, names) for item in value]
    if isinstance(value, dict):
        return {
            key: item
            if key in _CODES or (key, item) == ("unit", "article")
            else called(item, names)
            for key, item in value.items()
        }
    return value


def spelled(number: str, words: Mapping[str, Any]) -> str:
    """Return a number, written as in English, as a wording writes it.

    Examples
    --------
    >>> spelled("= .012", read_wording("french")), spelled("−49.9", read_wording("english"))
    ('= 0,012', '−49.9')
    """
    for found, instead in words["numbers"]:
        number = re.sub(found, instead, number)
    return number


def environment(wording: str | Path, html: bool = False) -> Any:
    """Return the Jinja environment in which a wording is filled in, for text or for HTML.

    Parameters
    ----------
    wording : str or path
        A wording, as `read_wording` takes it.
    html : bool
        Whether everything that is filled in is escaped, and counts become links.
    """
    return _environment(read_wording(wording), html)


def _environment(words: Mapping[str, Any], html: bool) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    link = Markup('<a href="#{}">{}</a>')

    def finalize(value: Any) -> Any:
        return link.format(value.anchor, int(value)) if isinstance(value, Linked) else value

    def of(number: int, one: str, more: str) -> Any:
        noun = one if number in words["singular"] else more
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
            names = [
                *names[:-others],
                words["others"][others not in words["singular"]].format(others),
            ]
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
        if last == words["semicolon"]:
            return str(last)
        return str((last or words["and"]) if loop.revindex0 == 1 and not others else words["comma"])

    def shown(name: str | list[str]) -> str:
        """A name as people write it, or several of them that form the groups together."""
        if isinstance(name, list):
            return str(words["and"].join(map(shown, name)))
        return str(words["labels"].get(name, label(name)))

    def plural(name: str) -> str:
        one = shown(name)
        ends = (
            re.sub(end, new, one, count=1) for end, new in words["plurals"] if re.search(end, one)
        )
        return next(ends)

    environment.filters |= {
        "of": of,
        "percent": lambda number: spelled(format_percent(number), words),
        "level": lambda number: spelled(format_level(number), words),
        "points": lambda number: spelled(format_points(number), words),
        "logits": lambda number: spelled(format_logits(number), words),
        "p_value": lambda number: spelled(format_p(number), words),
        "plural": plural,
        "in_words": words["agreement"].__getitem__,
        "label": shown,
        "labels": lambda names: [shown(name) for name in names],
        "listed": listed,
        "named": lambda items, others: items[: len(items) - others],
    }
    environment.globals |= {"joint": joint, "or_": words["or"], "colon": words["colon"]}
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

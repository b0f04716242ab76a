"""A dictionary as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from analysis.errors import number_of

if TYPE_CHECKING:
    from analysis.topics.dictionary import Dictionary


_SHOWN = 12  # patterns of a list that are shown before the others fold away


def to_html(dictionary: Dictionary) -> str:
    """Show the topics in a notebook, in its own colours; long lists fold away."""
    rule = "topics compete for the text" if dictionary.exclusive else "topics are independent"
    rows = [
        _row(topic.name, escape(topic.description), _patterns("core", topic.core),
             _patterns("broad", topic.broad), _patterns("exclude", topic.exclude),
             _patterns(f"context, in the same {topic.context_within}", topic.context))
        for topic in dictionary.topics
    ]  # fmt: skip
    shared = {f"{{{name}}}": phrases for name, phrases in dictionary.lists.items()}
    shared |= {f"{word}, also": others for word, others in dictionary.variants.items()}
    if shared:
        lists = "\n".join(_patterns(*one) for one in shared.items())
        variants = f"words with other spellings: {len(dictionary.variants)}"
        summary = f"lists: {len(dictionary.lists)}, {variants}"
        lists = f"<details><summary>{summary}</summary>\n{lists}\n</details>"
        rows.append(_row("for all topics", lists))
    topics = number_of(len(dictionary.topics), "topic")
    return (
        f"<p><b>{escape(dictionary.name)}</b>: {topics}; {rule}</p>\n"
        f'<table style="width: 100%; color: inherit">\n{"".join(rows)}</table>'
    )


def _row(name: str, *parts: str) -> str:
    style = "text-align: left; vertical-align: top; overflow-wrap:"
    cell = "\n".join(f"<div>{part}</div>" for part in parts if part)
    return (
        f'<tr>\n<th style="{style} break-word">{escape(name)}</th>\n'
        f'<td style="{style} anywhere">\n{cell}\n</td>\n</tr>\n'
    )


def _patterns(title: str, patterns: tuple[str, ...]) -> str:
    codes = [f"<code>{escape(pattern)}</code>" for pattern in patterns]
    first = f"<i>{escape(title)}</i> ({len(codes)}): {' · '.join(codes[:_SHOWN])}"
    if len(codes) <= _SHOWN:
        return f"<div>{first}</div>" if codes else ""
    summary = f"<summary>{first} <u>and {len(codes) - _SHOWN} more</u></summary>"
    return f"<details>{summary}{' · '.join(codes[_SHOWN:])}</details>"

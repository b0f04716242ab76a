"""What the report shows of texts: sentences with their matched words, words, whole articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from analysis.errors import InputError
from analysis.io.display import mark
from analysis.io.results import Result, rows_of
from analysis.report.wordplots import Uses
from analysis.topics.evidence import Anchors
from analysis.words.keywords import most_typical

MOST_SENTENCES = 200  # of a number, shown; evidence.csv has them all
MOST_QUOTED = 600  # in the findings alone, behind all that they tell
MOST_SHOWN = 2_000  # behind all numbers together; behind all typical words, half as many
Roles = Mapping[tuple[str, int], str]  # what a sentence does in its article, in words

# Letters that a browser would obey or cannot show: controls, directions, halves of a pair.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: Any) -> str:
    """Return a text as it may be shown: what a browser would obey or refuse is named instead."""
    return _UNSHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text))


def at_most(numbers: Iterable[int], together: int, each: int) -> int:
    """Return how many of each may be shown, at most `each`, so that all are at most `together`.

    One of each is always shown.

    >>> at_most([1, 5, 90], 20, 50)
    14
    """
    sizes = sorted(min(int(number), each) for number in numbers)
    for place, size in enumerate(sizes):
        room = together // (len(sizes) - place)
        if size > room:
            return max(1, room)
        together -= size
    return each


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    return Markup(mark(text, spans, "<mark>", "</mark>", escape))


def passage(row: Mapping[str, Any], places: Anchors, note: str = "") -> dict[str, Any]:
    return {
        "html": _marked(row["quote"], row["spans"]),
        "doc_id": row["doc_id"],
        "start": int(row["start"]),
        "end": int(row["end"]),
        "place": places.get((row["doc_id"], row["sentence_id"])),
        "patterns": list(dict.fromkeys(row["patterns"])),
        "note": note,
    }


def quoted(quotes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each sentence of a finding once, with all that was matched in it."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for quote in quotes:
        key = (quote["doc_id"], quote["sentence_id"])
        row = found.setdefault(key, dict(quote) | {"spans": [], "patterns": []})
        row["spans"] += quote["spans"]
        row["patterns"] += quote["patterns"]
    return list(found.values())


def typical_words(keyness: Result | None, uses: Uses, places: Anchors) -> list[dict[str, Any]]:
    """Of each group its most typical words, and the sentences that use them, its own first."""
    if keyness is None:
        return []
    drawn = most_typical(keyness)
    table = uses.table[uses.table["feature"].isin(drawn["feature"])]
    own = dict(list(table.groupby("feature", sort=False)))
    groups: dict[str, list[dict[str, Any]]] = {}
    numbers_of = (len(own[word]) for word in drawn["feature"])
    shown = at_most(numbers_of, MOST_SHOWN // 2, MOST_SENTENCES)
    for word in rows_of(drawn):
        rows = own[word["feature"]]
        here = rows["group"] == word["target"]
        numbers = [int(rows.loc[side, "uses"].sum()) for side in (here, ~here)]
        counted = [word["count_target"], word["count_reference"]]
        if numbers != counted and word["reference"] == "rest":
            raise InputError(
                f"{word['feature']!r} in {word['target']}: {counted} uses are counted and "
                f"{numbers} can be shown",
                do="make keyness from `counts` of the same sentences, by its default vectorizer",
            )
        first = pd.concat([rows[here], rows[~here]]).head(shown)
        groups.setdefault(word["target"], []).append(
            {
                "word": word["feature"],
                "here": numbers[0],
                "elsewhere": numbers[1],
                "articles": int(word["articles_target"]),
                "evidence": [
                    passage(row | {"patterns": []}, places, row["group"])
                    for row in rows_of(uses.quoted(first))
                ],
                "number": len(rows),
            }
        )
    return [{"name": name, "words": words} for name, words in groups.items()]


def whole_articles(
    with_text: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    places: Anchors,
    link_article: Anchors,
) -> list[dict[str, Any]]:
    """Every article: what is known of it, and its whole text, sentence by sentence."""
    texts = dict(zip(with_text["doc_id"], with_text["text"], strict=True))
    with_rows = sentences[sentences["doc_id"].isin(texts)]
    own = {doc_id: rows_of(rows) for doc_id, rows in with_rows.groupby("doc_id", sort=False)}
    sections = sentences.groupby(["doc_id", "section"]).size().to_dict()
    behind: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows_of(evidence[evidence["doc_id"].isin(texts)]):
        behind.setdefault((row["doc_id"], row["sentence_id"]), []).append(row)
    shown = []
    for article in rows_of(articles.drop(columns="text")):
        doc_id = article.pop("doc_id")
        known = [(key, value) for key, value in article.items() if pd.notna(value)]
        shown.append(
            {
                "anchor": link_article[(doc_id,)],
                "doc_id": doc_id,
                "variables": [(key, value) for key, value in known if str(value) != ""],
                "body": sections.get((doc_id, "body"), 0),
                "boilerplate": sections.get((doc_id, "boilerplate"), 0),
                "pieces": _pieces(texts.get(doc_id, ""), own.get(doc_id, []), behind, places),
            }
        )
    return shown


def _pieces(
    text: str,
    rows: Sequence[Mapping[str, Any]],
    behind: Mapping[tuple[str, int], Sequence[Mapping[str, Any]]],
    places: Anchors,
) -> list[dict[str, Any]]:
    """The text as given, cut into sentences and what stands between them."""
    if not text:
        return []
    pieces: list[dict[str, Any]] = []
    place, last = 0, ("body", "")
    for row in rows:
        if row["section"] == "empty":
            continue
        key, kind = (row["doc_id"], row["sentence_id"]), (row["section"], row["rule"])
        if row["start"] > place:
            pieces.append({"gap": text[place : row["start"]]})
        place = max(place, row["end"])
        found = behind.get(key, [])
        pieces.append(
            {
                "anchor": places[key],
                "section": row["section"],
                "rule": row["rule"] if kind != last else "",
                "html": _marked(row["text"], [span for one in found for span in one["spans"]]),
                "topics": [one["topic"] for one in found],
            }
        )
        last = kind
    return [*pieces, {"gap": text[place:]}]


def cleaning_rules(sentences: pd.DataFrame) -> list[dict[str, Any]]:
    """What cleaning took out: the sentences of each rule."""
    out = sentences[sentences["section"] == "boilerplate"]
    counted = out.groupby("rule", sort=False).agg(
        sentences=("text", "size"), articles=("doc_id", "nunique"), example=("text", "first")
    )
    rows = rows_of(counted.reset_index())
    return [row | {"example": " ".join(str(row["example"]).split())[:120]} for row in rows]

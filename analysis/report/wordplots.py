"""Words of two groups, frequency against frequency, in the manner of scattertext (Kessler 2017).

Every point leads to its sentences. Words that are used alike share a place, and lie around it as
the seeds of a sunflower do; a label that has no free place is left out, its point says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from math import cos, log2, sin, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.groups import REST, group_labels
from analysis.corpus.vocabulary import rows_using, word_uses
from analysis.figures.colours import mixed
from analysis.io.kept import free_memory
from analysis.io.results import Result, rows_of
from analysis.topics.evidence import Anchors, anchors
from analysis.words.association import MEASURES
from analysis.words.keywords import keyness as keyness_of
from analysis.words.keywords import most_typical

MOST_PLOTS = 6  # of more pairs: each group against all others, and of those the first
MOST_APART = 20  # words of a side, those typical of it
MOST_SHARED = 12  # words that both use most
MOST_BEHIND = 20  # sentences that one word leads to; without whole articles, of each word...
SOME = 3
KEYS = ["doc_id", "sentence_id"]
WIDTH, HEIGHT, LEFT, BELOW = 380.0, 340.0, 34.0, 34.0
SIDE, TALL, DOT = 12.0, 14.0, 4.0  # of a letter, in the units of the plot; of a dot
LETTER = 0.66 * SIDE  # no letter of the page's fonts is wider on average
MIDDLE, GOLDEN = "#b0b8c0", 2.399963  # of words of both; the angle from seed to seed
TICKS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000)


Span = tuple[int, int]  # the lowest count and the highest
Plotted = tuple[str, str, pd.DataFrame]  # two groups, or one and the rest, and their words


class Uses(NamedTuple):
    """Which sentences use the words that a page shows: many more than it shows itself."""

    table: pd.DataFrame  # row (of the sentences), doc_id, sentence_id, group, feature, uses
    sentences: pd.DataFrame

    def quoted(self, some: pd.DataFrame) -> pd.DataFrame:
        """Return some rows of the table as `word_uses` has them, with their group."""
        here = self.sentences.take(np.unique(some["row"]))
        full = word_uses(here, list(some["feature"].unique()))
        keys = [*KEYS, "feature"]
        return some[[*keys, "group"]].merge(full, on=keys, how="left")


class Box(NamedTuple):
    """A rectangle of the plot."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two have a part in common."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


def words_shown(
    keyness: Result | None, sentences: pd.DataFrame, columns: Sequence[str]
) -> tuple[list[Plotted], int, Uses]:
    """Return what is plotted, of how many pairs, and the uses of every word that the page shows."""
    if keyness is None:
        return [], 0, Uses(sentences.iloc[:0], sentences)
    pairs = _pairs(keyness) if keyness.provenance["reference"] == REST else iter(())
    plotted, number = [], 0
    for here, there, table in pairs:  # one after the other: each has all words
        if (number := number + 1) <= MOST_PLOTS:
            plotted.append((here, there, _chosen(table)))
        del table
        free_memory()
    tables = [most_typical(keyness), *(table for *_, table in plotted)]
    free_memory()
    uses = rows_using(sentences, sorted({word for table in tables for word in table["feature"]}))
    free_memory()
    homes = sentences[[*KEYS, *columns]].take(uses["row"].to_numpy()).reset_index(drop=True)
    uses = uses.assign(**homes[KEYS], group=group_labels(homes, columns))
    return plotted, number, Uses(uses, sentences)


def word_plots(
    plotted: Sequence[Plotted], uses: Uses, colors: Mapping[str, str], places: Anchors
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the plots of pairs of groups, or of groups against the rest; see `words_shown`.

    `places` has the sentences that stand on the page; if none do, the last list is those that are
    to stand there, some of each word.
    """
    if not plotted:
        return [], []
    table = uses.table
    table = table[table["feature"].isin({word for *_, own in plotted for word in own["feature"]})]
    pool = []
    if not places:
        some = table.groupby("feature", sort=False).head(SOME).drop_duplicates(KEYS)
        places = anchors("s", zip(*(some[key] for key in KEYS), strict=True))
        pool = [
            {"anchor": places[row["doc_id"], row["sentence_id"]], **row}
            for row in rows_of(uses.quoted(some))
        ]
    numbers: dict[str, dict[str, int]] = {}  # of sentences, by word and group
    sizes = table.groupby(["feature", "group"], as_index=False).size()
    for word, group, number in sizes.itertuples(index=False, name=None):
        numbers.setdefault(word, {})[group] = number
    keys = zip(*(table[key].to_list() for key in KEYS), strict=True)
    table = table[[key in places for key in keys]]
    linked: dict[str, list[tuple[str, str]]] = {}  # groups and anchors, by word
    columns = (table[name].to_list() for name in ("feature", "group", *KEYS))
    for word, group, *key in zip(*columns, strict=True):
        linked.setdefault(word, []).append((group, places[key[0], key[1]]))
    plots = []
    for here, there, words in plotted:
        points, ends = _points(words, colors[here], colors.get(there, "#666666"))
        for point in points:
            own = numbers.get(point["word"], {})
            sides = {*own} if there == REST else {here, there}
            behind = (to for group, to in linked.get(point["word"], ()) if group in sides)
            point["to"] = [*islice(behind, MOST_BEHIND)]
            point["number"] = sum(own.get(group, 0) for group in sides)
        _label(points)
        plots.append(
            {
                "here": here,
                "there": "" if there == REST else there,
                "points": points,
                "ticks": [_ticks(ends[0], _across), _ticks(ends[1], _up)],
                "tops": [
                    [point for point in points if point["side"] == side][:8] for side in (1, -1)
                ],
                "number": len(points),
                "totals": [int(words[f"total_{of}"].iloc[0]) for of in ("target", "reference")],
            }
        )
    return plots, pool


def _pairs(keyness: Result) -> Iterator[Plotted]:
    """Two groups and their keyness; of many groups each one and the rest."""
    table, made = keyness.to_frame(), keyness.provenance
    groups = sorted(table["target"].unique())
    number = len(groups) * (len(groups) - 1) // 2
    if number > MOST_PLOTS or made["measure"] not in MEASURES:
        # Those first whose words set them apart most.
        strongest = table.groupby("target")[made["ranked_by"]].max()
        for group in strongest.sort_values(ascending=False, kind="stable").index:
            yield str(group), REST, table[table["target"] == group]
        return
    names = ["target", "feature", "count_target", "articles_target"]
    options = {name: made[name] for name in ("measure", "prior", "prior_words")}
    for here, there in combinations(groups, 2):
        own = table["target"].isin([here, there]) & (table["count_target"] > 0)
        two = table.loc[own, names].set_axis(["group", "feature", "count", "articles"], axis=1)
        if two["feature"].nunique() > 1 and two["group"].nunique() == 2:
            yield here, there, keyness_of(two, reference=there, **options).to_frame()


def _chosen(table: pd.DataFrame) -> pd.DataFrame:
    """The words most typical of either side, and those that both use most; the first rank first."""
    by = "statistic" if table["statistic"].notna().any() else "estimate"
    table = table.assign(rank=table[by])
    both = table["count_target"].clip(upper=table["count_reference"])
    sides = [
        _first(table["feature"], table["rank"], MOST_APART),
        _first(table["feature"], -table["rank"], MOST_APART, last=True),
        _first(table.loc[both > 0, "feature"], both[both > 0], MOST_SHARED),
    ]
    chosen = table[table["feature"].isin({name for side in sides for name in side})]
    order = chosen["rank"].abs().sort_values(ascending=False, kind="stable").index
    return chosen.loc[order]


def _first(words: pd.Series, values: pd.Series, most: int, *, last: bool = False) -> pd.Series:
    """The words of the largest values; of equal ones those first, or last, in the alphabet."""
    if len(values) > most:
        least = np.partition(values.to_numpy(), -most)[-most]
        words, values = words[values >= least], values[values >= least]
    own = pd.DataFrame({"feature": words, "value": values})
    order = own.sort_values(["value", "feature"], ascending=[False, not last], kind="stable")
    return order["feature"].head(most)


def _points(
    table: pd.DataFrame, here: str, there: str
) -> tuple[list[dict[str, Any]], tuple[Span, Span]]:
    """A point a word: across how often the other group uses it, upwards how often this one."""
    across, up = (
        (int(table[f"count_{of}"].min()), int(table[f"count_{of}"].max()))
        for of in ("reference", "target")
    )
    strongest = float(table["rank"].abs().max()) or 1.0
    seeds: dict[tuple[int, int], int] = {}
    points = []
    for row in rows_of(table):
        counts = int(row["count_reference"]), int(row["count_target"])
        seed = seeds[counts] = seeds.get(counts, -1) + 1
        away, angle = 2.1 * DOT * sqrt(seed), seed * GOLDEN
        x, y = _across(counts[0], across) + away * cos(angle), _up(counts[1], up)
        color = here if row["rank"] > 0 else there
        points.append(
            {
                "word": row["feature"],
                "counts": (counts[1], counts[0]),
                "x": round(min(max(x, LEFT + DOT), WIDTH - DOT), 1),
                "y": round(min(max(y + away * sin(angle), DOT), HEIGHT - BELOW - DOT), 1),
                "color": mixed(MIDDLE, color, abs(row["rank"]) / strongest),
                "label": None,
                "side": int(row["rank"] > 0) - int(row["rank"] < 0),
            }
        )
    return points, (across, up)


def _part(count: int, ends: Span) -> float:
    """How far a count is from the lowest to the highest, on a scale of logarithms."""
    low, high = (log2(1 + end) for end in ends)
    return (log2(1 + count) - low) / ((high - low) or 1)


def _across(count: int, ends: Span) -> float:
    return LEFT + 16 + (WIDTH - LEFT - 60) * _part(count, ends)


def _up(count: int, ends: Span) -> float:
    return HEIGHT - BELOW - 16 - (HEIGHT - BELOW - 40) * _part(count, ends)


def _ticks(ends: Span, place: Callable[[int, Span], float]) -> list[tuple[int, float]]:
    """Counts along an axis and where they stand, none so near the last that they would touch."""
    ticks = [(tick, round(place(tick, ends), 1)) for tick in TICKS if ends[0] <= tick < ends[1]]
    last = ends[1], round(place(ends[1], ends), 1)
    return [tick for tick in ticks if abs(tick[1] - last[1]) > TALL + 4] + [last]


def _label(points: Sequence[dict[str, Any]]) -> None:
    """Give each point a place for its word where one is free; the strongest words choose first."""
    dots = [Box(p["x"] - DOT, p["y"] - DOT, p["x"] + DOT, p["y"] + DOT) for p in points]
    taken: list[Box] = []
    for point, dot in zip(points, dots, strict=True):
        wide, x, y = LETTER * len(point["word"]), point["x"], point["y"]
        sides = ((x + 7, "start"), (x - 7 - wide, "end"))
        places = [(left, y, anchor) for left, anchor in sides]
        places += [(x - wide / 2, y + down, "middle") for down in (-12.0, 13.0)]
        for left, middle, anchor in places:
            box = Box(left, middle - TALL / 2, left + wide, middle + TALL / 2)
            inside = box.left >= LEFT and box.right <= WIDTH
            inside &= box.top >= 0 and box.bottom <= HEIGHT - BELOW
            if inside and not any(box.meets(other) for other in (*taken, *dots) if other != dot):
                taken.append(box)
                at = {"start": left, "end": left + wide, "middle": left + wide / 2}[anchor]
                point["label"] = {"x": round(at, 1), "y": round(middle + 4, 1), "anchor": anchor}
                point["box"] = box
                break

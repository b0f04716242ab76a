"""Where in the articles topics stand; the contract stands in `analysis.figures.canvas`.

An article of ten thousand sentences is drawn as a hundred boxes, darker for more sentences on the
topic: what cannot be seen costs no time.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.corpus.groups import columns_of, group_labels
from analysis.figures import canvas
from analysis.figures.colours import mixed
from analysis.figures.describing import plot_of
from analysis.prose.numbers import label

EMPTY = "#ececec"  # of a box without a sentence on the topic
MOST_BOXES = 100  # of an article: where one has more sentences, a box is several
MOST_STRIPS = 60  # of all articles and topics together


@plot_of("positions")
def plot_positions(
    positions: pd.DataFrame,
    by: str | Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
    unit: str | tuple[str, str] = "article",
) -> Axes:
    """Return an Axes that shows where in each article each topic occurs.

    Notes
    -----
    One strip an article and topic, as long as the article has body sentences; a filled box is a
    sentence on the topic; in long articles a box is several sentences, and darker for more of them.
    Of many articles it shows those with the most sentences on a topic; it says so, and warns.
    `unit` is what an article is called, or that and what several are called.
    """
    positions = canvas.table_of(positions)
    named = set(group_labels(positions[columns_of(by)].drop_duplicates(), by))
    styles = canvas.styles_of(groups, named)
    article, several = canvas.nouns(unit)
    drawn, note = _fewest(positions, several)
    drawn = drawn.assign(group=group_labels(drawn, by))
    longest = int(drawn["sentences"].max())
    per = -(-longest // MOST_BOXES)
    drawn = in_boxes(drawn, per)
    most = float(drawn["coded"].max()) or 1.0
    topics = sorted(drawn["topic"].unique())
    own = dict(zip(drawn["doc_id"], drawn["group"], strict=True))
    articles = sorted(own, key=lambda doc_id: (list(styles).index(own[doc_id]), doc_id))
    titles = {doc_id: f"{own[doc_id]}: {doc_id}" for doc_id in articles}
    box = "a body sentence" if per == 1 else f"{per} body sentences, darker for more on the topic"
    words = (
        f"One strip for each {article} and topic, one box {box}. {' '.join(_parts(drawn, titles))}"
    )
    blocks = [(title, [canvas.Row(label(t)) for t in topics]) for title in titles.values()]
    table = drawn.drop(columns="group")
    with canvas.draw_rows(ax, blocks, table, words + note, width=7.2, pitch=0.24) as ax:
        strips = [(doc_id, topic) for doc_id in articles for topic in topics]
        rows = dict(zip(strips, ax.get_yticks(), strict=True))
        for (doc_id, topic), strip in drawn.groupby(["doc_id", "topic"], sort=False):
            color = styles[own[doc_id]][0]
            colors = [mixed(EMPTY, color, share / most) for share in strip["coded"]]
            left = strip["position"] - 0.5 + 0.05 * per
            ax.barh([rows[doc_id, topic]] * len(strip), 0.9 * per, left=left, color=colors,
                    height=0.78)  # fmt: skip
        ax.set_xlim(0.5, longest + 0.5)
        ax.grid(False)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        boxes = f"\na box is {box}" if per > 1 else ""
        ax.set_xlabel(f"body sentence of the {article}, first to last{boxes}{note}")
        ax.set_title(f"Where in each {article} each topic is mentioned")
    return ax


def _fewest(positions: pd.DataFrame, several: str) -> tuple[pd.DataFrame, str]:
    """The articles and topics that a figure has room for, those with the most hits, and a note."""
    topics, articles = positions["topic"].nunique(), positions["doc_id"].nunique()
    left = {"topic": "", "doc_id": ""}
    for of, noun, every, most in (
        ("topic", "topics", topics, MOST_STRIPS // 3),
        ("doc_id", several, articles, MOST_STRIPS // min(topics, MOST_STRIPS // 3)),
    ):
        hits = positions.groupby(of)["coded"].sum().reset_index()
        kept, beyond = canvas.standing_out(hits, of, most, by="coded")
        if beyond:
            left[of] = f"{len(kept)} of {every} {noun}, those with the most sentences on a topic"
            positions = positions[positions[of].isin(kept)]
    return positions, canvas.say("positions", left["doc_id"], left["topic"])


def in_boxes(positions: pd.DataFrame, per: int) -> pd.DataFrame:
    """Return the table with `per` sentences a row: its first, and the share on the topic."""
    if per == 1:
        return positions.reset_index(drop=True)
    first = (positions["position"] - 1) // per * per + 1
    columns = [name for name in positions.columns if name not in ("position", "coded")]
    boxes = positions.assign(position=first).groupby([*columns, "position"], sort=False)
    return boxes["coded"].mean().reset_index()[list(positions.columns)]


def _parts(drawn: pd.DataFrame, titles: dict[str, str]) -> list[str]:
    """Where each topic stands in each article, in words."""
    return [
        f"{titles[str(doc_id)]}, {label(str(topic))}: "
        f"{'sentence' if len(part) == 1 else 'sentences'} "
        f"{', '.join(map(str, part['position']))} of {part['sentences'].iloc[0]}."
        for (doc_id, topic), part in drawn[drawn["coded"] > 0].groupby(["doc_id", "topic"])
    ]

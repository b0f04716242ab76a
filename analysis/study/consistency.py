"""Do the settings fit the articles? What a study says of itself, held against its tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from analysis.corpus.boilerplate import Rule
from analysis.corpus.folding import folded_text
from analysis.corpus.groups import group_labels
from analysis.errors import InputError, listing, near, warn
from analysis.io.results import rows_of
from analysis.study.settings import Settings
from analysis.validation.auditing import NO_CONTEXT


def metadata_beside(articles: Path) -> Path | None:
    """The table of metadata in a folder of articles, by its usual names."""
    names = ("articles.csv", "metadata.csv")
    return next((articles / name for name in names if (articles / name).is_file()), None)


def check_names(
    settings: Settings, documents: pd.DataFrame, sentences: pd.DataFrame, topics: Iterable[str]
) -> None:
    """Raise if [names] has what is not there: a topic, group, variable or rule."""
    if not settings.names:
        return
    labels = group_labels(documents, settings.group).unique()
    for noun, named in (("topics", list(topics)), ("groups", list(labels))):
        called: dict[str, str] = {}
        for name in named:
            shown = settings.names.get(name, name)
            if (other := called.setdefault(shown, name)) != name:
                raise settings.error(
                    f"[names] calls two {noun} {shown!r}: {other!r} and {name!r}",
                    name if name in settings.names else other,
                    do="give each a name of its own",
                    table="names",
                )
    groups = documents[list(settings.group)].astype(str)
    rules = sentences.loc[sentences["rule"] != "", "rule"]
    known = [*topics, *labels]
    known += [*pd.unique(groups.to_numpy().ravel()), *documents.columns.drop("text")]
    known += [*rules.unique()]
    for name in settings.names:
        if name not in known:
            raise settings.error(
                f"[names] has {name!r}, which is no topic, group, document variable or rule",
                name,
                do=f"name one of {listing(dict.fromkeys(known), most=20)}",
                table="names",
            )


def check_variables(settings: Settings, documents: pd.DataFrame) -> None:
    """Raise if a setting names a column that the articles do not have."""
    variables = [name for name in documents.columns if name not in ("doc_id", "text")]
    for key, name in {"cluster": settings.cluster, "period": settings.period}.items():
        if name not in ("", "article", *variables):
            raise settings.error(
                f"[corpus] {key} is {name!r}, and the articles have no such column",
                key,
                do=f"{near(name, variables)}choose {'article or ' if key == 'cluster' else ''}"
                f"one of {listing(variables)}",
            )


def warn_of_ids(documents: pd.DataFrame) -> None:
    """Warn of names of articles that people cannot tell apart."""
    ids = documents["doc_id"].astype(str)
    alike = ids.groupby(ids.map(folded_text)).agg(list)
    if pairs := [" and ".join(map(repr, names)) for names in alike if len(names) > 1]:
        warn(
            f"{listing(pairs)} differ only in capitals, in how accents are written, or in signs "
            "that cannot be seen; they count as different articles"
        )


def check_rules(
    settings: Settings, rules: Sequence[Rule], documents: pd.DataFrame, sentences: pd.DataFrame
) -> None:
    """Raise if a rule compares with a column that is not there; warn of rules that never fit."""
    for rule in rules:
        if rule.equals is not None and rule.equals not in documents:
            raise InputError(
                f"rule {rule.name!r} compares with {rule.equals!r}, and the articles have no such "
                "column",
                file=settings.boilerplate,
                do=f"{near(rule.equals, documents)}choose one of {listing(documents)}",
            )
    fitting = set(sentences["rule"])
    if idle := [rule.name for rule in rules if rule.name not in fitting]:
        warn(f"{settings.boilerplate}: no line fits the rule {listing(idle)}")


def warn_of_copies(duplicates: pd.DataFrame, documents: pd.DataFrame) -> None:
    texts = documents.set_index("doc_id")["text"]
    pairs = [
        f"{row['doc_id']} and {row['other_doc_id']} ({row['similarity']:.2f})"
        for row in rows_of(duplicates)
        if texts[row["doc_id"]] != texts[row["other_doc_id"]]  # else the reader has said so
    ]
    if pairs:
        warn(
            f"near duplicates, with the similarity of their bodies: {listing(pairs)}; all are kept"
        )


def warn_of_crossing(settings: Settings, documents: pd.DataFrame) -> None:
    """Warn if what is drawn at random stands in several groups: these are no separate draws."""
    rows = documents.drop_duplicates("doc_id")
    groups = group_labels(rows, settings.group).groupby(rows[settings.cluster]).nunique()
    if crossing := sorted(map(str, groups.index[groups > 1])):
        warn(
            f"{settings.prefix}{listing(crossing)} ({settings.cluster}) have articles in several "
            "groups; in each they count as another, so comparisons of the groups are rough"
        )


def warn_of_nesting(settings: Settings, documents: pd.DataFrame, name: str) -> None:
    """Warn of a confounder each of whose values belongs to one group, and several to a group.

    Such are the speakers of a party: not what else parties differ in, but what chance works on.
    """
    known = documents[[name]].assign(group=group_labels(documents, settings.group))
    known = known[known[name].fillna("").astype(str).str.strip() != ""]
    belongs = known.groupby(name)["group"].nunique()
    held = known.groupby("group")[name].nunique()
    several = len(held) > 1 and (held > 1).all() and known[name].duplicated().any()
    if several and (belongs == 1).all():
        warn(
            f"{settings.prefix}every {name} belongs to one group, so no two groups can be "
            f'distinguished; if that is so by nature, write cluster = "{name}" and leave it out '
            "of the confounders"
        )


def warn_of_exclusions(audited: pd.DataFrame, settings: Settings) -> None:
    """Warn of a topic that exclusions, or the want of its context, leave without any match."""
    for topic, own in audited[audited["tier"] == "core"].groupby("topic", sort=False):
        takers = own.loc[own["taken_by"].str.contains("exclude: "), "taken_by"]
        where = "" if settings.dictionary is None else f"{settings.dictionary}: "
        if own["taken_by"].str.contains(NO_CONTEXT).any() and not own["matches"].any():
            lost = int(own["lost"].sum())
            warn(
                f"{where}topic {topic!r} has no match because its context stands at none of the "
                f"{lost} places where it fits; see taken_by of the audit"
            )
        elif len(takers) and not own["matches"].any():
            warn(
                f"{where}topic {topic!r} has no match because exclusions touch every place where "
                f"it fits: {listing(takers.unique())}"
            )


def warn_of_order(settings: Settings, order: str | list[str]) -> None:
    """Warn of periods that are no dates: that of the alphabet is seldom their order."""
    if isinstance(order, list) and not all(period[:1].isdigit() for period in order):
        warn(
            f"{settings.prefix}the periods are no dates and stand in the order of the alphabet: "
            f"{listing(order)}; if that is not theirs, put numbers before them (1 early, 2 late)"
        )


def order_of_periods(periods: pd.Series, *, dates: bool) -> str | list[str]:
    """How `trend` is to order periods; of years and months, it knows which are missing."""
    if dates or periods.str.fullmatch("[0-9]{4}").all():
        return "year"
    return "month" if periods.str.fullmatch("[0-9]{4}-[0-9]{2}").all() else sorted({*periods})


MOST_TOPICS = 1_000  # each takes a tenth of a second, and nobody reads as many
MOST_LETTERS = 300_000_000  # of all articles: two million sentences or so
MOST_CODES = 10_000_000  # sentences times topics: each takes half a kilobyte of a run's memory
_WAYS_OUT = "count it with `tally`, which holds a thousand articles at a time, or take a sample"


def check_size(topics: int, texts: pd.Series) -> None:
    """Raise if there are more topics or letters than a run can hold."""
    if topics > MOST_TOPICS:
        raise InputError(
            f"the dictionary has {topics:,} topics, and {MOST_TOPICS:,} are the most of a run",
            do="put patterns that belong together into one topic, or a part into another study",
        )
    if (letters := int(texts.str.len().sum())) > MOST_LETTERS:
        problem = f"the articles have {letters:,} characters, and {MOST_LETTERS:,} are the most"
        raise InputError(f"{problem} of a run", do=_WAYS_OUT)


def check_codes(topics: int, sentences: int) -> None:
    """Raise if there are more codes than a run can hold: one a sentence and topic."""
    if (codes := topics * sentences) > MOST_CODES:
        problem = f"{sentences:,} sentences and {topics:,} topics are {codes:,} codes"
        raise InputError(f"{problem}, and {MOST_CODES:,} are the most of a run", do=_WAYS_OUT)

"""Every table of a study, from its articles to its findings; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import pandas as pd

from analysis.corpus.boilerplate import read_furniture
from analysis.corpus.duplicates import near_duplicates
from analysis.corpus.groups import group_labels
from analysis.corpus.readers import read_articles
from analysis.corpus.roles import read_roles
from analysis.corpus.status import document_status, unlisted_files
from analysis.corpus.units import sentences
from analysis.errors import InputError, listing, warn
from analysis.estimates.comparison import contrasts, omnibus
from analysis.estimates.confounding import confounds
from analysis.estimates.shares import emphasis
from analysis.estimates.specifications import specifications
from analysis.estimates.stability import ordering_stability
from analysis.estimates.tallies import Tally, tally
from analysis.estimates.trends import trend
from analysis.io.files import line_of
from analysis.io.results import Result, rows_of
from analysis.prose.writing import findings
from analysis.study.settings import Study, located
from analysis.topics.coding import codes, evidence, matches
from analysis.topics.dictionary import Dictionary
from analysis.topics.evidence import evidence_for
from analysis.topics.formats import read_dictionary


@dataclass(frozen=True)
class Tables:
    """Everything a run computes, table by table, in the order of the straight path."""

    documents: pd.DataFrame
    document_status: pd.DataFrame
    sentences: pd.DataFrame
    roles: pd.DataFrame | None
    duplicates: pd.DataFrame
    dictionary: Dictionary
    codes: pd.DataFrame
    evidence: pd.DataFrame
    tally: Tally
    emphasis: Result
    specifications: pd.DataFrame
    stability: pd.DataFrame
    confounds: pd.DataFrame | None
    contrasts: Result
    omnibus: Result
    change: Result | None
    keyness: Result | None
    audit: pd.DataFrame
    findings: pd.DataFrame


def compute(study: Study, say: Callable[[str], None] = lambda message: None) -> Tables:
    """Return every table of a study, from its articles to its findings; nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    say : callable
        Told, in a few words, what is being done.
    """
    say("reading the articles")
    documents = read_articles(
        study.articles, metadata=study.metadata, by=study.group, dates=study.dates
    )
    _check_variables(study, documents)
    rules = read_furniture(study.furniture) if study.furniture else ()
    dictionary = read_dictionary(study.dictionary)
    for failing in dictionary.failing_examples():
        warn(f"{study.dictionary}: {failing}")
    table = sentences(documents, furniture=rules)
    roles = read_roles(study.roles, table) if study.roles else None
    left_out = unlisted_files(study.articles, study.metadata)
    status = document_status(documents, table, by=study.group, unlisted=left_out)
    if bare := list(status.loc[status["status"] == "no_body_sentence", "doc_id"]):
        warn(f"no body sentence in {listing(bare)}; left out")
    duplicates = near_duplicates(table[table["section"] == "body"])
    _warn_of_copies(duplicates, documents)
    _check_names(study, documents, table, dictionary)
    say("coding the sentences")
    coded = codes(table, dictionary)
    found = evidence(table, matches(table, dictionary))
    cluster = _cluster(study)
    with located(study.path, "cluster") if study.cluster != "article" else nullcontext():
        counted = tally(coded, study.group, cluster=cluster)
    _warn_of_crossing(study, coded)
    say("estimating")
    ways = specifications(table, dictionary, by=study.group)
    differing = _confounds(table, study)

    def estimate(measure: str) -> tuple[Result, Result]:
        level = study.conf_level
        return (
            emphasis(counted, measure=measure, method=study.method, conf_level=level),
            contrasts(
                counted,
                measure=measure,
                conf_level=level,
                specifications=ways,
                confounds=differing,
            ),
        )

    # Findings speak of sentences, whatever the study measures.
    made = {measure: estimate(measure) for measure in {study.measure, "sentence_share"}}
    estimates, differences = made[study.measure]
    evidence_for(estimates, found, by=study.group)  # every number has all of its sentences, or none
    changes = _change(coded, study, cluster)
    say("writing the findings")
    told = findings(
        table,
        dictionary,
        *made["sentence_share"],
        ways,
        confounds=differing,
        cluster=cluster,
        change=changes,
        roles=roles,
        wording=study.wording,
        names=study.names,
    )
    return Tables(
        documents=documents,
        document_status=status,
        sentences=table,
        roles=roles,
        duplicates=duplicates,
        dictionary=dictionary,
        codes=coded,
        evidence=found,
        tally=counted,
        emphasis=estimates,
        specifications=ways,
        stability=ordering_stability(ways),
        confounds=differing,
        contrasts=differences,
        omnibus=omnibus(counted, measure=study.measure),
        change=changes,
        keyness=_keyness(table, study),
        audit=_audit(dictionary, table, study),
        findings=told,
    )


def _check_names(
    study: Study, documents: pd.DataFrame, table: pd.DataFrame, dictionary: Dictionary
) -> None:
    """Raise if study.toml names what is not there: a topic, group, variable or furniture rule."""
    groups = documents[list(study.group)].astype(str)
    rules = table.loc[table["rule"] != "", "rule"]
    known = [*dictionary.topic_names, *group_labels(documents, study.group).unique()]
    known += [
        *pd.unique(groups.to_numpy().ravel()),
        *documents.columns.drop("text"),
        *rules.unique(),
    ]
    for name in study.names:
        if name not in known:
            raise InputError(
                f"[names] has {name!r}, which is no topic, group, document variable or rule",
                file=study.path,
                line=line_of(study.path, name, table="names"),
                do=f"name one of {listing(dict.fromkeys(known), most=20)}",
            )


def _warn_of_copies(duplicates: pd.DataFrame, documents: pd.DataFrame) -> None:
    texts = documents.set_index("doc_id")["text"]
    pairs = [
        f"{row['doc_id']} and {row['other_doc_id']} ({row['similarity']:.2f})"
        for row in rows_of(duplicates)
        if texts[row["doc_id"]] != texts[row["other_doc_id"]]  # else the reader has told of them
    ]
    if pairs:
        warn(
            f"near duplicates, with the similarity of their bodies: {listing(pairs)}; all are kept"
        )


def _check_variables(study: Study, documents: pd.DataFrame) -> None:
    """Raise if a setting names a column that the articles do not have."""
    variables = [name for name in documents.columns if name not in ("doc_id", "text")]
    for key, name in {"cluster": study.cluster, "period": study.period}.items():
        if name not in ("", "article", *variables):
            raise InputError(
                f"[corpus] {key} is {name!r}, and the articles have no such column",
                file=study.path,
                line=line_of(study.path, key),
                do=f"choose {'article or ' if key == 'cluster' else ''}one of {listing(variables)}",
            )


def _warn_of_crossing(study: Study, coded: pd.DataFrame) -> None:
    """Warn if what chance deals out stands in several groups: then they are no separate draws."""
    if study.cluster == "article":
        return
    rows = coded.drop_duplicates("doc_id")
    groups = group_labels(rows, study.group).groupby(rows[study.cluster]).nunique()
    if crossing := sorted(map(str, groups.index[groups > 1])):
        warn(
            f"{study.path}: {listing(crossing)} ({study.cluster}) have articles in several groups; "
            "in each they count as another, so comparisons of the groups are no more than rough"
        )


def _cluster(study: Study) -> str:
    """The column of what is drawn at random."""
    if study.cluster == "article":
        return "doc_id"
    warn(
        f"{study.path}: chance works on each {study.cluster!r}; where the tables of estimates say "
        "articles, they count those"
    )
    return study.cluster


def _confounds(table: pd.DataFrame, study: Study) -> pd.DataFrame | None:
    if not study.confounders:
        return None
    with located(study.path, "confounders"):
        return confounds(table[table["section"] == "body"], study.group, with_=study.confounders)


def _change(coded: pd.DataFrame, study: Study, cluster: str) -> Result | None:
    """Emphasis period by period, of the articles whose period is known."""
    if not study.period:
        return None
    with located(study.path, "period"):
        values = coded[study.period].fillna("").astype(str).str.strip()
        if unknown := list(coded.loc[values == "", "doc_id"].unique()):
            warn(f"{study.period!r} is blank in {listing(unknown)}; change is told without them")
        dated = coded.assign(**{study.period: values})[values != ""]
        if dated.empty:
            raise InputError(f"{study.period!r} is blank in every article", do="leave it out")
        by_period = tally(dated, [*study.group, study.period], cluster=cluster)
        order = _order(by_period.table[study.period], study.period in study.dates)
        return trend(by_period, study.period, order=order, conf_level=study.conf_level)


def _order(periods: pd.Series, dates: bool) -> str | list[str]:
    """How `trend` is to order periods; of years and months, it knows which are missing."""
    if dates or periods.str.fullmatch("[0-9]{4}").all():
        return "year"
    return "month" if periods.str.fullmatch("[0-9]{4}-[0-9]{2}").all() else sorted({*periods})


def _keyness(table: pd.DataFrame, study: Study) -> Result | None:
    from analysis.corpus.features import counts
    from analysis.words.keywords import keyness

    counted = counts(table, study.group, ignore=study.ignore)
    if group_labels(counted, study.group).nunique() < 2 or counted["feature"].nunique() < 2:
        return None  # one group has no wording to be set apart from
    return keyness(counted)


def _audit(dictionary: Dictionary, table: pd.DataFrame, study: Study) -> pd.DataFrame:
    from analysis.validation.auditing import audit

    audited = audit(dictionary, table)
    core = audited[audited["tier"] == "core"]
    for topic, own in core.groupby("topic", sort=False):
        takers = own.loc[own["taken_by"].str.contains("exclude: "), "taken_by"]
        if len(takers) and not own["matches"].any():
            warn(
                f"{study.dictionary}: topic {topic!r} has no match because exclusions touch every "
                f"place where it fits: {listing(takers.unique())}"
            )
    return audited

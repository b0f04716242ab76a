"""Findings: every number of every text is traced to a table, and every word is allowed."""

import re
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.corpus.boilerplate import Rule
from analysis.estimates.specifications import FORKS
from analysis.estimates.stability import agreement
from analysis.prose.kinds import KINDS
from analysis.prose.kinds.corrected import _status as corrected_status
from analysis.prose.language import read_language
from analysis.prose.numbers import (
    format_correlation,
    format_level,
    format_p,
    format_percent,
    format_points,
    format_ratio,
    format_whole,
)
from analysis.prose.writing import FINDING_COLUMNS
from analysis.study.study import read_study
from tests import ROOT
from tests.prose import tables_of

ENERGY = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("sun_light", ("solar",))))


def article(wind, size, more=""):
    """An article of `size` paragraphs of a sentence, the first `wind` of them on wind."""
    return "\n".join(["Wind pays well."] * wind + ["Mines close down."] * (size - wind) + [more])


def study(
    texts,
    by="party",
    outlets=None,
    cluster="doc_id",
    years=None,
    backgrounds=None,
    truth=None,
    **options,
):
    """Everything from a list of (group, text), and the outlet of each if that is known.

    It is what chance works on, or else checked. By `truth`, a pattern, two coders say which
    sentences are on wind. The options are those of `emphasis`.
    """
    rows = [(f"{group}{number}", group, text) for number, (group, text) in enumerate(texts)]
    articles = pd.DataFrame(rows, columns=["doc_id", by, "text"])
    articles = articles if outlets is None else articles.assign(news_outlet=outlets)
    sentences = an.sentences(articles if years is None else articles.assign(year=years))
    checked = outlets is not None and cluster == "doc_id"
    confounds = an.confounds(sentences, by, with_="news_outlet") if checked else None
    roles = None
    if backgrounds is not None:
        roles = sentences[["doc_id", "sentence_id"]].assign(role="event")
        for number, role in backgrounds.items():
            roles.loc[number, "role"] = role
    codes = an.codes(sentences, ENERGY)
    within = "news_outlet" if checked else ()
    tally = an.tally(codes, by, cluster=cluster, within=within)
    ways = an.specifications(sentences, ENERGY, by=by)
    emphasis = an.emphasis(tally, **options)
    contrasts = an.contrasts(tally, specifications=ways)
    change, more = None, {}
    if truth is not None:
        about = codes[(codes["topic"] == "wind") & (codes["section"] == "body")]
        yes = sentences["text"].iloc[about.index // 2].str.contains(truth).to_numpy()
        answer = np.where(yes, "yes", "no")
        hand = pd.concat([about.assign(answer=answer, coder=name) for name in ("Anna", "Ben")])
        rates = an.error_rates(hand, codes, by=by)
        corrected = an.corrected_contrasts(hand, codes, by=by)
        contrasts = an.refuse_unequal_recall(contrasts, rates)
        more = {"error_rates": rates, "agreement": an.agreement(hand), "corrected": corrected}
        more["note"] = "Both are made up."
    if years is not None:
        dated = codes[codes["year"] != ""]
        change = an.trend(an.tally(dated, [by, "year"], cluster=cluster), "year")
    tables = tables_of(
        *(sentences, ENERGY, emphasis, contrasts, ways),
        confounds=confounds,
        change=change,
        roles=roles,
        **more,
    )
    return SimpleNamespace(
        by=by,
        cluster=cluster,
        sentences=sentences,
        codes=codes,
        emphasis=emphasis,
        contrasts=contrasts,
        specifications=ways,
        confounds=confounds,
        roles=roles,
        change=change,
        tables=tables,
        findings=an.findings(tables),
    )


BREEZE = "The breeze pays."  # about wind, and not in the dictionary
STUDIES = {
    "clear": [("A", article(9, 10))] * 5 + [("B", article(1, 10))] * 5,
    "likely": [("A", article(9, 10))] * 3 + [("B", article(0, 10))] * 4,
    "ranked": [("A", article(5, 10)), ("B", article(1, 10)), ("C", article(1, 10))],
    "carried": [("A", article(5, 10)), ("A", article(0, 10)), ("B", article(1, 10))],
    "concentrated": [("A", article(9, 10)), ("B", article(3, 10)), ("B", article(0, 10))],
    "together": [("A", article(1, 3, "Wind and solar pay.")), ("B", article(0, 3, "Solar wind."))],
    "silent": [("A", article(2, 3)), ("B", article(0, 3)), ("C", "")],
    "alone": [("A", article(2, 3)), ("A", article(1, 3))],
    "bootstrapped": [("A", article(2, 3)), ("A", article(1, 3)), ("B", article(0, 3))],
    "census": [("A", article(2, 3)), ("A", article(1, 3)), ("B", article(0, 3))],
    "by outlet": [("A", article(9, 10))] * 6 + [("B", article(0, 10))] * 8,
    "one outlet": [("A", article(9, 10))] * 5 + [("B", article(1, 10))] * 5,
    "changing": [("A", article(hits, 10)) for hits in (1, 3, 6, 9) for _ in range(5)]
    + [("B", article(4, 10))] * 9
    + [("B", article(10, 10))],
    "lasting": [("A", article(2, 10))] * 40 + [("B", article(4, 10))] * 5,
    "unsettled": [("A", article(6, 10)), ("A", article(0, 1)), ("B", article(4, 10))],
    "confounded": [("A", article(9, 10))] * 5 + [("B", article(1, 10))] * 5,
    "overlapping": [("A", article(9, 10))] * 5 + [("B", article(1, 10))] * 5,
    "anonymous": [("A", article(9, 10))] * 5 + [("B", article(1, 10))] * 5,
    "validated": [("A", article(8, 9, "Fair wind and goodbye."))] * 5 + [("B", article(1, 10))] * 5,
    "unequal": [("A", article(5, 10))] * 5 + [("B", article(1, 6, "\n".join([BREEZE] * 4)))] * 5,
    "roles": [
        ("A", article(2, 3)),
        ("A", article(1, 3)),
        ("B", article(2, 3)),
        ("C", article(1, 3)),
        ("D", article(0, 3)),
    ],
}
# Of the sentences on wind: 0 and 1 in A0, 3 in A1; 6 and 7 in B2; 9 in C3.
BACKGROUNDS = {"roles": dict.fromkeys([1, 3, 4, 6, 7, 8], "background") | {9: "not_coded"}}
OUTLETS = {
    "confounded": ["Mail", "Mail", "Post", "Sun", "Star"] + ["Tribune"] * 4 + [""],
    "overlapping": ["Mail", "Mail", "Post", "", ""] + ["Tribune"] * 4 + ["Mail"],
    "anonymous": ["Mail"] * 5 + [""] * 5,
    "by outlet": ["Mail"] * 4 + ["Post", "Sun"] + ["Mail", "Sun", "Star", "Echo"] * 2,
    "one outlet": ["Mail"] * 5 + ["Mail", "Post", "Sun", "Star", "Star"],
}
OPTIONS = {
    "validated": {"truth": "^Wind"},
    "unequal": {"truth": "Wind|breeze"},
    "bootstrapped": {"method": "bootstrap"},
    "census": {"target": "these_articles"},
    "by outlet": {"cluster": "news_outlet"},
    "one outlet": {"cluster": "news_outlet"},
    "changing": {
        "years": [*(str(2017 + n // 5) for n in range(20)), *["2019"] * 5, *["2020"] * 4, ""]
    },
    "lasting": {"years": [str(2010 + number // 5) for number in range(40)] + ["2019"] * 5},
}


@pytest.fixture(scope="module")
def studies():
    embedded = read_study(ROOT / "study.toml")
    made = {
        name: study(
            texts,
            outlets=OUTLETS.get(name),
            backgrounds=BACKGROUNDS.get(name),
            **OPTIONS.get(name, {}),
        )
        for name, texts in STUDIES.items()
    }
    tables = ("sentences", "codes", "specifications", "confounds", "roles", "tables")
    results = ("emphasis", "contrasts", "findings")
    own = {name: getattr(embedded, name) for name in tables}
    own |= {name: getattr(embedded, name)() for name in results}
    return made | {"embedded": SimpleNamespace(**own, by="partner", cluster="doc_id", change=None)}


NAMES = [*STUDIES, "embedded"]
every_study = pytest.mark.parametrize("name", NAMES)
every_language = pytest.mark.parametrize("language", ["english", "french"])


def rows(made, kind=None, topic=None):
    chosen = made.findings.to_dict("records")
    chosen = [found for found in chosen if kind is None or found["kind"] == kind]
    return [found for found in chosen if topic is None or found["topic"] == topic]


def only(made, kind, topic="wind"):
    (found,) = rows(made, kind, topic)
    return found


def text_in(language, found):
    return read_language(language).text(found["provenance"]["template"], found["values"])


# Every number

NUMBER = {
    "english": re.compile(r"< \.001|−?\d*\.?\d+(?: %)?"),
    "french": re.compile(r"< 0,001|−?\d+(?:,\d+)?(?:\u202f%)?"),
}


def spellings(value, *beside):
    """Every way in which the templates may write a value of a finding, in English.

    A limit is written beside the other one.
    """
    if isinstance(value, dict):
        pairs = {"low": value.get("high"), "high": value.get("low")}.items()
        others = {name: (other,) for name, other in pairs if other is not None}
        for name in ("recall", "precision"):
            if value.get(f"{name}_high") is not None:
                others[f"{name}_low"] = (value[f"{name}_high"],)
                others[f"{name}_high"] = (value[f"{name}_low"],)
        every = (spellings(one, *others.get(name, ())) for name, one in value.items())
        return set().union(*every)
    if isinstance(value, list):
        return set().union(*map(spellings, value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return set()
    if isinstance(value, int):
        return {str(value)}
    p = format_p(value).removeprefix("= ")
    written = {format_percent(value, *beside), format_level(value), format_points(value), p}
    whole = {format_whole(value, *beside)}  # the limits of a share have no "%"
    return written | whole | {format_ratio(value), format_correlation(value)}


@every_language
@every_study
def test_every_number_of_a_text_is_a_value_of_the_finding(studies, name, language):
    made = studies[name]
    for found in rows(made):
        text = re.sub(r"“[^”]*”|«[^»]*»", "", text_in(language, found))
        numbers = NUMBER[language].findall(text)
        assert numbers
        allowed = {read_language(language).spelled(one) for one in spellings(found["values"])}
        if found["values"].get("thin"):  # "only 1 article each": what being thin means
            allowed.add("1")
        assert set(numbers) <= allowed, text


def cell_of(made, topic, name):
    table = made.emphasis.to_frame()
    (cell,) = table[(table["topic"] == topic) & (table[made.by] == name)].to_dict("records")
    return cell


def assert_group(made, topic, group):
    cell = cell_of(made, topic, group["name"])
    columns = {
        **{"hits": "hits", "size": "size", "share": "estimate"},
        **{"low": "conf_low", "high": "conf_high", "rho": "rho", "deff": "design_effect"},
        **{"df": "df", "clusters": "articles"},
    }
    own = made.sentences[(made.sentences["section"] == "body")]
    own = own[own[made.by] == group["name"]]
    on = made.codes[made.codes["coded"] & (made.codes["topic"] == topic)]
    assert group["articles"] == own["doc_id"].nunique()
    assert group["clusters"] == own[made.cluster].nunique()
    told_of = own["doc_id"].isin(on.loc[on["section"] == "body", "doc_id"])
    assert group["articles_with_topic"] == own.loc[told_of, "doc_id"].nunique()
    told = {key: None if pd.isna(cell[column]) else cell[column] for key, column in columns.items()}
    assert {key: group[key] for key in columns} == told
    counted = {"articles", "articles_with_topic"}
    assert set(group) == {*columns, *counted, "name", "warnings", "together"}
    assert not group["together"]
    assert group["warnings"] == cell["warnings"].split()


def assert_carrier(made, topic, group, carrier):
    codes = made.codes[(made.codes["topic"] == topic) & (made.codes["section"] == "body")]
    own = codes[codes[made.by] == group["name"]]
    names = made.sentences.drop_duplicates("doc_id").set_index("doc_id", drop=False)[made.cluster]
    there = own["doc_id"].map(names) == carrier["name"]
    assert carrier["hits"] == own.loc[there, "coded"].sum()
    assert carrier["rest_hits"] == own.loc[~there, "coded"].sum()
    assert carrier["rest_size"] == (~there).sum()


def assert_ways(made, values, first, second):
    """In how many specifications `first` leads; those without a hit in either say nothing."""
    ways = made.specifications[made.specifications["topic"] == values["topic"]]
    wide = ways.pivot(index=list(FORKS), columns=made.by, values="estimate")
    said = wide[(wide[first] > 0) | (wide[second] > 0)]
    holds = said[first] - said[second] > 1e-12
    distinct = ~said[[first, second]].round(12).duplicated()
    got = (values["holds"], values["ways"])
    assert got == (holds[distinct].sum(), distinct.sum())
    assert values["agreement"] == agreement(*got[:2])


def assert_ranking(made, values):
    assert values["share"] == values["holds"] / values["ways"] >= 0.8
    (runner, *_) = values["runners"]
    assert_ways(made, values, values["top"]["name"], runner["name"])


def assert_overlap(made, overlap, pair):
    assert overlap["checked"] == (made.confounds is not None)
    rows = [] if made.confounds is None else made.confounds.to_dict("records")
    for name in ("shared", "none_shared", "unknown"):
        assert overlap[name] == [
            row["variable"]
            for row in rows
            if {row["target"], row["reference"]} == pair and row["overlap"] == name
        ]


def assert_confound(made, values):
    articles = made.sentences[made.sentences["section"] == "body"].drop_duplicates("doc_id")
    for one in values["variables"]:
        own = made.confounds[made.confounds["variable"] == one["name"]]
        assert one["pairs"] == len(own) == one["shared"] + one["none_shared"] + one["unknown"]
        for name in ("shared", "none_shared", "unknown"):
            assert one[name] == (own["overlap"] == name).sum()
        known = articles[articles[one["name"]] != ""]
        assert one["known"] == len(known)
        for group in one["groups"]:
            held = known.loc[known[made.by] == group["name"], one["name"]].str[:4]
            told = {value["name"][:4]: value["articles"] for value in group["held"]}
            assert sum(told.values()) + group["others"] == len(held)
            for name, number in told.items():
                assert number == (held == name).sum() > 0


def assert_background(made, values):
    codes = made.codes[(made.codes["topic"] == values["topic"]) & made.codes["coded"]]
    codes = codes.merge(made.roles, on=["doc_id", "sentence_id"])
    told = {cell["group"]["name"]: cell["events"] for cell in values["cells"]}
    for name, own in codes.groupby(made.by):
        events = (own["role"] == "event").sum()
        coded = (own["role"] != "not_coded").all()
        assert told.pop(name, None) == (events if coded else None)
        assert (name in values["not_coded"]) == (not coded)
        assert (name in values["background_alone"]) == (coded and events == 0)
    assert told == {}
    for cell in values["cells"]:
        assert_group(made, values["topic"], cell["group"])


def assert_contrast(made, values):
    table = made.contrasts.to_frame()
    table = table[table["topic"] == values["topic"]]
    higher, lower = values["higher"]["name"], values["lower"]["name"]
    keyed = {(row["target"], row["reference"]): row for row in table.to_dict("records")}
    sign = 1 if (higher, lower) in keyed else -1
    row = keyed[(higher, lower)[::sign]]
    limits = [sign * row["conf_low"], sign * row["conf_high"]][::sign]
    assert values["difference"] == sign * row["estimate"] >= 0
    assert [values["low"], values["high"]] == limits
    assert values["p_adjusted"] == row["p_adjusted"] or pd.isna(row["p_adjusted"])
    for key in ("p_value", "permutation_p", "status"):
        assert values[key] == row[key]
    if sign > 0:
        for key in ("ratio", "ratio_low", "ratio_high"):
            assert values[key] == (row[key] if np.isfinite(row[key]) else None)
    elif values["ratio"] is not None:
        assert values["ratio"] == pytest.approx(
            values["higher"]["share"] / values["lower"]["share"]
        )
    assert values["level"] == made.emphasis.provenance["conf_level"]
    assert_ways(made, values, higher, lower)
    assert_overlap(made, values["overlap"], {higher, lower})
    assert values["status"] in ("suggestive", "supported")


def assert_corrected(made, values):
    table = made.tables.corrected.to_frame()
    table = table[table["topic"] == values["topic"]]
    keyed = {(row["target"], row["reference"]): row for row in table.to_dict("records")}
    pair = values["higher"]["name"], values["lower"]["name"]
    sign = 1 if pair in keyed else -1
    row = keyed[pair[::sign]]
    assert values["difference"] == sign * row["estimate"] >= 0
    assert values["uncorrected"] == sign * row["uncorrected"]
    limits = [sign * row["conf_low"], sign * row["conf_high"]][::sign]
    assert [values["low"], values["high"]] == limits
    assert (values["p_adjusted"], values["status"]) == (row["p_adjusted"], row["status"])
    assert values["unequal"] == row["unequal_recall"]


def assert_validation(made, values):
    rates = getattr(made.tables, "error_rates", None)
    whole = [] if rates is None else rates.to_frame()
    whole = [] if rates is None else whole[whole[made.by] == "(all)"].to_dict("records")
    told = {one["topic"]: one for one in values["topics"]}
    assert {row["topic"] for row in whole} == set(told)
    topics = set(made.emphasis.to_frame()["topic"])
    assert set(values["unchecked"]) == topics - set(told)
    for row in whole:
        for key in ("answered", "hits", "errors", "recall", "recall_low", "precision_high"):
            assert told[row["topic"]][key] == row[key]
    refused = made.contrasts.to_frame()["warnings"].str.contains("recall_differs")
    assert values["refused"] == refused.sum()


def assert_story(made, values):
    cells = made.emphasis.to_frame()
    cells = cells[(cells["topic"] == values["topic"]) & (cells["size"] > 0)]
    present, silent = cells[cells["hits"] > 0], cells[cells["hits"] == 0]
    assert [group["name"] for group in values["silent"]] == list(silent[made.by])
    assert sorted(group["name"] for group in values["groups"]) == sorted(present[made.by])
    shares = [group["share"] for group in values["groups"]]
    assert shares == sorted(shares, reverse=True)
    assert values["hits"] == cells["hits"].sum()
    codes = made.codes[(made.codes["topic"] == values["topic"]) & made.codes["coded"]]
    on = codes[codes["section"] == "body"]
    assert values["with_topic"] == on["doc_id"].nunique()
    assert values["bound"] == (
        None if silent["conf_high"].isna().all() else silent["conf_high"].max()
    )
    # What was matched: each in as many sentences as have it.
    evidence = made.tables.evidence
    own = evidence[(evidence["topic"] == values["topic"]) & (evidence["section"] == "body")]
    for phrase in values["phrases"]:
        quoted = [
            {quote[start:end].casefold() for start, end in spans}
            for quote, spans in zip(own["quote"], own["spans"], strict=True)
        ]
        assert phrase["sentences"] == sum(phrase["text"].casefold() in one for one in quoted) > 0
    if values["events"] is not None:
        roles = on.merge(made.roles, on=["doc_id", "sentence_id"])
        assert values["events"] == (roles["role"] == "event").sum()
    told = made.contrasts.to_frame()
    told = told[(told["topic"] == values["topic"])]
    apart = told["status"].isin(["suggestive", "supported"])
    assert (values["pair"] is not None) == apart.any()
    if values["pair"]:
        nearer = np.where(told["estimate"] > 0, told["conf_low"], -told["conf_high"])
        assert values["pair"]["low"] == nearer[apart].max()
    if values["null"]:
        assert not apart.any() or values["out"]
        assert values["null"]["at_most_apart"] <= told["at_most_apart"].max()


def assert_lead(made, values):
    cells = made.emphasis.to_frame()
    cells = cells[cells["size"] > 0]
    articles = made.sentences.loc[made.sentences["section"] == "body", "doc_id"].nunique()
    topics = cells.groupby("topic")
    everywhere = topics["articles_with_topic"].sum() == articles
    if made.cluster == "doc_id":
        assert values["everywhere"] == list(everywhere.index[everywhere])
    if not values["everywhere"]:
        assert values["in_groups"] == [name for name, own in topics if (own["hits"] > 0).all()]
    assert {one["topic"]: one["hits"] for one in values["rare"]} == {
        name: hits
        for name, hits in topics["hits"].sum().items()
        if 0 < hits <= 0.05 * values["size"]
    }
    assert values["unmentioned"] == [name for name, own in topics if own["hits"].sum() == 0]
    table = made.contrasts.to_frame()
    assert values["comparisons"] == len(table)
    assert values["told"] == table["status"].isin(["suggestive", "supported"]).sum()
    assert (values["pair"] is not None) == (values["told"] > 0 and not values["out"])
    if leading := values["leading"]:
        assert not values["told"]
        for group in (leading["top"], *leading["rest"]):
            assert_group(made, leading["topic"], group)
        others = cells[cells["topic"] != leading["topic"]]
        assert leading["elsewhere"] == (others["hits"].max() if len(others) else 0)


def assert_profile(made, values):
    cells = made.emphasis.to_frame()
    own = cells[cells[made.by] == values["group"]["name"]].set_index("topic")["hits"]
    assert values["silent"] == list(own.index[own == 0])
    assert {one["topic"]: one["hits"] for one in values["topics"]} == own[own > 0].to_dict()
    assert [one["hits"] for one in values["topics"]] == sorted(own[own > 0], reverse=True)


def assert_change(made, found):
    values = found["values"]
    table = made.change.to_frame()
    table = table[(table["topic"] == values["topic"]) & (table["size"] > 0)]
    table = table[table[made.by] == values["group"]["name"]]
    assert values["periods"] == [
        {"name": row["year"], "hits": row["hits"], "size": row["size"], "clusters": row["articles"]}
        for row in table.to_dict("records")
    ]
    assert (table["articles"] >= 5).all()
    columns = {"first": "slope_first", "last": "slope_last", "p_holm": "slope_p_holm"}
    columns |= {"low": "slope_change_low", "high": "slope_change_high"}
    for key, column in columns.items():
        assert {values[key]} == set(table[column])
    assert len(found["evidence"]) == table["hits"].sum()


@every_study
def test_every_value_is_a_cell_of_a_table_or_a_sum_of_such(studies, name):
    made = studies[name]
    cells = made.emphasis.to_frame()
    body = made.sentences[made.sentences["section"] == "body"]
    topics = list(cells["topic"].drop_duplicates())
    whole = cells[cells["topic"] == topics[0]]
    for found in rows(made):
        values, topic = found["values"], found["topic"] or topics[0]
        own = {field.name for field in fields(KINDS[found["kind"]])}
        assert set(values) == own | {"unit"} | ({"topic"} if found["topic"] else set())
        for key in ("groups", "runners"):
            for group in values.get(key, []):
                assert_group(made, topic, group)
        for key in ("group", "top", "higher", "lower"):
            if key in values:
                assert_group(made, topic, values[key])
        if values.get("carrier") and found["kind"] not in ("story", "lead"):
            assert_carrier(made, topic, values.get("group") or values["top"], values["carrier"])
        if "read" in values:
            assert values["read"] == made.sentences["doc_id"].nunique()
        if "read" in values:
            assert values["size"] == whole["size"].sum() == len(body)
            assert values["articles"] == body["doc_id"].nunique()
            assert values["clusters"] == body[made.cluster].nunique()
        if found["kind"] == "presence":
            on = made.codes[(made.codes["section"] == "body") & made.codes["coded"]]
            assert values["with_topic"] == on.loc[on["topic"] == topic, "doc_id"].nunique()
            assert values["articles"] == body["doc_id"].nunique()
        if found["kind"] == "story":
            assert_story(made, values)
        if found["kind"] == "lead":
            assert_lead(made, values)
        if found["kind"] == "profile":
            assert_profile(made, values)
        if found["kind"] == "ranking":
            assert_ranking(made, values)
        if found["kind"] == "contrast":
            assert_contrast(made, values)
        if found["kind"] == "corrected":
            assert_corrected(made, values)
        if found["kind"] == "validation":
            assert_validation(made, values)
        if found["kind"] == "background":
            assert_background(made, values)
        if found["kind"] == "confound":
            assert_confound(made, values)
        if found["kind"] == "change":
            assert_change(made, found)
        if found["kind"] == "refusal":
            table = made.contrasts.to_frame()
            assert values["comparisons"] == len(table)
            assert values["told"] == table["status"].isin(["suggestive", "supported"]).sum()
            assert values["silent"] == (table["status"] == "absent_in_both").sum()
            estimated = (table["status"] != "not_estimable").sum()
            assert sum(one["number"] for one in values["reasons"]) == estimated - values["told"]
            if clearest := values["clearest"]:
                same = table[table["topic"] == clearest["topic"]]
                assert clearest["p_value"] in set(same["p_value"])
                for side in ("higher", "lower"):
                    assert_group(made, clearest["topic"], clearest[side])
            assert values["thin"] == list(whole.loc[whole["articles"] == 1, made.by])
        if found["kind"] == "co_emphasis":
            named = made.codes[(made.codes["section"] == "body") & made.codes["coded"]]
            number = named.groupby(["doc_id", "sentence_id"]).size()
            assert values["hits"] == (number > 1).sum() == sum(s["hits"] for s in values["sets"])


# A count of what, as each language has it, and how many articles a group has.
COUNTS = {
    "english": (r"\b{hits} of {size}\b", r"\b{articles}\s+article"),
    "french": (r"\b{hits}( phrases?( du corps de texte)?)? sur {size}\b",
               r"\b{articles} article|\barticles? sur {articles}\b"),
}  # fmt: skip


@every_language
@every_study
def test_what_is_said_of_a_group_carries_its_counts(studies, name, language):
    share, of_articles = COUNTS[language]
    for found in rows(studies[name]):
        values, text = found["values"], text_in(language, found)
        # A change carries the counts of each period; the narrative is tested on its own.
        if found["kind"] in ("change", "lead", "story", "profile"):
            continue
        groups = [*values.get("groups", []), *values.get("runners", [])]
        groups += [values[key] for key in ("group", "top", "higher", "lower") if key in values]
        groups += [cell["group"] for cell in values.get("cells", [])]
        for group in groups:
            assert group["name"] in text
            if found["kind"] not in ("scope", "concentration", "background"):
                assert re.search(share.format(**group), text), text
            assert re.search(rf"\b{group['size']}\b", text)
            assert re.search(of_articles.format(**group), text), text


BANNED = {
    "english": re.compile(
        r"priorit|focus|neglect|ignor|significan|trend|prefer|importan|emphasi[sz]es", re.I
    ),
    "french": re.compile(
        r"priorit|privilég|concentr|focalis|néglig|ignor|délaiss|oubli|significati|tendance"
        r"|préfér|importan|insist|accent",
        re.I,
    ),
}


@every_language
@every_study
def test_no_forbidden_word(studies, name, language):
    for found in rows(studies[name]):
        assert not BANNED[language].search(text_in(language, found))
    for template in read_language(language).words["templates"].values():
        words = re.sub(r"{[{%].*?[%}]}", "", template, flags=re.S)
        assert not BANNED[language].search(words)


# What may be said of a group and another only where the contrast distinguishes them.
TOLD_APART = {"english": "more often than", "french": "plus souvent que"}


@every_language
@every_study
def test_the_status_decides_the_verb(studies, name, language):
    for found in rows(studies[name], "contrast"):
        text = text_in(language, found)
        assert (TOLD_APART[language] in text) == (found["status"] in ("suggestive", "supported"))
        assert ("probabl" in text) == (found["status"] == "suggestive")


@every_language
@every_study
def test_shape(studies, name, language):
    made = studies[name]
    found = made.findings.assign(text=[text_in(language, one) for one in rows(made)])
    assert list(found.columns) == FINDING_COLUMNS
    assert list(found["id"]) == [f"F{number:02d}" for number in range(1, len(found) + 1)]
    assert list(found["kind"][:2]) == ["lead", "scope"]
    assert found["kind"].iloc[-1] == "refusal"
    assert (found["kind"].isin(["lead", "scope", "refusal"])).sum() == 3
    assert found.loc[found["kind"] != "story", "text"].is_unique
    assert not found["text"].str.contains(r"  |\n|{|}|[^.] None|nan|\(\)", regex=True).any()
    assert found["text"].str.endswith(".").all()


@every_study
def test_evidence_is_complete(studies, name):
    made = studies[name]
    texts = made.sentences.set_index(["doc_id", "sentence_id"])
    for found in rows(made):
        for quote in found["evidence"]:
            place = texts.loc[(quote["doc_id"], quote["sentence_id"])]
            assert quote["quote"] == place["text"]
            assert [quote["start"], quote["end"]] == [place["start"], place["end"]]
            assert quote["spans"]
            assert len(quote["spans"]) == len(quote["patterns"])
        if found["kind"] == "presence":
            counted = sum(group["hits"] for group in found["values"]["groups"])
            assert len(found["evidence"]) == counted > 0
        if found["kind"] == "absence":
            assert found["evidence"] == []
            assert found["searched"]
        if found["kind"] in ("ranking", "concentration", "co_emphasis"):
            assert found["evidence"]
        if found["topic"]:
            assert (
                found["estimate"]["numerator"]
                == cell_of(made, found["topic"], found["groups"][0])["hits"]
            )


def test_every_template_is_used(studies):
    used = set()
    for made in studies.values():
        used |= {found["provenance"]["template"] for found in rows(made)}
    assert used == set(read_language("english").words["templates"])


# What each rule says


def test_supported_and_suggestive_have_their_verbs(studies):
    clear, likely = (only(studies[name], "contrast") for name in ("clear", "likely"))
    assert clear["status"] == "supported"
    assert clear["text"].startswith(
        "Articles on A mention wind more often than articles on B: 45 of 50 body sentences "
        "(5 articles) against 5 of 50 (5 articles). That is 90 % (95 % interval "
    )
    assert likely["status"] == "suggestive"
    assert likely["text"].startswith(
        "Articles on A probably mention wind more often than articles on B: 27 of 30 body "
    )
    for found in (clear, likely):
        assert found["scope"] == "articles_like_these"
    assert "1 of 2 comparisons" in rows(studies["clear"], "refusal")[0]["text"]


def test_a_corrected_difference_names_the_uncorrected(studies):
    found = only(studies["validated"], "corrected")
    assert found["status"] == "supported"
    assert found["text"].startswith(
        "Corrected for the dictionary's errors, articles on A mention wind 70 points more often "
        "than articles on B ("
    )
    assert found["text"].endswith(
        "); uncorrected, it was 80 points: 45 of 50 body sentences (5 articles) against 5 of 50 (5 "
        "articles)."
    )
    assert rows(studies["validated"], "contrast")


def test_unequal_recall_is_refused_and_corrected(studies):
    made = studies["unequal"]
    assert not rows(made, "contrast")
    (row,) = made.contrasts.to_frame().query("topic == 'wind'").to_dict("records")
    assert "recall_differs" in row["warnings"].split()
    found = only(made, "corrected")
    assert found["status"] == "not_distinguishable"
    assert found["text"].startswith(
        "Corrected for the dictionary's errors, articles on A and articles on B cannot be "
        "distinguished on wind: the difference is 0 points ("
    )
    assert "uncorrected, it was 40 points: 25 of 50 body sentences" in found["text"]
    assert found["text"].endswith("groups, so the uncorrected difference says nothing.")
    assert only(made, "story")["values"]["null"] is None
    (refusal,) = rows(made, "refusal")
    assert "in 1, the dictionary finds the topic more easily in one of the two" in refusal["text"]
    (validation,) = rows(made, "validation")
    assert "In 1 comparison of two groups, the dictionary's recall differs" in validation["text"]


def test_what_splits_groups_splits_a_corrected_contrast_too():
    row = {"status": "supported", "warnings": ""}
    assert corrected_status(row) == "supported"
    assert corrected_status(row | {"warnings": "not_within_outlet"}) == "suggestive"
    split = row | {"warnings": "bursty confounded_with_outlet"}
    assert corrected_status(split) == "not_distinguishable"


def test_every_finding_on_a_topic_says_how_right_its_codes_are(studies):
    made = studies["validated"]
    for found in rows(made):
        assert (found["validation"] is not None) == (found["topic"] == "wind")
    own = only(made, "story")["validation"]
    assert own["coders"] == ["Anna", "Ben"]
    assert (own["answered"], own["errors"], own["recall"], own["alpha"]) == (100, 5, 1.0, 1.0)
    (found,) = rows(made, "validation")
    assert found["text"].startswith(
        "The dictionary's codes are compared with the codes of “Anna” and “Ben”. Validated are "
        "wind on 100 of 100 body sentences (recall 100 % ("
    )
    assert "precision 90 % (79 to 96); alpha 1.00). Recall is" in found["text"]
    assert found["text"].endswith("at 95 %. Not validated: sun light. Both are made up.")
    (found,) = rows(studies["clear"], "validation")
    assert found["text"].startswith(
        "Not validated: of the 100 body sentences, neither all nor a sample are coded"
    )
    assert {one["validation"] for one in rows(studies["clear"])} == {None}


def test_what_else_the_groups_differ_in(studies):
    (found,) = rows(studies["confounded"], "confound")
    assert found["text"] == (
        "The news outlet is known for 9 of the 10 articles: on A, 2 with “Mail”, 1 with “Post”, 1 "
        "with “Star” and 1 with others; on B, 4 with “Tribune”. The two groups have none in "
        "common. Two groups that have none in common are not distinguished "
        "here, whatever their numbers: the difference could be one of news outlet."
    )
    assert [f["kind"] for f in rows(studies["confounded"])][1:3] == ["scope", "confound"]
    assert not rows(studies["clear"], "confound")


def test_groups_without_an_outlet_in_common_are_not_told_apart(studies):
    made = studies["confounded"]
    assert not rows(made, "contrast")
    assert "confounded_with_news_outlet" in made.contrasts.to_frame()["warnings"].iloc[1]
    (refusal,) = rows(made, "refusal")
    assert ", the two groups have no news outlet in common. The clearest of " in refusal["text"]


def test_a_contrast_says_what_was_checked(studies):
    ends = {
        "clear": (
            "supported",
            "Whether the two groups also differ in something else was not checked.",
        ),
        "overlapping": ("supported", "Within the same news outlets it is 80 points."),
        "anonymous": ("suggestive", "Whether they differ in news outlet is not known."),
    }
    for name, (status, end) in ends.items():
        found = only(studies[name], "contrast")
        assert found["status"] == status
        assert found["text"].endswith(end)
    values = only(studies["overlapping"], "contrast")["values"]
    assert values["within_difference"] > 0
    lost = told_as(values, "contrast", overlap=values["overlap"] | {"lost": ["news_outlet"]})
    assert lost.endswith(
        " It is not found within each news outlet, so it is no more than probable."
    )


def test_what_is_left_within_a_confounder_is_told_from_the_higher_group():
    texts = [("A", article(1, 10))] * 5 + [("B", article(9, 10))] * 5
    made = study(texts, outlets=["Post", "Mail", "Mail", "Post", "Post"] * 2)
    assert made.contrasts.to_frame()["within_estimate"].iloc[-1] < 0  # of A against B
    for kind in ("contrast", "story"):
        assert "Within the same news outlets it is 80 points." in only(made, kind)["text"]


def test_findings_and_contrasts_are_made_with_the_same_confounds(studies):
    with pytest.raises(an.InputError) as error:
        an.findings(replace(studies["overlapping"].tables, confounds=None))
    assert str(error.value) == (
        "the contrasts were made within ['news_outlet'], the confounds are of None; name the same "
        "variables in `tally` (within=) and `confounds` (with_=)"
    )


def test_the_higher_group_comes_first_whatever_its_name():
    made = study([("A", article(1, 10))] * 5 + [("B", article(9, 10))] * 5)
    found = only(made, "contrast")
    assert found["groups"] == ["B", "A"]
    assert found["values"]["low"] > 0


def test_only_counted_verbs_where_nothing_can_be_told_apart(studies):
    for found in rows(studies["ranked"]):
        assert "more often" not in found["text"].replace("most often", "")


def test_ranking_names_every_runner_up(studies):
    found = only(studies["ranked"], "ranking")
    assert found["groups"] == ["A", "B", "C"]
    assert found["text"] == (
        "In these articles, wind is mentioned most often in the 1 article on A: 5 of 10 body "
        "sentences, against 1 of 10 on B (1 article) and 1 of 10 on C (1 article). The order "
        "holds in all ways of counting (2 of 2). The order rests on that one article."
    )
    assert found["robustness"] == {"ordering_share": 1.0, "holds": 2, "ways": 2}


@pytest.mark.parametrize(
    ("holds", "ways", "name"),
    [
        *[(95, 100, "nearly_all"), (94, 100, "most"), (80, 100, "most"), (79, 100, "depends")],
        *[(50, 100, "depends"), (49, 100, ""), (0, 100, ""), (0, 0, "")],
    ],
)
def test_how_far_the_ways_of_counting_agree(holds, ways, name):
    assert agreement(holds, ways) == name


def told_as(values, template, **changed):
    return read_language().text(template, {**values, **changed})


def test_a_contrast_says_how_far_its_order_holds(studies):
    found = only(studies["clear"], "contrast")
    assert "; the order holds in all ways of counting (2 of 2)." in found["text"]
    most = told_as(found["values"], "contrast", agreement="most", holds=22, ways=24)
    assert "; the order holds in most ways of counting (22 of 24)." in most


@pytest.mark.parametrize(
    "texts",
    [
        [("A", article(3, 10)), ("B", article(3, 10))],  # a tie
        [("A", article(2, 6)), ("B", article(3, 9)), ("C", article(1, 9))],  # a tie of shares
        [("A", article(2, 10)), ("B", article(1, 10))],  # undone by one sentence
        [("A", article(4, 9)), ("B", article(1, 9, "Wind wind wind wind wind wind wind."))],
        [("A", article(4, 9))],
    ],
    ids=["tie", "tied shares", "one sentence", "depends on counting", "one group"],
)
def test_no_ranking(texts):
    assert not rows(study(texts), "ranking")


def test_the_article_that_carries_an_order_is_named(studies):
    found = only(studies["carried"], "ranking")
    assert found["text"].endswith(
        "5 of the 5 sentences come from one article. Without that article, A has 0 of 10 and no "
        "longer leads."
    )
    found = only(studies["concentrated"], "concentration")
    assert found["text"].startswith("In these articles, 3 of the 3 sentences on wind")
    assert found["text"].endswith("Without that article, B has 0 of 10.")


def test_absence_is_a_count_with_a_bound(studies):
    found = only(studies["silent"], "absence")
    bound = cell_of(studies["silent"], "wind", "B")["conf_high"]
    assert found["text"] == (
        "No body sentence mentions wind in the 1 article on B (0 of 3). In further articles like "
        f"these, up to {format_percent(bound)} of the sentences on B would be compatible with that."
    )
    assert 0 < bound < 1
    assert found["searched"] == {
        "core": ["wind"], "exclude": [], "context": [], "context_within": "sentence"
    }  # fmt: skip


def test_absence_without_a_bound_says_so(studies):
    for name in ("bootstrapped", "census"):
        found = only(studies[name], "absence")
        assert found["text"] == (
            "No body sentence mentions wind in the 1 article on B (0 of 3). No bound for further "
            "articles can be given by this method."
        )
        assert found["interval"] is None
    moderated = only(studies["silent"], "absence")
    groups = [*found["values"]["groups"], *moderated["values"]["groups"]]
    assert told_as(found["values"], "absence", groups=groups).endswith(
        "would be compatible with that. No bound for further articles can be given by this method "
        "for the others."
    )


def test_a_contrast_has_its_own_interval_whatever_the_method(studies):
    bootstrapped, census = (
        rows(studies[name], "refusal")[0]["values"]["clearest"]
        for name in ("bootstrapped", "census")
    )
    numbers = ("difference", "low", "high", "p_value")
    assert [bootstrapped[key] for key in numbers] == [census[key] for key in numbers]
    assert "95 % interval −" in rows(studies["census"], "refusal")[0]["text"]
    assert set(only(studies["bootstrapped"], "presence")["interval"]) >= {"low", "high"}
    assert only(studies["census"], "presence")["interval"] is None


def test_a_group_without_text_is_not_0_percent(studies):
    for found in rows(studies["silent"]):
        assert "C" not in found["groups"]
    assert (
        "There is no text on C, so nothing can be estimated there."
        in (rows(studies["silent"], "scope")[0]["text"])
    )


def test_what_is_about_the_event_and_what_is_background_alone(studies):
    found = only(studies["roles"], "background")
    assert found["text"] == (
        "As a coder judged, the sentences on wind that speak of the reported event, and not of "
        "background, are 1 of 3 on A (2 articles, 6 body sentences) and 0 of 2 on B (1 article, 3 "
        "body sentences). On B, it is background alone: no sentence about the event mentions it. "
        "On C, not all of them are coded."
    )
    assert found["groups"] == ["A", "B"]
    assert len(found["evidence"]) == 3 + 2
    assert not rows(studies["roles"], "background", "sun_light")  # no sentence is on it
    assert not rows(studies["clear"], "background")  # nothing is coded


def test_roles_are_of_the_sentences_that_were_counted(studies):
    tables = studies["roles"].tables
    with pytest.raises(an.InputError, match="sentences of the roles table have no role: A0 1;"):
        an.findings(replace(tables, roles=tables.roles.iloc[1:]))


def test_an_underscore_is_written_as_a_space(studies):
    assert "sun light" in only(studies["together"], "presence", "sun_light")["text"]
    assert not studies["together"].findings["text"].str.contains("_").any()


def test_topics_named_together(studies):
    (found,) = rows(studies["together"], "co_emphasis")
    assert found["text"] == (
        "2 of the 8 body sentences in these 2 articles name more than one topic: wind and sun "
        "light together in 1 sentence on A; wind and sun light together in 1 sentence on B."
    )
    assert len(found["evidence"]) == 2 * 2


def test_what_is_said_depends_on_what_was_read():
    before, other = (
        study([("A", article(5, 10, "Solar.")), ("B", article(1, 10)), ("C", article(wind, 10))])
        for wind in (1, 2)
    )
    texts = [
        {(f["kind"], f["topic"], *f["groups"]): f["text"] for f in rows(made)}
        for made in (before, other)
    ]
    changed = {key for key in texts[0] | texts[1] if texts[0].get(key) != texts[1].get(key)}
    assert changed
    assert {topic for _, topic, *_ in changed} == {"wind", None}
    assert {kind for kind, topic, *_ in changed if topic is None} <= {"lead", "profile", "refusal"}


def test_order_of_articles_does_not_matter():
    texts = STUDIES["carried"]
    names = [f"x{number}" for number in range(3)]
    frames = []
    for order in ([0, 1, 2], [2, 1, 0]):
        articles = [(names[i], *texts[i]) for i in order]
        sentences = an.sentences(pd.DataFrame(articles, columns=["doc_id", "party", "text"]))
        counted = an.tally(an.codes(sentences, ENERGY), "party")
        ways = an.specifications(sentences, ENERGY, by="party")
        estimates = an.emphasis(counted), an.contrasts(counted)
        frames.append(an.findings(tables_of(sentences, ENERGY, *estimates, ways)))
    assert list(frames[0]["text"]) == list(frames[1]["text"])


def test_headlines_are_no_evidence():
    rules = [Rule("title", section="headline", line=re.compile("Wind here"))]
    articles = [("a", "A", "Wind here\n" + article(2, 4)), ("b", "B", article(1, 4))]
    sentences = an.sentences(
        pd.DataFrame(articles, columns=["doc_id", "party", "text"]), boilerplate=rules
    )
    counted = an.tally(an.codes(sentences, ENERGY), "party")
    ways = an.specifications(sentences, ENERGY, by="party")
    estimates = an.emphasis(counted), an.contrasts(counted)
    found = an.findings(tables_of(sentences, ENERGY, *estimates, ways)).set_index("kind")
    quotes = [quote["quote"] for quote in found.loc["presence", "evidence"]]
    assert quotes == ["Wind pays well."] * 3


# Refusals and formats


def test_evidence_that_does_not_add_up_is_refused(studies):
    made, tables = studies["ranked"], studies["ranked"].tables
    poorer = an.Dictionary("energy", (an.Topic("wind", ("gale",)), ENERGY.topics[1]))
    numbers = made.emphasis, made.contrasts, made.specifications
    with pytest.raises(an.InputError) as error:
        an.findings(tables_of(made.sentences, poorer, *numbers))
    assert str(error.value) == (
        "wind in A: 5 sentences are counted and 0 can be shown; make numbers and findings from "
        "the same sentences and dictionary"
    )
    for fewer in (
        tables_of(made.sentences.iloc[1:], ENERGY, *numbers),
        replace(tables, evidence=tables.evidence.iloc[1:]),
    ):
        with pytest.raises(
            an.InputError, match="wind in A: 5 sentences are counted and 4 can be shown"
        ):
            an.findings(fewer)
    words = an.emphasis(an.tally(made.codes, "party"), measure="per_1000_words")
    with pytest.raises(an.InputError, match="findings speak of sentences, not of 'per_1000_words'"):
        an.findings(replace(tables, emphasis=words))
    with pytest.raises(
        an.InputError, match="wording='latin' is not a wording; choose one of english"
    ):
        an.findings(tables, language="latin")


def test_the_text_is_not_matched_again(studies):
    """The evidence that is given is what is shown: of a coder's codes there is no dictionary."""
    tables = studies["silent"].tables
    found = an.findings(replace(tables, dictionary=None))
    assert list(found["text"]) == list(studies["silent"].findings["text"])
    assert not found["searched"].any()
    assert {made["dictionary"] for made in found["provenance"]} == {""}


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1, "100 %"), (0.004, "0.4 %"), (0.9999, "99.99 %"), (0.614, "61 %")],
)
def test_percent(share, text):
    assert format_percent(share) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(1.0, "= 1.000"), (0.1, "= .100"), (0.05, "= .050"), (0.001, "= .001"), (0.0009, "< .001")],
)
def test_p(p, text):
    assert format_p(p) == text


def test_points():
    written = [format_points(d) for d in (0.171, -0.4987, 0, -0.0001, 1)]
    assert written == ["17.1", "−49.9", "0.0", "0.0", "100.0"]


def test_level():
    assert [format_level(level) for level in (0.95, 0.975, 0.999)] == ["95 %", "97.5 %", "99.9 %"]


def test_contrasts_made_otherwise_are_refused(studies):
    made = studies["ranked"]
    tally = an.tally(made.codes, "party")
    for options, problem in (
        ({"measure": "per_1000_words"}, "not of 'per_1000_words'"),
        ({"conf_level": 0.5}, "the intervals are at 0.95, the contrasts at 0.5"),
    ):
        with pytest.raises(an.InputError, match=problem):
            an.findings(replace(made.tables, contrasts=an.contrasts(tally, **options)))


def test_numbers_by_outlet_need_the_outlet_of_each_sentence():
    made = study([("A", article(1, 4)), ("A", article(2, 4)), ("B", article(1, 4))])
    by_outlet = an.tally(made.codes.assign(outlet=made.codes["party"]), "party", cluster="outlet")
    numbers = {"emphasis": an.emphasis(by_outlet), "contrasts": an.contrasts(by_outlet)}
    with pytest.raises(an.InputError, match="sentences table has no column 'outlet'"):
        an.findings(replace(made.tables, **numbers))
    sentences = made.sentences.assign(outlet=made.sentences["doc_id"])
    with pytest.raises(an.InputError, match="A: 1 of 'outlet' are counted and 2 have"):
        an.findings(replace(made.tables, sentences=sentences, **numbers))


def test_a_text_names_six_groups_and_counts_the_others():
    texts = [("G0", article(0, 10, "Solar pays."))]  # a hit on another topic makes it no larger
    texts += [(f"G{number}", article(0, 10 + number)) for number in range(1, 8)]
    texts += [(f"H{number}", article(number + 1, 40)) for number in range(8)]
    made = study(texts, outlets=[f"O{number}" for number in range(16)])
    (scope,) = rows(made, "scope")
    named = ", ".join(f"40 on H{number} in 1 article" for number in range(6))
    assert f"body sentences, {named} and 10 others, in emphasis.csv. Counts" in scope["text"]
    assert len(scope["groups"]) == len(scope["values"]["groups"]) == 16
    presence, absence = only(made, "presence"), only(made, "absence")
    assert re.findall(r"on (\w\d), ", presence["text"]) == ["H7", "H6", "H5", "H4", "H3", "H2"]
    assert presence["text"].endswith("(1 of 1 article) and 2 others, in emphasis.csv.")
    assert len(presence["evidence"]) == 36
    assert "on G2 (0 of 12) or 2 others, in emphasis.csv. In further" in absence["text"]
    assert absence["text"].count("up to") == 6
    assert "No bound" not in absence["text"]
    assert len(absence["values"]["groups"]) == 8
    (confound,) = rows(made, "confound")
    assert (
        "; on H5, 1 with “O13”; and 10 others, in confounds.csv. Of the 120 pairs of groups, "
        in confound["text"]
    )
    (refusal,) = rows(made, "refusal")
    assert "H4, H5 and 10 others (all in emphasis.csv), and one article" in refusal["text"]
    seven = told_as(refusal["values"], "refusal", thin=list("ABCDEFG"), thin_others=1)
    assert "E, F and 1 other (" in seven


def test_change_is_told_where_each_period_has_five_articles(studies):
    made = studies["changing"]
    found = only(made, "change")  # on B, 2020 has four articles
    text = found["text"]
    assert text.startswith(
        "Articles on A probably mention wind more often in later periods: 5 of 50 body sentences "
        "in “2017” (5 articles), 15 of 50 body sentences in “2018” (5 articles), 30 of 50 body "
    )
    assert re.search(
        r"from 10 % in the first to 87 % in the last: 77 points apart \(39 to 93\), adj", text
    )
    assert "logit" not in text
    assert (found["scope"], found["status"]) == ("articles_like_these", "suggestive")
    (refusal,) = rows(made, "refusal")
    assert (
        "For some groups, these articles cannot show change over time, because 1 of the 6 periods, "
        "counted group by group, has fewer than 5 articles. 1 group has articles of fewer than 4 "
        "periods, too few to show a change. These articles do not show whether others "
        "differ in the same way, why" in refusal["text"]
    )


def test_change_over_many_periods_names_the_first_and_the_last(studies):
    made = studies["lasting"]
    text = only(made, "change")["text"]
    assert text.startswith(
        "Articles on A cannot be shown to mention wind more or less often in later periods: 10 of "
        "50 body sentences in “2010” (5 articles) and 10 of 50 body sentences in “2017” (5 "
        "articles), with 6 periods between them. A line fitted to all periods goes from 20 % in "
        "the first to 20 % in the last: 0 points apart (−15 to 15), adjusted p = 1.000."
    )
    (refusal,) = rows(made, "refusal")
    assert (
        "1 group has articles of fewer than 4 periods, too few to show a change." in refusal["text"]
    )
    assert "fewer than 5" not in refusal["text"]


def test_too_few_articles_show_no_change():
    made = study([("A", article(1, 4))] * 3 + [("A", article(4, 4))], years=["2019"] * 3 + ["2021"])
    assert not rows(made, "change")
    assert (
        " These articles cannot show change over time, because 3 of the 3 periods, counted group "
        "by group, have fewer than 5 articles. " in rows(made, "refusal")[0]["text"]
    )


def test_less_often_and_by_outlets():
    texts = [("A", article(9, 10))] * 6
    texts += [("A", article(hits, 10)) for hits in (6, 3, 1) for _ in range(5)]
    others = ["Mail", "Post", "Sun", "Star", "Echo"]
    outlets = ["Mail", *others * 4]
    years = ["2019"] * 6 + ["2020"] * 5 + ["2021"] * 5 + ["2022"] * 5
    found = only(study(texts, outlets=outlets, years=years, cluster="news_outlet"), "change")
    assert "probably mention wind less often in later periods: 54 of 60 body" in found["text"]
    assert "in “2019” (5 news outlets), " in found["text"]


def test_change_made_otherwise_is_refused(studies):
    made = studies["changing"]
    dated = made.codes[made.codes["year"] != ""]
    by_year = an.tally(dated, ["party", "year"])
    for change, problem in (
        (an.trend(by_year, "year", measure="word_share"), "of 'word_share' at 0.95"),
        (an.trend(by_year, "year", conf_level=0.9), "of 'sentence_share' at 0.9; the estimates"),
        (an.trend(an.tally(dated, "year"), "year"), r"by \['topic', 'year'\], of"),
        (
            an.trend(
                an.tally(made.codes.replace({"year": {"": "2020"}}), ["party", "year"]), "year"
            ),
            "wind in B: 46 sentences are counted over all periods and 36 can be shown",
        ),
    ):
        with pytest.raises(an.InputError, match=problem):
            an.findings(replace(made.tables, change=change))


def test_where_chance_works_on_outlets_the_text_says_so(studies):
    made = studies["by outlet"]
    (scope,) = rows(made, "scope")
    assert scope["text"] == (
        "14 articles were read: 140 body sentences, 60 on A in 6 articles from 3 news outlets and "
        "80 on B in 8 articles from 4 news outlets. Counts are exact for these articles; chance is "
        "taken to work on the 5 news outlets that they are from, so intervals speak of further "
        "news outlets like these."
    )
    found = only(made, "contrast")
    assert found["status"] == "suggestive"  # six articles, and no more than three outlets
    assert "54 of 60 body sentences (6 articles from 3 news outlets) against" in found["text"]
    assert ", news outlet permutation p = " in found["text"]
    assert only(made, "presence")["text"].endswith("54 of 60 body sentences (6 of 6 articles).")
    assert (
        "36 of the 54 sentences come from one news outlet, “Mail”. Without that "
        in (only(made, "ranking")["text"])
    )
    absence = only(made, "absence")["text"]
    assert (
        "in the 8 articles from 4 news outlets on B (0 of 80). In further news outlets" in absence
    )


def test_one_outlet_is_one_whatever_its_articles(studies):
    made = studies["one outlet"]
    assert not rows(made, "contrast")
    (refusal,) = rows(made, "refusal")
    assert (
        ": in 1, neither group mentions the topic; in 1, a group has a single news outlet. "
        in (refusal["text"])
    )
    assert "between A (45 of 50, 5 articles from 1 news outlet) and B" in refusal["text"]
    assert refusal["text"].startswith(
        "There is only one news outlet on A, and one news outlet cannot show how much news outlets "
        "on the same party differ."
    )
    assert "distinguishes them for further news outlets like these" in refusal["text"]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("outlet", "outlets"),
        ("news_agency", "news agencies"),
        ("day", "days"),
        ("press", "presses"),
    ],
)
def test_plural(studies, name, more):
    (scope,) = rows(studies["by outlet"], "scope")
    assert f"further {more} like these" in told_as(scope["values"], "scope", unit=name)


def test_one_article_among_many_carries_nothing():
    made = study([("A", article(1, 5))] * 4 + [("A", article(0, 5))] * 4 + [("B", article(0, 5))])
    warnings = cell_of(made, "wind", "A")["warnings"].split()
    assert "few_articles" in warnings
    assert "carried_by_one_article" not in warnings
    assert not rows(made, "concentration")
    assert only(made, "ranking")["values"]["carrier"] is None


def test_articles_without_text_are_counted_as_read():
    frame = pd.DataFrame(
        [("a", "A", "Wind blows."), ("b", "B", ""), ("c", "A", "")],
        columns=["doc_id", "party", "text"],
    )
    sentences = an.sentences(frame)
    tally = an.tally(an.codes(sentences, ENERGY), "party")
    ways = an.specifications(sentences, ENERGY, by="party")
    numbers = an.emphasis(tally), an.contrasts(tally), ways
    found = an.findings(tables_of(sentences, ENERGY, *numbers))
    assert (
        found.loc[found["kind"] == "scope", "text"]
        .item()
        .startswith(
            "3 articles were read, 1 of them with body text: 1 body sentence, 1 on A in 1 article."
        )
    )

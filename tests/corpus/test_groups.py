"""Document variables: groups of several columns are groups like any other, and dates are dates."""

import io
import json
import shutil
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

import analysis as an
from analysis import InputError, InputWarning, read_articles, read_study
from analysis.__main__ import main
from analysis.corpus.groups import columns_of, group_labels
from analysis.estimates.specifications import tally_specifications
from analysis.figures.canvas import GROUP_STYLES, LONGEST_NAME
from analysis.io.csv import to_csv
from tests import TEMPLATE
from tests.prose import tables_of
from tests.study import without_drawing


@pytest.fixture
def table(tmp_path):
    """Write a corpus of one column beside `doc_id`: table("day", "2021-03-04", ...)."""

    def write(name, *values):
        rows = [f'{number},"{value}",Text {number}.' for number, value in enumerate(values, 1)]
        path = tmp_path / "articles.csv"
        path.write_text("\n".join([f"doc_id,{name},text", *rows, ""]), encoding="utf-8")
        return path

    return write


# Dates


def test_dates_stay_text_that_sorts_groups_and_survives_csv(table):
    days = ("2021-03-04", "2020-02-29", "", "2021-03-04", " ")
    articles = read_articles(table("day", *days), dates="day")
    known = ["2021-03-04", "2020-02-29", None, "2021-03-04", None]
    assert articles["day"].astype(object).where(articles["day"].notna(), None).tolist() == known
    assert articles.sort_values("day")["doc_id"].tolist()[:3] == ["2", "1", "4"]
    assert articles.groupby("day").size().to_dict() == {"2020-02-29": 1, "2021-03-04": 2}
    sentences = an.sentences(articles)
    pd.testing.assert_series_equal(sentences["day"], articles["day"])
    again = pd.read_csv(io.StringIO(to_csv(sentences)))
    pd.testing.assert_series_equal(again["day"], articles["day"])


def test_dates_that_are_all_unknown_stay_text(table):
    sentences = an.sentences(read_articles(table("day", "", ""), dates=["day"]))
    assert sentences["day"].isna().all()
    assert sentences["day"].dtype == "str"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param("2021-13-05", ", a day that no calendar has", id="M11"),
        pytest.param("04/03/2021", "", id="M12"),
        pytest.param("2099-01-01", ", 78 years from all other dates", id="M13"),
        pytest.param("2199-01-01", ", outside the years 1000 to 2100", id="M13 far"),
        pytest.param("0021-03-04", ", outside the years 1000 to 2100", id="M14"),
        pytest.param("1921-03-04", ", 99 years from all other dates", id="M14 near"),
        pytest.param("2021-02-30", ", a day that no calendar has", id="M15"),
        pytest.param("44259", "", id="M16"),
        pytest.param("2021-03-04T10:00+07:00", "", id="M17"),
        pytest.param("4 tháng 3, 2021", "", id="M18 Vietnamese"),
        pytest.param("4 mars 2021", "", id="M18 French"),
        pytest.param("2021-03", "", id="a month"),
        pytest.param("20210304", "", id="without hyphens"),
        pytest.param("2021-W09-4", "", id="a week"),
        pytest.param("２０２１-03-04", "", id="full-width digits"),
    ],
)
def test_what_is_not_a_date(table, value, problem):
    path = table("day", "2020-02-29", value, "2021-03-04")
    with pytest.raises(InputError) as error:
        read_articles(path, dates=["day"])
    told = f"{path}, line 3: 'day' of '2' is '{value}'{problem}; write YYYY-MM-DD"
    assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    "days",
    [
        ("1950-01-01", "2020-01-01"),  # of two, nobody can say which is the slip
        ("1950-01-01", "1950-06-01", "2020-01-01", "2020-06-01"),  # two periods
        ("1920-01-01", "1970-12-31", "2020-01-01"),
        ("1000-01-01", "1000-01-02"),
        ("2100-12-31",),
    ],
)
def test_years_that_are_no_slip(table, days):
    assert read_articles(table("day", *days), dates="day")["day"].tolist() == list(days)


def test_spaces_around_a_date_are_trimmed_with_a_warning(table):
    with pytest.warns(InputWarning, match="spaces around 'day' are left out in 1$"):
        assert read_articles(table("day", "2021-03-04 "), dates="day")["day"][0] == "2021-03-04"


def test_a_column_of_dates_that_is_not_there(table):
    with pytest.raises(InputError, match="no column 'date' to read dates from; choose one of day"):
        read_articles(table("day", "2021-03-04"), dates="date")


def test_without_a_declaration_a_date_is_any_text(table):
    assert read_articles(table("day", "2019", ""))["day"].tolist() == ["2019", ""]


# Groups of several columns


def test_what_a_group_is_called():
    rows = pd.DataFrame({"party": ["Green", "Red"], "year": [2020, 2024]})
    assert group_labels(rows, "year").tolist() == ["2020", "2024"]
    assert group_labels(rows, ("year", "party")).tolist() == ["2020, Green", "2024, Red"]
    assert group_labels(rows.head(0), ["year", "party"]).tolist() == []


def test_two_groups_may_not_be_called_the_same():
    rows = pd.DataFrame({"a": ["x, y", "x", "x"], "b": ["z", "y, z", "y, z"]})
    with pytest.raises(InputError, match="two groups of a, b are called 'x, y, z'; rename one"):
        group_labels(rows, ["a", "b"])
    assert group_labels(rows.tail(2), ["a", "b"]).nunique() == 1


@pytest.mark.parametrize("by", [[], ["party", "party"]])
def test_columns_that_form_no_groups(by):
    with pytest.raises(InputError, match="does not say what forms the groups; name one column"):
        columns_of(by)


ENERGY = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("sun", ("solar",))))
article = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from("xyz"),
    st.lists(st.sampled_from(["Wind pays.", "Solar grows.", "Coal falls."]), max_size=4),
)


def results(sentences, by):
    """Everything that takes groups, with one column `label` in place of the group columns."""
    codes = an.codes(sentences, ENERGY)
    tally = an.tally(codes, by)
    ways = an.specifications(sentences, ENERGY, by=by)
    estimates, differences = an.emphasis(tally), an.contrasts(tally, specifications=ways)
    words = an.counts(sentences, by)
    tables = {
        "tally": tally.to_frame(),
        "emphasis": estimates.to_frame(),
        "specifications": ways,
        "ways": tally_specifications(tally),
        "cleaning": an.cleaning_effect(ways),
        "counts": words,
        "tfidf": an.tfidf(sentences, by),
    }
    for name, one in tables.items():
        label = group_labels(one, by)
        one = one.drop(columns=columns_of(by)).assign(label=label)
        tables[name] = one.sort_values(list(one.columns), ignore_index=True)
    if group_labels(words, by).nunique() > 1:
        tables["keyness"] = an.keyness(words).to_frame()
    found = an.findings(tables_of(sentences, ENERGY, estimates, differences, ways))
    return tables | {
        "contrasts": differences.to_frame(),
        "rest": an.contrasts(tally, reference="rest").to_frame(),
        "omnibus": an.omnibus(tally).to_frame(),
        "findings": found[["kind", "groups", "text", "evidence"]],
    }


@given(st.lists(article, min_size=1, max_size=6))
@settings(max_examples=8, deadline=None)  # of two whole analyses
def test_several_columns_give_what_one_column_with_the_label_gives(articles):
    rows = [(f"d{n}", a, b, " ".join(said)) for n, (a, b, said) in enumerate(articles)]
    documents = pd.DataFrame(rows, columns=["doc_id", "a", "b", "text"])
    # The name of the column stands in the findings: "a and b" for both.
    documents["a_and_b"] = documents["a"] + ", " + documents["b"]
    sentences = an.sentences(documents)
    several, one = results(sentences, ["a", "b"]), results(sentences, "a_and_b")
    assert several.keys() == one.keys()
    for name in several:
        pd.testing.assert_frame_equal(several[name], one[name])


PAIRS = list(product(("Green", "Red"), ("Daily", "Weekly")))


@pytest.fixture(scope="module")
def pairs():
    rows = [(f"d{n}", *pair, "Wind pays. Coal falls.") for n, pair in enumerate(PAIRS)]
    columns = ["doc_id", "party", "outlet", "text"]
    sentences = an.sentences(pd.DataFrame(rows, columns=columns))
    return sentences, an.codes(sentences, ENERGY)


LABELS = ["Green, Daily", "Green, Weekly", "Red, Daily", "Red, Weekly"]


def test_figures_name_groups_of_several_columns(pairs):
    sentences, codes = pairs
    by = ["party", "outlet"]
    result = an.emphasis(an.tally(codes, by))
    ax = an.plot_emphasis(result)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == LABELS * 2
    assert "Sun: Green, Daily 0 of 2; Green, Weekly 0 of 2; Red, Daily 0 of 2;" in an.alt_text(ax)
    named = [tick.get_text() for tick in an.plot_heatmap(result).get_yticklabels()]
    assert named == [f"{label}\n1 article" for label in LABELS]
    ax = an.plot_positions(an.positions(codes), by)
    heads = [text.get_text() for text in ax.texts]
    assert heads == [f"{label}: d{number}" for number, label in enumerate(LABELS)]
    said = sentences.assign(text=sentences["doc_id"])  # a word of its own for every article
    words = an.counts(said, by)
    heads = [text.get_text() for text in an.plot_keyness(an.keyness(words)).texts]
    assert set(LABELS) <= set(heads)


def test_positions_have_the_colours_of_the_other_figures(pairs):
    codes = pairs[1][pairs[1]["party"] == "Red"]
    ax = an.plot_positions(an.positions(codes), ["party", "outlet"], groups=LABELS)
    drawn = {to_hex(bar.get_facecolor(), keep_alpha=False).upper() for bar in ax.patches}
    assert drawn == {"#ECECEC", *(color for color, _ in GROUP_STYLES[2:4])}


def test_a_long_name_keeps_both_ends_and_the_title_its_room(pairs):
    codes = pairs[1].replace({"outlet": {"Daily": "Review of Arts and Sciences: Daily"}})
    ax = an.plot_emphasis(an.emphasis(an.tally(codes, ["party", "outlet"])))
    name = ax.get_yticklabels()[0].get_text()
    assert (name, len(name)) == ("Green, Review …iences: Daily", LONGEST_NAME)
    figure = ax.get_figure()
    figure.draw_without_rendering()
    (title,) = ax.findobj(lambda artist: getattr(artist, "get_text", str)().startswith("Emphasis"))
    assert title.get_window_extent().x1 <= figure.bbox.x1


def test_groups_of_several_columns_are_listed_between_semicolons(pairs):
    sentences, codes = pairs
    tally, by = an.tally(codes, ["party", "outlet"]), ["party", "outlet"]
    ways = an.specifications(sentences, ENERGY, by=by)
    numbers = an.emphasis(tally), an.contrasts(tally), ways
    found = an.findings(tables_of(sentences, ENERGY, *numbers))
    assert (
        "only one article each on Green, Daily; Green, Weekly; Red, Daily; and Red, Weekly, and"
        in found["text"].iloc[-1]
    )
    for wrong in (lambda: an.contrasts(tally, reference="Green"),
                  lambda: an.keyness(an.counts(sentences, by), reference="Green")):  # fmt: skip
        with pytest.raises(InputError, match="or one of Green, Daily; Green, Weekly; Red, Daily;"):
            wrong()
    named = an.contrasts(tally, reference="Red, Daily").to_frame()
    assert named["target"].unique().tolist() == ["Green, Daily", "Green, Weekly", "Red, Weekly"]


# A study


@pytest.fixture
def study(tmp_path, monkeypatch):
    """The example study with two columns of groups, run; it is the working folder."""
    home = shutil.copytree(TEMPLATE, tmp_path / "study")
    text = (home / "study.toml").read_text("utf-8")
    assert text.count('group = "party"') == 1
    text = text.replace('group = "party"', 'dates = ["date"]\ngroup = ["party", "outlet"]')
    (home / "study.toml").write_text(text, encoding="utf-8")
    (home / "articles/more.txt").write_text(
        "Wind farms rise off the coast. Solar panels pay. The coal mine by the river closes. "
        "Air is for all. Coal is dear.\n",
        encoding="utf-8",
    )
    (home / "articles/articles.csv").write_text(
        "file,party,outlet,date\n"
        "green.txt,Green,Daily,2024-05-01\nlabour.txt,Labour,Daily,2024-05-03\n"
        "liberal.txt,Liberal,Daily,\nmore.txt,Green,Weekly,2024-05-02\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(home)
    with without_drawing():
        yield home


def test_a_study_of_two_group_columns_from_end_to_end(study, capsys):
    settings = read_study("study.toml").settings
    assert (settings.group, settings.dates) == (("party", "outlet"), ("date",))
    assert main(["run"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert (
        "With one article each on Green, Daily; Green, Weekly; and Labour, Daily and 1" in shown.out
    )
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("All is as written.\n", "")
    assert {"emphasis.svg", "heatmap.svg", "positions.svg", "wording.svg", "keyness.csv"} <= {
        path.name for path in (study / "figures").iterdir()
    }
    estimates = pd.read_csv("figures/emphasis.csv")
    assert list(estimates.columns[:3]) == ["party", "outlet", "topic"]
    assert json.loads(Path("figures/run.json").read_text("utf-8"))["settings"]["group"] == [
        "party",
        "outlet",
    ]
    findings = json.loads(Path("figures/findings.json").read_text("utf-8"))
    named = {name for found in findings for name in found["groups"]}
    assert named == {"Green, Daily", "Green, Weekly", "Labour, Daily", "Liberal, Daily"}


def test_several_group_columns_on_the_command_line(study, capsys):
    text = (study / "study.toml").read_text("utf-8").replace('["party", "outlet"]', '"party"')
    (study / "study.toml").write_text(text, encoding="utf-8")
    assert main(["run", "--no-notebooks", "--group", "outlet,party"]) == 0
    shown = capsys.readouterr().out
    assert "With one article each on Daily, Green; Daily, Labour; and " in shown
    assert main(["run", "--no-notebooks", "--group", "outlet,colour"]) == 2
    assert "no column 'colour' to form groups by" in capsys.readouterr().err


def test_evidence_of_a_group_of_two_columns(study, capsys):
    assert main(["evidence", "--group", "Green, Weekly", "--topic", "coal"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Green, Weekly, coal: more ")
    assert shown.endswith("2 evidence sentences\n")
    assert main(["evidence", "--group", "Green"]) == 2
    assert capsys.readouterr().err == (
        "error: there is no party and outlet 'Green'; choose one of "
        "Green, Daily; Green, Weekly; Labour, Daily; Liberal, Daily\n"
    )


def test_a_study_with_a_wrong_date(study, capsys):
    path = study / "articles/articles.csv"
    path.write_text(path.read_text("utf-8").replace("2024-05-03", "3 May"), encoding="utf-8")
    assert main(["run"]) == 2
    assert capsys.readouterr() == (
        "",
        "error: articles/articles.csv, line 3: 'date' of 'labour' is '3 May'; write YYYY-MM-DD\n",
    )

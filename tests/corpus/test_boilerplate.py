"""Which lines of a saved page are not the article: each kind of rule, and the study's own file."""

import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import read_articles, repeated_lines, sentences
from analysis.corpus.boilerplate import Rule, classify, read_boilerplate
from analysis.corpus.folding import fold
from analysis.corpus.paragraphs import paragraph_spans
from analysis.errors import InputError
from tests import SEEDS

LINES = ["My title", "The dek", "A caption", "Credit: me", "Text.", "My title", "Share:"]
CREDIT = Rule("credit", line=re.compile("Credit:.*"))
SHARE = Rule("share", line=re.compile("Share:"))


def names(rules, lines=LINES, **variables):
    return [rule and rule.name for rule in classify(lines, rules, variables)]


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        ([], {}),
        ([CREDIT], {3: "credit"}),
        ([Rule("half", line=re.compile("Credit"))], {}),
        ([Rule("start", prefix=re.compile("Credit"))], {3: "start"}),
        ([Rule("inside", prefix=re.compile("title"))], {}),
        ([Rule("title", equals="title")], {0: "title", 5: "title"}),
        ([Rule("title", equals="title", once=True)], {0: "title"}),
        ([Rule("none", equals="blank"), Rule("none", equals="absent")], {}),
        ([CREDIT, Rule("up", before="credit")], {0: "up", 1: "up", 2: "up", 3: "credit"}),
        ([Rule("up", before="credit"), CREDIT], {3: "credit"}),
        ([CREDIT, Rule("next", next_to="credit")], {2: "next", 3: "credit"}),
        ([Rule("any", line=re.compile(".*"), place="first")], {0: "any"}),
        ([Rule("any", line=re.compile(".*"), place="last")], {6: "any"}),
        ([Rule("no", line=re.compile("Text."), place="last")], {}),
        ([SHARE, Rule("end", equals="title", place="last")], {5: "end", 6: "share"}),
        ([Rule("both", line=re.compile(".*title"), place="last"), SHARE], {6: "share"}),
        ([SHARE, Rule("second", line=re.compile("Share:"))], {6: "share"}),
    ],
)  # fmt: skip
def test_each_kind_of_rule(rules, taken):
    expected = [taken.get(index) for index in range(len(LINES))]
    assert names(rules, title="My  TITLE", blank="") == expected


def test_all_conditions_of_a_rule_must_hold():
    rule = Rule("caption", line=re.compile("A .*"), next_to="credit")
    assert names([CREDIT, rule], ["A b", "Credit: x", "A b", "Text"]) == [
        "caption",
        "credit",
        None,
        None,
    ]


def read(tmp_path, text):
    (tmp_path / "f.toml").write_text(text, encoding="utf-8")
    return read_boilerplate(tmp_path / "f.toml")


def test_read_boilerplate(tmp_path):
    first, second = read(
        tmp_path,
        '[[rule]]\nname = "a"\nline = \'x+\'\nplace = "last"\n'
        '[[rule]]\nname = "b"\nsection = "headline"\nequals = "title"\nonce = true\n',
    )
    assert first == Rule("a", line=re.compile("x+"), place="last")
    assert second == Rule("b", section="headline", equals="title", once=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[rule]]\nname = "a"\nlines = "x"',
            r"line 3: .*'lines'; did you mean 'line'. known keys are name, ",
        ),
        ('[[rules]]\nname = "a"', r"line 1: .*'rules'; did you mean 'rule'. known keys are rule"),
        ('[[rule]]\nline = "x"', r"no 'name'; write name"),
        ('[[rule]]\nname = "zz"\nplace = "last"', r"line 2: .*'zz' says nothing.*; give it"),
        ('[[rule]]\nname = "zz"\nline = "("', r"line 2: .*not a regular expression.*; "),
        ('[[rule]]\nname = "zz"\nline = "x"\nplace = "top"', r"'top'.*anywhere, first, last"),
        ('[[rule]]\nname = "zz"\nline = "x"\nsection = "body"', r"'body'.*boilerplate, headline"),
        ('[[rule]]\nname = "zz"\nline = x', r"line 3: "),
    ],
)
def test_errors_of_the_file(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


@pytest.fixture(scope="module")
def seeds():
    articles = read_articles(SEEDS, metadata=SEEDS / "articles.csv", by="partner")
    return sentences(articles, boilerplate=read_boilerplate(SEEDS / "boilerplate.toml"))


TITLE = ["headline", "recent_features", "section_label", "repeated_headline"]
BOILERPLATE = {
    "israel_dialogue": ["section_label", *TITLE, "dek", "repeated_headline", "photo_credit"],
    "italy_dialogue": [],
    "russia_visit": [
        *["section_label", *TITLE, "dek", "repeated_headline", "photo_caption", "photo_credit"]
    ],
    "france_dialogue": [],
    "israel_imi": ["dateline", "author_biography", "share", "more_links"],
}


@pytest.mark.parametrize("doc_id", BOILERPLATE)
def test_the_boilerplate_of_the_seeds(seeds, doc_id):
    article = seeds[seeds["doc_id"] == doc_id]
    assert article.loc[article["rule"] != "", "rule"].tolist() == BOILERPLATE[doc_id]


def test_the_sentences_of_the_seeds(seeds):
    sizes = seeds.groupby(["doc_id", "section"]).size().unstack(fill_value=0)
    assert sizes["body"].to_dict() == {
        "israel_dialogue": 14,
        "israel_imi": 9,
        "italy_dialogue": 15,
        "russia_visit": 15,
        "france_dialogue": 19,
    }
    assert sizes["headline"].to_dict() == {
        doc_id: BOILERPLATE[doc_id].count("headline") for doc_id in BOILERPLATE
    }
    assert sizes["boilerplate"].sum() == 7 + 8 + 4


def test_a_dateline_is_cut_from_its_sentence(seeds):
    first, second = seeds[seeds["doc_id"] == "israel_imi"].head(2).itertuples()
    assert (first.text, first.section) == ("TEL AVIV, Israel –", "boilerplate")
    assert second.section == "body"
    assert second.text.startswith("In a rare public acknowledgement")
    assert first.paragraph == second.paragraph == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rule = 3", "line 1: 'rule' is not a list of tables"),
        ("[rule]\nname = 'x'\nline = 'y'", "line 1: 'rule' is not a list of tables"),
        ("[[rule]]\nname = 'x'\nline = 5", "line 2: rule 'x': line is 5; write a text"),
        ("[[rule]]\nname = 'x'\nline = 'y'\nplace = 'z'", "line 2: rule 'x': place is 'z'; choose"),
        ("[[rule]]\nname = 'x'\nnext_to = 'y'", "line 3: rule 'x' stands by a rule 'y'"),
    ],
)
def test_rules_that_are_wrong(tmp_path, text, problem):
    path = tmp_path / "f.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=re.escape(problem)):
        read_boilerplate(path)


# Proposals

PAGES = {
    "a": ("X", "Home\nWind pays.\nRead on: solar\nShare:\n12/03/2021 - 10:15"),
    "b": ("X", "Home\nHome\nCoal falls.\nSHARE:\n14/03/2021 - 09:30"),
    "c": ("Y", "The sun shines.\nRead on: solar\nHome"),
    "d": ("Y", ""),
}


def pages(texts=PAGES):
    rows = [(doc_id, outlet, text) for doc_id, (outlet, text) in texts.items()]
    return pd.DataFrame(rows, columns=["doc_id", "outlet", "text"])


def rows(table):
    return list(table.drop(columns="rule").itertuples(index=False, name=None))


def test_repeated_lines():
    got = repeated_lines(pages())
    assert got.columns.tolist() == ["line", "articles", "share", "place", "rule"]
    assert rows(got) == [
        ("Home", 3, 0.75, "anywhere"),
        ("12/03/2021 - 10:15", 2, 0.5, "last"),
        ("Read on: solar", 2, 0.5, "anywhere"),
        ("SHARE:", 2, 0.5, "anywhere"),
    ]
    assert got["rule"].tolist() == [
        "[[rule]]\nname = \"repeated_home\"\nline = 'Home'",
        '[[rule]]\nname = "repeated"\nline = \'\\d+/\\d+/\\d+ \\- \\d+:\\d+\'\nplace = "last"',
        "[[rule]]\nname = \"repeated_read_on_solar\"\nline = 'Read on: solar'",
        "[[rule]]\nname = \"repeated_share\"\nline = '(SHARE:|Share:)'",
    ]


def test_repeated_lines_of_an_outlet():
    got = repeated_lines(pages(), by="outlet")
    assert got.columns.tolist() == ["outlet", "line", "articles", "share", "place", "rule"]
    assert rows(got) == [
        ("X", "12/03/2021 - 10:15", 2, 1, "last"),
        ("X", "Home", 2, 1, "anywhere"),
        ("X", "SHARE:", 2, 1, "anywhere"),
    ]


def test_lines_that_a_rule_takes_are_not_proposed():
    rules = [Rule("date", line=re.compile(r"[\d/]+ - .*")), Rule("home", line=re.compile("Home"))]
    assert rows(repeated_lines(pages(), boilerplate=rules)) == [
        ("Read on: solar", 2, 0.5, "anywhere"),  # the last line of c alone, once Home is taken
        ("SHARE:", 2, 0.5, "last"),
    ]


def test_a_line_that_is_first_wherever_it_stands():
    texts = {"a": ("X", "Menu\nOne."), "b": ("X", "Menu\nTwo."), "c": ("X", "One. Two.\nThree.")}
    assert rows(repeated_lines(pages(texts))) == [("Menu", 2, 2 / 3, "first")]
    once = {"a": ("X", "Menu\nOne.\nMenu"), "b": ("X", "Two.")}
    assert rows(repeated_lines(pages(once))) == []


@pytest.mark.parametrize(
    ("lines", "pattern"),
    [
        (["Views: 123", "Views: 7"], r"Views: \d+"),
        (["COVID-19", "COVID-19"], r"COVID\-19"),
        (["Part 1", "PART 2"], r"(PART \d+|Part \d+)"),
        (["Don't 'go'", "Don’t ‘go’"], r"(Don\x27t \x27go\x27|Don’t ‘go’)"),
        (["a\u00a0b \\ [c]", "a\u00a0b \\ [c]"], r"a\xa0b \\ \[c\]"),
        (["x\U000e0041y\ny", "x\U000e0041y\ny"], r"x\U000e0041y\x0ay"),
    ],
)
def test_the_pattern_of_a_proposal(lines, pattern):
    got = repeated_lines(pages({str(n): ("X", f"{n}?\n{line}") for n, line in enumerate(lines)}))
    assert [found["rule"].split("\n")[2] for found in got.to_dict("records")][-1:] == [
        f"line = '{pattern}'"
    ]


LINE = st.text(st.sampled_from("Aaß19 -'’\"\\d+.|(]\u00a0\u2028\n²٣\u0301"), min_size=1, max_size=4)
OLD = Rule("old", line=re.compile("A.*"))


def takes(rules, texts):
    taken = []
    for text in texts:
        lines = [text[start:end] for start, end in paragraph_spans(text)]
        named = zip(lines, classify(lines, rules, {}), strict=True)
        taken.append([line for line, rule in named if rule is not None and rule != OLD])
    return taken


def same(line):
    return re.sub(r"\d+", "0", fold(line).text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(LINE, max_size=4).map("\n".join), min_size=2, max_size=4))
def test_a_proposed_rule_takes_its_lines_and_nothing_else(tmp_path, texts):
    free = []
    for text in texts:
        lines = [text[start:end] for start, end in paragraph_spans(text)]
        free.append([line for line in lines if not line.startswith("A") or "\n" in line])
    several = {key for key in {same(line) for lines in free for line in lines}
               if sum(key in map(same, lines) for lines in free) > 1}  # fmt: skip
    proposals = repeated_lines(
        pages({str(n): ("", t) for n, t in enumerate(texts)}), by=(), boilerplate=[OLD]
    )
    assert {same(line) for line in proposals["line"]} == several
    assert len(proposals) == len(several)
    for proposed in proposals.to_dict("records"):
        own = [[line for line in lines if same(line) == same(proposed["line"])] for lines in free]
        assert takes([OLD, *read(tmp_path, proposed["rule"])], texts) == own
        assert proposed["articles"] == sum(map(bool, own))
    together = read(tmp_path, "\n\n".join(proposals["rule"]))
    assert takes([OLD, *together], texts) == [
        [line for line in lines if same(line) in several] for lines in free
    ]
    assert len(repeated_lines(pages({str(n): ("", t) for n, t in enumerate(texts)}), by=(),
                              boilerplate=[OLD, *together])) == 0  # fmt: skip


def test_the_seeds_have_a_rule_for_every_line_they_share():
    articles = read_articles(SEEDS, metadata=SEEDS / "articles.csv", by="partner")
    assert repeated_lines(articles)["line"].tolist() == ["Recent Features"]
    assert (
        len(repeated_lines(articles, boilerplate=read_boilerplate(SEEDS / "boilerplate.toml"))) == 0
    )

"""Documents made of findings: nothing from an article may become markup, nothing may be lost."""

import html
import re

import pandas as pd
import pytest

import analysis as an
from analysis.io.display import mark
from analysis.io.exports import escape_markdown
from analysis.topics.dictionary import SCOPES
from tests.prose import tables_of

ENERGY = an.Dictionary("energy", (an.Topic("wind", ("wind", "wind power")),))
NASTY = 'The <script>alert("x")</script> wind *power* of [a](b) | `c` _d_ #1 ~~e~~ $f$ blows.'


def found(text=NASTY, doc_id="a_<b>"):
    articles = pd.DataFrame(
        {"doc_id": [doc_id, "b"], "party": ["Green & *co*", "Red"], "text": [text, "Coal falls."]}
    )
    sentences = an.sentences(articles)
    tally = an.tally(an.codes(sentences, ENERGY), "party")
    ways = an.specifications(sentences, ENERGY, by="party")
    numbers = an.emphasis(tally), an.contrasts(tally), ways
    return an.findings(tables_of(sentences, ENERGY, *numbers))


def unescaped(markdown):
    return re.sub(r"\\([\\`*_{}\[\]<>#|~$!&])", r"\1", markdown)


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([], "Wind power grows."),
        ([(0, 4)], "[Wind] power grows."),
        ([(0, 10), (0, 4)], "[Wind power] grows."),
        ([(0, 7), (5, 10)], "[Wind power] grows."),
        ([(5, 10), (0, 4)], "[Wind] [power] grows."),
        ([(0, 4), (0, 4)], "[Wind] power grows."),
        ([(11, 17)], "Wind power [grows.]"),
    ],
)
def test_mark(spans, marked):
    assert mark("Wind power grows.", spans, "[", "]") == marked


def test_mark_escapes_what_is_inside_and_outside():
    assert mark("<a> & <b>", [(4, 5)], "<mark>", "</mark>", html.escape) == (
        "&lt;a&gt; <mark>&amp;</mark> &lt;b&gt;"
    )


def test_markdown_of_an_article_stays_text():
    text = an.findings_markdown(found(), title="A *bold* <title>")
    assert text.startswith("# A \\*bold\\* \\<title\\>: Findings\n")
    quotes = [line for line in text.split("\n") if line.startswith("> ")]
    assert len(quotes) == 1  # of the story
    for line in quotes:
        bare = line.replace("**wind**", "wind")
        assert not re.search(r"(?<!\\)[*_`<\[\]|~$#&]", bare)
        quote, _, place = unescaped(bare.removeprefix("> ")).rpartition(" — ")
        assert quote == NASTY
        assert place == f"a_<b>, 0–{len(NASTY)}"
    allowed = {"a", "/a", "details", "/details", "summary", "/summary"}
    assert set(re.findall(r"(?<!\\)<(/?\w+)", text)) == allowed


def test_markdown_holds_every_finding_with_its_evidence():
    findings = found()
    text = an.findings_markdown(findings, title="T")
    for row in findings.to_dict("records"):
        assert text.count(f'<a id="{row["id"]}"></a>') == text.count(f" `{row['id']}`\n") == 1
        assert row["text"] in unescaped(text)
    assert "Green \\& \\*co\\*" in text
    assert "& *co*" not in text
    assert text.index("## What was compared") < text.index("## Wind")
    assert text.index("## Wind") < text.index("## What these articles cannot show")
    assert text.index("## In brief") < text.index("## What was compared")
    assert text.count("## ") == 6
    assert "<summary>Evidence (1)</summary>" in text
    assert "<summary>Patterns searched for (2)</summary>\n\n`wind` · `wind power`" in text


def test_line_ends_inside_a_sentence_do_not_break_a_quote():
    findings = found("Wind blows.", "a")
    for row in findings["evidence"]:
        for quote in row:
            quote["quote"] = "Wind\n\n# blows."
    lines = an.findings_markdown(findings, title="T").split("\n")
    assert "> **Wind** \\# blows. — a, 0–11" in lines
    assert not [line for line in lines if line.startswith(("#", "\\#")) and "blows" in line]


def test_html_of_an_article_stays_text():
    shown = an.findings_html(found())
    page = shown._repr_html_()
    assert "<script" not in page
    assert "Green &amp; *co*" in page
    assert "a_&lt;b&gt;" in page
    (item,) = re.findall(r"<li>(.*?) <small>", page)
    assert html.unescape(item.replace("<mark>", "").replace("</mark>", "")) == NASTY
    assert "<mark>wind</mark>" in item
    assert '"x"' not in page
    tags = set(re.findall(r"</?(\w+)", page))
    assert tags == {"p", "h4", "details", "summary", "ul", "li", "mark", "small", "code"}
    assert "<code>wind</code> · <code>wind power</code>" in page  # what Red does not mention


def test_letters_that_a_page_would_obey_are_named():
    findings = found("Wind \u202eblows.")
    for text in (an.findings_markdown(findings), an.findings_html(findings).html):
        assert "\u202e" not in text
        assert "U+202E" in text


def test_a_pattern_may_hold_what_markdown_reads_as_code():
    findings = found()
    findings["searched"] = [{"core": ["wi`nd", "*sun*"]}] * len(findings)
    assert "\n\nwi\\`nd · `*sun*`\n\n" in an.findings_markdown(findings)


@pytest.mark.parametrize("within", SCOPES)
def test_what_bars_a_pattern_is_listed_behind_it(within):
    findings = found()
    patterns = {"core": ["wind"], "exclude": ["wind up"], "context": ["energy", "power"]}
    findings["searched"] = [patterns | {"context_within": within}] * len(findings)
    text = unescaped(an.findings_markdown(findings))
    listed = re.search(r"<summary>Patterns searched for \(1\)</summary>\n\n(.*)", text)[1]
    shown = r"`wind` but not where one of these matches: `wind up` and only .*: `energy` · `power`"
    assert re.fullmatch(shown, listed)
    assert {"passage": "three sentences away"}.get(within, f"{within} where") in listed


def test_html_takes_some_findings_and_prints_as_text():
    findings = found("Wind blows.", "a")
    some = an.findings_html(findings[findings["kind"] == "presence"])
    (row,) = findings[findings["kind"] == "presence"].to_dict("records")
    assert repr(some) == f"{row['id']} {row['text']}"
    assert some._repr_html_().count("<p>") == 1


@pytest.mark.parametrize("text", ["- a dash", "1. a number", "+ a plus", "3) three", "&lt;b&gt;"])
def test_what_markdown_would_read_as_its_own_is_escaped(text):
    assert escape_markdown(text) != text
    assert (
        unescaped(escape_markdown(text).replace("1\\.", "1.").replace("3\\)", "3)"))
        .replace("\\-", "-")
        .replace("\\+", "+")
        == text
    )

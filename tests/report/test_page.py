"""The report as a document: every number leads to its sentences, nothing from a text is markup."""

import base64
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import lxml.html
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.figures.colours import shade
from analysis.prose.language import read_language
from analysis.report import cells, page
from analysis.report.page import report_html
from analysis.report.paper import paper_blocks
from analysis.report.passages import visible
from analysis.topics.evidence import anchors
from tests import ROOT
from tests.prose import tables_of

PAYLOAD = '"><script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7*7 }} [a](javascript:b)'


def report(articles, dictionary, by="party", measure="sentence_share", **changes):
    sentences = an.sentences(articles)
    tally = an.tally(an.codes(sentences, dictionary), by)
    ways = an.specifications(sentences, dictionary, by=by)
    emphasis, contrasts = an.emphasis(tally, measure=measure), an.contrasts(tally, measure=measure)
    found = an.findings(
        tables_of(sentences, dictionary, an.emphasis(tally), an.contrasts(tally), ways)
    )
    arguments = {"findings": found, "title": "Energy", "documents": articles} | changes
    own = {name: arguments.pop(name) for name in ("findings", "made", "language")
           if name in arguments}  # fmt: skip
    tables = tables_of(sentences, dictionary, emphasis, contrasts, ways)
    return report_html(replace(tables, **arguments), **own)


def parsed(html):
    return lxml.html.document_fromstring(html)


def words(element):
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def embedded():
    return parsed(report_html(an.read_study()))


def test_every_link_of_the_page_leads_to_a_place_in_it(embedded):
    ids = Counter(embedded.xpath("//@id"))
    assert set(ids.values()) == {1}
    links = embedded.xpath("//a/@href")
    assert len(links) > 100
    assert [link for link in links if link[:1] != "#" or link[1:] not in ids] == []


def test_every_cell_leads_to_as_many_sentences_as_it_counts(embedded):
    cells = embedded.xpath("//table[contains(@class, 'heat')]//td")
    assert len(cells) == 16
    for cell in cells:
        (link,) = cell.xpath(".//a")
        hits, size = map(int, re.findall(r"\d+", words(link)))
        (target,) = embedded.xpath(f"//section[@id='{link.get('href')[1:]}']")
        assert f": {hits} of {size}" in words(target.xpath("./h4")[0])
        quotes = target.xpath("./ol/li/blockquote")
        assert len(quotes) == hits
        assert all(quote.xpath("./mark") for quote in quotes)


def test_every_linked_number_of_a_finding_leads_to_its_sentences(embedded):
    """In one step: a link is a count, and what it leads to holds as many sentences."""
    told = json.loads((ROOT / "figures/findings.json").read_text(encoding="utf-8"))
    followed = 0
    for found in told:
        (block,) = embedded.xpath(f"//*[@id='{found['id']}']")
        assert found["text"] in words(block)
        for link in block.xpath("(./p[1]|self::p)/a[@class!='id' or not(@class)]"):
            (target,) = embedded.xpath(f"//*[@id='{link.get('href')[1:]}']")
            number, sentences = int(words(link)), target.xpath(".//ol/li")
            if target.get("class") == "cell":
                # All the sentences of the cell; or those of them that stand in one article, or
                # out of it, or that are about the reported event.
                below = [words(one.xpath("./p")[0]) for one in sentences]
                events = sum("about the reported event" in text for text in below)
                carrier = (found["values"].get("carrier") or {}).get("name", "no article")
                carried = sum(text.startswith(f"{carrier}, characters") for text in below)
                parts = {len(sentences), carried, len(sentences) - carried}
                of = {"background": {events, len(sentences)}}
                of |= {kind: parts for kind in ("ranking", "lead", "story")}  # noqa: C420
                assert number in of.get(found["kind"], {len(sentences)})
                followed += 1
    assert followed > 30


def test_a_line_never_ends_between_a_number_and_its_sign(embedded):
    texts = embedded.xpath("//div[starts-with(@class, 'finding')]/p[1]")
    shares = [words(share) for text in texts for share in text.find_class("share")]
    assert shares == re.findall(r"\d[\d.]* %", " ".join(map(words, texts)))
    assert "72 %" in shares


def test_a_number_that_is_not_a_count_of_sentences_is_said_beside_its_link(embedded):
    """Co-emphasis: 3 sentences, and they stand below the finding."""
    (block,) = [
        block
        for block in embedded.xpath("//div[contains(@class, 'finding')]")
        if "more than one topic" in words(block)
    ]
    link = block.xpath("./p[1]/a")[0]
    assert words(link) == "3"
    assert len(embedded.xpath(f"//*[@id='{link.get('href')[1:]}']//li")) == 3


def test_a_quote_leads_to_its_place_in_the_article(embedded):
    articles = {a.xpath("./h3")[0].text_content(): a for a in embedded.xpath("//article")}
    quotes = embedded.xpath("//section[@class='cell']//li")
    assert len(quotes) == 23
    for item in quotes:
        (link,) = item.xpath("./p/a")
        (target,) = embedded.xpath(f"//span[@id='{link.get('href')[1:]}']")
        assert words(target) == words(item.xpath("./blockquote")[0])
        doc_id = words(link).partition(",")[0]
        assert target in articles[doc_id].iter()
        assert target.get("title")  # its topics


def test_every_typical_word_leads_to_its_uses(embedded):
    """As many marked words as the summary counts, here and elsewhere; all in their article."""
    folded = embedded.xpath("//section[@id='words']/details")
    assert len(folded) == 4 * 6
    for one in folded:
        here, _, elsewhere = map(int, re.findall(r"\d+", words(one.xpath("./summary")[0])))
        marks = one.xpath(".//mark")
        assert len(marks) == here + elsewhere > 0
        word = re.findall("“(.*)”", words(one.xpath("./summary")[0]))[0]
        assert {mark.text_content().casefold().removesuffix("’s") for mark in marks} == {word}
        assert len(one.xpath(".//li/p/a")) == len(one.xpath(".//li"))


def test_keyness_of_other_words_is_refused(documents, energy):
    sentences = an.sentences(documents)
    keyness = an.keyness(an.counts(sentences.iloc[1:], "party"))
    with pytest.raises(
        an.InputError, match=r"in .*: \[.*\] uses are counted and \[.*\] can be shown"
    ):
        report(documents, energy, keyness=keyness)


@pytest.mark.parametrize(("name", "marks"), [("emphasis", 32), ("heatmap", 16)])
def test_every_mark_of_a_figure_leads_to_its_sentences(embedded, name, marks):
    """A dot and a count each, or the count in the cell: 4 groups by 4 topics."""
    svg = (an.read_study().settings.folder / f"{name}.svg").read_text(encoding="utf-8")
    links = re.findall(r'xlink:href="report\.html#([^"]+)"', svg)
    cells = embedded.xpath("//section[@class='cell']/@id")
    assert Counter(links) == dict.fromkeys(cells, marks // 16)


def test_a_figure_without_a_report_has_no_links(documents, energy, tmp_path):
    tally = an.tally(an.codes(an.sentences(documents), energy), "party")
    for plot in (an.plot_emphasis, an.plot_heatmap):
        an.save_figure(plot(an.emphasis(tally)), tmp_path / "figure")
        assert "<a " not in (tmp_path / "figure.svg").read_text(encoding="utf-8")


def test_the_articles_are_whole(embedded):
    study = an.read_study()
    articles = study.documents
    labels = "//small[@class='rule']"
    for label in embedded.xpath(labels):
        label.drop_tree()
    texts = [text.text_content() for text in embedded.xpath("//article/div[@class='text']")]
    assert texts == [re.sub("\r\n?", "\n", text) for text in articles["text"]]


def test_the_page_asks_for_nothing_and_runs_one_script_of_its_own(embedded):
    (policy,) = embedded.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy
    (script,) = embedded.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert re.findall("script-src ([^;]*)", policy) == [f"'sha256-{digest}'"]
    assert script.attrib == {}
    assert script.text.isascii() and len(script.text) < 6_500
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML|insertAdjacent|http", script.text)
    assert embedded.xpath("//iframe|//object|//embed|//link|//base|//form|//@src") == []
    assert embedded.xpath("//@*[starts-with(name(), 'on')]") == []
    assert not re.search(r"url\(|@import", embedded.xpath("//style")[0].text)


@pytest.mark.parametrize(
    "place", ["text", "party", "doc_id", "outlet", "title", "topic", "pattern"]
)
def test_nothing_from_outside_becomes_markup(place):
    row = {"doc_id": "a", "party": "Green", "outlet": "Daily", "text": "Wind grows. Coal falls."}
    topic, pattern, title = "wind", "wind", "Energy"
    if place == "text":
        row["text"] = f"Wind {PAYLOAD} grows."
    elif place == "topic":
        topic = PAYLOAD
    elif place == "pattern":
        pattern = "<b>wind</b>"
    elif place == "title":
        title = PAYLOAD
    else:
        row[place] = PAYLOAD
    other = {
        "doc_id": "b",
        "party": "Red",
        "outlet": "Daily",
        "text": "Wind blows. <b>Wind</b> too.",
    }
    energy = an.Dictionary("energy", (an.Topic(topic, (pattern, "wind")),))
    made = {"settings": {"title": PAYLOAD}, "warnings": [PAYLOAD], "inputs": {PAYLOAD: PAYLOAD}}
    plain = parsed(report(pd.DataFrame([{**row, "text": "Wind."}, other]), energy, made={}))
    html = report(pd.DataFrame([row, other]), energy, title=title, made=made)
    tree = parsed(html)
    assert len(tree.xpath("//script")) == 1
    assert tree.xpath("//img") == []
    assert tree.xpath("//@onerror|//a[starts-with(@href, 'javascript')]") == []
    assert {one.tag for one in tree.iter()} <= {one.tag for one in plain.iter()} | {"h3", "ul"}
    assert html.count("{{ 7*7 }}") >= 3  # as it stands: no template either
    assert "49" not in re.sub(r"data:[^\"]+", "", words(tree))


@settings(max_examples=8)  # of pages; each has several texts
@given(
    st.lists(st.text(alphabet="<>&\"'{}% \n\u202e\x00éwind.", min_size=1), min_size=7, max_size=11),
)
def test_any_text_makes_a_page_that_says_the_same(texts):
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    articles = pd.DataFrame(
        {
            "doc_id": [f"d{n}" for n in range(len(texts) + 1)],
            "party": [*"AB" * 6][: len(texts) + 1],
            "text": ["Wind grows.", *texts],
        }
    )
    html = report(articles, energy)
    html.encode("utf-8")
    assert not re.search("[\x00-\x08\u202a-\u202e\ud800-\udfff]", html)
    shown = [words(text) for text in parsed(html).xpath("//div[@class='text']")]
    named = [
        re.sub("[\x00\u202e]", lambda found: f"[U+{ord(found[0]):04X}]", text)
        for text in articles["text"]
    ]
    assert shown == [" ".join(text.split()) for text in named if text]


def test_what_a_browser_obeys_or_cannot_show_is_named():
    assert visible("a\x07\u202eb\ud800\tc") == "a[U+0007][U+202E]b[U+D800]\tc"


def test_a_group_whose_name_has_letters_that_are_not_seen_is_linked_as_any_other():
    """Spreadsheets put marks of direction around a name; a page names them and keeps its links."""
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    articles = pd.DataFrame(
        {"doc_id": ["a", "b"], "party": ["\u202aGreen\u202c", "Red"], "text": ["Wind.", "Coal."]}
    )
    marked = report(articles, energy)
    assert "\u202a" not in marked
    plain = report(articles.assign(party=["Green", "Red"]), energy)
    links = [Counter(parsed(one).xpath("//a/@href")) for one in (marked, plain)]
    assert links[0] == links[1]


def test_a_finding_that_was_edited_is_refused(documents, energy):
    page_ok = report(documents, energy)
    assert "Of these 2 articles" in page_ok
    sentences = an.sentences(documents)
    tally = an.tally(an.codes(sentences, energy), "party")
    ways = an.specifications(sentences, energy, by="party")
    numbers = an.emphasis(tally), an.contrasts(tally), ways
    told = an.findings(tables_of(sentences, energy, *numbers))
    place = told.index[told["kind"] == "presence"][0]
    told.at[place, "text"] = told.at[place, "text"].replace("1 of 3", "2 of 3")
    name = told.at[place, "id"]
    with pytest.raises(an.InputError, match=f"finding {name} is not what its values give"):
        report(documents, energy, findings=told)


def test_a_ledger_that_lacks_a_sentence_is_refused(documents, energy):
    sentences = an.sentences(documents)
    ledger = an.evidence(sentences, an.matches(sentences, energy)).iloc[1:]
    with pytest.raises(an.InputError, match="wind in Green: 1 sentences are counted and 0 can"):
        report(documents, energy, evidence=ledger)


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("sentence_share", "1 of 3"),
        ("per_1000_words", "1 in 9 words"),
        ("word_share", "1 of 9 words"),
        ("composition", "1 of 4 matches"),
        ("article_share", "1 of 1 article"),
    ],
)
def test_every_measure_has_its_words(documents, energy, measure, said):
    # "Wind farms grow. Solar roofs pay. Solar replaces coal."
    cells = parsed(report(documents, energy, measure=measure)).xpath(
        "//table[contains(@class, 'heat')]//td"
    )
    assert said in words(cells[3])
    assert cells[3].get("data-topic") == "Wind"


def test_what_is_too_much_for_a_page_is_said(documents, energy, monkeypatch):
    monkeypatch.setattr(cells, "MOST_SENTENCES", 1)
    monkeypatch.setattr(cells, "MOST_CONTRASTS", 0)
    monkeypatch.setattr(page, "MOST_LETTERS", 10)
    tree = parsed(report(documents, energy))
    text = words(tree)
    assert "1 of 2 sentences are shown; evidence.csv has all." in text
    assert "The articles are too long together" in text
    assert tree.xpath("//div[@class='text']") == []
    ids = set(tree.xpath("//@id"))
    assert [link for link in tree.xpath("//a/@href") if link[1:] not in ids] == []


def test_a_group_without_text(documents, energy):
    empty = pd.DataFrame({"doc_id": ["c"], "party": ["Blue"], "text": [" "]})
    articles = pd.concat([documents, empty], ignore_index=True)
    tree = parsed(report(articles, energy))
    (row,) = [
        row for row in tree.xpath("//table[contains(@class, 'heat')]//tr") if "Blue" in words(row)
    ]
    assert {words(cell) for cell in row.xpath("./td")} == {"no text"}


def test_names_that_continue_others_share_no_place_with_them():
    rows = [("a", "Red"), ("b", "Red title"), ("a--title", "Red")]
    articles = pd.DataFrame(rows, columns=["doc_id", "party"]).assign(text="Wind grows.")
    names = ("wind", "wind patterns", "wind title", "wind-patterns")
    energy = an.Dictionary("energy", tuple(an.Topic(name, ("wind",)) for name in names))
    tree = parsed(report(articles, energy))
    ids = Counter(tree.xpath("//@id"))
    assert [name for name, many in ids.items() if many > 1] == []
    assert [link for link in tree.xpath("//a/@href") if link[1:] not in ids] == []


def test_articles_are_articles_where_chance_works_on_outlets():
    rows = [("a", "Green", "Daily"), ("b", "Green", "Daily"), ("c", "Red", "Daily")]
    articles = pd.DataFrame(rows, columns=["doc_id", "party", "outlet"]).assign(text="Wind grows.")
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    sentences = an.sentences(articles)
    tally = an.tally(an.codes(sentences, energy), "party", cluster="outlet")
    emphasis, contrasts = an.emphasis(tally), an.contrasts(tally)
    ways = an.specifications(sentences, energy, by="party")
    told = an.findings(tables_of(sentences, energy, emphasis, contrasts, ways))
    tree = parsed(report(articles, energy, emphasis=emphasis, contrasts=contrasts, findings=told))
    (green, _) = tree.xpath("//table[contains(@class, 'heat')]/tbody/tr/th")
    assert words(green) == "Green 2 articles"
    assert "2 of 2 articles" in words(tree.xpath("//section[@id='cell-wind-green']")[0])


@pytest.mark.parametrize(
    ("language", "prior", "said"),
    [
        ("english", None, "an intra-article correlation of .20, worth 4 degrees of freedom"),
        ("english", {"rho": 0.125, "df": 1.0}, "of .125, worth 1 degree of freedom"),
        ("french", None, "intra-article de 0,20, qui vaut 4 degrés de liberté"),
        ("french", {"rho": 0.05, "df": 2.5}, "de 0,05, qui vaut 2,5 degrés de liberté"),
    ],
)
def test_the_methods_say_which_prior_the_intervals_have(documents, energy, language, prior, said):
    sentences = an.sentences(documents)
    tally = an.tally(an.codes(sentences, energy), "party")
    ways = an.specifications(sentences, energy, by="party")
    made = an.emphasis(tally)
    emphasis = replace(made, provenance={**made.provenance, **({"prior": prior} if prior else {})})
    tables = tables_of(sentences, energy, emphasis, an.contrasts(tally), ways)
    found = an.findings(tables, language=language)
    changes = {"emphasis": emphasis, "findings": found, "language": language}
    assert said in words(parsed(report(documents, energy, **changes)))
    blocks = paper_blocks(tables, found, read_language(language))
    runs = [run for block in blocks for run in getattr(block, "runs", ())]
    assert any(said in text for text, _ in runs)


def test_a_period_with_the_name_of_a_group_does_not_lead_to_it():
    # Five articles in each of four years, on either group: enough for a finding on change.
    rows = [
        {"doc_id": f"{group} {year} {n}", "party": group, "year": year, "text": "Wind. Rain."}
        for group in ("2020", "2021")
        for year in ("2018", "2019", "2020", "2021")
        for n in range(5)
    ]
    articles, energy = pd.DataFrame(rows), an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    sentences = an.sentences(articles)
    codes = an.codes(sentences, energy)
    tally, by_year = an.tally(codes, "party"), an.tally(codes, ["party", "year"])
    ways = an.specifications(sentences, energy, by="party")
    numbers = an.emphasis(tally), an.contrasts(tally), ways
    change = an.trend(by_year, "year", order="year")
    told = an.findings(tables_of(sentences, energy, *numbers, change=change))
    tree = parsed(report(articles, energy, findings=told))
    (first, _) = told.loc[told["kind"] == "change", "id"]
    (said,) = tree.xpath(f"//div[@id='{first}']/p[1]")
    assert "5 of 10 body sentences in “2021”" in words(said)
    assert said.xpath(".//a/@href") == []


def test_estimates_without_intervals(documents, energy):
    tally = an.tally(an.codes(an.sentences(documents), energy), "party")
    tree = parsed(report(documents, energy, emphasis=an.emphasis(tally, method="bootstrap")))
    cells = tree.xpath("//table[contains(@class, 'heat')]//td")
    assert {words(cell.xpath("./small")[0]) for cell in cells} == {"no interval"}
    assert tree.xpath("//span[@class='line']") == []
    assert len(tree.xpath("//span[contains(@class, 'dot')]")) == 2 * len(cells)


def test_the_lead_comes_first_then_a_story_a_topic_and_a_profile_a_group(embedded):
    told = json.loads((ROOT / "figures/findings.json").read_text(encoding="utf-8"))
    (brief,) = embedded.xpath("//section[@id='brief']/p")
    assert brief.get("id") == told[0]["id"]
    stories = [found for found in told if found["kind"] == "story"]
    shown = embedded.xpath("//section[@id='topics']/section/div[contains(@class, 'finding')]")
    assert [one.get("id") for one in shown] == [found["id"] for found in stories]
    profiles = [found for found in told if found["kind"] == "profile"]
    said = [words(one) for one in embedded.xpath("//section[@id='groups']/section/p[1]")]
    assert said == [found["text"] for found in profiles]


def test_a_comparison_names_the_higher_group_first(embedded):
    tables = embedded.xpath("//table[contains(@class, 'stack')]")
    rows = [row for table in tables for row in table.xpath("./tbody/tr")]
    assert len(rows) == 4 * 6
    for row in rows:
        counts = [words(link).split(" of ") for link in row.xpath("./th/a")]
        shares = [int(hits) / int(size) for hits, size in counts]
        assert row[0].get("class") == "verdict"  # it stands first
        difference, interval = (words(cell) for cell in row.xpath("./td")[1:3])
        assert shares[0] >= shares[1]
        assert difference == f"{100 * (shares[0] - shares[1]):.1f}"
        low, high = (float(end.replace("−", "-")) for end in interval.split(" to "))
        assert low < float(difference) < high or counts[0][0] == counts[1][0] == "0"


def test_headings_go_down_one_step_at_a_time(embedded):
    levels = [int(h.tag[1]) for h in embedded.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), unique=True, max_size=12))
def test_anchors_are_as_many_as_their_keys(keys):
    found = anchors("cell", keys)
    assert len(set(found.values())) == len(keys)
    for name in found.values():
        assert re.fullmatch(r"[\w.-]+", name)


@pytest.mark.parametrize("part", [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1])
def test_the_ink_of_a_cell_is_readable(part):
    def luminance(colour):
        values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted(map(luminance, shade(part)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2, level AA


def test_the_head_says_where_the_articles_are_from(embedded, documents, energy):
    (lead,) = embedded.xpath("//p[@class='lead']")
    assert words(lead).endswith(
        "Outlet: The Diplomat (2), Defense News (1); not known for 2 articles. "
        "Date: 2018 to 2020; not known for 1 article."
    )
    many = documents.assign(paper=[f"paper {n}" for n in range(len(documents) - 1)] + [""])
    speeches = an.Study(many, topics=energy, by="party", confounders=["paper"], unit="speech")
    (lead,) = parsed(report_html(speeches)).xpath("//p[@class='lead']")
    assert words(lead).endswith("not known for 1 speech.")
    french = parsed(report_html(an.read_study().with_(wording="french")))
    (lead,) = french.xpath("//p[@class='lead']")
    assert "Date : 2018 à 2020 ; inconnu pour 1 article." in words(lead)

"""The report on paper holds every finding and every sentence, and no text in it acts."""

import builtins
import io
import re
import subprocess
import sys
import zipfile

import docx
import lxml.etree
import pandas as pd
import pypdf
import pytest
from markdown_it import MarkdownIt

import analysis as an
from analysis.report import blocks
from analysis.report.blocks import report_blocks
from analysis.report.printers import PRINTERS
from tests.prose import tables_of

TITLE = "Wind & *sun* <!-- a --> {{ b }}"
# Each would be markup in Markdown, HTML, LaTeX, typst or Word's fields, or would be typeset anew.
PAYLOADS = """\
<script>alert("x")</script> <b>wind</b> &lt; &amp;
[wind](https://example.org/a) <https://wind.org> www.wind.org wind@example.org
*wind* _wind_ **wind** `wind` ~~wind~~ $wind$ | wind | {=html} [^1]
- wind -5 and -- and --- and ... and of wind -?
= wind == wind
+ wind / wind: 1. wind # wind
#import "wind.typ" #read("wind.txt") #link("https://example.org")[wind] @wind <wind> \\u{77}
\\input{wind} \\write18{wind} % wind ^^M \\\\ wind ~wind /* wind */ // wind
{{ wind }} {% wind %} {HYPERLINK "https://example.org"} "wind" 'wind'
Tướng Nguyễn Chí Vịnh và Hervé: wind
""".splitlines()


def told(texts, energy, by="party"):
    sentences = an.sentences(texts)
    tally = an.tally(an.codes(sentences, energy), by)
    emphasis = an.emphasis(tally)
    ways = an.specifications(sentences, energy, by=by)
    tables = tables_of(sentences, energy, emphasis, an.contrasts(tally), ways)
    return emphasis, an.findings(tables)


@pytest.fixture
def report(documents, energy):
    return told(documents, energy)


@pytest.fixture(scope="module")
def nasty():
    """Each payload an article of one sentence on wind; the other group has none."""
    texts = pd.DataFrame({"text": ["Coal falls.", *PAYLOADS]})
    texts["party"] = ["#Red & [co]", *["![*Green*](a.png) <b>"] * len(PAYLOADS)]
    texts["doc_id"] = ["#d", *(f"<{number}>_*d*" for number in range(len(PAYLOADS)))]
    return told(texts, an.Dictionary("<b>energy", (an.Topic("wind", ("wind", "wind `*` sail")),)))


def saved(tmp_path, report, ending):
    path = tmp_path / f"report{ending}"
    an.save_report(path, TITLE, *report)
    return path


def word(path):
    """The paragraphs of a Word file, as runs of text and whether they are bold."""
    return [[(run.text, bool(run.bold)) for run in paragraph.runs]
            for paragraph in docx.Document(path).paragraphs]  # fmt: skip


def pdf(path):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def bare(text):
    """Without white space: where lines are broken is the printer's business."""
    return "".join(text.split())


def quotes(findings):
    """Every sentence behind a topic's findings, with its matched words, and its place."""
    return {
        (found["topic"], quote["doc_id"], quote["sentence_id"]): (
            quote["quote"],
            [quote["quote"][start:end] for start, end in quote["spans"]],
        )
        for found in findings.to_dict("records")
        for quote in found["evidence"]
        if found["topic"]
    }


def test_each_sentence_stands_once_under_its_topic_and_findings_name_it(report):
    blocks = report_blocks(TITLE, *report)
    kinds = [block["kind"] for block in blocks]
    headings = [block["text"] for block in blocks if block["kind"] == "heading"]
    assert headings[:3] == [
        TITLE,
        "What was compared",
        "Emphasis, group by group and topic by topic",
    ]
    assert headings[3:7] == ["Coal", "Evidence", "Jobs", "Evidence"]
    assert headings[-2:] == ["How the numbers are made", "Patterns searched for"]
    # coal 2, jobs 1, sun 3, wind 2 (see conftest), then 2 that name several topics
    numbers = [block["number"] for block in blocks if block["kind"] == "sentence"]
    assert numbers == list(range(1, 2 + 1 + 3 + 2 + 2 + 1))
    notes = [block["runs"][0][0] for block in blocks if block["kind"] == "note"]
    assert notes[0] == "Sentences: 1–2"
    sun = [block.get("text") for block in blocks].index("Sun")
    assert blocks[sun + 2]["runs"][0][0] == "Sentences: 4–6"
    assert kinds.count("table") == 1


def test_the_table_of_emphasis_holds_counts_and_intervals(report):
    emphasis, findings = report
    (table,) = [b["rows"] for b in report_blocks(TITLE, emphasis, findings) if b["kind"] == "table"]
    assert table[0] == ["Party", "Coal", "Jobs", "Sun", "Wind"]
    assert [row[0] for row in table[1:]] == ["Green", "Red"]
    counts = [[cell.split("\n")[0] for cell in row[1:]] for row in table[1:]]
    assert counts == [["1 of 3", "0 of 3", "2 of 3", "1 of 3"], ["1 of 3"] * 4]
    for row in table[1:]:
        for cell in row[1:]:
            assert re.fullmatch(r"\d of 3\n\d+ % \([\d.]+ % to [\d.]+ %\)", cell)


def test_more_topics_than_a_sheet_is_wide_are_several_tables(documents):
    words = ["wind", "solar", "coal", "job*", "price*"]
    many = an.Dictionary("many", tuple(an.Topic(word.strip("*"), (word,)) for word in words))
    tables = [
        b["rows"] for b in report_blocks(TITLE, *told(documents, many)) if b["kind"] == "table"
    ]
    assert [rows[0] for rows in tables] == [
        ["Party", "Coal", "Job", "Price", "Solar"],
        ["Party", "Wind"],
    ]


def test_patterns_of_what_is_absent_are_named(nasty):
    blocks = report_blocks(TITLE, *nasty)
    place = [block.get("text") for block in blocks].index("Patterns searched for")
    assert blocks[place + 1]["runs"] == [("Wind (2)", True), (" wind · wind `*` sail", False)]


def test_more_sentences_than_fit_are_cut_and_it_is_said(report, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_SENTENCES", 2)
    found = report_blocks(TITLE, *report)
    sun = [block.get("text") for block in found].index("Sun")
    behind = [b for b in found[sun:] if b["kind"] in ("sentence", "note")]
    assert behind[0]["runs"][0][0] == "Sentences: 4–5"  # the third is not there to be read
    cut = next(b for b in behind if b["kind"] == "note" and " of 3 " in b["runs"][0][0])
    assert cut["runs"][0][0] == "2 of 3 sentences are shown; evidence.csv has all."


def test_only_the_words_of_the_wording_make_method_bold(nasty):
    runs = [run for block in report_blocks(TITLE, *nasty) for run in block.get("runs", ())]
    assert ("What is counted.", True) in runs
    assert [bold for text, bold in runs if "<b>energy" in text] == [False]


def test_word_holds_every_finding_and_sentence(tmp_path, nasty):
    findings = nasty[1]
    path = saved(tmp_path, nasty, ".docx")
    paragraphs = word(path)
    texts = ["".join(text for text, _ in runs) for runs in paragraphs]
    for found in findings.to_dict("records"):
        assert f"{found['id']} {found['text']}" in texts
    behind = quotes(findings)
    assert len(behind) == len(PAYLOADS)
    by_text = {re.sub(r"^\d+\t", "", text): place for place, text in enumerate(texts)}
    for (_, doc_id, _), (quote, marked) in behind.items():
        runs = paragraphs[by_text[f"{quote} — {doc_id}, 0–{len(quote)}"]]
        assert [text for text, bold in runs if bold] == marked
    (table,) = docx.Document(path).tables
    assert [cell.text for cell in table.rows[0].cells] == ["Party", "Wind"]
    assert [row.cells[0].text for row in table.rows[1:]] == ["![*Green*](a.png) <b>", "#Red & [co]"]


def test_nothing_acts_in_word(tmp_path, nasty):
    path = saved(tmp_path, nasty, ".docx")
    assert docx.Document(path).core_properties.title == TITLE
    with zipfile.ZipFile(path) as file:
        body = lxml.etree.fromstring(file.read("word/document.xml"))
        relations = file.read("word/_rels/document.xml.rels").decode()
    tags = {lxml.etree.QName(element).localname for element in body.iter()}
    assert tags & {"hyperlink", "drawing", "pict", "object", "instrText", "fldSimple"} == set()
    assert "External" not in relations


def test_pdf_holds_every_finding_and_sentence_and_nothing_acts(tmp_path, nasty):
    path = saved(tmp_path, nasty, ".pdf")
    text = bare(pdf(path))
    findings = nasty[1]
    for found in findings.to_dict("records"):
        assert bare(f"{found['id']} {found['text']}") in text
    for (_, doc_id, _), (quote, _) in quotes(findings).items():
        assert bare(f"{quote} — {doc_id}, 0–{len(quote)}") in text
    assert "Nguyễn" in text
    reader = pypdf.PdfReader(path)
    assert reader.metadata.title == TITLE
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert [page["/Annots"] for page in reader.pages if "/Annots" in page] == []
    assert [list(page.images) for page in reader.pages] == [[]] * len(reader.pages)
    fonts = {str(font) for page in reader.pages for font in fonts_of(page)}
    assert fonts
    assert all("LibertinusSerif" in font for font in fonts)


def fonts_of(page):
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


def test_matched_words_are_bold_in_the_pdf(tmp_path, documents, energy):
    pieces = []
    for page in pypdf.PdfReader(saved(tmp_path, told(documents, energy), ".pdf")).pages:
        page.extract_text(
            visitor_text=lambda text, _1, _2, font, _3: pieces.append(
                (text.strip(), font is not None and "Bold" in font["/BaseFont"])
            )
        )
    assert ("Wind", True) in pieces
    assert ("jobs", True) in pieces
    assert not any(bold for text, bold in pieces if "bring" in text)


def test_markdown_holds_every_finding_and_sentence_and_nothing_acts(tmp_path, nasty):
    text = saved(tmp_path, nasty, ".md").read_text("utf-8")
    tokens = MarkdownIt("gfm-like").parse(text)
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} == {"text", "strong_open", "strong_close"}
    assert not {token.type for token in tokens} & {"html_block", "code_block", "fence", "hr"}
    shown = ["".join(child.content for child in token.children)
             for token in tokens if token.type == "inline"]  # fmt: skip
    for found in nasty[1].to_dict("records"):
        assert f"{found['id']} {found['text']}" in shown
    for (_, doc_id, _), (quote, _) in quotes(nasty[1]).items():
        assert f"{quote} — {doc_id}, 0–{len(quote)}" in shown
    assert [token.tag for token in tokens if token.type == "heading_open"][:3] == ["h1", "h2", "h2"]
    assert sum(token.type == "table_open" for token in tokens) == 1


@pytest.mark.parametrize("ending", PRINTERS)
def test_letters_that_no_file_can_hold_are_named(tmp_path, energy, ending):
    texts = pd.DataFrame({"doc_id": ["a"], "party": ["Green"], "text": ["Wind\x01 \u202eblows."]})
    path = tmp_path / f"report{ending}"
    an.save_report(path, "half\ud800", *told(texts, energy))
    read = {".md": lambda path: path.read_text("utf-8").replace("\\", ""), ".pdf": pdf,
            ".docx": lambda path: str(word(path))}[ending]  # fmt: skip
    for name in ("[U+0001]", "[U+202E]", "[U+D800]"):
        assert name in read(path)


def test_letters_that_need_fonts_of_the_machine_are_warned_of(tmp_path, energy):
    texts = pd.DataFrame({"doc_id": ["a"], "party": ["绿"], "text": ["Wind blows."]})
    with pytest.warns(an.InputWarning, match="needs fonts of this machine for '绿'"):
        saved(tmp_path, told(texts, energy), ".pdf")


MAKE = """
import sys, pandas as pd, analysis as an
from tests.prose import tables_of
texts = pd.DataFrame({"doc_id": ["a"], "party": ["Green"], "text": ["Wind blows."]})
sentences = an.sentences(texts)
energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
tally = an.tally(an.codes(sentences, energy), "party")
emphasis = an.emphasis(tally)
ways = an.specifications(sentences, energy, by="party")
told = an.findings(tables_of(sentences, energy, emphasis, an.contrasts(tally), ways))
for ending in ("docx", "pdf"):
    an.save_report(f"{sys.argv[1]}/report.{ending}", "Energy", emphasis, told)
"""


def test_two_processes_at_two_times_write_the_same_bytes(tmp_path):
    written = []
    for clock in ("UTC", "Asia/Ho_Chi_Minh"):  # a zip file keeps local time
        folder = tmp_path / clock.replace("/", "_")
        folder.mkdir()
        environment = {"PATH": "", "TZ": clock, "PYTHONPATH": str(an.__path__[0] + "/..")}
        subprocess.run([sys.executable, "-c", MAKE, folder], check=True, env=environment)
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert sorted(written[0]) == ["report.docx", "report.pdf"]
    assert written[0] == written[1]
    with zipfile.ZipFile(io.BytesIO(written[0]["report.docx"])) as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}


@pytest.mark.parametrize("name", ["report.odt", "report"])
def test_another_ending_is_refused_with_those_there_are(tmp_path, report, name):
    with pytest.raises(an.InputError, match=r"choose \.docx, \.md, \.pdf$"):
        an.save_report(tmp_path / name, TITLE, *report)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ending", "package"), [(".docx", "docx"), (".pdf", "typst")])
def test_a_missing_package_is_named_before_anything_is_written(
    tmp_path, report, monkeypatch, ending, package
):
    imported = builtins.__import__

    def refuse(name, *rest):
        if name == package:
            raise ImportError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(an.InputError, match=r"pip install 'topic-emphasis\[print\]'"):
        saved(tmp_path, report, ending)
    assert list(tmp_path.iterdir()) == []
    saved(tmp_path, report, ".md")


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path, report):
    with pytest.raises(an.InputError, match="folder does not exist"):
        an.save_report(tmp_path / "none" / "report.md", TITLE, *report)
    (tmp_path / "report.md").mkdir()
    with pytest.raises(an.InputError, match=r"report\.md: it cannot be written: Is a directory"):
        saved(tmp_path, report, ".md")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]

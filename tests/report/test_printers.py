"""The report on paper holds every finding and every sentence, and no text in it acts."""

import builtins
import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import docx
import lxml.etree
import pandas as pd
import pypdf
import pytest
from markdown_it import MarkdownIt

import analysis as an
from analysis.prose.language import read_language
from analysis.report import paper
from analysis.report.blocks import Folded, Heading, Sentence, Table, Text
from analysis.report.paper import paper_blocks
from analysis.report.printers import PRINTERS

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
    """The tables of a study, and its findings."""
    sentences = an.sentences(texts)
    tally = an.tally(an.codes(sentences, energy), by)
    emphasis, contrasts = an.emphasis(tally), an.contrasts(tally)
    ways = an.specifications(sentences, energy, by=by)
    tables = an.Tables(
        sentences=sentences,
        evidence=an.evidence(sentences, an.matches(sentences, energy)),
        emphasis=emphasis,
        contrasts=contrasts,
        specifications=ways,
        dictionary=energy,
        title=TITLE,
    )
    return tables, an.findings(tables)


def printed(report):
    """The blocks of a report in English."""
    return paper_blocks(*report, read_language("english"))


def of_kind(kind, report):
    return [block for block in printed(report) if isinstance(block, kind)]


def plain(block):
    return "".join(text for text, _ in block.runs)


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
    tables, findings = report
    an.save_report(tables, path, findings=findings)
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


READERS = {
    ".md": lambda path: re.sub(r"\\(?=\W)|[`]|\*\*", "", path.read_text("utf-8")),
    ".docx": lambda path: "".join(docx.Document(path)._body._element.itertext()),
    ".pdf": pdf,
}


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
    headings = [block.text for block in of_kind(Heading, report)]
    assert headings[:4] == [
        TITLE,
        "In brief",
        "What was compared",
        "Emphasis, group by group and topic by topic",
    ]
    assert headings[4:8] == ["Coal", "Evidence", "Jobs", "Evidence"]
    assert headings[-2:] == ["How the numbers are made", "Patterns searched for"]
    # coal 2, jobs 1, sun 3, wind 2 (see conftest), then 2 that name several topics
    numbers = [block.number for block in of_kind(Sentence, report)]
    assert numbers == list(range(1, 2 + 1 + 3 + 2 + 2 + 1))
    notes = [plain(block) for block in of_kind(Text, report) if block.small]
    assert notes[0] == "Sentences: 1–2"
    blocks = printed(report)
    assert plain(blocks[blocks.index(Heading(1, "Sun")) + 2]) == "Sentences: 4–6"
    assert len(of_kind(Table, report)) == 1


def test_the_table_of_emphasis_holds_counts_and_intervals(report):
    (table,) = of_kind(Table, report)
    assert table.rows[0] == ("Party", "Coal", "Jobs", "Sun", "Wind")
    assert [row[0] for row in table.rows[1:]] == ["Green", "Red"]
    counts = [[cell.split("\n")[0] for cell in row[1:]] for row in table.rows[1:]]
    assert counts == [["1 of 3", "0 of 3", "2 of 3", "1 of 3"], ["1 of 3"] * 4]
    for row in table.rows[1:]:
        for cell in row[1:]:
            assert re.fullmatch(r"\d of 3\n\d+ % \([\d.]+ % to [\d.]+ %\)", cell)


def test_more_topics_than_a_sheet_is_wide_are_several_tables(documents):
    words = ["wind", "solar", "coal", "job*", "price*"]
    many = an.Dictionary("many", tuple(an.Topic(word.strip("*"), (word,)) for word in words))
    assert [table.rows[0] for table in of_kind(Table, told(documents, many))] == [
        ("Party", "Coal", "Job", "Price", "Solar"),
        ("Party", "Wind"),
    ]


def test_patterns_of_what_is_absent_are_named(nasty):
    blocks = printed(nasty)
    searched = blocks[blocks.index(Heading(1, "Patterns searched for")) + 1]
    assert searched.runs[0] == ("Wind (2)", "bold")
    assert plain(searched) == "Wind (2) wind · wind `*` sail"


def test_more_sentences_than_fit_are_cut_and_it_is_said(report, monkeypatch):
    monkeypatch.setattr(paper, "MOST_SENTENCES", 2)
    found = printed(report)
    sun = found.index(Heading(1, "Sun"))
    notes = [plain(b) for b in found[sun:] if isinstance(b, Text) and b.small]
    assert notes[0] == "Sentences: 4–5"  # the third is not there to be read
    cut = next(note for note in notes if " of 3 " in note)
    assert cut == "2 of 3 sentences are shown; evidence.csv has all."


def test_only_the_words_of_the_wording_make_method_bold(nasty):
    runs = [run for block in of_kind(Text, nasty) for run in block.runs]
    assert ("What is counted.", "bold") in runs
    assert [style for text, style in runs if "<b>energy" in text] == ["plain"]


ALL_KINDS = [
    Heading(0, "<Energy>"),
    Text((("said", "bold"), (" and ", "plain"), ("p*ttern", "code")), anchor="F01"),
    Text((("a note", "plain"),), small=True),
    Sentence((("Wind", "bold"), (" grows.", "plain")), "a, 0–11", number=7),
    Table((("Party", "Wind"), ("Green", "1 of 2"))),
    Folded("Evidence <1>", (Sentence((("Sun", "bold"), (" pays.", "plain")), "b, 0–9"),)),
]


@pytest.mark.parametrize("ending", PRINTERS)
def test_a_printer_holds_every_kind_of_block(tmp_path, ending):
    path = tmp_path / f"all{ending}"
    path.write_bytes(PRINTERS[ending](ALL_KINDS, "en"))
    text = bare(READERS[ending](path))
    for held in ("said and ", "p*ttern", "a note", "7", "Wind", "grows. — a, 0–11", "Green",
                 "1 of 2", "Sun", "pays. — b, 0–9"):  # fmt: skip
        assert bare(held) in text
    assert text.index("Evidence") < text.index("Sun")


def test_markdown_by_eye():
    assert PRINTERS[".md"](ALL_KINDS, "en").decode().split("\n\n") == [
        r"# \<Energy\>",
        '<a id="F01"></a>**said** and `p*ttern`',
        "a note",
        "7. **Wind** grows. — a, 0–11",
        "| Party | Wind |\n| --- | --- |\n| Green | 1 of 2 |",
        "<details><summary>Evidence &lt;1&gt;</summary>",
        "> **Sun** pays. — b, 0–9",
        "</details>\n",
    ]


def test_word_holds_every_finding_and_sentence(tmp_path, nasty):
    findings = nasty[1]
    path = saved(tmp_path, nasty, ".docx")
    paragraphs = word(path)
    texts = ["".join(text for text, _ in runs) for runs in paragraphs]
    for found in findings.to_dict("records"):
        assert f"{found['text']} {found['id']}" in texts
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
        assert bare(f"{found['text']} {found['id']}") in text
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
    kinds = {"text", "strong_open", "strong_close", "code_inline"}
    assert {child.type for child in inline} == kinds
    assert [child.content for child in inline if child.type == "code_inline"] == [
        *nasty[1]["id"],
        "wind",
    ]
    assert not {token.type for token in tokens} & {"html_block", "code_block", "fence", "hr"}
    shown = ["".join(child.content for child in token.children)
             for token in tokens if token.type == "inline"]  # fmt: skip
    for found in nasty[1].to_dict("records"):
        assert f"{found['text']} {found['id']}" in shown
    for (_, doc_id, _), (quote, _) in quotes(nasty[1]).items():
        assert f"{quote} — {doc_id}, 0–{len(quote)}" in shown
    assert [token.tag for token in tokens if token.type == "heading_open"][:2] == ["h1", "h2"]
    assert sum(token.type == "table_open" for token in tokens) == 1


@pytest.mark.parametrize("ending", PRINTERS)
def test_letters_that_no_file_can_hold_are_named(tmp_path, energy, ending):
    texts = pd.DataFrame({"doc_id": ["a"], "party": ["Green"], "text": ["Wind\x01 \u202eblows."]})
    tables, findings = told(texts, energy)
    path = saved(tmp_path, (replace(tables, title="half\ud800"), findings), ending)
    for name in ("[U+0001]", "[U+202E]", "[U+D800]"):
        assert name in READERS[ending](path)


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
tables = an.Tables(
    sentences=sentences, evidence=an.evidence(sentences, an.matches(sentences, energy)),
    emphasis=an.emphasis(tally), contrasts=an.contrasts(tally), dictionary=energy,
    specifications=an.specifications(sentences, energy, by="party"), title="Energy",
)
for ending in ("docx", "pdf"):
    an.save_report(tables, f"{sys.argv[1]}/report.{ending}")
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
        an.save_report(report[0], tmp_path / name)
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


def test_findings_are_made_if_none_are_given(tmp_path, report):
    given = saved(tmp_path, report, ".md").read_bytes()
    an.save_report(report[0], tmp_path / "made.md")
    assert (tmp_path / "made.md").read_bytes() == given


def test_findings_in_another_language_are_refused(tmp_path, report):
    tables, findings = report
    message = "the findings are written in 'english', not in 'french'; pass the language that"
    with pytest.raises(an.InputError, match=message):
        an.save_report(tables, tmp_path / "a.md", findings=findings, language="french")
    with pytest.raises(an.InputError, match=message):
        an.findings_markdown(findings, language="french")
    with pytest.raises(an.InputError, match=message):
        an.findings_html(findings, language="french")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path, report):
    with pytest.raises(an.InputError, match="folder does not exist"):
        an.save_report(report[0], tmp_path / "none" / "report.md")
    (tmp_path / "report.md").mkdir()
    with pytest.raises(an.InputError, match=r"report\.md: it cannot be written: Is a directory"):
        saved(tmp_path, report, ".md")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]

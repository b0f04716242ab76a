"""Readers of files and of corpora; the ids name the rows of the catalogue of bad inputs."""

import codecs
import io
import json
import os
import re
import sys
import tracemalloc
import unicodedata
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pyarrow
import pypdf
import pytest
from docx.oxml import parse_xml
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from analysis import InputError, InputWarning, read_articles, sentences
from analysis.corpus import readers
from analysis.corpus.readers import READERS
from analysis.corpus.readers.files import FILES, read_file
from analysis.corpus.readers.folder import article_files
from analysis.io import packed as packing

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")
ARTICLE = ["Wind farms grow.", "Solar roofs pay for a cyber‑security desk.", "Coal stays."]


def rows(table):
    """Cases by the row of the catalogue they stand for: {"F1 what": (values...)}."""
    return pytest.mark.parametrize("case", table.values(), ids=table)


def put(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def csv_line(cells):
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def error(path, words, line=None):
    """A pattern: the message names file and line, says the words in any order, and what to do."""
    place = re.escape(str(path) + (f", line {line}: " if line else ": "))
    return "^" + "".join(f"(?=.*{re.escape(word)})" for word in words) + place + ".+; .+"


# Files of every kind, written here


def page(body, head=""):
    return f"<!DOCTYPE html><html><head><title>Site</title>{head}</head><body>{body}</body></html>"


def write_txt(path, paragraphs):
    put(path, "\n".join(paragraphs))


def write_html(path, paragraphs):
    put(path, page("<article>" + "".join(f"<p>{one}</p>" for one in paragraphs) + "</article>"))


def write_docx(path, paragraphs):
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    document.save(path)


def pdf(*pages):
    """A PDF by hand, each page a list of lines in Helvetica."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for lines in pages:
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown}ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects) + 2} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = f"{len(objects) + 1}"
    return (
        f"{written.decode('latin-1')}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    ).encode("latin-1")


def write_pdf(path, paragraphs):
    # Helvetica has no U+2011; a PDF would hold a hyphen.
    put(path, pdf([one.replace("‑", "-") for one in paragraphs]))


def rtf(paragraphs):
    text = "\\par\n".join(paragraphs)
    return "{\\rtf1\\ansi " + "".join(s if s < "\x80" else f"\\u{ord(s)}?" for s in text) + "}"


def write_rtf(path, paragraphs):
    put(path, rtf(paragraphs))


CHARSET = '<meta charset="latin-1">'


def mail(plain="", page="", attached="", **options):
    message = EmailMessage()
    message["From"], message["Subject"] = "desk@paper.example", "Coal alert"
    if plain or not page:
        message.set_content(plain, **options)
    if page:
        message.add_alternative(page, subtype="html", **options)
    if attached:
        message.add_attachment("Coal.", filename=attached)
    return message.as_bytes()


def write_eml(path, paragraphs):
    put(path, mail("\n".join(paragraphs)))


# A kind of plain text has no line here; one that is no text has to have one.
WRITERS = dict.fromkeys(FILES, write_txt) | {
    ".html": write_html,
    ".htm": write_html,
    ".docx": write_docx,
    ".rtf": write_rtf,
    ".pdf": write_pdf,
    ".eml": write_eml,
}
BINARY = [name for name, kind in FILES.items() if kind.magic]
PACKAGED = [name for name, kind in FILES.items() if kind.extra]


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_gives_the_same_article(tmp_path, kind):
    WRITERS[kind](tmp_path / f"wind{kind}", ARTICLE)
    for metadata in (None, put(tmp_path / "articles.csv", f"file,party\nwind{kind},Green\n")):
        articles = read_articles(tmp_path, metadata=metadata)
        assert articles["doc_id"].tolist() == ["wind"]
        (text,) = articles["text"]
        assert text.replace("‑", "-").split() == " ".join(ARTICLE).replace("‑", "-").split()
        assert sentences(articles)["text"].str.replace("‑", "-").tolist() == [
            one.replace("‑", "-") for one in ARTICLE
        ]


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != ".pdf"])
def test_a_file_without_text_is_kept_with_a_warning(tmp_path, kind):
    WRITERS[kind](tmp_path / f"a{kind}", [])
    with pytest.warns(InputWarning, match="no text in a; counted as articles without"):
        assert read_articles(tmp_path)["text"].tolist() == [""]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("raw", [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_file_of_another_kind_is_an_error(tmp_path, kind, raw):
    path = put(tmp_path / f"a{kind}", raw)
    with pytest.raises(InputError, match=error(path, [])):
        read_articles(tmp_path)


@pytest.mark.parametrize("kind", BINARY)
@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9])
def test_a_file_cut_off_is_an_error(tmp_path, kind, part):
    path = tmp_path / f"a{kind}"
    WRITERS[kind](path, ARTICLE)
    put(path, path.read_bytes()[: int(part * path.stat().st_size)])
    with pytest.raises(InputError, match=error(path, ["this is not a whole"])):
        read_articles(tmp_path)


@pytest.mark.parametrize("kind", BINARY)
@given(at=st.floats(0, 0.999), byte=st.integers(0, 255))
def test_a_damaged_byte_gives_text_or_bad_input(tmp_path_factory, kind, at, byte):
    path = tmp_path_factory.mktemp("damaged") / f"a{kind}"
    WRITERS[kind](path, ARTICLE)
    raw = bytearray(path.read_bytes())
    raw[int(at * len(raw))] = byte
    put(path, bytes(raw))
    try:
        assert isinstance(read_file(path), str)
    except (InputError, InputWarning) as told:
        assert str(path) in str(told)


@pytest.mark.parametrize("kind", PACKAGED)
def test_a_missing_package_is_named_by_its_extra(tmp_path, monkeypatch, kind):
    WRITERS[kind](tmp_path / f"a{kind}", ARTICLE)
    for package in ("lxml", "docx", "pypdf", "striprtf.striprtf"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=rf"install 'topic-emphasis\[{FILES[kind].extra}\]'$"):
        read_articles(tmp_path)


# HTML (F45, X5)

LONG = "Wind farms grow in the north of the land. " * 8 + "So."

HTML = {
    "F45 script and style": (
        "<style>p {top: 0}</style><p>Wind.</p><script>var coal;</script><noscript>No</noscript>",
        "Wind.",
    ),
    "F45 menus": (
        "<nav>Home</nav><header>Site</header><p>Wind.</p><aside>More</aside><footer>©</footer>"
        "<div role='navigation'>Up</div><p hidden>No</p><p aria-hidden='true'>No</p>",
        "Wind.",
    ),
    "F45 the article": (
        "<h1>Site</h1><article><header><h1>A</h1></header><p>B.</p></article>", "A\n\nB."),
    "F45 replies": ("<article>A.<article>B.</article></article>", "A.\n\nB."),
    "F45 main": ("<p>Menu</p><main><header>A</header><p>B.</p></main>", "A\n\nB."),
    "F45 cookies": (
        "<div class='x cookie-banner'>We use</div><p class='cookiemonster'>A</p>", "A"),
    "B8 a class of an article": (
        f"<article class='tag-gdpr'><h1 id='gdpr-fines'>GDPR fines</h1><p>{LONG}</p></article>x",
        f"GDPR fines\n\n{LONG}"),
    "B8 a class of its wrapper": (
        f"<div class='cookies-accepted'><div><article>{LONG}</article></div></div><p>x</p>", LONG),
    "B8 a class around a short article": (
        "<div class='no-consent'><article>Wind.</article></div><p>Menu</p>", "Wind."),
    "B8 a class of most of the text": (f"<div class='no-consent'>{LONG}</div>x", f"{LONG}\n\nx"),
    "B8 hidden from listeners": (
        f"<div aria-hidden='true'><main>{LONG}</main></div><p>x</p>", LONG),
    "B8 a notice in the article": (
        "<article>A<div class='consent'>This video sets cookies</div><p class='gdpr-box'>"
        "Agree? <button>OK</button></p><section class='gdpr'>The law</section></article>",
        "A\n\nThe law"),
    "B8 a hidden part of the article": (
        "<article>A<span aria-hidden='true'>B</span><svg aria-hidden='true'></svg></article>", "A"),
    "X6 raised": (
        "<p>training<sup>1</sup>, 10<sup>2</sup>, CO<sub>2</sub>, the 19<sup>th</sup> "
        "war<sup><a href='#n'>12</a></sup>.</p>", "training¹, 10², CO2, the 19th war¹²."),
    "F45 entities": (
        "<p>cyber&#8209;security &amp; d&rsquo;&Eacute;tat&nbsp;x</p>",
        "cyber‑security & d’État\u00a0x"),
    "F45 br": ("<p>one<br>two<br/>three</p>", "one\ntwo\nthree"),
    "F45 inline": (
        "<p>cy<b>ber</b> <i>se</i>curity, <a href='x'>here</a>.</p>", "cyber security, here."),
    "F45 blocks": ("<div>One.<p>Two.</p>Three.</div>Four.", "One.\n\nTwo.\n\nThree.\n\nFour."),
    "F45 twice": ("<p>One.</p>" * 3, "One.\n\nOne.\n\nOne."),
    "F45 table": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
    "F45 source lines": ("<p>one\n   two\t three</p>", "one two three"),
    "F45 comment": ("<p>one<!-- two --> three</p>", "one three"),
    "F45 left open": ("<p>One.<p>Two.<ul><li>a<li>b", "One.\n\nTwo.\n\na\n\nb"),
    "X5 entity": ("<p>&xxe; a</p>", "&xxe; a"),
    "B8 the attribute hidden around the article": (
        f"<div hidden><article>{LONG}</article></div><p>Menu</p>", f"{LONG}"),
    "B8 the article where there are no scripts": (
        f"<noscript><article>{LONG}</article></noscript><p>Menu</p>", LONG),
    "B8 a menu around the article": (f"<nav><a>x</a><main>{LONG}</main></nav>", LONG),
    "B8 a card in a menu is no article": (
        f"<nav><article>{LONG}</article></nav><div><p>{LONG}{LONG}</p></div>", LONG + LONG),
    "B8 not displayed": (
        "<article>A<p style='color:red; display : none'>B</p><p style='display:block'>C</p>"
        "</article>", "A\n\nC"),
    "B8 not displayed around the article": (
        f"<div style='display:none'><article>{LONG}</article></div><p>x</p>", LONG),
    "F45 main by its role": ("<p>Menu</p><div role='main'><p>B.</p></div><p>End</p>", "B."),
    "F45 how to say it": (
        "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>", "漢字"),
    "F45 struck out": ("<p>a <del>old</del><ins>new</ins> one</p>", "a new one"),
    "F45 lines as written": (
        "<pre>HANOI,\r\n  May 3\r\n\r\nThey <b>met\nthere</b>\n.</pre>", "HANOI,\nMay 3\n\n"
        "They met\nthere\n."),
}  # fmt: skip


@rows(HTML)
def test_html(tmp_path, case):
    body, text = case
    assert read_file(put(tmp_path / "a.html", page(body))) == text


@rows(
    {
        "F45 declared": (b"windows-1258", b"Nguy\xea\xden", "Nguy\u00ea\u0303n"),
        "F45 latin-1 is cp1252": (b"iso-8859-1", b"a \x93b\x94 \xe9", "a “b” é"),
        "F45 UTF-8 wins": (b"windows-1252", "Hervé".encode(), "Hervé"),
    }
)  # fmt: skip
def test_the_encoding_of_a_page(tmp_path, case):
    charset, raw, text = case
    path = put(tmp_path / "a.htm", b"<meta charset='" + charset + b"'><p>" + raw + b"</p>")
    assert read_file(path) == text


@rows(
    {
        "F45 several articles": (
            page("<article>A long one.</article><article>Short.</article>"), "A long one.",
            "it has 2 articles; only the longest is read"),
        "B8 an article that is a teaser": (
            page(f"<main><div><p>{LONG}</p></div><article><p>More</p></article></main>"),
            f"{LONG}\n\nMore", "most text stands outside of its article; all of it is read"),
        "B8 an article with the headline alone": (
            page(f"<nav>x</nav><article><h1>Head</h1></article><div><p>{LONG}</p></div>"),
            f"Head\n\n{LONG}", "most text stands outside of its article; all of it is read"),
        "F14 page": ("", "", "no text in a"),
        "F45 cut off": ("<html><body><p>One. <p>Tw", "One.\n\nTw", "ends without </html>"),
        "F45 not UTF-8": (b"<meta charset=utf-8><p>\xe9</p>", "é", "read as Windows-1252"),
        "F45 not UTF-16": (b"<meta charset=utf-16><p>\xe9</p>", "é", "read as Windows-1252"),
        "F5 page": ("<p>Hervé</p>".encode("cp1252"), "Hervé", "read as Windows-1252"),
    }
)  # fmt: skip
def test_html_with_a_warning(tmp_path, case):
    content, text, warning = case
    put(tmp_path / "a.html", content)
    with pytest.warns(InputWarning, match=re.escape(warning)):
        assert read_articles(tmp_path)["text"].tolist() == [text]


@rows(
    {
        "F19": (b"%PDF-1.7", ["a PDF", ".pdf"]),
        "F21 text": (b"Plain text.", ["no HTML tag", ".txt"]),
        "F45 charset": (b"<meta charset=none><p>\xff", ["byte 22", "none"]),
    }
)
def test_html_that_is_wrong(tmp_path, case):
    path = put(tmp_path / "a.html", case[0])
    with pytest.raises(InputError, match=error(path, case[1], 1 if b"meta" in case[0] else None)):
        read_file(path)


def test_a_tag_of_very_many_attributes_is_refused_before_it_is_parsed(tmp_path):
    for many in (10_000, 10_001):
        tag = "<p " + " ".join(f"a{number} = 'x > y'" for number in range(many)) + ">"
        put(tmp_path / f"{many}.html", page(f"{tag}Wide."))
    assert read_file(tmp_path / "10000.html") == "Wide."
    with pytest.raises(InputError, match=error(tmp_path / "10001.html", ["more than 10,000 att"])):
        read_file(tmp_path / "10001.html")


def test_what_is_left_out_of_a_page_copies_no_text(tmp_path, monkeypatch):
    """To take menus out one by one copies the text between them each time: no way to end."""
    monkeypatch.delattr("lxml.html.HtmlMixin.drop_tree")
    body = "".join(f"<nav>Menu.</nav>w{number} " for number in range(20_000))
    text = read_file(put(tmp_path / "a.html", page(body)))
    assert text.split() == [f"w{number}" for number in range(20_000)]


def test_a_page_nested_deep_is_read_and_too_deep_is_refused(tmp_path):
    for deep in (1_500, 100_000):
        put(tmp_path / f"{deep}.html", page("<div>" * deep + "Deep." + "</div>" * deep))
    assert read_file(tmp_path / "1500.html") == "Deep."
    with pytest.raises(InputError, match=error(tmp_path / "100000.html", ["Excessive depth"])):
        read_file(tmp_path / "100000.html")


# Word (F44, X4, X5)

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:m="http://schemas.openxmlformats.org/markup-compatibility/2006"'
WORD = {
    "F44 tracked": (
        "<w:p><w:r><w:t>Wind </w:t></w:r><w:ins><w:r><w:t>and sun</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>coal</w:delText><w:noBreakHyphen/></w:r></w:del></w:p>",
        "Wind and sun"),
    "X6 raised": (
        "<w:p><w:r><w:t>training</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
        "<w:t>12</w:t></w:r><w:r><w:t>, CO</w:t></w:r><w:r><w:rPr>"
        "<w:vertAlign w:val='subscript'/></w:rPr><w:t>2</w:t></w:r></w:p>", "training¹², CO2"),
    "X6 raised signs that are no note": (
        "<w:p><w:r><w:t>the 19</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
        "<w:t>th</w:t></w:r></w:p>", "the 19th"),
    "F44 moved": (
        "<w:p><w:moveFrom><w:r><w:t>a</w:t></w:r></w:moveFrom></w:p>"
        "<w:p><w:moveTo><w:r><w:t>a</w:t></w:r></w:moveTo></w:p>", "a"),
    "F44 link": ("<w:p><w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink></w:p>", "a link"),
    "F44 field": (
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r></w:p>", "7"),
    "F44 signs": (
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/>"
        "<w:t>cyber</w:t><w:noBreakHyphen/><w:t>war</w:t></w:r></w:p>", "a\nb\tcyber‑war"),
    "F44 table": (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", "a\n\nb"),
    "F44 ruby": (
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>si</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r>"
        "</w:rubyBase></w:ruby></w:r></w:p>", "字"),
    "F44 fallback": (
        f"<w:p><m:AlternateContent {MC}><m:Choice><w:r><w:t>a</w:t></w:r></m:Choice>"
        "<m:Fallback><w:r><w:t>a</w:t></w:r></m:Fallback></m:AlternateContent></w:p>", "a"),
    "F44 content control": (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>a</w:t></w:r></w:p></w:sdtContent></w:sdt>", "a"),
}  # fmt: skip


def word(path, *blocks):
    """Write a Word file whose body is First. <blocks> Last."""
    document = docx.Document()
    document.add_paragraph("First.")
    last = document.add_paragraph("Last.")._p
    for block in parse_xml(f"<w:body {W}>{''.join(blocks)}</w:body>"):
        last.addprevious(block)
    document.save(path)
    return path


@rows(WORD)
def test_word(tmp_path, case):
    block, text = case
    assert read_file(word(tmp_path / "a.docx", block)) == f"First.\n\n{text}\n\nLast."


@rows(
    {
        "F44 text box": (
            "<w:p><w:r><w:t>Once.</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>", "text boxes are left out"),
        "F44 hidden": (
            "<w:p><w:r><w:t>Once.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>No.</w:t></w:r>"
            "</w:p>",
            "hidden words are left out"),
        "B7 altChunk": (
            "<w:p><w:r><w:t>Once.</w:t></w:r></w:p><w:altChunk/>", "documents put in whole are"),
        "F44 notes": (
            '<w:p><w:r><w:t>Once.</w:t><w:footnoteReference w:id="2"/>'
            '<w:commentReference w:id="1"/></w:r></w:p>', "footnotes, comments are left out"),
    }
)  # fmt: skip
def test_what_stands_beside_the_text_of_word(tmp_path, case):
    path = word(tmp_path / "a.docx", case[0])
    with pytest.warns(InputWarning, match=f"{re.escape(str(path))}: {case[1]}"):
        assert read_file(path) == "First.\n\nOnce.\n\nLast."


@rows(
    {
        "B6 link": (
            r'{\field{\*\fldinst{HYPERLINK "https://x.example/wind"}}{\fldrslt {\ul here}}}',
            "here",
        ),
        "B6 halves": (r"\u-10179?\u-8694?", "😊"),
        "B6 picture": (r"{\pict\wmetafile8 0a0b}Sea", "Sea"),
        "B6 line": (r"a\line b\tab c", "a\n\nb\tc"),
        "B6 marks": (r"{\fonttbl{\f0 Arial;}}\'e9t\'e9 \{x\}", "été {x}"),
        "X6 raised": (
            r"{\b training}{\super\insrsid7 12} pre\super 3\nosupersub , 10{\super th}",
            "training¹² pre³, 10th",
        ),
        "F44 hidden and deleted": (
            r"a{\v b}{\rtlch \ltrch\deleted\revauthdel1 c}{\v d}e\v f\v0 g{\v0 h}{\viewh1 i}",
            "aefghi",
        ),
    }
)  # fmt: skip
def test_rtf(tmp_path, case):
    source, text = case
    assert read_file(put(tmp_path / "a.rtf", r"{\rtf1\ansi\ansicpg1252 " + source + "}\n")) == text


@rows(
    {
        "plain": (mail("Wind grows.\n", "<p>Coal.</p>"), "Wind grows."),
        "page": (mail("", page("<p>Wind &amp; sun.</p><p>They grow.</p>")),
                 "Wind & sun.\n\nThey grow."),
        "encoded": (mail("L’été\n", charset="cp1252", cte="quoted-printable"), "L’été"),
        "page encoded": (mail("", page("<p>été</p>", CHARSET), charset="latin-1"),
                         "été"),
    }
)  # fmt: skip
def test_a_mail(tmp_path, case):
    raw, text = case
    assert read_file(put(tmp_path / "a.eml", raw)) == text


SAVED = """From: <Saved by a browser>
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable

<html><head><meta charset=3D"%s"></head><body><article><p>L=%s train=
ing</p></article></body></html>
--b
Content-Type: text/css

p {top: 0}
--b--
"""


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.eml"])
@pytest.mark.parametrize(("charset", "written"), [("utf-8", "E2=80=99=C3=A9"), ("cp1252", "92=E9")])
def test_a_page_that_a_browser_saved(tmp_path, name, charset, written):
    put(tmp_path / name, SAVED % (charset, written))
    assert read_articles(tmp_path)["text"].tolist() == ["L’é training"]


def test_a_mail_that_names_no_encoding(tmp_path):
    put(tmp_path / "a.eml", "From: a\nContent-Type: text/plain\n\nL’été.\n")
    assert read_articles(tmp_path)["text"].tolist() == ["L’été."]


def test_what_is_attached_to_a_mail_is_named(tmp_path):
    path = put(tmp_path / "a.eml", mail("Wind grows.", attached="coal.txt"))
    with pytest.warns(InputWarning, match=r"a\.eml: attached, and left out: coal\.txt"):
        assert read_articles(tmp_path)["text"].tolist() == ["Wind grows."]
    put(path, mail("Wind grows.", charset="utf-8").replace(b"utf-8", b"utf-99"))
    with pytest.raises(InputError, match=error(path, ["not a whole mail"])):
        read_articles(tmp_path)


def packed(path, parts, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content, **options)
    return path


def repacked(path, name, change):
    with zipfile.ZipFile(path) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    return packed(path, {**parts, name: change(parts[name])})


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = packed(tmp_path / "a.docx", {"word/document.xml": b"0" * 20_000_000})
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(InputError, match=error(path, ["unpacks to 20000000 bytes"])):
        read_file(path)


def test_a_word_file_that_unpacks_to_too_much(tmp_path, monkeypatch):
    path = word(tmp_path / "a.docx")
    monkeypatch.setattr(packing, "MAX_BYTES", path.stat().st_size)
    with pytest.raises(InputError, match=error(path, ["unpacks to", "without pictures"])):
        read_file(path)


def test_a_zip_that_lies_of_its_size_is_not_unpacked_either(tmp_path):
    path = word(tmp_path / "a.docx")
    repacked(path, "word/document.xml", lambda raw: raw + b" " * 50_000_000)
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        size = file.getinfo("word/document.xml").file_size
    put(path, raw.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=error(path, ["not a whole Word"])):
            read_file(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_odd_compression(tmp_path):
    path = packed(tmp_path / "a.docx", {"a": b"0"}, compress_type=zipfile.ZIP_BZIP2)
    with pytest.raises(InputError, match=error(path, ["unusual compression"])):
        read_file(path)


@pytest.mark.parametrize("entity", ['SYSTEM "{secret}"', '"Ha"'], ids=["X5 file", "X5 text"])
def test_no_entity_is_read(tmp_path, entity):
    secret = put(tmp_path / "secret.txt", "Secret")
    path = word(tmp_path / "a.docx")
    doctype = f"<!DOCTYPE w [<!ENTITY e {entity.format(secret=secret.as_uri())}>]>".encode()
    repacked(
        path,
        "word/document.xml",
        lambda raw: raw.replace(b"?>", b"?>" + doctype, 1).replace(b"First.", b"First. &e;"),
    )
    with pytest.raises(
        InputError, match=error(path, ["not a whole Word", "declares a document type"])
    ):
        read_file(path)


def test_a_word_file_with_a_password(tmp_path):
    path = put(tmp_path / "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(InputError, match=error(path, ["with a password"])):
        read_file(path)


# PDF (F43)


def test_pages_and_hyphens_stay_as_they_are(tmp_path):
    path = put(tmp_path / "a.pdf", pdf(["Cyber-", "security pays and"], ["goes on."]))
    assert read_file(path) == "Cyber-\nsecurity pays and\ngoes on."


def test_pages_without_text_are_named(tmp_path):
    path = put(tmp_path / "a.pdf", pdf(["One."], [], ["Three."], []))
    with pytest.warns(InputWarning, match=r"a\.pdf: no text layer on pages 2, 4"):
        assert read_file(path) == "One.\n\nThree.\n"


def locked(raw, password):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(raw))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@rows(
    {
        "F43 encrypted": (locked(pdf(ARTICLE[:1]), "secret"), "it is encrypted"),
        "F43 may not be copied": (locked(pdf(ARTICLE[:1]), ""), "it is encrypted"),
        "F43 scanned": (pdf([], []), "it has no text layer: its pages are pictures"),
        "F20 zip": (b"PK\x03\x04", "this is a zip, docx or xlsx file, not a .pdf file"),
        "F43 no page": (pdf(), "it has no text layer"),
    }
)
def test_a_pdf_without_text_to_read(tmp_path, case):
    path = put(tmp_path / "a.pdf", case[0])
    with pytest.raises(InputError, match=f"^{re.escape(str(path))}: {case[1]}.*; "):
        read_file(path)


def test_faults_of_a_pdf_are_told_and_nothing_else_is_printed(tmp_path, capsys, caplog):
    raw = pdf(["One."]).replace(b"startxref\n", b"startxref\n9")
    path = put(tmp_path / "a.pdf", raw)
    with pytest.warns(InputWarning, match=r"a\.pdf: the PDF has faults \(.*; compare"):
        assert read_file(path) == "One."
    assert (capsys.readouterr(), caplog.records) == (("", ""), [])


def test_halves_of_pairs_in_a_pdf_are_marked(tmp_path, monkeypatch):
    text = "a\0b \ud83d\ude00 \ud83d."
    monkeypatch.setattr(pypdf.PageObject, "extract_text", lambda page: text)
    assert read_file(put(tmp_path / "a.pdf", pdf([]))) == "ab 😀 �."


# Plain text (F1 to F21)

TEXTS = {
    "F1": codecs.BOM_UTF8 + "Hervé.".encode(),
    "F2": codecs.BOM_UTF16_LE + "Hervé.".encode("utf-16-le"),
    "F3": codecs.BOM_UTF16_BE + "Hervé.".encode("utf-16-be"),
}


@rows(TEXTS)
def test_marks_of_byte_order(tmp_path, case):
    put(tmp_path / "a.txt", case)
    assert read_articles(tmp_path)["text"].tolist() == ["Hervé."]


@rows({"F10": "One.\r\n\r\nTwo.", "F11": "One.\r\rTwo.", "F12": "One.\n\r\nTwo."})
def test_line_ends_change_nothing(tmp_path, case):
    put(tmp_path / "a.txt", "One.\n\nTwo.")
    put(tmp_path / "b.txt", case)
    articles = read_articles(tmp_path)
    assert articles.loc[1, "text"] == case
    table = sentences(articles)
    columns = ["sentence_id", "paragraph", "words", "text"]
    first, second = (table.loc[table["doc_id"] == one, columns] for one in "ab")
    assert first.to_numpy().tolist() == second.to_numpy().tolist()


WARNED = {
    "F5": ("Hervé".encode("latin-1"), "Hervé", r"byte 4 .* read as Windows-1252"),
    "F6": (b"\x93cyber\x94 \x96", "“cyber” –", r"byte 0 .* read as Windows-1252"),
    "F8": ("HervÃ©".encode(), "HervÃ©", "'Ã©' looks like UTF-8 decoded twice; counted as"),
    "F8 Vietnamese": ("Viá»‡t".encode(), "Viá»‡t", "decoded twice"),
    "F8 dash": ("a â€“ b".encode(), "a â€“ b", "decoded twice"),
    "F14": (b"", "", "no text in a; counted as articles without a sentence"),
    "F15": (b" \n\t", " \n\t", "no text in a"),
}


@rows(WARNED)
def test_text_with_a_warning(tmp_path, case):
    raw, text, warning = case
    put(tmp_path / "a.txt", raw)
    with pytest.warns(InputWarning, match=warning):
        assert read_articles(tmp_path)["text"].tolist() == [text]


@pytest.mark.parametrize("text", ["“LIBERTÉ”", "está» dijo", "NÃO", "Â, Ä – Å…", "Đã ĐÃ”"])
def test_letters_before_quotes_are_not_taken_for_decoded_twice(tmp_path, text):
    put(tmp_path / "a.txt", text)
    assert read_articles(tmp_path)["text"].tolist() == [text]


WRONG = {
    "F4 LE": ("Hanoi, é.".encode("utf-16-le"), ["byte 1", "UTF-16", "little"], None),
    "F4 BE": ("Hanoi, é.".encode("utf-16-be"), ["byte 0", "UTF-16", "big"], None),
    "F7 mixed": ("Hervé\n".encode() + b"Herv\xe9", ["byte 11", "while other characters are"], 2),
    "F7 neither": (b"a\n\x81", ["byte 2", "neither utf-8 nor cp1252"], 2),
    "F9": (b"ab\0cd", ["NUL", "byte 2", "binary"], None),
    "F19": (b"%PDF-1.7", ["a PDF", "name it .pdf"], None),
    "F20": (b"PK\x03\x04", ["docx", "name it .docx"], None),
    "F20 rtf": (b"{\\rtf1 Wind}", ["RTF"], None),
    "F20 doc": (b"\xd0\xcf\x11\xe0", ["old Word"], None),
    "F21": (b"<!-- x --> <!DOCTYPE html><p>", ["HTML", "name it .html"], None),
    "F21 XHTML": (b'<?xml version="1.0"?>\n<html>', ["HTML"], None),
    "F21 gzip": (b"\x1f\x8b\x08", ["gzip", "unpack"], None),
}


@rows(WRONG)
def test_text_that_is_wrong(tmp_path, case):
    raw, words, line = case
    path = put(tmp_path / "a.txt", raw)
    with pytest.raises(InputError, match=error(path, words, line)):
        read_articles(tmp_path)


def test_a_text_with_more_western_letters_than_sequences_is_not_mixed(tmp_path):
    put(tmp_path / "a.txt", "É” é é".encode("cp1252"))  # the first two could be one in UTF-8
    with pytest.warns(InputWarning, match="Windows-1252"):
        assert read_articles(tmp_path)["text"].tolist() == ["É” é é"]


def test_f16_a_long_article_is_read_and_an_overlong_one_refused(tmp_path, monkeypatch):
    path = put(tmp_path / "a.txt", "word " * 200)
    monkeypatch.setattr(readers, "MAX_CHARS", 1000)
    assert read_articles(tmp_path)["text"].str.len().tolist() == [1000]
    monkeypatch.setattr(readers, "MAX_CHARS", 999)
    with pytest.raises(InputError, match=error(path, ["1000 characters", "split"])):
        read_articles(tmp_path)


@posix
@pytest.mark.parametrize("kind", FILES)
def test_f18_a_file_too_large_is_not_even_opened(tmp_path, monkeypatch, kind):
    path = put(tmp_path / f"a{kind}", "")
    os.truncate(path, 5_000_000_000)  # sparse: it takes no room
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was opened"))
    with pytest.raises(InputError, match=error(path, ["5000000000 bytes", "split"])):
        read_articles(tmp_path)


# The folder (F22 to F39)


@posix
@pytest.mark.parametrize("listed", [False, True])
@rows(
    {
        "F22": (lambda a: a.symlink_to("none.txt"), ["link", "none.txt", "does not exist"]),
        "F23": (lambda a: a.symlink_to("../out.txt"), ["leads out of the folder", "../out.txt"]),
        "F24": (lambda a: a.symlink_to(a.name), ["link", "a.txt", "does not exist"]),
        "F25": (lambda a: a.mkdir(), ["this is a folder"]),
        "F26": (os.mkfifo, ["not a regular file"]),
        "F26 kinds": (lambda a: os.mkfifo(a.with_suffix(".pdf")), ["not a regular file"]),
    }
)
def test_what_is_not_a_file(tmp_path, case, listed):
    spoil, words = case
    put(tmp_path / "out.txt", "Secret.")
    folder = tmp_path / "texts"
    folder.mkdir()
    spoil(folder / "a.txt")
    (path,) = folder.iterdir()
    metadata = put(tmp_path / "articles.csv", f"file\n{path.name}\n") if listed else None
    with pytest.raises(InputError, match=error(path, words)):
        read_articles(folder, metadata=metadata)


@posix
def test_a_link_inside_the_folder_is_read(tmp_path):
    put(tmp_path / "a.txt", "One.")
    (tmp_path / "b.txt").symlink_to("a.txt")
    with pytest.warns(InputWarning, match="a, b have the same text"):
        assert read_articles(tmp_path)["text"].tolist() == ["One.", "One."]


@pytest.mark.parametrize("method", ["iterdir", "is_dir"], ids=["F27 folder", "F27 way to it"])
def test_a_folder_that_may_not_be_read(tmp_path, monkeypatch, method):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, method, refuse)
    with pytest.raises(InputError, match=error(tmp_path, ["Permission denied"])):
        read_articles(tmp_path)


def test_f27_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    path = put(tmp_path / "a.txt", "One.")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match=error(path, ["Permission denied"])):
        read_articles(tmp_path)


def test_f33_names_that_differ_in_case(tmp_path):
    put(tmp_path / "A1.txt", "One.")
    put(tmp_path / "a1.txt", "Two.")
    if len(article_files(tmp_path)) < 2:
        pytest.skip("this file system keeps one of them")
    with pytest.warns(InputWarning, match=r"A1\.txt, a1\.txt differ in case only"):
        assert read_articles(tmp_path)["doc_id"].tolist() == ["A1", "a1"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_f34_the_normal_form_of_a_name(tmp_path, form):
    put(tmp_path / unicodedata.normalize(form, "é.txt"), "One.")
    for other in ("NFC", "NFD"):
        listed = f"file\n{unicodedata.normalize(other, 'é.txt')}\n"
        metadata = put(tmp_path / "articles.csv", listed)
        assert read_articles(tmp_path, metadata=metadata)["text"].tolist() == ["One."]


def test_f34_one_name_in_two_forms(tmp_path):
    put(tmp_path / "é.txt", "One.")
    put(tmp_path / "e\u0301.txt", "Two.")
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system keeps one of them")
    with pytest.raises(InputError, match=error(tmp_path, ["are one name"])):
        read_articles(tmp_path)


@posix
@pytest.mark.parametrize("name", ["a\nb", "-x", "CON", "x" * 251, "=1", " a"])
def test_f35_odd_names(tmp_path, name):
    put(tmp_path / f"{name}.txt", "One.")
    assert read_articles(tmp_path)["doc_id"].tolist() == [name]


@posix
def test_f35_a_name_that_is_not_text(tmp_path):
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/a\xff.txt")).touch()
    except OSError:
        pytest.skip("this file system refuses such names")
    with pytest.raises(InputError, match=error(tmp_path, [r"'a\udcff.txt' is not UTF-8"])) as told:
        read_articles(tmp_path)
    assert str(told.value).isprintable()


def test_f35_a_name_that_is_too_long():
    with pytest.raises(InputError, match="File name too long"):
        read_articles("x" * 5000)


def test_f36_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = put(tmp_path / "a.txt", "One.")
    read = Path.read_bytes

    def meanwhile(self):
        raw = read(self)
        self.write_text("Two two.")
        return raw

    monkeypatch.setattr(Path, "read_bytes", meanwhile)
    with pytest.raises(InputError, match=error(path, ["changed while it was read"])):
        read_articles(tmp_path)


def test_f36_a_file_that_vanishes(tmp_path, monkeypatch):
    path = put(tmp_path / "a.txt", "One.")
    monkeypatch.setattr(Path, "read_bytes", lambda self: self.unlink() or self.open("rb").read())
    with pytest.raises(InputError, match=error(path, ["No such file"])):
        read_articles(tmp_path)


def test_f39_the_order_of_a_folder(tmp_path, monkeypatch):
    for name in "cab":
        put(tmp_path / f"{name}.txt", name)
    listed = sorted(tmp_path.iterdir(), reverse=True)
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(listed))
    assert read_articles(tmp_path)["doc_id"].tolist() == ["a", "b", "c"]


def test_two_kinds_of_one_article(tmp_path):
    write_txt(tmp_path / "a.txt", ARTICLE)
    write_html(tmp_path / "a.html", ARTICLE)
    with pytest.raises(InputError, match=error(tmp_path, ["a.html, a.txt would both be 'a'"])):
        read_articles(tmp_path)
    metadata = put(tmp_path / "articles.csv", "file,doc_id\na.txt,one\na.html,two\n")
    assert read_articles(tmp_path, metadata=metadata)["doc_id"].tolist() == ["one", "two"]


ASIDE = ["README.txt", "Readme.html", "LICENSE.txt", "licence-texts.txt"]
SYSTEM = ["._a.txt", "~$a.docx", "~$report.txt", "Thumbs.db", ".DS_Store"]


def test_what_is_written_about_a_folder_is_not_read_unless_it_is_listed(tmp_path):
    for name in ["a.txt", "readmitted.txt", "licensed.txt", *ASIDE]:
        put(tmp_path / name, page(f"<p>{name}.</p>") if name.endswith("html") else f"{name}.")
    names = ["LICENSE.txt, README.txt, Readme.html, licence-texts.txt"]
    with pytest.warns(InputWarning, match=re.escape(f"{tmp_path}: {names[0]} not read; articles")):
        assert read_articles(tmp_path)["doc_id"].tolist() == ["a", "licensed", "readmitted"]
    metadata = put(tmp_path / "articles.csv", "file\na.txt\nREADME.txt\nlicensed.txt\n")
    with pytest.warns(InputWarning) as said:
        assert list(read_articles(tmp_path, metadata)["doc_id"]) == ["a", "README", "licensed"]
    texts = " ".join(str(one.message) for one in said)
    assert "LICENSE.txt, Readme.html, licence-texts.txt not read" in texts
    assert "does not list readmitted.txt; left out" in texts


def test_what_computers_put_into_a_folder_is_passed_over_in_silence(tmp_path):
    put(tmp_path / "a.txt", "One.")
    for name in SYSTEM:
        put(tmp_path / name, b"\0\1\2")
    assert read_articles(tmp_path)["doc_id"].tolist() == ["a"]
    assert article_files(tmp_path) == [tmp_path / "a.txt"]
    metadata = put(tmp_path / "articles.csv", "file\na.txt\n")
    assert read_articles(tmp_path, metadata)["doc_id"].tolist() == ["a"]
    put(tmp_path / "~$a.txt", "Two.")
    put(metadata, "file\na.txt\n~$a.txt\n")
    assert read_articles(tmp_path, metadata)["doc_id"].tolist() == ["a", "~$a"]


# Metadata (M1 to M40; M11 to M18 are dates)

HEAD = "file,party\na.txt,Green\n"
METADATA = {
    "M1": (HEAD + "b.txt,\n", 3, ["'party' of 'b' is blank"]),
    "M2": (HEAD + "b.txt, \u00a0\n", 3, ["'party' of 'b' is blank"]),
    "M6": (HEAD + "zzzzzz.txt,Red\n", 3, ["'zzzzzz.txt'", "the folder holds a.txt, b.txt"]),
    "M6 blank": (HEAD + " ,Red\n", 3, ["'file' is blank"]),
    "M6 ending": (HEAD + "zzzzzz.odt,Red\n", 3, ["'zzzzzz.odt'", f"one of {', '.join(FILES)}"]),
    "M8": (HEAD + "b.xyz,Red\n", 3, ["'b.xyz'", "did you mean 'b.txt'?"]),
    "M9": (HEAD + "a.txt,Green\n", 3, ["'a.txt' stands on line 2 too"]),
    "M10": (HEAD + "a.txt,Red\n", 3, ["'a.txt' stands on line 2 too"]),
    "M10 ids": ("file,doc_id\na.txt,x\nb.txt,x\n", 3, ["'x' stands on lines 2, 3"]),
    "M19": (HEAD + "b.txt,Red,x\n", 3, ["3 values", "2 column"]),
    "M20": (HEAD + "b.txt\n", 3, ["1 value", "2 column"]),
    "M21": ("file,party\na.txt,Green,x\nb.txt,Red,x\n", 2, ["3 values", "2 column"]),
    "M22": ("name,party\na.txt,Green\n", 1, ["no column 'file'", "are name, party"]),
    "M23": ("file,party,party\na.txt,x,y\n", 1, ["'party' stands twice"]),
    "M24": ("File ,party\na.txt,Green\n", 1, ["no column 'file'", "rename 'File'?"]),
    "M26": ("file;party\na.txt;Green;x\n", 2, ["3 values", "2 column"]),
    "M28": ("file\tparty\na.txt\n", 2, ["1 value", "2 column"]),
    "M29": (b"PK\x03\x04", None, ["xlsx"]),
    "M30": (HEAD + 'b.txt,"Red\nc.txt,Red\n', 3, ["quotes"]),
    "M31": (HEAD + 'b.txt,"R"ed\n', 3, ["quotes"]),
    "M33 empty": ("", None, ["empty"]),
    "M33 header": ("file,party\n", 1, ["no row"]),
    "F30": (HEAD + "../secret.txt,Red\n", 3, ["'../secret.txt'", "outside the folder"]),
    "F31": (HEAD + "/etc/passwd,Red\n", 3, ["outside the folder"]),
    "F32 drive": (HEAD + "C:\\b.txt,Red\n", 3, ["outside the folder"]),
    "F32 host": (HEAD + "\\\\host\\share\\b.txt,Red\n", 3, ["outside the folder"]),
    "F32 file": (HEAD + "file:///etc/passwd,Red\n", 3, ["outside the folder"]),
    "F32 escape": (HEAD + "%2e%2e%2fb.txt,Red\n", 3, ["outside the folder"]),
    "M40 folder": (HEAD + ".,Red\n", 3, ["outside the folder"]),
    "M40 URL": (HEAD + "http://x.example/b.txt,Red\n", 3, ["outside the folder"]),
    "M40 glob": (HEAD + "*.txt,Red\n", 3, ["'*.txt', which is not an article"]),
}


@pytest.fixture
def two(tmp_path):
    """A folder of two articles, and what writes its metadata beside it."""
    folder = tmp_path / "texts"
    folder.mkdir()
    put(folder / "a.txt", "One.")
    put(folder / "b.txt", "Two.")
    return folder, lambda content: put(tmp_path / "articles.csv", content)


@rows(METADATA)
def test_metadata_that_is_wrong(two, case):
    folder, write = two
    content, line, words = case
    path = write(content)
    with pytest.raises(InputError, match=error(path, words, line)):
        read_articles(folder, metadata=path, by="party" if "party" in str(content) else ())


BOTH = "file,party\na.txt,Green\nb.txt,Red\n"


@rows(
    {
        "M25": codecs.BOM_UTF8 + BOTH.encode(),
        "M27": BOTH.encode("utf-16"),
        "M24 spaces": BOTH.replace("party", " party ").encode(),
        "F10": BOTH.replace("\n", "\r\n").encode(),
        "F11": BOTH.replace("\n", "\r").encode(),
    }
)
def test_metadata_in_other_dress(two, case):
    folder, write = two
    articles = read_articles(folder, metadata=write(case), by="party")
    assert articles.to_numpy().tolist() == [["a", "Green", "One."], ["b", "Red", "Two."]]


@rows(
    {
        "M4 trailing": ("Viet,Viet ", "spaces around 'party' are left out in b"),
        "M4 no-break": ("Viet,Viet\u00a0", "spaces around 'party' are left out in b"),
        "M4 case": ("Viet,VIET", "Viet, VIET differ in case, accents or spaces only; kept"),
        "M4 accents": ("Vietnam,Viêt Nam", "Vietnam, Viêt Nam differ in case, accents"),
    }
)
def test_names_that_are_alike(two, case):
    folder, write = two
    (first, second), warning = case[0].split(","), case[1]
    path = write(f"file,party\na.txt,{first}\nb.txt,{second}\n")
    with pytest.warns(InputWarning, match=re.escape(f"{path}: {warning}")):
        assert read_articles(folder, metadata=path, by="party")["party"].tolist() == [
            first,
            second.strip(),
        ]


@rows(
    {
        "M3": (["NA", "null", "None"], ["nan", "N/A", "NULL"]),
        "M5": (["001", "1e5", "12:30"], ["007", "TRUE", "MAR1"]),
        "M36 M37": (["=1+1", "<script>", "%"], ["@x", "-1", "+1"]),
        "M38": (["x" * 10_000, "y", "z"], ["a", "b", "c"]),
        "M32": (["a\nb", 'c "d"', "e, f"], ["g", "h", "i"]),
    }
)
def test_a_cell_is_text(two, case):
    folder, write = two
    lines = [["file", "party", "outlet", "kind"], ["a.txt", *case[0]], ["b.txt", *case[1]]]
    path = write("\n".join(map(csv_line, lines)))
    columns = ["party", "outlet", "kind"]
    assert read_articles(folder, metadata=path, by="party")[columns].to_numpy().tolist() == list(
        case
    )


def test_a_row_of_empty_cells_is_left_out_with_a_warning(two):
    folder, write = two
    path = write(BOTH + ",\n\n")
    with pytest.warns(InputWarning, match=re.escape(f"{path}, line 4: a row of empty cells")):
        assert read_articles(folder, metadata=path)["doc_id"].tolist() == ["a", "b"]


def test_m7_a_file_that_the_metadata_does_not_list(two):
    folder, write = two
    write_html(folder / "c.html", ARTICLE)
    with pytest.warns(InputWarning, match=r"does not list b\.txt, c\.html; left out"):
        assert read_articles(folder, metadata=write(HEAD))["doc_id"].tolist() == ["a"]


def test_m33_rows_reversed(two):
    folder, write = two
    first, *rest = BOTH.splitlines()
    forward = read_articles(folder, metadata=write(BOTH))
    back = read_articles(folder, metadata=write("\n".join([first, *reversed(rest)])))
    assert back.iloc[::-1].reset_index(drop=True).equals(forward)


def test_m39_f38_many_articles_and_groups(tmp_path):
    for number in range(3000):
        put(tmp_path / f"{number}.txt", f"Text {number}.")
    lines = [f"{number}.txt,group {number}" for number in range(3000)]
    metadata = put(tmp_path / "articles.csv", "\n".join(["file,party", *lines]))
    assert read_articles(tmp_path, metadata=metadata, by="party")["party"].nunique() == 3000


# Corpora in one file (F13, F40 to F42)


def test_f13_signs_that_only_look_like_line_ends(tmp_path):
    text = "a\u2028b\x85c\x0bd\x0ce\x1cf"
    corpus = [{"text": text}, {"text": "g"}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in corpus)
    # JSON wants the control characters escaped; the others may stand as they are.
    put(
        tmp_path / "c.jsonl", re.sub("[\x0b\x0c\x1c]", lambda sign: rf"\u{ord(sign[0]):04x}", lines)
    )
    put(tmp_path / "c.csv", f"text,x\n{text},1\ng,2\n")
    parquet.write_table(pyarrow.table({"text": [text, "g"]}), tmp_path / "c.parquet")
    for kind in ("jsonl", "csv", "parquet"):
        assert read_articles(tmp_path / f"c.{kind}")["text"].tolist() == [text, "g"]


def test_f40_a_field_of_a_whole_article(tmp_path):
    path = put(tmp_path / "c.csv", f"party,text\nGreen,{'word ' * 50_000}\n")
    assert read_articles(path)["text"].str.len().tolist() == [250_000]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.csv", 'id;body;party\na;"Wind; sun.";Green\nb;Coal.;Red\n'),
        ("c.tsv", "id\tbody\tparty\na\tWind; sun.\tGreen\nb\tCoal.\tRed\n"),
        ("c.csv", "id,body,party\na,Wind; sun.,Green\nb,Coal.,Red\n"),
    ],
)
def test_b3_b4_other_separators_and_other_names_of_columns(tmp_path, name, content):
    articles = read_articles(put(tmp_path / name, content), by="party", text="body", id="id")
    assert articles.to_dict("list") == {
        "doc_id": ["a", "b"],
        "party": ["Green", "Red"],
        "text": ["Wind; sun.", "Coal."],
    }


def test_b4_names_that_would_be_passed_over_are_named(tmp_path):
    path = put(tmp_path / "c.csv", "ID,text\nx,Wind.\n")
    with pytest.warns(InputWarning, match="number; to call them by 'ID', .* or write id = \"ID\""):
        assert list(read_articles(path)["doc_id"]) == ["1"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"text": "bdy"}, ["no column 'bdy'; did you mean 'body'?"]),
        ({"text": "body", "id": "nr"}, ["no column 'nr'; the columns are doc_id, body, text"]),
    ],
    ids=str,
)
def test_b4_names_of_columns_that_are_wrong(tmp_path, options, words):
    path = put(tmp_path / "c.csv", "doc_id,body,text\na,b,c\n")
    with pytest.raises(InputError, match=error(path, words, 1)):
        read_articles(path, **options)


def test_names_of_columns_are_of_tables(tmp_path):
    put(tmp_path / "a.txt", "Wind.")
    with pytest.raises(InputError, match="name columns of a table; leave them out"):
        read_articles(tmp_path, text="body")


JSONL = {
    "F41 bad": ('{"text": "a"}\n{text: b}', 2, ["not JSON"]),
    "F41 comma": ('{"text": "a",}', 1, ["not JSON"]),
    "F41 NaN": ('{"text": NaN}', 1, ["'text' has no value"]),
    "F41 key": ('{"text": "a", "text": "b"}', 1, ["'text' stands twice"]),
    "F41 blank": ('{"text": "a"}\n\n{"text": "b"}', 2, ["the line is empty"]),
    "F41 deep": ('{"text": ' + "[" * 100_000, 1, ["not JSON"]),
    "F41 surrogate": ('{"text": "a\\ud800"}', 1, ["U+D800"]),
    "F41 surrogate key": ('{"text": "a", "\\ud800": "b"}', 1, ["U+D800"]),
    "F9 NUL": ('{"text": "a\\u0000"}', 1, ["U+0000"]),
    "F41 list": ('["a"]', 1, ["not an object"]),
    "F41 nested": ('{"text": "a", "year": [1]}', 1, ["'year' is ['1']"]),
    "F41 null": ('{"text": null}', 1, ["'text' has no value"]),
    "F41 keys": ('{"text": "a"}\n{"Text": "b"}', 2, ["'text' has no value"]),
    "F41 no name": ('{"text": "a", " ": "b"}', 1, ["no name"]),
    "F41 empty": (" \n", None, ["the file is empty"]),
    "M22": ('{"Text ": "a"}', 1, ["no column 'text'", "rename 'Text ' to 'text', or"]),
    "B4": ('{"id": "a", "body": "b"}', 1, ["rename 'body' to 'text', or write text = \"body\";"]),
    "B4 unlike": ('{"a": "b"}', 1, ['say which column has the texts, as in text = "body"; the']),
}


@rows(JSONL)
def test_jsonl_that_is_wrong(tmp_path, case):
    content, line, words = case
    path = put(tmp_path / "c.jsonl", content)
    with pytest.raises(InputError, match=error(path, words, line)):
        read_articles(path)


def parquet_file(path, **columns):
    parquet.write_table(pyarrow.table(columns), path)
    return path


def test_a_parquet_corpus(tmp_path):
    path = parquet_file(
        tmp_path / "c.parquet",
        party=pyarrow.array(["NA", "Red", "Red"]).dictionary_encode(),
        doc_id=["001", "", "x"],
        text=pyarrow.array(["One.", "Two.", ""], pyarrow.large_string()),
        outlet=pyarrow.array(["", "b", "c"], pyarrow.string_view()),
    )
    with pytest.warns(InputWarning, match="no text in x"):
        articles = read_articles(path, by="party")
    assert articles.to_dict("list") == {
        "doc_id": ["001", "2", "x"],
        "party": ["NA", "Red", "Red"],
        "outlet": ["", "b", "c"],
        "text": ["One.", "Two.", ""],
    }
    with pytest.raises(InputError, match=r"a \.parquet corpus holds its own metadata"):
        read_articles(path, metadata=path)


NOT_UTF8 = pyarrow.Array.from_buffers(
    pyarrow.string(), 1, [None, pyarrow.py_buffer(b"\0\0\0\0\1\0\0\0"), pyarrow.py_buffer(b"\xff")]
)
PARQUET = {
    "F42 type": ({"text": ["a"], "year": [[1]]}, None, ["'year' holds list", "as texts"]),
    "F42 nested": ({"text": [["a"]]}, None, ["'text' holds list"]),
    "F42 bytes": ({"text": [b"a"]}, None, ["'text' holds binary"]),
    "F42 numbers": ({"text": pyarrow.array([1, 1]).dictionary_encode()}, None, ["'text' holds"]),
    "F42 null": ({"text": ["a", None], "x": ["b", "c"]}, 2, ["'text' is null"]),
    "F42 not UTF-8": ({"text": NOT_UTF8}, None, ["not a whole Parquet"]),
    "F42 schema": ({"words": ["a"]}, None, ["no column 'text'", "columns are words"]),
    "F42 no row": ({"text": pyarrow.array([], pyarrow.string())}, None, ["no row"]),
    "F9 NUL": ({"text": ["a\0"]}, 1, ["U+0000"]),
}


@rows(PARQUET)
def test_parquet_that_is_wrong(tmp_path, case):
    columns, line, words = case
    path = parquet_file(tmp_path / "c.parquet", **columns)
    with pytest.raises(InputError, match=error(path, words, line)):
        read_articles(path)


@pytest.mark.parametrize("part", [0, 0.01, 0.5, 0.99])
def test_f42_a_parquet_file_cut_off(tmp_path, part):
    path = parquet_file(tmp_path / "c.parquet", text=["a", "b"])
    put(path, path.read_bytes()[: int(part * path.stat().st_size)])
    with pytest.raises(InputError, match=error(path, ["not a whole Parquet file"])):
        read_articles(path)


def test_f42_a_page_of_parquet_that_is_damaged(tmp_path):
    path = parquet_file(tmp_path / "c.parquet", text=["Wind farms grow."])
    raw = path.read_bytes()
    put(path, raw[:4] + b"\xff" * 40 + raw[44:])
    with pytest.raises(InputError, match=error(path, ["not a whole Parquet file"])):
        read_articles(path)


def test_parquet_needs_its_extra(tmp_path, monkeypatch):
    path = put(tmp_path / "c.parquet", "")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'topic-emphasis\[parquet\]'$"):
        read_articles(path)


@posix
@pytest.mark.parametrize("kind", [kind for kind in READERS if kind != "folder"])
def test_f26_a_corpus_that_is_a_pipe(tmp_path, kind):
    os.mkfifo(tmp_path / f"c{kind}")
    with pytest.raises(InputError, match=error(tmp_path / f"c{kind}", ["not a regular file"])):
        read_articles(tmp_path / f"c{kind}")


def test_the_kinds_of_corpora_stand_in_the_message(tmp_path):
    path = put(tmp_path / "c.ods", "")
    endings = ".csv, .tsv, .xlsx, .jsonl, .parquet, .txt"
    with pytest.raises(
        InputError,
        match=error(path, ["'.ods'", "save the sheet as CSV", endings]),
    ):
        read_articles(path)


SOME = st.text(st.sampled_from("ab é\n,\"'\u2028"), min_size=1, max_size=6).filter(str.strip)


@given(st.lists(st.tuples(SOME, SOME), min_size=1, max_size=4))
def test_every_corpus_in_one_file_gives_what_was_written(tmp_path_factory, pairs):
    folder = tmp_path_factory.mktemp("same")
    put(folder / "c.csv", "\n".join(map(csv_line, [("text", "party"), *pairs])))
    put(folder / "c.jsonl", "\n".join(json.dumps({"text": a, "party": b}) for a, b in pairs))
    parquet_file(folder / "c.parquet", text=[a for a, _ in pairs], party=[b for _, b in pairs])
    for kind in (".csv", ".jsonl", ".parquet"):
        got = [row for _, _, row in READERS[kind](folder / f"c{kind}", None)]
        assert [(row["text"], row["party"]) for row in got] == pairs

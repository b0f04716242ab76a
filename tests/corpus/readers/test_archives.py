"""Archives' downloads come out article by article, or not at all (B1, B2)."""

import re
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import InputError, InputWarning, read_articles, sentences
from analysis.corpus.readers.archives import PAGES, TEXTS
from analysis.corpus.readers.archives.dates import iso_day
from analysis.corpus.readers.archives.shared import FIELDS, Found, checked, digits, item
from analysis.corpus.readers.files import articles_of
from tests.corpus.readers.archives_by_hand import (
    ANNOUNCED,
    DOWNLOADS,
    FACTIVA,
    GERMAN,
    NEXIS,
    europresse,
    europresse_old,
    factiva,
    nexis_paragraphs,
    old_nexis,
    old_nexis_page,
    proquest,
    proquest_page,
    word,
)
from tests.corpus.readers.test_readers import mail, packed, page, pdf, put, rows, rtf


def read(path, **options):
    """The articles of a download; two of those by hand say 1285 words, and have fewer."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*the archive counts far fewer", InputWarning)
        return read_articles(path, **options)


@rows(DOWNLOADS)
@pytest.mark.parametrize("name", ["", "renamed.txt", "renamed.html", "renamed.docx", "x.rtf"])
def test_a_download_comes_out_article_by_article(tmp_path, case, name):
    path = put(tmp_path / (name or case.name), case.raw)
    for source in (path, tmp_path):
        articles = read(source)
        assert list(articles.columns) == ["doc_id", *FIELDS, "text"]
        assert articles["doc_id"].tolist() == [f"{path.stem}_{n + 1}" for n in range(len(articles))]
        assert articles["item"].tolist() == [str(n + 1) for n in range(len(case.articles))]
        assert set(articles["file"]) == {path.name}
        for found, expected in zip(articles.to_dict("records"), case.articles, strict=True):
            assert {key: found[key] for key in expected} == expected


@rows(DOWNLOADS)
def test_a_download_cut_off_inside_an_article_is_an_error(tmp_path, case):
    raw = case.raw
    if raw.startswith(b"PK"):
        lines = list(nexis_paragraphs())
        raw = word(lines[: len(lines) - lines[::-1].index(case.middle)])
    else:
        encoding = "latin-1" if b"iso" in raw or case.name in ("o.html", "e.htm") else "utf-8"
        raw = raw[: raw.index(case.middle.encode(encoding)) + len(case.middle.encode(encoding))]
    path = put(tmp_path / case.name, raw)
    with pytest.raises(InputError, match=re.escape(str(path)) + ": .*; (download|open)"):
        read(path)


@pytest.mark.parametrize("name", [name for name, case in DOWNLOADS.items() if case.raw[:1] == b"<"])
def test_a_page_whose_last_article_lost_its_end_is_an_error_that_names_it(tmp_path, name):
    case = DOWNLOADS[name]
    encoding = "latin-1" if case.name in ("o.html", "e.htm") else "utf-8"
    middle = case.middle.encode(encoding)
    raw = case.raw[: case.raw.rindex(middle)] + middle + b"</body></html>"
    called = f" \\('{case.articles[-1]['headline']}'\\)" if case.articles[-1]["headline"] else ""
    with pytest.raises(InputError, match=rf"article \d{called} has no"):
        read(put(tmp_path / case.name, raw))


@rows(ANNOUNCED)
def test_the_number_announced_is_held_against_the_number_found(tmp_path, case):
    name, raw, announced, number = case
    problem = f"announces {announced} articles, and has {number}; download it again"
    with pytest.raises(InputError, match=problem):
        read(put(tmp_path / name, raw))


def test_every_archive_has_a_download_here():
    kinds = {name.split()[0] if name[:3] != "old" else name.rsplit(" ", 1)[0] for name in DOWNLOADS}
    assert {*TEXTS, *PAGES} <= kinds | {name.removeprefix("old ") for name in kinds}


def test_the_trailer_and_the_cover_are_never_text(tmp_path):
    for case in DOWNLOADS.values():
        text = " ".join(read(put(tmp_path / case.name, case.raw))["text"])
        for word_of_the_trailer in ("IMMIGRATION", "training", "Military", "Search Terms", "All R"):
            assert word_of_the_trailer not in text


# Nexis

LINES = list(nexis_paragraphs())


def lines_with(old, *new):
    place = LINES.index(old)
    return [*LINES[:place], *new, *LINES[place + 1 :]]


@rows(
    {
        "labels": (["Länge:\u00a0355 Wörter" if "Length" in one else one for one in LINES],
                   ["not the English ones ('Länge:\\xa0355 Wörter')", "language to English"]),
        "ends": ([one.replace("End of Document", "Dokumentende") for one in LINES],
                 ["article 1 ('Peace talks begin", "has no line 'End of Document'"]),
        "one end": (lines_with("\nEnd of Document"), ["article 1 ('Peace", "has no line 'End of"]),
        "length": (lines_with("Length:\u00a08 words"), ["article 2 ('Windräder') has no line"]),
        "three ends": (["End of Document"] * 3, ["labels are not the English ones"]),
    }
)  # fmt: skip
def test_a_nexis_download_that_is_not_known_is_refused(tmp_path, case):
    lines, words = case
    path = put(tmp_path / "n.docx", word(lines))
    with pytest.raises(InputError) as told:
        read(path)
    assert str(told.value).startswith(f"{path}: ") and all(one in str(told.value) for one in words)


SORRY = "We are sorry but there is an error in this document and it is not possible to display it."


@pytest.mark.parametrize(
    "lines",
    [
        [*LINES[: LINES.index("ABSTRACT")], *LINES[LINES.index("It is long.") + 1 :]],
        [SORRY if one == "It is long." else one for one in LINES],
        [*LINES[: LINES.index("Full story")], "Full story", SORRY, "End of Document"],
    ],
    ids=["no body", "error", "only error"],
)  # fmt: skip
def test_an_item_without_text_is_named_and_left_out(tmp_path, lines):
    path = put(tmp_path / "n.docx", word(lines))
    with pytest.warns(InputWarning, match="no text in article 3 'Full story'; left out"):
        assert read(path)["headline"].tolist() == [one["headline"] for one in NEXIS[:2]]


@pytest.mark.parametrize("name", ["o.txt", "o.html"])
def test_an_old_notice_of_an_error_is_named_and_left_out(tmp_path, name):
    raw = old_nexis_page() if name.endswith("html") else old_nexis()
    place = raw.index(b"Le Vent")
    raw = raw[:place] + SORRY.encode() + (b"</P></DIV></body></html>" if b"<P" in raw else b"")
    with pytest.warns(InputWarning, match="no text in article 3 'We are sorry but .*'; left out"):
        assert len(read(put(tmp_path / name, raw))) == 2


def test_what_the_archive_says_is_checked(tmp_path):
    lines = lines_with("Length:\u00a08 words", "Length:\u00a01,285 words")
    lines[lines.index("30. Mai 2014")] = "04/05/2014"
    path = put(tmp_path / "n.docx", word(lines))
    with pytest.warns(InputWarning) as said:
        articles = read_articles(path)
    texts = [str(one.message) for one in said]
    assert f"{path}: the day of article 2 'Windräder' cannot be read; left blank" in texts
    odd = "far fewer or more words in article 2 'Windräder' (7 of 1285); compare them"
    assert any(odd in one for one in texts) and len(texts) == 2
    assert articles["date"].tolist() == ["2019-07-01", "", "2018-12-19"]
    assert articles["outlet"].tolist() == [one["outlet"] for one in NEXIS]


def test_a_line_of_the_body_is_no_label(tmp_path):
    own = [GERMAN[0], "Length: 3 words", "Subject: Räder", "Graphic", "Ende."]
    lines = lines_with(GERMAN[0], *own)
    text = read(put(tmp_path / "n.docx", word(lines)))["text"][1]
    assert text.split("\n\n") == [*own, GERMAN[1]]


# Zips and folders


def one_each():
    """The three articles of the download, each in a file of its own."""
    ends = [place for place, one in enumerate(LINES) if one == "\nEnd of Document"]
    starts = [LINES.index("Peace talks begin; A first step"), ends[0] + 1, ends[1] + 1]
    return [word(LINES[start : end + 1]) for start, end in zip(starts, ends, strict=True)]


def test_a_zip_of_single_articles(tmp_path):
    parts = {f"{number}.DOCX": raw for number, raw in enumerate(one_each())}
    path = packed(tmp_path / "n.zip", {**parts, "~$0.DOCX": b"x", "__MACOSX/._0.DOCX": b"x"})
    articles = read(path)
    assert articles["headline"].tolist() == [one["headline"] for one in NEXIS]
    assert articles["item"].tolist() == ["1", "2", "3"]
    assert articles["doc_id"].tolist() == ["n_1", "n_2", "n_3"]


@rows(
    {
        "single": ({"a.txt": b"Only an article."}, "'a.txt' in it is no archive's download"),
        "other": ({"a.exe": b"MZ"}, "'a.exe' in it is no article"),
        "damaged": ({"a.docx": b"PK\x03\x04"}, "not a whole Word"),
    }
)
def test_a_zip_of_other_things(tmp_path, case):
    parts, problem = case
    with pytest.raises(InputError, match=problem):
        read(packed(tmp_path / "n.zip", parts))


def test_metadata_hold_for_every_article_of_a_file_and_go_before_the_archive(tmp_path):
    put(tmp_path / "o.txt", old_nexis())
    put(tmp_path / "a.txt", "Wind farms grow.")
    table = put(tmp_path / "m.csv", "file,doc_id,language,party\no.txt,x,,Red\na.txt,y,en,Green\n")
    articles = read(tmp_path, metadata=table, by="party")
    assert articles["doc_id"].tolist() == ["x_1", "x_2", "x_3", "y"]
    assert articles["party"].tolist() == ["Red", "Red", "Red", "Green"]
    assert articles["language"].tolist() == ["English", "Deutsch", "English", "en"]
    assert articles["outlet"].tolist() == ["Guardian.com", "Die Welt", "Le Vent", ""]
    assert articles.columns[-1] == "text" and len(sentences(articles)) == 6


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", "Only an article.", "this is one article, and no archive's download"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
        ("a.doc", "Plain.", r"this \.doc file is no archive's download that is known; save an"),
        ("a.zip", b"PK\x03\x04", "not a whole zip file"),
        ("a.pdf", pdf(["1 of 2 DOCUMENTS", "Wind."]), "a download of old Nexis as PDF"),
        ("a.txt", "1 of 2 DOCUMENTS\n\nGuardian\n\nMay 3, 2010\n\nWind\n\nTAILLE: 3 mots\n\nA.",
         "labels of this Nexis download are not known: 'TAILLE' in article 1; set the archive's"),
        ("a.txt", "1 of 2 DOCUMENTS\n\nA\n\n1 of 3 DOCUMENTS\n\nB", "announces 2 articles, and"),
    ],
)  # fmt: skip
def test_what_is_no_download_that_is_known(tmp_path, name, content, problem):
    path = put(tmp_path / name, content)
    with pytest.raises(InputError, match=re.escape(str(path)) + ".*" + problem):
        read(path)


@pytest.mark.parametrize(
    "text",
    [
        "Length: 300 words were cut.\n\nEnd of Document",
        "______\n\nFull text: yes",
        "He read document 1 of 10 documents.",
        "Length: 300 words",
    ],
)
def test_an_article_that_speaks_of_documents_is_no_download(tmp_path, text):
    put(tmp_path / "a.txt", text)
    assert read_articles(tmp_path)["text"].tolist() == [text]


def test_an_ordinary_page_is_no_download(tmp_path):
    put(tmp_path / "a.html", page("<div class='article topArticle'><p>Wind.</p></div>"))
    assert read_articles(tmp_path).columns.tolist() == ["doc_id", "text"]


def test_an_rtf_of_factiva_without_codes(tmp_path):
    lines = ["Der Wind", "Von Jan Ott", "7 Wörter", "25 November 2017", "Süddeutsche Zeitung",
             "SDDZ", "Deutsch", "Copyright 2017", *GERMAN,
             "Document SDDZ000020171125edbp0006f"]  # fmt: skip
    (one,) = read(put(tmp_path / "f.rtf", rtf(lines))).to_dict("records")
    assert (one["headline"], one["outlet"], one["date"]) == (
        "Der Wind", "Süddeutsche Zeitung", "2017-11-25")  # fmt: skip
    assert one["text"] == "\n\n".join(GERMAN) and one["byline"] == "Von Jan Ott"
    with pytest.raises(InputError, match="has no length, day and copyright in a row; download it"):
        read(put(tmp_path / "f.rtf", rtf([*lines[:2], lines[-1]])))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Friday, 5. July 2019 09:31:00 CEST", "2019-07-05"),
        ("27. Maerz 2012 Montag 9:50 PM GMT+1", "2012-03-27"),
        ("27. März 2012", "2012-03-27"),
        ("1er août 2011", "2011-08-01"),
        ("3 de marzo de 2020", "2020-03-03"),
        ("12 maart 2020", "2020-03-12"),
        ("5 декабря 2019 г.", "2019-12-05"),
        ("7 febbraio 2018", "2018-02-07"),
        ("1 de março de 2018", "2018-03-01"),
        ("Sept. 20th, 2024", "2024-09-20"),
        ("2018 年 10 月 7 日 17:04", "2018-10-07"),
        ("2024-02-29", "2024-02-29"),
        ("30 February 2019", ""),
        ("04/05/2019", ""),
        ("May 3, 2019 and May 4, 2019", ""),
        ("12 Monkeys 2019", ""),
    ],
)
def test_a_day_is_read_whatever_its_language(written, day):
    assert iso_day(written) == day


@pytest.mark.parametrize(
    ("written", "number"),
    [("1,285 words", "1285"), ("1.285 Wörter", "1285"), ("8165 字", "8165"), ("none", "")],
)
def test_a_number_of_words(written, number):
    assert digits(written) == number


@pytest.mark.parametrize("name", DOWNLOADS)
@given(st.data())
def test_a_damaged_download_gives_articles_or_bad_input(tmp_path_factory, name, data):
    """Lines are lost, doubled, and changed; nothing but bad input may come of it."""
    case = DOWNLOADS[name]
    path = tmp_path_factory.mktemp("damaged") / case.name
    lines = LINES if case.raw.startswith(b"PK") else re.split(rb"(?<=[>\n])", case.raw)
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, min(start + 8, len(lines))))
    instead = data.draw(st.sampled_from([[], lines[start:end] * 2, lines[end:][:3]]))
    damaged = [*lines[:start], *instead, *lines[end:]]
    put(path, word(damaged) if lines is LINES else b"".join(damaged))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        try:
            assert all(one["text"] for one in articles_of(path) if "archive" in one)
        except InputError as told:
            assert str(path) in str(told)


def test_the_archive_counts_signs_where_there_are_no_spaces():
    one = item("和平" * 200, headline="和平", date="2018-10-07", length_given="400")
    assert len(checked(Found([one]), Path("f.html"))) == 1  # and no warning


def test_an_article_of_factiva_around_others_is_none(tmp_path):
    raw = factiva().replace(b"<body>", b'<body><div class="article frArticle"><p>x</p>')
    articles = read(put(tmp_path / "f.html", raw.replace(b"</body>", b"</div></body>")))
    assert articles["text"].tolist() == [one["text"] for one in FACTIVA]


CODES = ["HD\tDer Wind", "WC\t7 Wörter", "PD\t25 November 2017", "SN\tSZ", "LP\tDer Wind weht."]
CODES += ["SE\tnicht.", "TD\tIm Norden.", "IN\ti1 : Wind", "AN\tDocument SDDZ000020171125edbp0006f"]


def test_a_code_that_steps_back_is_a_word_of_the_text(tmp_path):
    (one,) = read(put(tmp_path / "f.rtf", rtf(CODES))).to_dict("records")
    assert one["text"] == "Der Wind weht.\n\nSE\tnicht.\n\nIm Norden." and one["rubric"] == ""


@pytest.mark.parametrize("lines", [CODES[:6], ["Der Wind", "7 Wörter", "25 November 2017"]])
def test_an_rtf_of_factiva_cut_off_after_an_article(tmp_path, lines):
    path = put(tmp_path / "f.rtf", rtf([*CODES, *lines]))
    with pytest.raises(InputError, match=r"article 2 \('(HD )?Der Wind'\) has no number"):
        read(path)


@pytest.mark.parametrize(
    ("end", "missing"),
    [(b"Database: Newsstream\n\n____", "line of underscores after it"),
     (b"Subject: Weather", "fields after its text"),
     (b"ProQuest document ID: 3107396629", "field 'ProQuest document ID'"),
     (b"Full Text: It", "field 'Full text'")],
)  # fmt: skip
def test_where_a_text_of_proquest_was_cut_off(tmp_path, end, missing):
    raw = proquest()
    path = put(tmp_path / "p.txt", raw[: raw.rindex(end)])
    with pytest.raises(InputError, match=rf"article 2 \('It rains'\) has no {missing}"):
        read(path)


@pytest.mark.parametrize("name", ["ProQuest page", "ProQuest text"])
def test_a_download_sent_as_a_mail(tmp_path, name):
    text = DOWNLOADS[name].raw.decode()
    parts = {"page": text} if name.endswith("page") else {"plain": text}
    articles = read(put(tmp_path / "p.eml", mail(**parts)))
    assert articles["headline"].tolist() == [one["headline"] for one in DOWNLOADS[name].articles]


def test_the_list_of_titles_beside_single_articles_is_none_of_them(tmp_path):
    wind, story = LINES.index("Windräder"), LINES.index("Full story")
    parts = {
        "wind.docx": word(LINES[wind:story]),
        "story.docx": word(LINES[story:]),
        "Files (2)_doclist.docx": word(["1. Wind"]),
    }
    files = packed(tmp_path / "files.zip", parts)
    assert read(files)["headline"].tolist() == ["Full story", "Windräder"]
    (folder := tmp_path / "folder").mkdir()
    for name, raw in parts.items():
        put(folder / name, raw)
    assert read(folder)["headline"].tolist() == ["Full story", "Windräder"]
    fewer = {name: raw for name, raw in parts.items() if name != "story.docx"}
    with pytest.raises(InputError, match="list of titles announces 2 articles, and it has 1"):
        read(packed(tmp_path / "fewer.zip", fewer))


@pytest.mark.parametrize(
    "mark", ["Documento {} de 2", "Document {} van 2", "Dokument {} af 2", "{} de 2 DOCUMENTOS"]
)
def test_a_bundle_in_an_unknown_interface_is_no_article(tmp_path, mark):
    one = "{}\n\nEl Viento\n\n3 de mayo de 2010\n\nViento\n\nLONGITUD: 3 palabras\n\nSopla."
    for text in ("\n\n".join(one.replace("{}", mark).format(n) for n in (1, 2)),
                 one.replace("{}", mark).format(1)):  # fmt: skip
        put(tmp_path / "a.txt", text)
        with pytest.raises(InputError, match="labels are not known; set the archive's interface"):
            read_articles(tmp_path)
    german = re.sub("full text", "Volltext", proquest().decode(), flags=re.I)
    put(tmp_path / "a.txt", german.replace("ProQuest document ID", "ProQuest-Dokument-ID"))
    with pytest.raises(InputError, match="labels are not known"):
        read_articles(tmp_path)


def test_two_downloads_in_one_file_are_refused(tmp_path):
    cover = LINES[: LINES.index("Peace talks begin; A first step")]
    for name, raw in {
        "n.docx": word([*LINES, *cover, *LINES[len(cover) :]]),
        "o.txt": old_nexis() + old_nexis(),
        "p.txt": proquest() + proquest(),
    }.items():
        with pytest.raises(InputError, match="two downloads stand in it, the second from article"):
            read(put(tmp_path / name, raw))


def test_a_download_cut_off_in_the_head_of_an_article_is_an_error(tmp_path):
    lines = LINES[LINES.index("Peace talks begin; A first step") :]  # without a cover, no number
    for cut in range(1, lines.index("Length:\u00a05 words") + 1):
        whole = lines[cut - 1].strip() in ("End of Document", "")
        if not whole:
            with pytest.raises(InputError, match=r"article \d .*has no|no archive's download"):
                read(put(tmp_path / "n.docx", word(lines[:cut])))


def test_without_a_day_the_outlet_is_still_the_outlet(tmp_path):
    lines = lines_with("30. Mai 2014")
    with pytest.warns(InputWarning, match="the day of article 2 'Windräder' cannot be read"):
        article = read(put(tmp_path / "n.docx", word(lines))).iloc[1]
    assert (article["headline"], article["outlet"], article["date"]) == (
        "Windräder",
        "Die Zeit",
        "",
    )
    text = re.sub(r" *January 11, 2010 Monday\s+Late Edition - Final", "", old_nexis().decode())
    with pytest.warns(InputWarning, match="the day of article 1 'Wind power grows; A report'"):
        article = read(put(tmp_path / "o.txt", text.encode())).iloc[0]
    assert article["outlet"] == "Guardian.com"


def test_a_paragraph_that_begins_like_a_field_of_proquest_is_text(tmp_path):
    text = proquest().decode()
    body = "Full text: It began.\n\nLocation: nobody knew it.\n\nIt ended.\n\nSubject: Peace\n"
    text = re.sub(r"^Full text: (?s:.*?)\n\nSubject: .*\n", body, text, count=1, flags=re.M)
    article = read(put(tmp_path / "p.txt", text.encode())).iloc[0]
    assert article["text"] == "It began.\n\nLocation: nobody knew it.\n\nIt ended."


def test_nothing_of_a_body_is_lost_or_glued_in_a_page(tmp_path):
    more = (
        "One<br>two.</p><ul><li>Three</li></ul><table><tr><td>Four</td><td>5</td></tr></table><p>"
    )
    for name, raw, begin in (
        ("e.html", europresse(), '"docOcurrContainer"><p>'),
        ("f.html", factiva(), 'frarticleParagraph">'),
        ("p.html", proquest_page(), "<title></title><p>"),
        ("o.html", old_nexis_page(), "9 words</SPAN></P></DIV>\n<DIV CLASS=c3><P CLASS=c4>"),
    ):
        raw = raw.replace(begin.encode(), (begin + more).encode(), 1)
        text = read(put(tmp_path / name, raw)).iloc[0]["text"]
        assert text.startswith("One two.\n\nThree\n\nFour 5\n\n"), name


def test_a_list_in_the_old_layout_of_europresse_glues_no_words(tmp_path):
    raw = europresse_old().replace(b"<p></p>Elle", b"<ul><li>Un</li><li>deux</li></ul>Elle", 1)
    text = read(put(tmp_path / "e.html", raw)).iloc[0]["text"]
    assert text == "La paix avance, dit-on.\n\nUn\n\ndeux\n\nElle dure."


@pytest.mark.parametrize("word_", ["Dokument", "Documento", "Документ"])
def test_an_interface_of_factiva_in_another_language(tmp_path, word_):
    raw = factiva().replace(b"Document ", f"{word_} ".encode())
    assert read(put(tmp_path / "f.html", raw))["headline"].tolist()[0] == FACTIVA[0]["headline"]


def test_a_word_file_of_nexis_saved_as_plain_text(tmp_path):
    path = put(tmp_path / "n.txt", "\r\n".join(line.strip("\n") for line in LINES))
    articles = read(path)
    assert articles["headline"].tolist() == [one["headline"] for one in NEXIS]
    assert articles["text"].tolist() == [one["text"] for one in NEXIS]

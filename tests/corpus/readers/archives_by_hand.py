"""Synthetic downloads of archives, in the layouts of the vendors, and the articles in them.

Each has the traps that real ones have: a line of the body that looks like a label, a blank line
inside it, a search hit inside a word, words of a dictionary in the trailer.
"""

import io
from typing import NamedTuple

import docx

from tests.corpus.readers.test_readers import rtf


class Download(NamedTuple):
    """A download: its name, its bytes, its articles, and where the middle of an article is."""

    name: str
    raw: bytes
    articles: list[dict[str, str]]
    middle: str  # words in the body of the last article, after which it can be cut off


PEACE = ["Peace talks began.", "Sources:", "Two people spoke.", "Nothing was signed."]
GERMAN = ["Der Wind weht.", "Im Norden stehen Räder."]


# Nexis Uni

NEXIS = [
    {"headline": "Peace talks begin; A first step", "outlet": "The Guardian(London)",
     "date": "2019-07-01", "byline": "Ann Lee", "rubric": "POLITICS; Version:28",
     "length_given": "12", "language": "English", "text": "\n\n".join(PEACE)},
    {"headline": "Windräder", "outlet": "Die Zeit", "date": "2014-05-30", "byline": "",
     "rubric": "", "length_given": "8", "language": "German", "text": "\n\n".join(GERMAN)},
    {"headline": "Full story", "outlet": "Guardian.com.", "date": "2018-12-19", "byline": "",
     "rubric": "NEWS; Pg. 4", "length_given": "5", "language": "English",
     "text": "The whole story.\n\nIt is long."},
]  # fmt: skip


def nexis_paragraphs(announced=3):
    yield from ["User Name: x", "Date and Time: Friday, 5. July 2019 09:31:00 CEST"]
    yield from ["Job Number: 00000001", f"Documents ({announced})", "1. Peace talks began."]
    yield from ["Client/Matter: -None-", "Search Terms: peace", "Search Type: Natural Language"]
    yield from ["Narrowed by:", "Content Type", "News", ""]
    yield from ["Peace talks begin; A first step", "The Guardian(London)"]
    yield from ["July 1, 2019 Monday 9:20 AM GMT", "\nCopyright 2019 Guardian\nAll Rights Reserved"]
    yield from ["Section:\u00a0POLITICS; Version:28", "Length:\u00a012 words"]
    yield from ["Byline:\u00a0Ann Lee", "Body", "", PEACE[0], PEACE[1], "", "", *PEACE[2:]]
    yield from ["Classification", "Language:\u00a0ENGLISH", "Subject:\u00a0IMMIGRATION (93%)"]
    yield from ["Load-Date:\u00a0July 1, 2019", "\nEnd of Document", ""]
    yield from ["Windräder", "Die Zeit", "30. Mai 2014", "Length:\u00a08 words", "Body", *GERMAN]
    yield from ["Graphic", "A picture of a wind farm.", "Classification", "Language:\u00a0GERMAN"]
    yield from ["Load-Date:\u00a0May 30, 2014", "\nEnd of Document"]
    yield from ["Full story", "Guardian.com.", "Wednesday, December 19, 2018 7:08:00 PM JST"]
    yield from ["Correction Appended", "Section:\u00a0NEWS; Pg. 4", "Length:\u00a05 words", "Body"]
    yield from ["ABSTRACT", "The whole story.", "FULL TEXT", "The whole story.", "It is long."]
    yield from ["Load-Date:\u00a0December 20, 2018", "Language:\u00a0ENGLISH", "\nEnd of Document"]


def word(paragraphs):
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph().add_run(one).bold = one.endswith(":")
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


# The old Nexis

OLD_NEXIS = [
    {"headline": "Wind power grows; A report", "outlet": "Guardian.com", "date": "2010-01-11",
     "byline": "Ann Lee", "rubric": "NEWS", "length_given": "9", "language": "English",
     "text": "Wind power grows in state-owned parks, the report says.\n\nSUBJECT to change."},
    {"headline": "Der Wind", "outlet": "Die Welt", "date": "2012-02-27", "byline": "Jan Ott",
     "rubric": "", "length_given": "1285", "language": "Deutsch", "text": " ".join(GERMAN)},
    {"headline": "", "outlet": "Le Vent", "date": "2013-04-12", "byline": "Anne Petit",
     "rubric": "INTERNATIONAL; Pg. 35", "length_given": "3", "language": "English",
     "text": "Le vent souffle."},
]  # fmt: skip
OLD_NEXIS_TEXT = """\ufeffDownload Request: Selected Items: 1-2
Terms: (wind power)

                               1 of {announced} DOCUMENTS


                                  Guardian.com

                            January 11, 2010 Monday
                              Late Edition - Final

Wind power grows;
A report

BYLINE: Ann Lee

SECTION: NEWS

LENGTH: 9 words

Wind power grows in state-
owned parks, the
report says.

SUBJECT to change.

LOAD-DATE: January 12, 2010

GRAPHIC: A wind turbine.

A soldier in training.

LANGUAGE: ENGLISH

                  Copyright 2010 Guardian
                  All Rights Reserved

                               Dokument 2 von {announced}

                                  Die Welt

                            27. Februar 2012 Montag 9:50 PM GMT+1

Der Wind

AUTOR: Jan Ott

LÄNGE: 1285 Wörter

Der Wind weht.
Im Norden stehen Räder.

SPRACHE: DEUTSCH

                  Copyright 2012 Die Welt
                  Alle Rechte vorbehalten

                               3 of {announced} DOCUMENTS

                                  Le Vent

                            12 April 2013 Tuesday
                               Edition 1

AUTEUR: Anne Petit

RUBRIQUE: INTERNATIONAL; Pg. 35

LONGUEUR: 3 mots

ENCART:\u00a0Un mot

Le vent souffle.

SUJET: ARMÉE training (75%)

DATE-CHARGEMENT: 13 April 2013

LANGUE: ENGLISH

                  Copy 2013 Some Company
                  Tous Droits Réservés
"""


def old_nexis(announced=3):
    return OLD_NEXIS_TEXT.format(announced=announced).replace("\n", "\r\n").encode()


def old_nexis_page(announced=3):
    lines = OLD_NEXIS_TEXT.format(announced=announced).lstrip("\ufeff").split("\n\n")
    page = ["<html><head><title>x</title></head><body>"]
    for line in (" ".join(one.split()) for one in lines[1:]):
        if line.startswith(("1 of", "Dokument 2", "3 of")):
            page.append("<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->")
            page.append("<!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->")
        line = (
            line.replace("state- owned", "state-owned")
            .replace("ä", "&auml;")
            .replace("Ä", "&Auml;")
        )
        label, colon, value = line.partition(": ")
        if colon and label.isupper():
            line = f"<SPAN CLASS=c1>{label}: </SPAN><SPAN CLASS=c2>{value}</SPAN>"
        page.append(f"<DIV CLASS=c3><P CLASS=c4>{line}</P></DIV>")
    page.append("<!-- </DOCFULL></DOC> --></body></html>")
    return "\n".join(page).encode("ascii", "xmlcharrefreplace")


# Factiva

FACTIVA = [
    {"headline": "La paix", "outlet": "Le Monde", "date": "2011-12-29", "byline": "Par Anne Petit",
     "rubric": "Monde", "length_given": "7", "language": "French",
     "vendor_id": "TESTFR0020111229e7ct0001r", "text": "La cyberdéfense.\n\nElle avance, dit-on."},
    {"headline": "Bref", "outlet": "Le Monde", "date": "2011-12-30", "byline": "",
     "rubric": "", "length_given": "3", "language": "French",
     "vendor_id": "TESTFR0020111230e7cu0001r", "text": "Une seule phrase."},
]  # fmt: skip
CODED = [
    {"SE": "Monde", "HD": "La paix", "BY": "Par Anne Petit", "WC": "7 mots",
     "PD": "29 décembre 2011", "SN": "Le Monde", "LA": "French", "CY": "(c) 2011",
     "LP": ["La <b>cyber</b>défense."], "TD": ["Elle avance,\n dit-on."], "NS": "gdip : Paix",
     "AN": "Document TESTFR0020111229e7ct0001r"},
    {"HD": "Bref", "WC": "3 mots", "PD": "30 décembre 2011", "SN": "Le Monde", "LA": "French",
     "LP": ["Une seule phrase."], "IN": "i1 : Wind",
     "AN": "Document TESTFR0020111230e7cu0001r"},
]  # fmt: skip
FACTIVA_PLAIN = [
    {"headline": "Der Wind", "outlet": "Süddeutsche Zeitung", "date": "2017-11-25",
     "byline": "Von Jan Ott", "length_given": "1285", "language": "de",
     "vendor_id": "SDDZ000020171125edbp0006f", "text": "\n\n".join(GERMAN)},
    {"headline": "和平", "outlet": "人民日报", "date": "2018-10-07", "byline": "",
     "length_given": "6", "language": "zhcn", "vendor_id": "RMRB000020181007eea700001",
     "text": "和平很重要。"},
]  # fmt: skip


def factiva(announced=None):
    page = ["<html><head><style>", ".x {color: red}\n" * 2000, "</style></head><body>"]
    for one in CODED:
        rows = ""
        for code, value in one.items():
            if isinstance(value, list):
                value = "".join(f'<p class="articleParagraph frarticleParagraph">{p}</p>'
                                for p in value)  # fmt: skip
            rows += f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>'
        article = f'<div class="article frArticle"><table>{rows}</table></div>'
        page.append(f'<div class="article">{article}</div>')
    page.append(page[-1])  # a nested article stands twice
    return "".join([*page, "</body></html>"]).encode()


def factiva_plain(announced=None):
    wind, peace = FACTIVA_PLAIN
    return f"""<html><body>
<div id="article-{wind["vendor_id"]}" class="article"><div class="article deArticle">
<div>Wissen</div><div id="hd"><span class="deHeadline counted">1) Der Wind</span></div>
<div class="author">Von Jan Ott</div><div>1285 Wörter</div><div>25. November 2017</div>
<div>Süddeutsche Zeitung</div><div>SDDZ</div><div>16</div><div>Deutsch</div>
<div>Copyright 2017 Süddeutsche Zeitung</div>
<p class="articleParagraph dearticleParagraph">Der <b>Wind</b> weht.</p>
<p class="articleParagraph dearticleParagraph">Im Norden stehen
Räder.</p><p>Ein Bild vom Training</p><div>Süddeutscher Verlag</div>
<p>Document {wind["vendor_id"]}</p></div></div>
<div id="article-{peace["vendor_id"]}" class="article"><div class="article zhcnArticle">
<div id="hd"><span class="zhcnHeadline">和平</span></div><div>6 字</div>
<div>2018 年 10 月 7 日 17:04</div><div>人民日报</div><div>RMRB</div><div>简体中文</div>
<p class="articleParagraph zhcnarticleParagraph">和平很重要。</p>
<p>Document {peace["vendor_id"]}</p></div></div></body></html>""".encode()


def factiva_rtf(announced=None):
    lines = []
    for one in CODED:
        for code, value in one.items():
            first, *rest = value if isinstance(value, list) else [value]
            lines += [f"{code}\t{first}", *rest]
    text = "\n".join(lines).replace("\n dit", " dit").replace("<b>", "").replace("</b>", "")
    return rtf(text.split("\n")).encode()


# ProQuest

PROQUEST = [
    {"headline": "Talks go on", "outlet": "The Paper (Online)", "date": "2024-09-20",
     "byline": "Lee, Ann", "rubric": "World", "language": "English", "vendor_id": "3107396628",
     "text": "Talks go on.\n\nSubject: peace\n\nThey may end soon."},
    {"headline": "It rains", "outlet": "The Paper (Online)", "date": "2022-03-09", "byline": "",
     "rubric": "", "language": "English", "vendor_id": "3107396629", "text": "It rains a lot."},
]  # fmt: skip
PROQUEST_TEXT = """{line}
Document 1 of {announced}

Talks go on

Author: Lee, Ann

https://example.org/docview/3107396628/x

Abstract: None available.

Links: https://example.org/?a=b&amp;c=d

Full text: Talks go on.
Subject: peace

CAPTION: A soldier in training
They may end soon.

Subject: Military training; Peacekeeping

Title: Talks go on

Publication title: The Paper (Online); City

Publication date: Sep 20, 2024

Section: World

Language of publication: English

ProQuest document ID: 3107396628

Database: Newsstream

{line}
Document 2 of {announced}

It rains

Publication info: Mar 9, 2022.

Full Text: It rains a lot.

Subject: Weather

Publication title: The Paper (Online); City

Language of publication: English

ProQuest document ID: 3107396629

Database: Newsstream

{line}
Contact us at: http://www.example.org/contact Database copyright © 2024 All rights reserved.
Terms and Conditions: http://www.example.org/terms
"""


def proquest(announced=2):
    return PROQUEST_TEXT.format(announced=announced, line="_" * 60).encode()


def proquest_page(announced=None):
    items = []
    for one in PROQUEST:
        number = one["vendor_id"]
        body = "".join(f"<p>{text}</p>" for text in one["text"].split("\n\n"))
        items.append(
            f'<a name="DocID_MSTAR_{number}"></a><p style="margin:0"></p>'
            f'<p style="margin:0;font-weight:bold;">{one["headline"]}</p>'
            "<p><strong>Abstract:  </strong></p><p>Military training.</p>"
            f"<p><strong>Author: </strong>{one['byline']}</p>"
            f"<p><strong>Full text: </strong><text wordcount='{len(one['text'].split())}'><meta "
            f"name='x'><title></title>{body}<p>CREDIT: A. Lee</p></text></p>"
            f"<p><strong>Document URL: </strong><a href='x'>https://x.example/{number}</a></p>"
            f"<p><strong>Subject: </strong>Military training</p>"
            f"<p><strong>Publication title: </strong>{one['outlet']}; City</p>"
            f"<p><strong>Publication date: </strong>{one['date']}</p>"
            f"<p><strong>Section: </strong>{one['rubric']}</p>"
            f"<p><strong>Language of publication: </strong>English</p>"
            f"<p><strong>ProQuest document ID: </strong>{number}</p>"
        )
    return ("<html><body>" + "<hr>".join(items) + "</body></html>").encode()


# Europresse

EUROPRESSE = [
    {"headline": "La paix avance", "outlet": "Le Monde", "date": "2006-03-14",
     "rubric": "Communication", "byline": "Anne Petit",
     "vendor_id": "news·20060315·LM·0q1503_1256056",
     "text": "La paix avance, dit-on.\n\nElle dure."},
    {"headline": "Wind", "outlet": "The Times", "date": "2006-03-14", "rubric": "News",
     "byline": "", "vendor_id": "news·20060314·TI·0q1503_1256057", "text": "Wind farms grow."},
]  # fmt: skip
HEADERS = ["Communication, mardi 14 mars 2006, p. 16", "News, Tuesday, March 14, 2006, p. 3"]


def europresse(announced=None):
    page = ["<!DOCTYPE html><html><body>"]
    for header, one in zip(HEADERS, EUROPRESSE, strict=True):
        body = "".join(f"<p>{text}</p>" for text in one["text"].split("\n\n"))
        body = body.replace("paix", "<mark>paix</mark>")
        author = f"<div>{one['byline']}</div>" if one["byline"] else ""
        container = '<div class="docOcurrContainer">' if author else "<div>"
        page.append(
            f'<article><header><div><span class="DocPublicationName">{one["outlet"]}</span>'
            f'<span class="DocHeader">{header}</span></div><div><p>Kicker</p></div>'
            f'<div class="titreArticle"><p class="titreArticleVisu">{one["headline"]}</p></div>'
            f"{author}</header><section>{container}{body}</div></div></section>"
            "<aside><p>Illustration(s) : training</p></aside><footer><small>© 2006 SA. Tous "
            f"droits réservés.</small><p>Numéro de document : {one['vendor_id']}</p>"
            "<p>Ce certificat est "
            "émis à training.</p></footer></article>"
        )
    return "".join([*page, "</body></html>"]).encode()


def europresse_old(announced=None):
    page = ['<html><head><meta charset="iso-8859-1"></head><body><table>']
    for header, one in zip(HEADERS, EUROPRESSE, strict=True):
        first, *rest = one["text"].replace("paix", "<font color=red>paix</font>").split("\n\n")
        author = f"{one['byline']}<br><p></p>" if one["byline"] else ""
        page.append(
            "<tbody><tr><td><table><tr><td>"
            f'<span class="DocPublicationName">{one["outlet"]}</span><br>'
            + "".join(f'<span class="DocHeader">{part} </span>' for part in header.split(" "))
            + "</td></tr></table>Kicker<br>"
            f'<span class="TitreArticleVisu">{one["headline"]}</span><br><br>{author}'
            f"<font>{first}</font>&#13;\n"
            + "".join(f"<p></p>{text}\n" for text in rest)
            + f"<p></p>© 2006 SA. Tous droits réservés.<br>{one['vendor_id']}</td></tr></tbody>"
        )
    return "".join([*page, "</table></body></html>"]).encode("iso-8859-1")


DOWNLOADS = {
    "Nexis Word": Download("n.DOCX", word(nexis_paragraphs()), NEXIS, "The whole story."),
    "Nexis RTF": Download(
        "n.rtf", rtf([line for one in nexis_paragraphs() for line in one.split("\n")]).encode(),
        NEXIS, "The whole story."),
    "old Nexis text": Download("o.txt", old_nexis(), OLD_NEXIS, "Le vent souf"),
    "old Nexis page": Download("o.html", old_nexis_page(), OLD_NEXIS, "Le vent souf"),
    "Factiva codes": Download("f.html", factiva(), FACTIVA, "Une seule"),
    "Factiva plain": Download("f.htm", factiva_plain(), FACTIVA_PLAIN, "和平很"),
    "Factiva RTF": Download("f.rtf", factiva_rtf(), FACTIVA, "Une seule"),
    "ProQuest text": Download("p.txt", proquest(), PROQUEST, "It rains a"),
    "ProQuest page": Download("p.html", proquest_page(), PROQUEST, "It rains a"),
    "Europresse": Download("e.html", europresse(), EUROPRESSE, "Wind farms"),
    "old Europresse": Download("e.htm", europresse_old(), EUROPRESSE, "Wind farms"),
}  # fmt: skip
ANNOUNCED = {  # a download that announces one article more than it has
    "Nexis Word": ("n.docx", word(nexis_paragraphs(4)), 4, 3),
    "old Nexis text": ("o.txt", old_nexis(4), 4, 3),
    "old Nexis page": ("o.html", old_nexis_page(4), 4, 3),
    "ProQuest text": ("p.txt", proquest(3), 3, 2),
}

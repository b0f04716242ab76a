"""Languages: the same findings in French, and a wording of one's own held to a contract."""

import json
import re

import lxml.html
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis.io.results import rows_of, to_json
from analysis.prose.language import read_language
from analysis.prose.numbers import format_level, format_p, format_percent, format_points
from analysis.prose.templates import variables
from analysis.report.printers import save_report
from tests import ROOT
from tests.study import without_drawing

WORDINGS = ROOT / "analysis/prose/wordings"
NAMES = {
    "partner": "partenaire",
    "outlet": "média",
    "cybersecurity": "cybersécurité",
    "defense_industry": "industrie de défense",
    "peacekeeping": "maintien de la paix",
    "training": "formation",
    "Israel": "Israël",
    "Italy": "Italie",
    "Russia": "Russie",
}
TOPICS = ["cybersecurity", "defense_industry", "peacekeeping", "training"]
THIN = "\u202f"  # the narrow space before a French colon, which is not to be broken


# The files


def texts(words, place=""):
    """Every text of a wording by its place: "report.units.word_share"."""
    for key, text in words.items():
        if isinstance(text, dict):
            yield from texts(text, f"{place}{key}.")
        elif isinstance(text, str):
            yield f"{place}{key}", text


ENGLISH, FRENCH = (dict(texts(read_language(name).words)) for name in ("english", "french"))
# The same word in both languages, or no word at all.
ALIKE = {
    *("comma", "macros", "labels.article", "report.group", "report.article_count"),
    *("report.sentences_of", "report.p", "report.versions", "report.in_articles"),
    *("report.units.article_share",),
}


def test_both_wordings_have_the_same_keys():
    assert FRENCH.keys() == ENGLISH.keys()
    assert read_language("french").words.keys() == read_language("english").words.keys()


def test_both_languages_are_filled_in_with_the_same():
    known = read_language().environment()
    for place, text in ENGLISH.items():
        macros = [
            one["macros"] if place.startswith("templates.") else "" for one in (ENGLISH, FRENCH)
        ]
        both = zip(macros, (text, FRENCH[place]), strict=True)
        english, french = (variables(before + one, known) for before, one in both)
        assert english == french, place


def test_every_english_text_is_translated():
    same = {place for place, text in ENGLISH.items() if FRENCH[place] == text}
    assert same <= ALIKE
    assert not [place for place, text in FRENCH.items() if not text.strip()]


def test_no_english_word_is_left_in_french():
    english = re.compile(r"\b(the|of|and|with|in|is|are|not|no|which|sentences?|groups?)\b", re.I)
    for place, text in FRENCH.items():
        words = re.sub(r"{[{%].*?[%}]}|\w+\.csv", "", text, flags=re.S)
        assert not english.search(words), place


# A narrow space before high marks and inside guillemets, and curly apostrophes.
UNTIDY = re.compile(rf"[^{THIN}][;:?!%»]|«[^{THIN}]|[\"']")


def test_french_typography():
    for place, text in FRENCH.items():
        words = re.sub(r"{[{%].*?[%}]}", "", text, flags=re.S).replace("SHA-256", "")
        assert not UNTIDY.search(words), place


# Numbers, names, plurals


@given(st.floats(-1, 1))
def test_a_number_in_french_is_the_number_in_english(number):
    language = read_language("french")
    for form in (format_points, format_percent, format_p, format_level):
        english, french = form(abs(number) if form is not format_points else number), ""
        french = language.spelled(english)
        assert "." not in french
        back = french.replace(",", ".").replace(THIN, " ")
        assert re.sub(r"(?<!\d)0\.", ".", back) == re.sub(r"(?<!\d)0\.", ".", english)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("56 %", "56\u202f%"),
        ("97.5 %", "97,5\u202f%"),
        ("= .012", "= 0,012"),
        ("= 1.00", "= 1,00"),
        ("< .001", "< 0,001"),
        ("−49.9", "−49,9"),
    ],
)
def test_how_french_writes_a_number(english, french):
    assert read_language("french").spelled(english) == french


@pytest.mark.parametrize(
    ("one", "more"),
    [
        *[("article", "articles"), ("média", "médias"), ("journal", "journaux"), ("pays", "pays")],
        *[("bureau", "bureaux"), ("organe de presse", "organes de presse"), ("prix", "prix")],
        *[("journal d’opinion", "journaux d’opinion"), ("news_outlet", "news outlets")],
    ],
)
def test_french_plurals(one, more):
    assert read_language("french").environment().filters["plural"](one) == more


def test_french_has_a_singular_for_0():
    of = read_language("french").environment().filters["of"]
    assert [of(n, "phrase", "phrases") for n in (0, 1, 2)] == ["0 phrase", "1 phrase", "2 phrases"]
    english = read_language("english").environment().filters["of"]
    assert english(0, "sentence", "sentences") == "0 sentences"


def test_what_has_a_name_is_called_by_it():
    names = {"a": "A", "b, c": "BC", "suggestive": "probable"}
    told = {
        "name": "a, x",
        "groups": ["b, c", "c, a"],
        "status": "suggestive",
        "carrier": {"name": "a"},
        "hits": 1,
    }
    assert read_language(names=names).called(told) == {
        "name": "A, x",
        "groups": ["BC", "c, A"],
        "status": "suggestive",
        "carrier": {"name": "a"},
        "hits": 1,
    }
    assert read_language().called(told) is told


def test_groups_of_two_columns_have_both_in_the_refusal():
    for language, end in (
        ("english", "on the same party and news outlet differ"),
        ("french", "parti et news outlet)"),
    ):
        values = {
            "unit": "article",
            "thin": ["A, B"],
            "thin_others": 0,
            "noun": ["party", "news_outlet"],
        }
        values |= {"size": 0, "read": 1, "change": None}
        values |= {"articles": 1, "comparisons": 0, "told": 0, "silent": 0}
        names = {"party": "parti"} if language == "french" else {}
        assert end in read_language(language, names=names).text("refusal", values)


# A wording of one's own


@pytest.fixture
def own(tmp_path):
    """The English wording in a file of one's own, with one text in it changed."""

    def write(old="", new=""):
        text = (WORDINGS / "english.toml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "mine.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


PRESENCE = {
    "unit": "article",
    "topic": "wind",
    "groups": [{"name": "A", "hits": 1, "size": 3, "articles_with_topic": 1, "articles": 1}],
    "others": 0,
    "with_topic": 1,
    "articles": 2,
}


MENTIONS = "mentions{% else %}mention{% endif %} {{ topic|label }}"  # in the presence


def test_a_wording_of_ones_own(own):
    path = own(MENTIONS, f"speaks of{MENTIONS.removeprefix('mentions')}")
    assert "1 speaks of wind: on A, 1 of 3" in read_language(path).text("presence", PRESENCE)
    assert "1 mentions wind" in read_language().text("presence", PRESENCE)
    made = read_language(path)
    own(
        MENTIONS, f"names{MENTIONS.removeprefix('mentions')}"
    )  # the file is edited, the session goes on
    assert "1 names wind" in read_language(path).text("presence", PRESENCE)
    assert "1 speaks of wind" in made.text("presence", PRESENCE)  # it was read when it was made
    assert read_language(made) is made


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("brief =", "breif =", r"line \d+: \[report\] has an unknown key 'breif'; did you"),
        ('brief = "In brief"\n', "", r"\[report\] has no 'brief'; write it; in English it is '"),
        ('brief = "In brief"', "brief = 1", r"line \d+: \[report\] has brief = 1; write it"),
        ('["{} other", "{} others"]', '["{} more"]', r"the wording has others = \['{} more'\]"),
        ("numbers = [", "numbers = [1, ", r"line \d+: the wording has numbers = "),
        ("{{ with_topic }} {%", "{{ with_topics }} {%", r"presence: there is no 'with_topics' to"),
        ("{{ with_topic }} {%", "{{ with_topic } {%", r"presence: unexpected '}'; write"),
        ('lists = "', 'lists = "{{ x }}', r"lists: there is no 'x' to fill in"),
        ("[labels]", "[labels", r"line \d+: "),
        ('[" %", " %"]', '["(", " %"]', r"\d: numbers has the rule \['\(', ' %'\]: missing \)"),
        ('[" %", " %"]', '["", "x", ""]', r"line \d+: the wording has numbers = "),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_wording_is_said(own, old, new, problem):
    path = own(old, new)
    with pytest.raises(an.InputError, match=problem) as error:
        read_language(path)
    assert str(error.value).startswith(str(path))


def test_a_part_that_a_value_has_not_is_said(own):
    path = own("{{ group.articles_with_topic }} of", "{{ group.with_topic }} of")
    with pytest.raises(an.InputError, match=r"presence: .* no attribute 'with_topic'") as error:
        read_language(path).text("presence", PRESENCE)
    assert str(error.value).startswith(str(path))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(an.InputError, match="there is no such file"):
        read_language(tmp_path / "none.toml")


# A study in another language


def study_file(folder, more, title="Défense"):
    """The embedded study, in a folder of its own, with more settings."""
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    text = re.sub(r'"(seeds[^"]*|analysis/topics/data[^"]*)"', rf'"{ROOT.as_posix()}/\1"', text)
    text = re.sub(r"^notebooks = .*\n", "", text, flags=re.M)
    text = re.sub(r"^title = .*", f'title = "{title}"', text, flags=re.M)
    path = folder / "study.toml"
    path.write_text(f"{text}\n{more}", encoding="utf-8")
    return path


def french_settings():
    names = "\n".join(f'{name} = "{said}"' for name, said in NAMES.items())
    return f'[findings]\nwording = "french"\n\n[names]\n{names}\n'


@pytest.fixture(scope="module")
def french(tmp_path_factory):
    """The folder that the embedded study in French is written to."""
    study = an.read_study(study_file(tmp_path_factory.mktemp("french"), french_settings()))
    with without_drawing():
        an.run(study)
    return study.settings.folder


def told_in(folder):
    return json.loads((folder / "findings.json").read_text(encoding="utf-8"))


def test_the_same_findings_in_french(french):
    # Made here: those that are committed may differ in the last digit of other versions of scipy.
    made = an.read_study(ROOT / "study.toml").findings()
    for english, other in zip(json.loads(to_json(rows_of(made))), told_in(french), strict=True):
        assert english.pop("text") != other.pop("text")
        assert english["provenance"].pop("wording") == "english"
        assert other["provenance"].pop("wording") == "french"
        assert english == other


def test_the_same_numbers_in_french(french):
    for english, other in zip(told_in(ROOT / "figures"), told_in(french), strict=True):
        back = re.sub(r"(?<=\d),(?=\d)", ".", other["text"].replace(THIN, " "))
        whole = re.sub(r"(?<![\d.])\.(?=\d)", "0.", english["text"])
        found = [set(re.findall(r"−?\d+(?:\.\d+)?", text)) for text in (whole, back)]
        assert found[0] == found[1], other["text"]


def test_no_english_is_left_in_the_french_findings(french):
    english = re.compile(
        r"\b(the|of|and|in|with|articles? on|none|sentences?|Italy|Israel|Russia|training|"
        r"defense|industry|cybersecurity|partner|outlet)\b"
    )
    for found in told_in(french):
        text = found["text"].replace(found["values"].get("note", ""), "")  # the study's own
        said = re.sub(r"«[^»]*»", "", text)  # what is quoted is the articles' own
        assert not english.search(said), found["text"]
        for name in NAMES:
            assert not re.search(rf"\b{name}\b", said)
        assert not UNTIDY.search(text)


def test_the_french_documents(french):
    text = (french / "findings.md").read_text(encoding="utf-8")
    assert text.startswith(f"# Défense{THIN}: Constats\n\n## En bref\n")
    assert "\n## Ce qui a été comparé\n" in text
    assert "\n## Industrie de défense\n" in text
    assert "<summary>Phrases à l’appui (2)</summary>" in text
    page = lxml.html.document_fromstring((french / "report.html").read_text(encoding="utf-8"))
    assert page.get("lang") == "fr"
    said = re.sub(r"[ \n]+", " ", page.text_content())
    for found in told_in(french):
        assert found["text"] in said
    heads = [cell.text_content() for cell in page.xpath("//table[contains(@class, 'heat')]//th")]
    assert heads[:2] == ["Partenaire", "Cybersécurité"]
    assert heads[-1].split() == ["Russie", "1", "article"]
    assert f"39{THIN}% 5{THIN}% à 86{THIN}%" in said
    rows = page.xpath("//section[@id='topics']//tbody/tr")
    told = [" ".join(row.text_content().split()) for row in rows]
    assert any("39,1" in row and "−55,5 à 86,1" in row for row in told)
    assert not [row for row in told if re.search(r"\d\.\d", row)]
    assert set(page.xpath("//td/@data-topic")) == {NAMES[topic].capitalize() for topic in TOPICS}
    for part, names in (("groups", TOPICS), ("topics", ["France", "Israel", "Italy", "Russia"])):
        drawn = page.xpath(f"//section[@id='{part}']//span[@class='name']/text()")
        assert {name.lower() for name in drawn} == {NAMES.get(n, n).lower() for n in names}
    read = " ".join(page.xpath("//h1/text()|//h2/text()|//h3/text()|//h4/text()|//summary/text()"))
    assert not re.search(r"\b(the|of|and|Israel|Italy|Russia|training)\b", read, re.I)
    ids = set(page.xpath("//@id"))
    assert [link for link in page.xpath("//a/@href") if link[1:] not in ids] == []


def test_the_french_report_on_paper(french, tmp_path):
    study = an.read_study(french.parent / "study.toml")
    path = tmp_path / "report.md"
    save_report(study.tables, path, findings=study.findings(), language=study.language)
    text = path.read_text(encoding="utf-8")
    head = "| Partenaire | Cybersécurité | Industrie de défense | Maintien de la paix | Formation |"
    assert head in text
    assert re.search(r"\| 9 sur 23\W+39\s% \(5\s% à 86\s%\) \| 0 sur 23", text)
    assert re.search(r"0,\d\s% à ", text)
    assert "\n## Industrie de défense\n" in text
    assert "**Industrie de défense (" in text
    assert not re.search(r"\| (Israel|Italy|Russia) \|", text)


def test_the_record_tells_the_language(french):
    settings = json.loads((french / "run.json").read_text(encoding="utf-8"))["settings"]
    assert (settings["wording"], settings["names"]) == ("french", NAMES)
    own = json.loads((ROOT / "figures/run.json").read_text(encoding="utf-8"))["settings"]
    assert not {"wording", "names"} & own.keys()  # English goes without saying


def test_a_study_with_a_wording_of_its_own(own, tmp_path):
    own('brief = "In brief"', 'brief = "In a nutshell"')
    study = an.read_study(study_file(tmp_path, '[findings]\nwording = "mine.toml"\n'))
    with without_drawing():
        an.run(study)
    page = (study.settings.folder / "report.html").read_text(encoding="utf-8")
    assert "In a nutshell" in page
    record = (study.settings.folder / "run.json").read_text(encoding="utf-8")
    assert "mine.toml" in json.loads(record)["inputs"]
    assert "names" not in json.loads(record)["settings"]  # there are none
    assert {found["provenance"]["wording"] for found in told_in(study.settings.folder)} == {
        "mine.toml"
    }
    for file in ("findings.json", "run.json", "report.html"):
        assert str(tmp_path) not in (study.settings.folder / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            '[findings]\nwording = "latin"\n',
            "wording='latin' is not a wording; choose one of english, french",
        ),
        ('[findings]\nwordings = "french"\n', "[findings] has an unknown key 'wordings'; did you"),
        ("[names]\n\npartner = 1\n", "[names] partner is 1; write a text in quotes"),
        ('[names]\n\npartner = " "\n', "[names] partner is ' '; write a text in quotes"),
    ],
)
def test_bad_settings_of_the_language(tmp_path, more, problem):
    path = study_file(tmp_path, more)
    line = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(an.InputError) as error:
        an.read_study(path)
    assert str(error.value).startswith(f"{path}, line {line}: {problem}")


def test_a_name_of_nothing_is_refused(tmp_path):
    path = study_file(tmp_path, '[names]\nItaly = "Italie"\nSpain = "Espagne"\n')
    line = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(an.InputError) as error:
        an.run(an.read_study(path))
    assert str(error.value).startswith(
        f"{path}, line {line}: [names] has 'Spain', which is no topic, group, document variable or "
        "rule; name one of "
    )
    assert ", Israel, Italy, Russia, France, doc_id, partner, " in str(error.value)
    assert not (tmp_path / "figures").exists()


def test_french_calls_an_article_what_the_study_calls_it():
    """All but names of files: in no finding is a speech an article."""
    from tests.prose.test_writing import STUDIES, study

    language = read_language("french", unit="discours", relation="de")
    years = ["2001", "2002"] * 5
    for name in ("clear", "likely", "ranked"):
        extra = {"years": years} if name == "clear" else {}
        tables = study(STUDIES[name], **extra).tables
        for text in an.findings(tables, language=language)["text"]:
            assert not re.search(r"\barticles?\b", text), text
    single = study([("A", "Le wind.")]).tables
    for text in an.findings(single, language=language)["text"]:
        assert not re.search(r"\barticles?\b", text), text


NOUNS = {
    "english": "speeches|sentences|words|groups|topics|others|periods|pairs|comparisons|ways",
    "french": "journaux|phrases|mots|groupes|thèmes|autres|périodes|paires|comparaisons|manières",
}


@pytest.mark.parametrize(("wording", "noun"), [("english", "speech"), ("french", "journal")])
def test_one_thing_is_never_told_in_the_plural(wording, noun, energy):
    """Findings and report of groups with one article of one sentence, or little more."""
    for second in ("Wind pays. Coal falls.", "Coal falls."):
        texts = [("A", second), ("B", "Wind pays.")]
        rows = [{"doc_id": group, "party": group, "text": text} for group, text in texts]
        study = an.Study(pd.DataFrame(rows), topics=energy, by="party", wording=wording, unit=noun)
        told = [*study.findings()["text"], re.sub("<[^>]*>", "", an.report_html(study))]
        one = re.compile(rf"(?<![\d.,\u202f])1\s(?:{NOUNS[wording]})\b")
        assert [found[0] for text in told for found in one.finditer(text)] == []

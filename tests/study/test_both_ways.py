"""Rows of the catalogue of bad inputs by both doors: `an.Study` in Python, and the command `run`.

The cases are those of the rows' own tests. What one door refuses the other refuses in the same
words, and the command writes nothing; what is taken has the same values in Python and in the
tables of the command, after the same warnings.
"""

import codecs
import json
import re
import warnings

import pytest

import analysis as an
from analysis.__main__ import main
from tests.corpus.readers import test_readers as readers
from tests.study import test_bad_input as settings
from tests.topics import test_unicode as unicode_rows
from tests.topics.formats.test_bad_dictionaries import REFUSED

ENERGY = '[topics.wind]\ncore = ["wind"]\n[topics.herve]\ncore = ["Hervé"]\n'
made, study = settings.made, settings.study


def home(folder, articles="texts", dictionary="d.toml", more=""):
    """What `Study` takes, and a study.toml that says the same."""
    metadata = 'metadata = "articles.csv"\n' if articles == "texts" else ""
    readers.put(folder / "study.toml", (
        f'[study]\ntitle = "Both"\n[corpus]\narticles = "{articles}"\n{metadata}group = "party"\n'
        f'{more}[topics]\ndictionary = "{dictionary}"\n[output]\nfolder = "out"\n'
    ))  # fmt: skip
    if not (folder / dictionary).exists():
        readers.put(folder / dictionary, ENERGY)
    (folder / "texts").mkdir(exist_ok=True)
    for name, text in (("a", "Wind, one."), ("b", "Two.")):
        readers.put(folder / f"texts/{name}.txt", text)
    return {"metadata": "articles.csv"} if metadata else {}


def in_python(make):
    """What Python gives or raises, and what it warns of before."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = make()
        except an.InputError as error:
            found = error
    return found, [str(one.message) for one in caught if one.category is an.InputWarning]


def by_command(capsys):
    """The exit code of `run`, and what it says on standard error."""
    code = main(["run", "--no-notebooks"])
    return code, capsys.readouterr().err.splitlines()


def refused_alike(capsys, make):
    """The message that both doors give; nothing is written."""
    error, warned = in_python(make)
    assert isinstance(error, an.InputError)
    code, said = by_command(capsys)
    assert code == 2
    assert said == [*(f"warning: {one}" for one in warned), f"error: {error}"]
    return str(error)


def everything(study):
    return study.tables


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@readers.rows(readers.METADATA)
def test_metadata_that_is_refused(here, capsys, case):
    content, line, words = case
    home(here)
    readers.put(here / "articles.csv", content)
    message = refused_alike(
        capsys,
        lambda: everything(
            an.Study("texts", topics="d.toml", by="party", metadata="articles.csv", folder="out")
        ),
    )
    if "party" in str(content):
        assert re.match(readers.error("articles.csv", words, line), message)
    assert not (here / "out").exists()


DATES = {
    **{"M11": "2021-13-05", "M12": "04/03/2021", "M13": "2099-01-01", "M14": "0021-03-04"},
    **{"M15": "2021-02-30", "M16": "44259", "M17": "2021-03-04T10:00+07:00", "M18": "4 mars 2021"},
}


@readers.rows(DATES)
def test_a_day_that_is_refused(here, capsys, case):
    home(here, more='confounders = ["day"]\ndates = ["day"]\n')
    days = [case, "2021-03-01", "2021-03-02", "2021-03-03", "2020-01-01", "2020-01-02"]
    lines = [f"{n}.txt,{'AB'[n % 2]},{day!r}".replace("'", '"') for n, day in enumerate(days)]
    for number in range(len(days)):
        readers.put(here / f"texts/{number}.txt", f"Wind {number}.")
    readers.put(
        here / "articles.csv", "\n".join(["file,party,day", *lines, "a.txt,A,", "b.txt,B,"])
    )
    ask = {"metadata": "articles.csv", "dates": ["day"], "confounders": ["day"], "folder": "out"}
    message = refused_alike(
        capsys, lambda: everything(an.Study("texts", topics="d.toml", by="party", **ask))
    )
    assert case in message


TABLES = {f"JSONL {name}": (".jsonl", *case) for name, case in readers.JSONL.items()}
TABLES |= {f"Parquet {name}": (".parquet", *case) for name, case in readers.PARQUET.items()}


@readers.rows(TABLES)
def test_a_table_that_is_refused(here, capsys, case):
    ending, content, line, words = case
    home(here, articles=f"c{ending}")
    if ending == ".jsonl":
        readers.put(here / "c.jsonl", content)
    else:
        readers.parquet_file(here / "c.parquet", **content)
    message = refused_alike(
        capsys,
        lambda: everything(an.Study(f"c{ending}", topics="d.toml", by="party", folder="out")),
    )
    assert re.match(readers.error(f"c{ending}", words, line), message)


@readers.rows(readers.WRONG)
def test_a_text_that_is_refused(here, capsys, case):
    raw, words, line = case
    home(here)
    readers.put(here / "texts/a.txt", raw)
    readers.put(here / "articles.csv", readers.BOTH)
    ask = {"metadata": "articles.csv", "folder": "out"}
    message = refused_alike(
        capsys, lambda: everything(an.Study("texts", topics="d.toml", by="party", **ask))
    )
    assert re.match(readers.error("texts/a.txt", words, line), message)


@pytest.mark.parametrize("row", REFUSED)
def test_a_dictionary_that_is_refused(here, capsys, row):
    text, line, words = REFUSED[row]
    name = f"d{row.split()[1]}" if row.startswith("D17") else "d.toml"
    readers.put(here / name, text)
    home(here, dictionary=name)
    readers.put(here / "articles.csv", readers.BOTH)
    ask = {"metadata": "articles.csv", "folder": "out"}
    message = refused_alike(
        capsys, lambda: everything(an.Study("texts", topics=name, by="party", **ask))
    )
    assert re.search(words if row.startswith("D17") else re.escape(words), message)
    assert message.startswith(f"{name}, line {line}: " if line else f"{name}: ")


@pytest.mark.parametrize(
    ("spoil", "file", "line", "words"),
    [pytest.param(*case, id=name) for name, case in settings.BAD.items()
     if name != "output is a file"],  # which Python does not write to
)  # fmt: skip
def test_a_study_that_is_refused(study, capsys, spoil, file, line, words):
    spoil(study)
    message = refused_alike(capsys, lambda: everything(an.read_study("study.toml")))
    assert (f"{file}, line {line}: " if line else f"{file or ''}: ") in message


def taken_alike(capsys, make):
    """The study in Python, after which the command has said and written the same."""
    study, warned = in_python(lambda: everything(opened := make()) and opened)
    assert isinstance(study, an.Study), study
    code, said = by_command(capsys)
    assert (code, said) == (0, [f"warning: {one}" for one in warned])
    for name, frame in {"emphasis": study.emphasis().to_frame(), "evidence": study.evidence,
                        "documents": study.document_status}.items():  # fmt: skip
        frame = frame.drop(columns=["patterns", "spans"], errors="ignore")
        written = an.read_table(f"out/{name}.csv").drop(columns="patterns", errors="ignore")
        assert an.to_csv(written) == an.to_csv(frame), name
    return study


def test_texts_of_every_encoding_and_line_end(here, capsys):
    ends = {"F10": "One.\r\n\r\nTwo.", "F11": "One.\r\rTwo.", "F12": "One.\n\r\nTwo."}
    expected = dict.fromkeys(readers.TEXTS, "Hervé.") | ends
    expected |= {name: text for name, (_, text, _) in readers.WARNED.items()}
    home(here)
    lines = []
    for number, name in enumerate(expected):
        raw = {**readers.TEXTS, **ends, **readers.WARNED}[name]
        readers.put(here / f"texts/{name}.txt", raw[0] if isinstance(raw, tuple) else raw)
        lines.append(f"{name}.txt,{'AB'[number % 2]}")
    readers.put(here / "articles.csv", "\n".join(["file,party", *lines, "a.txt,A", "b.txt,B"]))
    ask = {"metadata": "articles.csv", "folder": "out"}
    study = taken_alike(capsys, lambda: an.Study("texts", topics="d.toml", by="party", **ask))
    texts = study.documents.set_index("doc_id")["text"]
    assert texts[list(expected)].to_dict() == expected
    sentences = study.document_status.set_index("doc_id")["sentences"]
    assert sentences[[*ends]].to_list() == [2, 2, 2]
    assert [one for one in study.evidence["doc_id"] if one in expected] == ["F1", "F2", "F3", "F5"]


DRESS = {
    "M24 M25 M32": codecs.BOM_UTF8 + (
        b'file, party ,note\r\na.txt,Green,"one\ntwo"\r\nb.txt,Red,"three ""3"""\r\n'
    ),
    "M3 M5 M27": "file,party,id\na.txt,NA,001\nb.txt,null,1e5\n".encode("utf-16"),
    "M35 M36 M37": "file,party\nb.txt,<script>\na.txt,=1+1\n",
    "M4 M7": "file,party\na.txt,Viet\nb.txt,VIET \n",
}  # fmt: skip


@readers.rows(DRESS)
def test_metadata_that_is_taken(here, capsys, case):
    home(here)
    readers.put(here / "articles.csv", case)
    if case == DRESS["M4 M7"]:
        readers.put(here / "texts/c.txt", "Wind, wind.")
    ask = {"metadata": "articles.csv", "folder": "out"}
    study = taken_alike(capsys, lambda: an.Study("texts", topics="d.toml", by="party", **ask))
    assert study.documents["text"].sort_values().to_list() == ["Two.", "Wind, one."]
    found = study.emphasis().to_frame().set_index(["topic", "party"])["hits"]
    (group,) = study.documents.loc[study.documents["doc_id"] == "a", "party"]
    assert found["wind", group] == 1 == found.sum()


def test_every_typography_and_script(here, capsys):
    cases = {}
    for param in unicode_rows.ROWS:  # the first of each row; no file can hold half of a pair
        if "\ud800" not in param.values[0]:
            cases.setdefault(param.id.partition(" ")[0], param.values)
    assert len(cases) >= 26
    lines = [{"doc_id": name, "party": "all", "text": text} for name, (text, *_) in cases.items()]
    readers.put(here / "c.jsonl", "\n".join(map(json.dumps, lines)))
    topics = [f"[topics.{name}]\ncore = {json.dumps(patterns)}\n"
              for name, (_, patterns, _) in cases.items()]  # fmt: skip
    readers.put(here / "d.toml", "\n".join(topics))
    home(here, articles="c.jsonl")
    study, _ = in_python(lambda: an.read_study("study.toml"))
    codes, _ = in_python(lambda: study.codes)
    own = codes[codes["doc_id"] == codes["topic"]].groupby("doc_id", sort=False)["matches"].sum()
    assert own.to_dict() == {name: len(expected) for name, (_, _, expected) in cases.items()}
    assert main(["tally"]) == 0
    capsys.readouterr()
    hits = an.read_table("out_archive/emphasis.csv").set_index("topic")["hits"]
    assert hits.to_dict() == codes.groupby("topic")["coded"].sum().to_dict()

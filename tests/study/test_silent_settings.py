"""Settings that would change nothing, or more than one meant, are told."""

import re
import shutil
import time
from itertools import product

import pandas as pd
import pytest

import analysis as an
from analysis import InputError, InputWarning, read_study
from analysis.__main__ import main
from analysis.corpus.boilerplate import LONGEST, classify, read_boilerplate
from analysis.prose.kinds.co_emphasis import CoEmphasis
from analysis.study import consistency
from analysis.topics.scanning import regex_of
from tests import ROOT, TEMPLATE

ENGLISH = ROOT / "analysis/prose/wordings/english.toml"
RULES = """\
[[rule]]
name = "menu"
line = 'Coal.*'
[[rule]]
name = "title"
equals = "party"
"""


@pytest.fixture
def home(tmp_path):
    return shutil.copytree(TEMPLATE, tmp_path / "study")


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def with_rules(home, rules):
    (home / "rules.toml").write_text(rules, "utf-8")
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nboilerplate = "rules.toml"')
    return read_study(home / "study.toml")


def test_a_rule_that_never_fits_is_named(home):
    with pytest.warns(InputWarning, match=r"rules\.toml: no line fits the rule menu, title$"):
        _ = with_rules(home, RULES).sentences


def test_a_rule_of_an_unknown_column_is_an_error(home):
    study = with_rules(home, RULES.replace('"party"', '"partei"'))
    with pytest.raises(InputError, match=r"'partei', and the articles have .* you mean 'party'"):
        _ = study.sentences


def test_two_rules_of_one_name(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(RULES.replace('"title"', '"menu"'), "utf-8")
    with pytest.raises(InputError, match="two rules are called 'menu'; give each a name"):
        read_boilerplate(path)


@pytest.mark.parametrize(
    ("line", "endless"),
    [
        ("(a+)+b", True),
        (r"(\w+\s?)*$", True),
        (r"(?:[a-z]*){2,}", True),
        (r"(\s*\|\s*[\w ]+)*", False),
        (r"(ab)+c*", False),
        (r"(\d+ comments)+", False),
        ("a*a*a*b", True),
        (r"\w*[a-z]+\s?.{3,}x", True),
        (r"\s*.*\s+", True),
        ("a*xa*xa*xb", False),
        ("a*aa*aa*b", True),
        (r"[ax]*x\w*x[xy]+x!", True),
        (r"\s*Share.*\s*", False),
        (r".*Share.*on.*Facebook.*", False),
    ],
)
def test_a_rule_that_could_take_for_ever_is_refused(tmp_path, line, endless):
    path = tmp_path / "rules.toml"
    path.write_text(f"[[rule]]\nname = 'a'\nline = '{line}'\n", "utf-8")
    if endless:
        with pytest.raises(InputError, match=r"line 2: rule 'a': line can read .*; write it with"):
            read_boilerplate(path)
    else:
        assert len(read_boilerplate(path)) == 1


@pytest.mark.parametrize("line", [".*a.*a.*a.*a.*a.*b", ".*aa.*[ab]a.*b", "x.*a.*"])
def test_fixed_parts_between_dots_take_linear_time_and_fit_the_same_lines(tmp_path, line):
    path = tmp_path / "rules.toml"
    path.write_text(f"[[rule]]\nname = 'a'\nline = '{line}'\n", "utf-8")
    rules = read_boilerplate(path)
    begun = time.process_time()
    assert classify(["a" * 5_000], rules, {}) == [None]
    assert time.process_time() - begun < 1
    short = ["".join(letters) for letters in product("abx", repeat=6)]
    fits = [re.fullmatch(line, one) is not None for one in short]
    assert [rule is not None for rule in classify(short, rules, {})] == fits
    assert 0 < sum(fits) < len(fits)


def test_a_line_as_long_as_an_article_is_none_of_a_rule(tmp_path):
    """What can be read in many ways takes no longer than it does in a line of that length."""
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\nname = 'a'\nline = '.*a.*b.*c'\n", "utf-8")
    rules = read_boilerplate(path)
    lines = ["a" * LONGEST + "bc", "aabc"]
    assert [rule is not None for rule in classify(lines, rules, {})] == [False, True]


@pytest.mark.parametrize("pair", [("A1", "a1"), ("\u00e91", "e\u03011"), ("x1", "x\u200b1")])
def test_articles_whose_names_look_alike(home, pair):
    (home / "t.csv").write_text(
        f"doc_id,party,text\n{pair[0]},Green,Coal goes.\n{pair[1]},Red,Wind comes.\nc,Red,No.\n",
        "utf-8",
    )
    study = an.Study(home / "t.csv", topics=home / "energy.toml", by="party")
    with pytest.warns(InputWarning, match=r"' and '.*' differ only in capitals, .* different art"):
        assert len(study.documents) == 3


def test_periods_without_an_order(home):
    table = home / "articles/articles.csv"
    rows = table.read_text("utf-8").splitlines()
    eras = ["era", "late", "early", "middle"]
    table.write_text("\n".join(f"{a},{b}" for a, b in zip(rows, eras, strict=True)) + "\n", "utf-8")
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nperiod = "era"')
    told = r"stand in the order of the alphabet: early, late, middle; if that is not theirs, put"
    with pytest.warns(InputWarning, match=told):
        read_study(home / "study.toml").trend()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ hits }} of the {{ size }}", "97 % of the {{ size }}", "number of its own, '97"),
        ("{{ hits }} of the", "{% for i in range(9) %}{% endfor %}{{ hits }} of the", "no 'range'"),
    ],
)  # fmt: skip
def test_a_wording_with_a_number_or_a_loop_of_its_own(tmp_path, old, new, message):
    path = tmp_path / "mine.toml"
    path.write_text(ENGLISH.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=rf"mine\.toml, line \d+: co_emphasis: .*{message}"):
        an.read_language(path)


ITSELF = "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}"
EACH_OTHER = "{% macro m() %}{{ n() }}{% endmacro %}{% macro n() %}{{ m() }}{% endmacro %}"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (ITSELF, "the macro 'm' uses 'm', which does not stand before it"),
        (EACH_OTHER, "the macro 'm' uses 'n', which does not stand before it"),
        ("{% for a in cells recursive %}{{ loop(cells) }}{% endfor %}", "a loop calls itself"),
        ("{% for a in cells %}" * 4 + "{% endfor %}" * 4, "more than 3 loops stand in one another"),
        ("{{ 'a'.center(999999999) }}", "it calls what is no macro"),
        ("{{ 9 ** 9 ** 9 }}", r"it has '\*\*' or '%' between two values"),
        ("{{ 'a'|center(999999999) }}", "the filter 'center' could make a text of any length"),
    ],
)
def test_a_wording_that_would_take_for_ever(tmp_path, fault, message):
    text = ENGLISH.read_text("utf-8").replace('presence = """', f'presence = """{fault}', 1)
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=rf"mine\.toml, line \d+: presence: {message}; write"):
        an.read_language(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    "fault", ["{{ 1 // (articles - articles) }}", "{{ articles|no }}", "{{ 'a' * 99 }}"]
)
def test_a_wording_that_cannot_be_filled_in(home, tmp_path, fault):
    text = ENGLISH.read_text("utf-8").replace('presence = """', f'presence = """{fault}', 1)
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"mine\.toml.*presence"):
        read_study(home / "study.toml").with_(wording=tmp_path / "mine.toml").findings()


def test_topics_named_together_stand_by_their_sentences(energy):
    texts = ["Wind, solar and coal. Wind and solar. Solar and wind.", "No."]
    frame = {"doc_id": ["a", "b"], "party": ["Green", "Red"], "text": texts}
    found = an.Study(pd.DataFrame(frame), topics=energy, by="party").findings()
    (values,) = found.loc[found["kind"] == CoEmphasis.kind, "values"]
    assert [(one["topics"], one["hits"]) for one in values["sets"]] == [
        (["wind", "sun"], 2),
        (["wind", "sun", "coal"], 1),
    ]


@pytest.mark.parametrize("special", [False, True])
def test_many_stars_in_a_word_take_no_longer_than_one(special):
    """X10: what stands between two stars is taken once (an atomic group), so no way is tried twice.

    With the plain `\\w*` of every star, this word of 10,000 letters takes longer than the universe.
    """
    find = regex_of("*a*b*c*d*e*f*g*h*", special=special)
    assert find.pattern.count("(?>") == 8
    assert find.search("abcdefg" * 1500) is None
    assert find.search("abcdefgh" * 1500).span() == (0, 12_000)
    two = regex_of("a*b*c d*e*f", special=special)
    assert two.findall("axbxbc dxxexf, abc def ab abxc dexfx") == ["axbxbc dxxexf", "abc def"]


def test_many_warnings_alike_become_a_few(home, capsys):
    for number in range(9):
        path = home / f"articles/more{number}.txt"
        path.write_bytes(f"Café {number} on coal.".encode("cp1252"))
        with (home / "articles/articles.csv").open("a", encoding="utf-8") as file:
            file.write(f"more{number}.txt,Green,2024-05-01\n")
    assert main(["evidence", str(home / "study.toml")]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "Windows-1252" in line]
    assert len(told) == 5
    assert main(["evidence", str(home / "study.toml")]) == 0
    assert "warning: 4 more like this: save it as UTF-8, or name its encoding\n" in (
        capsys.readouterr().err
    )


def test_a_parquet_file_that_unpacks_to_too_much(tmp_path, monkeypatch):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table({"doc_id": [str(n) for n in range(500)], "text": ["x" * 100_000] * 500})
    parquet.write_table(table, tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").stat().st_size < 200_000
    monkeypatch.setattr("analysis.corpus.readers.tables.MAX_BYTES", 10_000_000)
    with pytest.raises(InputError, match=r"t\.parquet: it unpacks to more than 1"):
        an.read_articles(tmp_path / "t.parquet")


def test_a_folder_that_cannot_be_searched(home, capsys, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(home / "articles"))

    monkeypatch.setattr("analysis.corpus.readers.folder.article_files", refuse)
    monkeypatch.setattr("analysis.study.tables.article_files", refuse)
    assert main(["run", str(home / "study.toml"), "--no-notebooks"]) == 2
    told = capsys.readouterr().err
    assert told == (
        f"error: {home / 'articles'}: the system refuses to read or write it: Permission denied; "
        "check the file, its folder and their permissions\n"
    )


def test_a_dictionary_of_very_many_topics_is_refused_before_anything_is_computed(home, capsys):
    topics = "".join(f'[topics.t{number}]\ncore = ["word{number}"]\n' for number in range(1001))
    (home / "energy.toml").write_text(topics, "utf-8")
    assert main(["run", str(home / "study.toml"), "--no-notebooks"]) == 2
    told = capsys.readouterr().err
    assert "has 1,001 topics, and 1,000 are the most of a run; put patterns that belong" in told
    assert not (home / "figures").exists()


@pytest.mark.parametrize(
    ("bound", "most", "words"),
    [
        ("MOST_LETTERS", 100, r"the articles have \d{3} characters, and 100 are the most of a run"),
        ("MOST_CODES", 20, r"11 sentences and 2 topics are 22 codes, and 20 are the most of a run"),
    ],
)
def test_r4_a_study_too_large_for_a_run_is_refused_with_the_way_out(
    home, capsys, monkeypatch, bound, most, words
):
    study = str(home / "study.toml")
    monkeypatch.setattr(consistency, bound, most)
    assert main(["run", study, "--no-notebooks"]) == 2
    told = capsys.readouterr().err
    assert re.search(f"{words}; count it with `tally`, .* or take a sample", told)
    assert not (home / "figures").exists()
    assert main(["tally", study]) == 0
    hits = an.read_table(home / "figures_archive/emphasis.csv")["hits"].sum()
    monkeypatch.setattr(consistency, bound, 10 * most)
    assert main(["run", study, "--no-notebooks"]) == 0
    assert an.read_table(home / "figures/emphasis.csv")["hits"].sum() == hits

"""O1, O7, O8: what goes out as CSV comes back as it was; LaTeX and Markdown show what it says."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import analysis as an
from analysis.io.csv import unguarded
from analysis.io.exports import EXPORTS
from analysis.io.files import replace_file

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1",
    "'t Hart",
    '"',
    "a, b",
    "NA",
    "001",
    "1e+5",
    "inf",
    "True",
    "",
    "\ufeff",
    "two\nlines\r\nor three",
    r"\input{/etc/passwd} 50% _ & # ~ ^ \ $x$ {}",
    "[x]* a--b ''c'' ,,d <<e>> `f` |g| \"h\"",
    "<script>alert(1)</script> &lt; <!-- -->",
    "![x](y) [a](b) *c* _d_ ~~e~~ `f` \\| || <http://g.h>",
    "www.a.org http://b.org //c.org d@e.org f.org mailto:g@h.org",
    "Nguyễn Chí Vịnh",
]
PIECES = st.sampled_from([*HOSTILE, *"\\`*_{}[]<>#|~$!&%^\"'@/.:-=+,;\n 1a"])
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.one_of(PIECES, st.lists(PIECES, max_size=6).map("".join), st.text(LETTERS))
SHOWN = TEXTS.map(lambda text: "".join(c for c in text if c.isprintable() or c.isspace()))
DIGITS = st.floats().map(lambda x: float(f"{x:.10g}"))


@st.composite
def tables(draw, texts=TEXTS):
    """Any table of texts and numbers: columns of one kind, missing values in some."""
    names = draw(st.lists(texts.filter(bool), min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(0, 4))
    kinds = st.sampled_from(
        [texts, texts | st.none(), DIGITS, st.integers(-(2**63), 2**63 - 1), st.booleans()]
    )
    return pd.DataFrame(
        {name: draw(st.lists(draw(kinds), min_size=rows, max_size=rows)) for name in names}
    )


def plain(table):
    """The header and the rows, a missing value as None."""
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return [list(table.columns), *rows]


# The family


@pytest.mark.parametrize("ending", EXPORTS)
def test_an_export_is_the_text_of_a_file(ending):
    """U25: half of a surrogate pair and NUL stand as escapes, for no file can hold them."""
    words = pd.Series(["\ud800a\0", None], dtype=object)
    table = pd.DataFrame({"word": words, "share": [np.nan, -0.5], "n": [2, 2**53 + 1]})
    table.index = [7, 8]
    text = EXPORTS[ending](table)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text == EXPORTS[ending](table.reset_index(drop=True))
    assert "\0" not in text
    assert text.encode("utf-8")
    rows = {
        "csv": ["word,share,n", "\\ud800a\\x00,,2", ",-0.5,9007199254740993"],
        "tex": [
            r"word & share & n \\",
            r"\textbackslash{}ud800a\textbackslash{}x00 &  & 2 \\",
            r" & $-$0.500 & 9007199254740993 \\",
        ],
        "md": [
            "| word | share | n |",
            r"| \\ud800a\\x00 |  | 2 |",
            "|  | −0.500 | 9007199254740993 |",
        ],
    }[ending]
    assert [line for line in text.splitlines() if line in rows] == rows


@pytest.mark.parametrize("ending", EXPORTS)
def test_an_export_takes_a_table_without_rows_and_columns_of_one_name(ending):
    assert "party" in EXPORTS[ending](pd.DataFrame({"party": []}))
    twice = pd.DataFrame([["x", "y"]], columns=["a", "a"])
    assert re.search(r"x\W+y", EXPORTS[ending](twice))


def test_a_result_is_saved_in_the_formats_asked_for(tmp_path):
    table = pd.DataFrame({"topic": ["-x"], "estimate": [0.5]})
    result = an.Result(table, ("topic",))
    result.save(tmp_path / "a", formats=["csv", "tex", "md"])
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".tex", ".md", ".json"}
    assert (tmp_path / "a.md").read_text("utf-8") == an.to_markdown(table)
    with pytest.raises(an.InputError, match="formats='xls' is not a format of tables; choose one"):
        result.save(tmp_path / "b", formats=["csv", "xls"])
    assert not (tmp_path / "b.csv").exists()


# CSV


def back(table, folder):
    replace_file(folder / "table.csv", an.to_csv(table))
    return an.read_table(folder / "table.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("csv")


@pytest.mark.filterwarnings("ignore:.*decoded twice:analysis.InputWarning")
@given(table=tables())
def test_csv_comes_back_as_it_was(folder, table):
    again = back(table, folder)
    assert plain(again) == plain(table)
    for name in table:  # a text is never a number that looks like it
        assert [type(x) is str for x in again[name]] == [type(x) is str for x in table[name]]


@given(table=tables())
def test_no_text_in_csv_begins_as_a_formula(table):
    rows = csv.reader(io.StringIO(an.to_csv(table), newline=""), strict=True)
    numbers = [pd.api.types.is_numeric_dtype(column) for _, column in table.items()]
    for cells, typed in zip(rows, [[False] * len(numbers)] + [numbers] * len(table), strict=True):
        for cell, number in zip(cells, typed, strict=True):
            assert number or not re.match(r"[\t\r\n\ufeff]|\s*[=+\-@＝＋－＠]", cell)


def test_csv_by_eye():
    """The guard, the quotes, and what is left alone: numbers, also negative ones, and names."""
    table = pd.DataFrame(
        {"-x": ["=1+1", " +1", "'t", "-5", "2020", "", "NA", "a,b", None], "n": [-1.5, *range(8)]}
    )
    assert an.to_csv(table).splitlines() == [
        "'-x,n",
        "'=1+1,-1.5",
        "' +1,0",
        "''t,1",
        "'-5,2",
        '"2020",3',
        '"",4',
        "NA,5",
        '"a,b",6',
        ",7",
    ]


def test_a_column_may_hold_texts_and_numbers(tmp_path):
    values = ["1", 1, -0.5, True, "True", np.float32(0.5), pd.NA, [1], np.bool_(False)]
    again = back(pd.DataFrame({"a": pd.Series(values, dtype=object)}), tmp_path)["a"].to_list()
    assert again[:6] == ["1", 1, -0.5, True, "True", 0.5]
    assert pd.isna(again[6])
    assert again[7:] == ["[1]", False]


def test_a_tally_of_groups_with_signs_comes_back(documents, energy, tmp_path):
    named = documents.assign(party=["-x", "'2020"])
    tally = an.tally(an.codes(an.sentences(named), energy), by="party").to_frame()
    again = back(tally, tmp_path)
    pd.testing.assert_frame_equal(again, tally)
    pd.testing.assert_frame_equal(an.emphasis(again).to_frame(), an.emphasis(tally).to_frame())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: there is no header"),
        ("a,a\n", "line 1: a column name stands twice"),
        ('a\n1\n"x\n\n', "line 3: this row is not CSV; check its quotes"),
        ('a,b\n"x\ny",2\n"x"y,2\n', "line 4: this row is not CSV; check its quotes"),
        ('a\nx"y"\n', "line 2: this row is not CSV; check its quotes"),
        ('a,b\r\n"x\r\ny",2\r\n3\r\n', "line 4: 1 value stands under 2 column names"),
        ("a,b\n1,2,3\n", "line 2: 3 values stand under 2 column names"),
    ],
)
def test_what_is_no_table_is_refused(text, message, tmp_path):
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(an.InputError, match=re.escape(f"{file}, {message}")):
        an.read_table(file)


def test_a_table_from_elsewhere_is_read(tmp_path):
    file = tmp_path / "table.csv"
    text = (
        "\ufeffid,n\r\nNA,1\r\n" + "7" * 5000 + ",2.0"
    )  # no line end, more digits than Python takes
    file.write_text(text, encoding="utf-8", newline="")
    table = an.read_table(file)
    assert plain(table) == [["id", "n"], ["NA", 1], ["7" * 5000, 2]]


def test_the_name_of_a_column_is_a_text(tmp_path):
    (tmp_path / "table.csv").write_text("party,2020,True\nGreen,1,2\n", encoding="utf-8")
    assert an.read_table(tmp_path / "table.csv").columns.to_list() == ["party", "2020", "True"]


def test_a_column_of_objects_without_a_text():
    table = pd.DataFrame({"a": pd.Series([1, 2.5, None, True], dtype=object), "b": list("wxyz")})
    assert an.to_csv(table) == "a,b\n1,w\n2.5,x\n,y\nTrue,z\n"


@pytest.mark.parametrize(
    ("text", "without"),
    [("'=1+1", "=1+1"), ("''t", "'t"), ("'tis", "'tis"), ("a=1", "a=1"), ("=1", "=1"), ("", "")],
)
def test_only_the_apostrophe_of_the_guard_goes(text, without):
    assert unguarded(text) == without


# LaTeX

NAMED = {
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciigrave": "`",
}
TOKEN = re.compile(
    rf"\\(?P<named>{'|'.join(NAMED)})\{{\}}|\\symbol\{{(?P<code>34)\}}|\\(?P<mark>[{{}}$&#_%])"
    r"|\{(?P<braced>[\[\]*])\}|(?P<none>\{\})|(?P<minus>\$-\$)"
    r"|(?P<letter>[^\\{}$&#_%~^<>|\"`\[\]*\n])"
)


def typeset(latex):
    """What TeX shows for the text of a cell; anything it would act upon is an error."""
    assert not re.search("--|''|,,", latex)  # would become other characters
    shown, place = [], 0
    while place < len(latex):
        token = TOKEN.match(latex, place)
        assert token, latex[place:]
        kind = token.lastgroup
        shown.append(
            {"named": NAMED.get(token["named"]), "code": '"', "none": "", "minus": "−"}.get(
                kind, token[kind]
            )
        )
        place = token.end()
    return "".join(shown)


def one_line(text):
    return " ".join(text.split())


@given(table=tables(SHOWN).map(lambda table: table.astype("str")), long=st.booleans())
def test_latex_shows_what_the_table_says(table, long):
    lines = an.to_latex(table, caption=table.columns[0], label="tab:a", long=long).split("\n")
    captions = [line for line in lines if line.startswith(r"\caption{")]
    inside = captions[0].removesuffix(r"\label{tab:a}\\")[9:-1] if captions else ""
    assert typeset(inside) == one_line(table.columns[0])
    rows = [line.removesuffix(r" \\") for line in lines if line.endswith(r" \\")]
    cells = [[typeset(cell) for cell in re.split(r"(?<!\\) & | & $|^ & ", row)] for row in rows]
    expected = [[one_line(x or "") for x in row] for row in plain(table)]
    assert cells[1 if long else 0 :] == expected


def test_latex_by_eye():
    table = pd.DataFrame({"topic": ["x" * 61], "n": [-2], "share": [-0.0001]})
    assert an.to_latex(table, caption="50% & more", label="tab:a", digits=2, long=True).split(
        "\n"
    ) == [
        r"\begin{longtable}{p{0.5\linewidth}rr}",
        r"\caption{50\% \& more}\label{tab:a}\\",
        r"\hline",
        r"topic & n & share \\",
        r"\hline",
        r"\endfirsthead",
        r"\hline",
        r"topic & n & share \\",
        r"\hline",
        r"\endhead",
        r"\hline",
        r"\endfoot",
        "x" * 61 + r" & $-$2 & 0.00 \\",
        r"\end{longtable}",
        "",
    ]
    bare = an.to_latex(table.assign(topic="x"), long=True)
    assert bare.startswith("\\begin{longtable}{lrr}\n\\hline\ntopic")
    assert "\\endfirsthead" not in bare
    assert "caption" not in an.to_latex(table)
    assert "label" not in an.to_latex(table)


@pytest.mark.parametrize("label", ["a}b", "a#", "50%", "a b", "~", "é"])
def test_a_label_holds_what_latex_can(label):
    with pytest.raises(an.InputError, match="has characters that LaTeX reads as its own; write"):
        an.to_latex(pd.DataFrame({"a": [1]}), label=label)


# Markdown


@pytest.mark.parametrize("preset", ["gfm-like", "commonmark"])
@given(table=tables(SHOWN).map(lambda table: table.astype("str")))
def test_markdown_shows_what_the_table_says(preset, table):
    """No tag, link, image or mark; "gfm-like" makes links of whatever looks like an address."""
    tokens = MarkdownIt(preset).enable("table").parse(an.to_markdown(table))
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"table", "thead", "tbody", "tr", "th", "td", "inline"}
    cells = [token for token in tokens if token.type == "inline"]
    assert {child.type for cell in cells for child in cell.children} <= {"text"}
    shown = ["".join(child.content for child in cell.children) for cell in cells]
    assert shown == [one_line(x or "") for row in plain(table) for x in row]


def test_markdown_by_eye():
    table = pd.DataFrame({"a|b": ["1. x\ny", "-"], "n": [-2, 1], "share": [-0.0001, 1 / 3]})
    assert an.to_markdown(table, digits=2).split("\n") == [
        r"| a\|b | n | share |",
        "| --- | ---: | ---: |",
        r"| 1\. x y | −2 | 0.00 |",
        r"| \- | 1 | 0.33 |",
        "",
    ]


def test_numbers_among_texts_are_written_as_numbers_are():
    table = pd.DataFrame(
        {"a": pd.Series([0.1 + 0.2, "x", None, float("nan"), 3, True], dtype=object)}
    )
    assert an.to_csv(table).split("\n")[1:-1] == ["0.3", "x", "", "", "3", "True"]

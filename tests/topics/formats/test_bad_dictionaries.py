"""Odd and hostile dictionaries, by the rows of the contract on bad input that no other test holds.

Rows D1 to D19 and D29 stand in test_dictionary.py and test_formats.py, D10 and D28 also in
test_pipeline.py.
"""

import re
import unicodedata
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Dictionary, InputError, InputWarning, Topic, codes, matches, read_dictionary
from analysis import sentences as sentences_of
from analysis.topics.formats.shared import MAX_LENGTH


def read(tmp_path, text, ending=".toml"):
    file = tmp_path / f"d{ending}"
    file.write_text(text, encoding="utf-8")
    return read_dictionary(file)


def toml(*core, **more):
    tables = {"core": core, **more}
    return "[topics.x]\n" + "".join(
        f"{name} = [{', '.join(map(repr, patterns))}]\n" for name, patterns in tables.items()
    )


REFUSED = {
    "D3 a gap of nothing": (toml("* ... *"), 2, "matches every word"),
    "D3 a hyphen": (toml("*-*"), 2, "matches every word"),
    "D3 with its case": (toml("case: *"), 2, "'case: *' matches every word"),
    "D3 in YAML": ("x:\n- '?'\n", 2, "matches every word"),
    "D3 in Lexicoder": ("+x\nword\n**\n", 3, "matches every word"),
    "D2 a blank topic": ('[topics." "]\ncore = ["a"]\n', 1, "topic ' ' has a blank name"),
    "D2 case and nothing": (toml("word", "case: "), 2, "is blank"),
    "D2 a blank expression": (toml("regex:"), 2, "is blank"),
    "D4 a kind in a list": (
        "[lists]\nl = ['a', 'regex: b']\n" + toml("{l}"), 2, "is a regex pattern in a list"),
    "D4 a gap in a list": (
        "[lists]\nl = ['a', 'b … c']\n" + toml("{l}"), 2, "has a list or a gap in a list"),
    "D4 a list in a list": (
        "[lists]\nl = ['a']\nm = ['b {l}']\n" + toml("{m}"), 3, "has a list or a gap in a list"),
    "D2 a blank variant": ("[variants]\nab = [' ']\n" + toml("ab"), 2, "is blank"),
    "D20 include": ("include = ['a.toml']\n" + toml("word"), 1, "put the topics of both into one"),
    "D20 of itself": ("include = 'd.toml'\n" + toml("word"), 1, "cannot include another file"),
    "D20 outside": ("include = '../../etc/x'\n" + toml("word"), 1, "cannot include another file"),
    "D20 in YAML": ("a: [x]\nb: !include d.yml\n", 2, "cannot include another file; put the"),
    "D20 in XML": (
        '<dictionary xmlns:i="http://www.w3.org/2001/XInclude">\n<i:include href="d.ykd"/>'
        '<cnode name="x"/></dictionary>', 2, "<i:include> cannot stand here"),
    "D22": (toml("word", "x" * (MAX_LENGTH + 1)), 2, f"has more than {MAX_LENGTH} characters"),
    "D22 many words": (toml("a " * 5_000 + "b"), 2, "more than"),
    "D22 in LIWC": (f"%\n1\tx\n%\nword\t1\n{'x' * 10_000}\t1\n", 5, "more than"),
    "D22 in a list": (f"[lists]\nl = ['{'x' * 10_000}']\n" + toml("{l}"), 2, "more than"),
    "D23 case": (toml("a") + "[topics.X]\ncore = ['b']\n", 3, "'x' and 'X' differ in case or"),
    "D23 accents": (
        "[topics.'Défense']\ncore = ['a']\n[topics.Defense]\ncore = ['b']\n", 3,
        "'Défense' and 'Defense' differ in case or accents only"),
    "D23 composed": (
        "[topics.'é']\ncore = ['a']\n[topics.'e\u0301']\ncore = ['b']\n", 3, "accents only"),
    "D23 spaces": (
        "[topics.'a b']\ncore = ['a']\n[topics.'a\u00a0b']\ncore = ['b']\n", 3, "accents only"),
    "D23 in YAML": ("Défense: [a]\nDEFENSE: [b]\n", 2, "'DEFENSE' stands twice, first as"),
    "D23 in LIWC": ("%\n1\tété\n2\tEte\n%\na\t1\nb\t2\n", 3, "'Ete' stands twice"),
    **{
        f"D17 {ending}": ("", None, "none of the dictionary formats|there is no topic")
        for ending in (".toml", ".yml", ".dic", ".ykd", ".lc3", ".lcd", ".cat")
    },
}  # fmt: skip


@pytest.mark.parametrize(("row", "text", "line", "words"), [(k, *v) for k, v in REFUSED.items()],
                         ids=REFUSED)  # fmt: skip
def test_refused(tmp_path, row, text, line, words):
    ending = row.split()[1] if row.startswith("D17") else ".toml"
    place = re.escape(str(tmp_path / f"d{ending}")) + (f", line {line}: " if line else ": ")
    pattern = words if row.startswith("D17") else re.escape(words)
    with pytest.raises(InputError, match=f"^{place}.*({pattern})") as raised:
        read(tmp_path, text, ending)
    assert len(str(raised.value)) < 400  # the message does not repeat all of it


def test_d5_a_broken_regular_expression(tmp_path):
    with pytest.raises(InputError, match=r"line 2: .*'regex: \(\('"):
        read(tmp_path, toml("regex: (("))


@pytest.mark.parametrize("letters", ["か が", "कि का", "й и"], ids=["kana", "Devanagari", "breve"])
def test_d23_marks_that_make_another_letter(tmp_path, letters):
    one, two = letters.split()
    text = f"[topics.'{one}']\ncore = ['a']\n[topics.'{two}']\ncore = ['b']\n"
    if letters == "й и":  # a breve is an accent to Unicode
        with pytest.raises(InputError, match="accents only"):
            read(tmp_path, text)
    else:
        assert read(tmp_path, text).topic_names == [one, two]


@pytest.mark.parametrize(("ending", "number"), [(".toml", 100_000), (".dic", 20_000)])
def test_d21_a_hundred_thousand_patterns(tmp_path, ending, number):
    words = [f"word{place}" for place in range(number)]
    liwc = "%\n1\tx\n%\n" + "".join(f"{word}\t1\n" for word in words)
    dictionary = read(tmp_path, toml(*words) if ending == ".toml" else liwc, ending)
    assert len(dictionary.topics[0].core) == number
    found = dictionary.find(f"Word7 {words[-1]} word")
    assert [one.pattern for one in found] == ["word7", words[-1]]


def test_d21_many_doubles_are_found_at_once(tmp_path):
    words = [f"w{number}" for number in range(20_000)]
    with pytest.warns(InputWarning, match="'w7' stands twice in topic 'x'; it counts once"):
        read(tmp_path, toml(*words, "W7"))


def test_d22_the_longest_pattern(tmp_path):
    pattern = " ".join(["ab"] * (MAX_LENGTH // 3))
    (found,) = read(tmp_path, toml(pattern)).find(f"so {pattern}, and")
    assert (found.start, found.end) == (3, 3 + len(pattern))


HOSTILE = '<img src=x onerror=alert(1)>&"'


def test_d24_markup_is_shown_as_it_is_written():
    topic = Topic(HOSTILE, (HOSTILE,), (HOSTILE,), (HOSTILE,), HOSTILE)
    dictionary = Dictionary(HOSTILE, (topic,), {HOSTILE: (HOSTILE,)}, {HOSTILE: (HOSTILE,)})
    html = dictionary._repr_html_()
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;") == 10


@given(st.text("abc ", max_size=20), st.booleans())
def test_d25_the_order_of_the_topics_changes_no_number(text, exclusive):
    topics = [Topic("one", ("a", "a b")), Topic("two", ("b", "a*")), Topic("three", ("b c",))]
    table = sentences_of(pd.DataFrame({"doc_id": ["x"], "text": [text]}))
    counted = [
        codes(table, Dictionary("d", tuple(ordered), exclusive=exclusive))
        .set_index(["sentence_id", "topic"])[["matches", "matched_words"]]
        .sort_index()
        for ordered in permutations(topics)
    ]
    assert all(one.equals(counted[0]) for one in counted)


@pytest.mark.parametrize(
    "pattern",
    [unicodedata.normalize("NFD", "café d'État"), "CAFÉ D’ÉTAT", "café\u00a0d'État",
     "  café  d'État ", "ca\u00adfé d'\u200bÉtat"],
    ids=["D26 NFD", "D26 curly", "D26 NBSP", "D26 spaces", "D26 invisible"],
)  # fmt: skip
@pytest.mark.parametrize("ending", [".toml", ".yml", ".dic", ".lc3"])
def test_d26_typography_in_a_pattern(tmp_path, pattern, ending):
    quoted = pattern.replace("'", "''")
    dictionary = read(
        tmp_path,
        {
            ".toml": f'[topics.x]\ncore = ["{pattern}"]\n',
            ".yml": f"x:\n- '{quoted}'\n",
            ".dic": f"%\n1\tx\n%\n{pattern}\t1\n",
            ".lc3": f"+x\n{pattern}\n",
        }[ending],
        ending,
    )
    text = "Un Café d’état."
    assert [text[found.start : found.end] for found in dictionary.find(text)] == ["Café d’état"]


BORDERS = {
    "a sentence": (["We saw wind. Power grew."], 0),
    "a line": (["We saw wind\nPower grew."], 0),
    "a wrapped line": (["We saw wind\npower grow."], 1),
    "a paragraph": (["We saw wind\n\npower grow."], 0),
    "a document": (["We saw wind", "power grew."], 0),
}


@pytest.mark.parametrize(("texts", "count"), BORDERS.values(), ids=[f"D27 {b}" for b in BORDERS])
def test_d27_a_phrase_stands_inside_a_sentence(texts, count):
    names = [f"d{number}" for number in range(len(texts))]
    table = sentences_of(pd.DataFrame({"doc_id": names, "text": texts}))
    for pattern in ("wind power", "wind ... power"):
        assert len(matches(table, Dictionary("d", (Topic("x", (pattern,)),)))) == count


def test_d27_a_corpus_in_parts_has_the_same_matches():
    texts = ["Wind power. Wind", "power. Wind power!"]
    table = sentences_of(pd.DataFrame({"doc_id": ["a", "b"], "text": texts}))
    dictionary = Dictionary("d", (Topic("x", ("wind power",)),))
    parts = [matches(table[place : place + 1], dictionary) for place in range(len(table))]
    rows = [row for part in parts for row in part.to_numpy().tolist()]
    assert rows == matches(table, dictionary).to_numpy().tolist()
    assert [row[0] for row in rows] == ["a", "b"]


@pytest.mark.parametrize("exclude", [("wind*",), ("*i*",), ("* power",)])
def test_d28_an_exclusion_that_touches_everything(exclude):
    dictionary = Dictionary("d", (Topic("x", ("wind", "wind power"), exclude=exclude),))
    assert dictionary.find("Wind power") == []


def test_a_dictionary_shows_itself():
    words = tuple(f"word{number}" for number in range(14))
    topics = (Topic("wind", words, ("breeze",), description="On wind."), Topic("sun", ("sun",)))
    html = Dictionary("Energy", topics, {"wind": ("wynd",)}, {"ship": ("frigate",)})._repr_html_()
    assert "<b>Energy</b>: 2 topics; topics are independent" in html
    assert "<summary><i>core</i> (14): <code>word0</code>" in html
    assert "<u>and 2 more</u></summary><code>word12</code> · <code>word13</code></details>" in html
    for shown in (
        "On wind.",
        "<i>broad</i> (1): <code>breeze</code>",
        "lists: 1",
        "{ship}",
        "wynd",
    ):
        assert shown in html
    assert html.count("<i>exclude</i>") == 0
    assert html == Dictionary("Energy", topics, {"wind": ("wynd",)}, {"ship": ("frigate",)}
                              )._repr_html_()  # fmt: skip
    alone = Dictionary("Energy", topics, exclusive=True)._repr_html_()
    assert "topics compete for the text" in alone
    assert "lists" not in alone

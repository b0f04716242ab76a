"""Dictionaries in the formats of other tools: by fixtures, by what is refused, and by laws."""

import re
import sys
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Dictionary, InputError, InputWarning, Topic, read_dictionary, write_dictionary
from analysis.corpus.folding import fold
from analysis.study.looking import edited
from analysis.topics.dictionary import SCOPES
from analysis.topics.formats import FORMATS
from tests import ROOT

FIXTURES = ROOT / "tests/reference" / "dictionaries"
OTHERS = [name for name in FORMATS if name != "toml"]
TINY = (
    Topic("A CATEGORY", ("more", "lamb", "little")),
    Topic("ANOTHER CATEGORY", ("had", "mary")),
)
NESTED = (
    Topic("security", ("army*",)),
    Topic("security/cyber", ("cyber security", "hacker*")),
    Topic("trade", ("tariff*",)),
)


def read(tmp_path, text, format=None, ending=".txt"):
    file = tmp_path / f"d{ending}"
    file.write_text(text, encoding="utf-8", newline="")
    return read_dictionary(file, format=format)


def patterns(dictionary):
    return {topic.name: list(topic.core) for topic in dictionary.topics}


def quietly(function, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        return function(*arguments, **options)


# Reading what other tools write


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("tiny.*")), ids=lambda file: file.name)
def test_the_same_dictionary_in_every_format(file):
    assert read_dictionary(file) == Dictionary("tiny", TINY)


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("nested.*")), ids=lambda file: file.name)
def test_a_category_in_a_category_is_a_topic_of_its_own(file):
    topics = read_dictionary(file).topics
    assert [topic.name for topic in topics] == [topic.name for topic in NESTED]
    for topic, expected in zip(topics, NESTED, strict=True):
        assert [pattern.lower() for pattern in topic.core] == list(expected.core)


def test_there_is_a_fixture_a_format():
    endings = {ending for one in FORMATS.values() for ending in one.endings[:1]}
    assert {file.suffix for file in FIXTURES.glob("tiny.*")} == endings


@pytest.mark.parametrize("ending", [".txt", ".toml", ".dic", ""])
@pytest.mark.parametrize("file", sorted(FIXTURES.iterdir()), ids=lambda file: file.name)
def test_the_content_tells_the_format_not_the_name(tmp_path, file, ending):
    copy = tmp_path / f"{file.stem}{ending}"
    copy.write_bytes(file.read_bytes())
    assert read_dictionary(copy) == read_dictionary(file)


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("format", OTHERS)
def test_encodings_and_line_ends(tmp_path, format, encoding, line_end):
    original = FIXTURES / f"tiny{FORMATS[format].endings[0]}"
    text = original.read_text("utf-8").replace("lamb", "agneau d’été")
    file = tmp_path / "tiny.txt"
    file.write_text(text, encoding=encoding, newline=line_end)
    assert patterns(read_dictionary(file))["A CATEGORY"] == ["more", "agneau d’été", "little"]


@pytest.mark.parametrize("format", OTHERS)
def test_windows_1252_is_read_with_a_warning(tmp_path, format):
    text = (FIXTURES / f"tiny{FORMATS[format].endings[0]}").read_text("utf-8")
    file = tmp_path / "tiny.txt"
    file.write_bytes(text.replace("lamb", "été").encode("cp1252"))
    with pytest.warns(InputWarning, match="Windows-1252"):
        assert "été" in patterns(read_dictionary(file))["A CATEGORY"]


LIWC = "%\n1\tone\n2\ttwo\n%\n"

READ = [
    ("yaml", "one: word\n", {"one": ["word"]}),
    ("yaml", "one:\n  - a b\n  - two:\n    - 'no'\n", {"one": ["a b"], "one/two": ["no"]}),
    ("yaml", "one:\n  __: x\n  two: {three: ['y', '12:30']}\n",
     {"one": ["x"], "one/two/three": ["y", "12:30"]}),
    ("yaml", "# a: b\n'yes': ['*ber', \"c: d\"]\n", {"yes": ["*ber", "c: d"]}),
    ("liwc", LIWC + "g 20 \t 1\nx\t1 2\ny 1  2\n", {"one": ["g 20", "x", "y"], "two": ["x", "y"]}),
    ("liwc", LIWC + "kind of\t1\t\t2\nx\t002\n", {"one": ["kind of"], "two": ["kind of", "x"]}),
    ("liwc", "%\n  1 one\n%\n5 eyes\t1\n:)\t1\nso 1\n", {"one": ["5 eyes", ":)", "so"]}),
    ("liwc", "%\n1\tfunction (Function Words)\n\t2\tpronoun\n\t\t3\tI\n4\tu\n%\nme\t2\t3\nu*\t4\n",
     {"function (Function Words)/pronoun": ["me"],
      "function (Function Words)/pronoun/I": ["me"], "u": ["u*"]}),
    ("wordstat", "A B\n  SO_LONG (1)\n  C\n\tx (1.00)\nD\n\ty (1)\n",
     {"A B": ["SO LONG"], "A B/C": ["x"], "D": ["y"]}),
    ("lexicoder", "\n+A b\n a  c \n\n+B#AA0000\nx**\n", {"A b": ["a c"], "B": ["x**"]}),
    ("yoshikoder", '<dictionary><cnode name="r"><pnode name="a"/></cnode></dictionary>',
     {"r": ["a"]}),
    ("yoshikoder", '<dictionary><cnode name="r"><pnode name="a"/></cnode>'
     '<cnode name="s"><pnode name="&amp;b" score="1"/></cnode></dictionary>',
     {"r": ["a"], "s": ["&b"]}),
]  # fmt: skip


@pytest.mark.parametrize(("format", "text", "topics"), READ)
def test_read(tmp_path, format, text, topics):
    assert patterns(quietly(read, tmp_path, text)) == topics
    assert patterns(quietly(read, tmp_path, text, format)) == topics


def test_names_and_descriptions_of_yoshikoder(tmp_path):
    text = (
        '<dictionary><cnode name="All"><cnode name="x" desc="On x.">'
        '<pnode name="a"/></cnode></cnode></dictionary>'
    )
    topic = Topic("x", ("a",), description="On x.")
    assert read(tmp_path, text) == Dictionary("All", (topic,))


# What is left out is named


@pytest.mark.parametrize(
    ("text", "topics", "messages"),
    [
        (LIWC + "like\t(02 134)125/464\t1\nof\t2\n", {"one": ["like"], "two": ["of"]},
         ["line 5: the condition (02 134)125/464 of 'like'"]),
        (LIWC + "kind\t<of>131/125 2\na\t1\n", {"one": ["a"], "two": ["kind"]},
         ["line 5: the condition <of>131/125 of 'kind'"]),
        (LIWC + "a\t1\t7\nb\t2\n", {"one": ["a"], "two": ["b"]},
         ["line 5: 'a' in category 7, which is not there"]),
        (LIWC + "# note\t1\n#nato\t1\na\t2\n", {"one": ["#nato"], "two": ["a"]},
         ["line 5: '# note', which looks like a remark"]),
        (LIWC + "a\t1\n", {"one": ["a"]}, ["line 3: topic 'two', which has no pattern"]),
        (LIWC + "a\t1\nwh?\t2\nb*c\t2\n* d\t2\n", {"one": ["a"]},
         ["line 6: 'wh?' of topic 'two'", "line 7: 'b*c'", "line 8: '* d'", "line 3: topic 'two'"]),
        ("one: [a, 'b {c}', 'd … e', 'f ...']\n", {"one": ["a"]},
         ["line 1: 'b {c}' of topic 'one'", "'d … e'", "'f ...'"]),
        ("+A\na\nb?\n", {"A": ["a"]}, ["line 3: 'b?'"]),
        ("A\n\tx (1)\n\t@RULE [A NEAR B] (1)\nB\n", {"A": ["x"]},
         ["line 3: '@RULE [A NEAR B]'", "line 4: topic 'B'"]),
        ('<dictionary>\n<cnode name="r" desc="On all.">\n<cnode name="x">\n<pnode name="a"/>\n'
         '<pnode name="b?"/></cnode></cnode></dictionary>', {"x": ["a"]},
         ["line 2: the description", "line 5: 'b?'"]),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_named(tmp_path, text, topics, messages):
    with pytest.warns(InputWarning, match="left out, as it cannot be counted here") as warned:
        assert patterns(read(tmp_path, text)) == topics
    for message in messages:
        assert message in str(warned[0].message)


@pytest.mark.parametrize("word", ["safe* 1\t2", "safe*  1\t 2", "safe* 1 2\t2"])
def test_liwc_numbers_before_a_tab_are_categories(tmp_path, word):
    with pytest.warns(InputWarning) as warned:
        assert patterns(read(tmp_path, LIWC + word)) == {"one": ["safe*"], "two": ["safe*"]}
    assert "numbers before a tab are read as categories" in str(warned[0].message)


def test_a_pattern_of_the_older_lexicoder_without_a_space_after_it(tmp_path):
    text = (
        '<dictionary style="Lexicoder" name="n">\n<cnode name="x">\n<pnode name=" a "/>\n'
        '<pnode name=" b"/></cnode></dictionary>'
    )
    with pytest.warns(InputWarning, match=r"1 patterns \(the first in line 4\) end without"):
        assert patterns(read(tmp_path, text)) == {"x": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [x]\nb: [X]\n", "'X' stands in 'a' and 'b'|'x' stands in 'a' and 'b'"),
        ("a: [x, X]\n", "'x' stands twice in topic 'a'; it counts once"),
        ("a: ['*a*']\n", "matches almost every word"),
        (
            "a: ['train.*']\n",
            r"'train.*' stands for itself; write 'train\*' .* or 'regex: train.\*'",
        ),
        ("a: ['fuzzy: train']\n", "'fuzzy: ' in 'fuzzy: train' stands for itself; .* case: or reg"),
        (
            LIWC + "safe* 2\t2\nx\t1\n",
            r"before a tab are read as .*: line 5: 'safe\*' in 2, 2; wri",
        ),
        ("a: ['gas(es)?']\n", r"'\(' in 'gas\(es\)\?' stands for itself"),
    ],
)
def test_patterns_are_looked_at_as_in_toml(tmp_path, text, message):
    with pytest.warns(InputWarning, match=message):
        read(tmp_path, text)


# What is refused


def xml(inner, head=""):
    return f'<dictionary {head}>\n<cnode name="r">\n{inner}\n</cnode></dictionary>'


REFUSED = [
    # YAML: the line, and the line as it should be
    ("a: [x]\nno: [y]\n", 2, ["the key no is read as false", "write 'no': [y]"]),
    ("a:\n  - on\n", 2, ["on is read as true", "write - 'on'"]),
    ("a: [x, 12:30]\n", 1, ["12:30 is read as 750", "write a: [x, '12:30']"]),
    ("a:\n- 012\n", 2, ["012 is read as 10", "write - '012'"]),
    ("a:\n- 1e3\n", 2, ["1e3 is read as something else than text", "write - '1e3'"]),
    ("a:\n- y # yes\n", 2, ["write - 'y' # yes"]),
    ("a:\n- 2026-02-30\n", 2, ["read as a timestamp", "'2026-02-30'"]),
    ("a:\n- null\n", 2, ["null is read as nothing", "write - 'null'"]),
    ("a:\n- ~\n", 2, ["read as nothing", "write - '~'"]),
    ("a:\nb: [x]\n", 1, ["is empty", 'write NAME: ["a word"]']),
    ("1: [x]\n", 1, ["the key 1 is read as 1", "write '1': [x]"]),
    ("a:\n- *ber\n", 2, ["*ber is an alias", "write - '*ber'"]),
    ("a:\n- x\n- *ber*\n", 3, ["write - '*ber*'"]),
    ("a: [*, b]\n", 1, ["write a: ['*', b]"]),
    ("a: [x, *ber man]\n", 1, ["write a: [x, '*ber man']"]),
    ("a:\n- @nato\n", 2, ["cannot start", "write - '@nato'"]),
    ("a: &x [x]\nb: *x\n", 1, ["&x is an anchor"]),
    ("a: !!python/object/apply:os.system [ls]\n", 1, ["python/object/apply:os.system is a tag"]),
    ("a: !x y\n", 1, ["!x is a tag"]),
    ("a: [x]\nb: [z]\na: [w]\n", 3, ["'a' stands twice, first in line 1"]),
    ("a: [x]\nA: [z]\n", 2, ["topic 'A' stands twice, first as 'a' in line 1"]),
    ("a:\n\t- x\n", 2, ["a tab", "write   - x"]),
    ("a: [x\n", 2, ["not YAML", "mend"]),
    ("a: " + "[" * 5000, 1, ["deep"]),
    ("".join(" " * n + f"k{n}:\n" for n in range(30)) + " " * 30 + "- x\n", 21, ["deep"]),
    ("a: [[x]]\n", 1, ["a list stands in a list"]),
    ("- a: [b]\n  c: [d]\n---\n- e\n", 3, ["not YAML"]),
    ("? [a]\n: b\n", 1, ["the key is not text"]),
    ("a: [x, '']\n", 1, ["topic 'a': the pattern '' is blank"]),
    ("a:\n- x\n- '*'\n", 3, ["'*' matches every word"]),
    ("'': [x]\n", 1, ["blank name"]),
    ("a: [x]\n\x07: [y]\n", 2, ["cannot stand in YAML"]),
    # LIWC
    ("%\n1\tone\nx\t1\n", None, ["1 lines with %"]),
    ("%\n1\tone\nfour\n%\nx\t1\n", 3, ["'four' is not a number and a name"]),
    ("%\n1\tone\n1\ttwo\n%\nx\t1\n", 3, ["the number 1 stands twice"]),
    ("%\n1\tone\n2\tOne\n%\nx\t1\n", 3, ["topic 'One' stands twice, first as 'one' in line 2"]),
    (LIWC + "a\t1\nb\n", 6, ["'b' names no category", "a tab"]),
    (LIWC + "kind of 1\n", 5, ["'kind of 1' names no category"]),
    (LIWC, None, ["no topic"]),
    # XML
    ('<!DOCTYPE d [<!ENTITY a "b">]>\n' + xml("&a;"), 1, ["document type"]),
    ('\n<!DOCTYPE d SYSTEM "file:///etc/hostname">\n' + xml(""), 2, ["document type"]),
    (xml('<pnode name="&a;"/>'), 3, ["not XML", "undefined entity"]),
    (xml('<pnode name="a"/>', 'patternengine="regexp"'), 1, ["regular expressions"]),
    (xml('<pnode name="a"/>\n<pnode name="b" score="0.5"/>'), 4, ["'b' has the score 0.5"]),
    (xml('<pnode name="a">\n'), 5, ["not XML", "mismatched"]),
    (xml("<a/>"), 3, ["<a> cannot stand here"]),
    ('<dictionary>\n<pnode name="a"/></dictionary>', 2, ["<pnode> cannot stand here"]),
    ("<ykproject><dictionary></dictionary></ykproject>", 1, ["<ykproject> cannot stand here"]),
    ("<dictionary>\n" + '<cnode name="a">\n' * 40, 23, ["deep"]),
    (xml('<cnode name="a"><pnode name="x"/></cnode><cnode name="a"><pnode name="y"/></cnode>'), 3,
     ["topic 'a' stands twice"]),
    ("<dictionary></dictionary>", None, ["no topic"]),
    # Lexicoder
    ("+\nx\n", 1, ["blank name"]),
    ("+A\nx\n+A\ny\n", 3, ["topic 'A' stands twice"]),
    # WordStat
    ("A\n\tx (1)\n\ty (2)\n", 3, ["'y' has the weight 2"]),
    ("A\n\tx (0.5)\n", 2, ["'x' has the weight 0.5"]),
    ("A\n\tx (1)\nA\n\ty (1)\n", 3, ["topic 'A' stands twice"]),
    ("x (1)\nA\n\tx (1)\n", 1, ["'x' stands in no category"]),
    ("A\n\t (1)\n", 2, ["'' is blank"]),
    # None of them
    ("more\nlamb\n", None, ["none of the dictionary formats", *FORMATS]),
    ("topics = " + "[" * 5000, None, ["too deep"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "words"), REFUSED)
def test_what_is_refused(tmp_path, text, line, words):
    place = re.escape(str(tmp_path / "d.txt")) + (f", line {line}: " if line else ": ")
    with pytest.raises(InputError, match=place) as raised:
        quietly(read, tmp_path, text)
    for word in words:
        assert word in str(raised.value)


def test_a_word_before_the_first_category_of_lexicoder(tmp_path):
    with pytest.raises(InputError, match=r"line 1: 'x' stands before the first category"):
        read(tmp_path, "x\n+A\ny\n", "lexicoder")


@pytest.mark.parametrize("text", ["word\n", "- a\n- b\n"])
def test_yaml_without_a_key(tmp_path, text):
    with pytest.raises(InputError, match=r"line 1: there is no key; write NAME: \["):
        read(tmp_path, text, "yaml")


def test_an_empty_yaml_file(tmp_path):
    with pytest.raises(InputError, match="no topic with a pattern"):
        read(tmp_path, "# nothing\n", "yaml")


def test_an_alias_bomb_is_refused_before_it_grows(tmp_path):
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)
    )
    with pytest.raises(InputError, match="line 1: &a0 is an anchor"):
        read(tmp_path, bomb)


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.topics.formats.MAX_SIZE", 10)
    with pytest.raises(InputError, match="it has 14 characters; at most 10"):
        read(tmp_path, "a: [x, y, zzz]")


def test_yaml_without_its_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(InputError, match=r"PyYAML; install it: .*\[dictionaries\]"):
        read(tmp_path, "a: [x]\n")


def test_a_broken_toml_file_names_what_is_wrong_with_it(tmp_path):
    with pytest.raises(InputError, match="line 1: Expected '=' after a key"):
        read(tmp_path, "nonsense\n", ending=".toml")


def test_an_odd_character_is_warned_of_once(tmp_path):
    file = tmp_path / "d.toml"
    file.write_bytes('[topics.a]\ncore = ["été"]\n'.encode("cp1252"))
    with pytest.warns(InputWarning, match="Windows-1252") as warned:
        read_dictionary(file)
    assert len(warned) == 1


def test_an_unknown_format(tmp_path):
    with pytest.raises(InputError, match="format='xls' is not a format of dictionaries"):
        read(tmp_path, "a: [x]\n", "xls")
    with pytest.raises(InputError, match="format='xls' is not a format of dictionaries"):
        write_dictionary(Dictionary("d", TINY), tmp_path / "d.toml", format="xls")
    with pytest.raises(InputError, match=r"ending '.xls' stands for no format; use one of .dic"):
        write_dictionary(Dictionary("d", TINY), tmp_path / "d.xls")


# Writing


def written(dictionary, folder, format):
    file = folder / f"{dictionary.name}{FORMATS[format].endings[0]}"
    write_dictionary(dictionary, file)
    return read_dictionary(file)


@pytest.mark.parametrize("topics", [TINY, NESTED], ids=["tiny", "nested"])
@pytest.mark.parametrize("format", FORMATS)
def test_what_every_format_holds_comes_back(tmp_path, format, topics):
    dictionary = Dictionary("d", topics)
    assert written(dictionary, tmp_path, format) == dictionary
    assert [file.name for file in tmp_path.iterdir()] == [f"d{FORMATS[format].endings[0]}"]


@pytest.mark.parametrize(
    ("format", "line"),
    [("yaml", "  cyber:"), ("liwc", "\t2\tcyber"), ("wordstat", "\tcyber"),
     ("yoshikoder", '  <cnode name="cyber">'), ("lcd", '  <cnode name="cyber">')],
)  # fmt: skip
def test_categories_are_nested_again(tmp_path, format, line):
    written(Dictionary("d", NESTED), tmp_path, format)
    (file,) = tmp_path.iterdir()
    assert line in file.read_text("utf-8").split("\n")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "names",
    [["a/x", "b", "a/y"], ["a/x", "a"], ["a//b", "/"], ["a", "a / b"], ["/".join("a" * 30)]],
)
def test_the_order_of_the_topics_is_kept(tmp_path, format, names):
    topics = tuple(Topic(name, (f"word{n}",)) for n, name in enumerate(names))
    assert written(Dictionary("d", topics), tmp_path, format).topics == topics


FULL = Dictionary(
    "full",
    (
        Topic(
            "wind",
            core=("defense wind", "buy {plant}", "a ... b"),
            broad=("breeze",),
            exclude=("wind up",),
            description="On wind.",
            match=("Wind blows.",),
            no_match=("We wind up.",),
        ),
    ),
    variants={"defense": ("defence",)},
    lists={"plant": ("mill", "farm*")},
    exclusive=True,
)


def test_toml_keeps_everything(tmp_path):
    assert written(FULL, tmp_path, "toml") == FULL


@pytest.mark.parametrize("format", OTHERS)
def test_what_is_lost_is_named(tmp_path, format):
    file = tmp_path / "other.txt"
    with pytest.warns(InputWarning) as warned:
        write_dictionary(FULL, file, format=format)
    text = "\n".join(str(one.message) for one in warned)
    for words in [
        f"{format} cannot hold of topic 'wind'",
        "1 core patterns ('a ... b')",
        "1 broad patterns ('breeze')",
        "1 exclude patterns ('wind up')",
        "2 examples",
        "topic 'wind' gets 2 more patterns",
        f"{format} cannot hold that the dictionary is exclusive",
    ]:
        assert words in text
    assert ("its description" in text) is ("description" not in FORMATS[format].holds)
    assert ("the name 'full'" in text) is ("name" not in FORMATS[format].holds)
    again = read_dictionary(file).topics[0]
    assert again.core == ("defense wind", "defence wind", "buy mill", "buy farm*")
    for sentence in ["Defence wind.", "Buy a mill; buy mills", "They buy farms"]:
        found = [list(Dictionary("d", (topic,), FULL.variants, FULL.lists).find(sentence))
                 for topic in (FULL.topics[0], again)]  # fmt: skip
        assert [match[2:] for match in found[0]] == [match[2:] for match in found[1]]


KINDS = ("case: US", "regex: cyber.{0,3}war", "regex: (a|b)... {x}")


def test_toml_keeps_patterns_of_every_kind(tmp_path):
    topics = (Topic("x", ("word", *KINDS), broad=KINDS[:1], exclude=KINDS), Topic("y", ("us",)))
    dictionary = Dictionary("d", topics)
    with pytest.warns(InputWarning) as warned:
        assert written(dictionary, tmp_path, "toml") == dictionary
    # 'case: US' is doubled, 'us' and the signs of the expressions are nothing to warn of.
    assert [str(one.message).partition(": ")[2] for one in warned] == [
        "'case: US' stands twice in topic 'x'; it counts once"
    ]


@pytest.mark.parametrize("format", OTHERS)
def test_patterns_with_their_case_and_expressions_are_lost_by_name(tmp_path, format):
    lists = {"x": tuple(f"w{number}" for number in range(1500))}
    topics = (Topic("x", ("word", *KINDS, "case: {x} {x}")),)
    with pytest.warns(InputWarning, match=re.escape("4 core patterns ('case: US', 'regex: cyb")):
        assert patterns(written(Dictionary("d", topics, lists=lists), tmp_path, format)) == {
            "x": ["word"]
        }


@pytest.mark.parametrize("pattern", ["case: us", "regex: cyber", "Case: US"])
def test_other_tools_mean_the_words_themselves(tmp_path, pattern):
    text = f"+x\nword\n{pattern}\n"
    with pytest.warns(InputWarning, match=f"line 3: '{pattern}' of topic 'x'"):
        assert patterns(read(tmp_path, text)) == {"x": ["word"]}


@pytest.mark.parametrize(
    ("format", "pattern"),
    [("liwc", "wom?n"), ("liwc", "a*b"), ("yoshikoder", "wom?n"), ("lcd", "wom?n"),
     ("lexicoder", "wom?n"), ("lexicoder", "+1"), ("wordstat", "a_b"), ("wordstat", "@nato")],
)  # fmt: skip
def test_a_sign_that_means_something_else_there(tmp_path, format, pattern):
    dictionary = Dictionary("d", (Topic("x", ("a", pattern)),))
    with pytest.warns(InputWarning, match=re.escape(f"1 core patterns ({pattern!r})")):
        assert patterns(written(dictionary, tmp_path, format)) == {"x": ["a"]}


def test_a_pattern_written_out_twice_stands_once(tmp_path):
    dictionary = Dictionary("d", (Topic("x", ("{l}", "A")),), lists={"l": ("a", "b")})
    assert patterns(quietly(written, dictionary, tmp_path, "yaml")) == {"x": ["a", "b"]}


def many(count):
    return {"l": tuple(f"w{n}" for n in range(count))}


@pytest.mark.parametrize(
    "dictionary",
    [
        Dictionary("d", (Topic("x", ("{l} {l} {l} {l} {l} {l}",)),), lists=many(50)),
        Dictionary("d", (Topic("x", ("{l}",)), Topic("y", ("z {l}",))), lists=many(1500)),
        Dictionary("d", (Topic("x", ("a",)),), {"a": many(2500)["l"]}),
    ],
    ids=["one", "together", "variants"],
)
def test_too_much_to_write_out(tmp_path, dictionary):
    with pytest.raises(InputError, match="becomes too many patterns"):
        quietly(written, dictionary, tmp_path, "yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_large_dictionary_without_lists_is_written(tmp_path):
    dictionary = Dictionary("d", (Topic("x", many(5000)["l"]),))
    assert written(dictionary, tmp_path, "liwc") == dictionary


@pytest.mark.parametrize(
    ("format", "topics", "message"),
    [
        ("toml", (), "there is no topic"),
        ("yaml", (Topic("x", ()),), "topic 'x' has no pattern"),
        ("liwc", (Topic("x", ("a ... b",)),), "'x' has no pattern that liwc can hold"),
        ("liwc", (Topic("a\nb", ("c",)),), "liwc cannot hold these topics"),
        ("wordstat", (Topic("y", ("a",)), Topic("x (1)", ("b",))), "cannot hold these topics"),
        ("yoshikoder", (Topic("a\x01", ("b",)),), "cannot hold these topics: this is not XML"),
        ("yaml", (Topic("a  b", ("c",)),), "topic 'a  b' would be read as"),
    ],
)
def test_what_cannot_be_written(tmp_path, format, topics, message):
    with pytest.raises(InputError, match=re.escape(message)):
        quietly(written, Dictionary("d", topics), tmp_path, format)
    assert list(tmp_path.iterdir()) == []


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        write_dictionary(Dictionary("d", TINY), tmp_path / "none" / "d.toml")


# Laws

letters = st.text(
    st.sampled_from("abnoyeABNO01.:-'\"#&!%@=+|<>[](),\\/~é’\u00a0😀\x7f"), min_size=1, max_size=6
)
word = letters.filter(lambda text: fold(text).text.strip().strip("*?. -"))
phrase = st.lists(word, min_size=1, max_size=3).map(" ".join).filter(
    lambda text: "..." not in fold(text).text
)  # fmt: skip
some = st.lists(phrase, max_size=3, unique_by=lambda text: fold(text).text).map(tuple)
name = st.text(st.sampled_from("abnoy01.:'\"#é/ \\"), min_size=1, max_size=5).filter(
    lambda text: text == " ".join(text.split())
)


def distinct(topics):
    """Topics that do not share a pattern: those are warned of, which is tested elsewhere."""
    seen: set = set()
    return all(
        not (folded in seen or seen.add(folded))
        for topic in topics
        for folded in {fold(one).text.strip() for one in topic.core + topic.broad}
    ) and all(
        len({fold(one).text.strip() for one in both}) == len(both)
        for topic in topics
        for both in [topic.core + topic.broad]
    )


def dictionaries(**more):
    topic = st.builds(Topic, name, some.filter(bool), **more)
    return st.lists(topic, min_size=1, max_size=4, unique_by=lambda one: one.name.casefold()).map(
        tuple
    ).filter(distinct)  # fmt: skip


text = st.text(st.sampled_from("ab \n\t\"'\\#é\x00\x7f😀"), max_size=8)
full = st.builds(
    Dictionary,
    text,
    dictionaries(broad=some, exclude=some, context=some, description=text.map(str.strip),
                 context_within=st.sampled_from(SCOPES),
                 match=st.tuples(text), no_match=st.tuples(text)),
    st.dictionaries(word, some, max_size=2),  # a blank variant is refused
    st.dictionaries(letters, some, max_size=2),
    st.booleans(),
)  # fmt: skip


@given(full)
def test_toml_reads_back_equal(tmp_path_factory, dictionary):
    file = tmp_path_factory.getbasetemp() / "any.toml"
    write_dictionary(dictionary, file)
    assert quietly(read_dictionary, file) == dictionary


@given(full, st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("core", "broad", "exclude", "context"),
    st.lists(phrase | st.sampled_from(["", " ", *KINDS]), max_size=3).map("\n".join),
)), st.sampled_from([None, *SCOPES]))  # fmt: skip
def test_what_is_edited_reads_back_equal(tmp_path_factory, dictionary, written, within):
    file = tmp_path_factory.getbasetemp() / "edited.toml"
    topic = dictionary.topics[-1].name
    try:
        other = quietly(edited, dictionary, topic, within=within, **written)
    except InputError as error:
        assert "has no pattern" in str(error)
        assert not written["core"].strip()
        return
    write_dictionary(other, file)
    assert quietly(read_dictionary, file) == other
    assert other.topics[:-1] == dictionary.topics[:-1]


@pytest.mark.parametrize("format", OTHERS)
@given(topics=dictionaries())
def test_other_formats_read_back_equal_or_name_what_is_lost(tmp_path_factory, format, topics):
    file = tmp_path_factory.getbasetemp() / f"any{FORMATS[format].endings[0]}"
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            write_dictionary(Dictionary("any", topics), file)
        except InputError as error:
            assert re.search("can hold|cannot hold these topics", str(error))
            return
    again = quietly(read_dictionary, file, format=format)
    assert again.topic_names == [topic.name for topic in topics]
    messages = "".join(str(one.message) for one in warned)
    for topic, read in zip(topics, again.topics, strict=True):
        kept = {fold(one).text.strip() for one in read.core}
        left = [one for one in topic.core if fold(one).text.strip() not in kept]
        assert len(kept) + len(left) == len(topic.core)
        assert all(repr(one) in messages for one in left)

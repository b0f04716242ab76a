"""TOML: faults name their line; a table is checked by the list of its keys."""

import re

import pytest

from analysis.errors import InputError
from analysis.io.toml import Key, check_keys, check_table, line_of, read_toml


@pytest.fixture
def file(tmp_path):
    return tmp_path / "input.toml"


def problem(file, line, *words):
    """The message names file and line, says each of the words and what to do."""
    return (
        "^"
        + "".join(f"(?=.*{re.escape(word)})" for word in words)
        + re.escape(f"{file}, line {line}: ")
        + ".+; .+"
    )


def test_toml(file):
    file.write_bytes(b'\xef\xbb\xbfa = "x"\r\n[b]\r\nc = 1\r\n')
    assert read_toml(file) == {"a": "x", "b": {"c": 1}}


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ('[x]\n"a\n', 2), ("a = 1\n\na = 2\n", 3)]
)
def test_toml_errors_name_the_line(file, text, line):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=problem(file, line)):
        read_toml(file)


def test_unknown_keys_name_their_line_and_the_known_ones(file):
    file.write_text("[a]\ncolours = 1\ncolour = 2\n", encoding="utf-8")
    assert line_of(file, "colour") == 3
    assert line_of(file, "hue") is None
    check_keys({"hue": 1}, {"hue": None}, "[a]", file)
    with pytest.raises(InputError, match=problem(file, 3, "[a]", "'colour'", "hue, size")):
        check_keys({"colour": 2}, {"hue": None, "size": None}, "[a]", file)


KEYS = {
    "name": Key(str),
    "group": Key((str, list), ()),
    "level": Key(float, 0.95),
    "place": Key(str, "first", ("first", "last")),
    "once": Key(bool, default=False),
    "more": Key(dict, {}),
}


def checked(file, text):
    file.write_text(f"[part]\n{text}", encoding="utf-8")
    return check_table(read_toml(file)["part"], KEYS, "[part]", file)


def test_a_table_has_the_values_of_all_its_keys(file):
    assert checked(file, 'name = "a"\nlevel = 1') == {
        "name": "a", "group": (), "level": 1.0, "place": "first", "once": False, "more": {},
    }  # fmt: skip
    assert isinstance(checked(file, 'name = "a"\nlevel = 1')["level"], float)
    got = checked(file, 'name = "a"\ngroup = ["b"]\nonce = true\n[part.more]\nx = 1')
    assert (got["group"], got["once"], got["more"]) == (["b"], True, {"x": 1})


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, ["[part] has no 'name'; write name = ... there"]),
        ("name = 3", 2, ["[part] name is 3; write a text in quotes"]),
        ('name = ""', 2, ["[part] name is empty; write what name is, or leave the line out"]),
        ('name = "a"\ngroup = [1]', 3, ["is [1]; write a text in quotes or a list of texts"]),
        ('name = "a"\nlevel = true', 3, ["[part] level is True; write a number"]),
        ('name = "a"\nonce = 1', 3, ["[part] once is 1; write true or false"]),
        ('name = "a"\nmore = 1', 3, ["[part] more is 1; write a table"]),
        ('name = "a"\nplace = "top"', 3, ["place is 'top'; choose one of first, last"]),
        ('nam = "a"', 2, ["[part] has an unknown key 'nam'; did you mean 'name'?"]),
    ],
)
def test_a_table_that_is_wrong(file, text, line, words):
    with pytest.raises(InputError, match=problem(file, line, *words)):
        checked(file, text)


def test_a_word_can_stand_for_the_line_and_a_name_for_the_table(file):
    file.write_text('[[rule]]\nname = "menu"\nplace = 1\n', encoding="utf-8")
    (rule,) = read_toml(file)["rule"]
    with pytest.raises(InputError, match=problem(file, 2, "rule 'menu': place is 1")):
        check_table(rule, KEYS, "rule 'menu'", file, at="menu")

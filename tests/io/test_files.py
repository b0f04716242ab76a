"""Text in any usual encoding, CSV with line numbers, and writes that are whole."""

import codecs
import errno
import os
import re
from pathlib import Path

import pytest

from analysis.errors import InputError, InputWarning
from analysis.io.csv import read_rows
from analysis.io.files import read_text, replace_file, sha256

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "input.txt"


def problem(file, line, *words):
    """The message names file and line, says each of the words and what to do."""
    place = re.escape(str(file) + (f", line {line}: " if line else ": "))
    return "^" + "".join(f"(?=.*{re.escape(word)})" for word in words) + place + ".+; .+"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Hervé – “x”".encode(), "Hervé – “x”"),
        (codecs.BOM_UTF8 + b"doc_id", "doc_id"),
        (codecs.BOM_UTF16_LE + "Hervé".encode("utf-16-le"), "Hervé"),
        (codecs.BOM_UTF16_BE + "Hervé".encode("utf-16-be"), "Hervé"),
        (b"a\r\nb\rc\nd", "a\r\nb\rc\nd"),
        ("a\u2028b\x85c\x0bd".encode(), "a\u2028b\x85c\x0bd"),
        (b"", ""),
    ],
)
def test_text_is_read_as_given(file, raw, text):
    file.write_bytes(raw)
    assert read_text(file) == text


@pytest.mark.parametrize(
    ("raw", "text", "where"),
    [
        (b"one\nHerv\xe9", "one\nHervé", "line 2: byte 8"),
        (b"a \x93cyber\x94 \x96 b", "a “cyber” – b", "line 1: byte 2"),
    ],
)
def test_western_encodings_are_read_with_a_warning(file, raw, text, where):
    file.write_bytes(raw)
    with pytest.warns(InputWarning, match=f"{re.escape(str(file))}, {where}.*Windows-1252"):
        assert read_text(file) == text


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        ("Hanoi".encode("utf-16-le"), None, ["NUL", "byte 1", "UTF-16 without its mark"]),
        (b"ab\0c", None, ["NUL", "byte 2", "binary"]),
        (b"a\nb\x81", 2, ["byte 3", "\\x81"]),
        (codecs.BOM_UTF16_LE + b"a", 1, ["byte 2"]),
        (b"%PDF-1.7", None, ["a PDF"]),
        (b"PK\x03\x04..", None, ["a zip, docx or xlsx file"]),
        (b"\x1f\x8b\x08", None, ["gzip"]),
        (b"\n <!DOCTYPE html><p>", None, ["HTML"]),
        (b"<HTML>", None, ["HTML"]),
    ],
)
def test_what_is_not_text_is_named(file, raw, line, words):
    file.write_bytes(raw)
    with pytest.raises(InputError, match=problem(file, line, *words)):
        read_text(file)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(InputError, match=problem(tmp_path / "x", None, "no such file")):
        read_text(tmp_path / "x")
    with pytest.raises(InputError, match=problem(tmp_path, None, "a folder")):
        read_text(tmp_path)


@posix
def test_links_and_pipes(tmp_path):
    link, loop, pipe = (tmp_path / name for name in ("link", "loop", "pipe"))
    link.symlink_to("nowhere.txt")
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    for path, word in ((link, "nowhere.txt"), (loop, "loop"), (pipe, "not a regular file")):
        with pytest.raises(InputError, match=problem(path, None, word)):
            read_text(path)


def refusing(number):
    def refuse(self):
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_file_that_may_not_be_read(file, monkeypatch):
    file.touch()
    monkeypatch.setattr(Path, "read_bytes", refusing(errno.EACCES))
    with pytest.raises(InputError, match=re.escape(f"{file}: ") + ".*Permission denied"):
        read_text(file)


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE])
def test_a_drive_that_fails_while_a_file_is_read(file, monkeypatch, number):
    file.write_bytes(b"Wind grows.")
    monkeypatch.setattr(Path, "read_bytes", refusing(number))
    with pytest.raises(InputError, match=problem(file, None, os.strerror(number))):
        read_text(file)


def rows(file, text):
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rows(file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n3,4\n", [(2, ["1", "2"]), (3, ["3", "4"])]),
        ("\ufeffa,b\r\n1,2\r\n\r\n3,4", [(2, ["1", "2"]), (4, ["3", "4"])]),
        ("a,b\r1,2\r3,4\r", [(2, ["1", "2"]), (3, ["3", "4"])]),
        ("a,b\n1,2".encode("utf-16"), [(2, ["1", "2"])]),
        ('a,b\n"1\n1","2, 2"\n3,4\n', [(2, ["1\n1", "2, 2"]), (4, ["3", "4"])]),
        ("\n a , b\n\nNA,001\nnull,1e5\n", [(4, ["NA", "001"]), (5, ["null", "1e5"])]),
        ("a,b\n1,x\x0by\x85z\u2028w\n", [(2, ["1", "x\x0by\x85z\u2028w"])]),
        (f"a,b\n1,{'x' * 200_000}\n", [(2, ["1", "x" * 200_000])]),
    ],
)
def test_rows(file, text, expected):
    assert rows(file, text) == (["a", "b"], expected)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a,b\n1,2\n1,2,3\n", 3, ["3 values", "2 column names"]),
        ("a,b\n1\n", 2, ["1 value", "2 column names"]),
        ("a,b\n1,2,3\n4,5,6\n", 2, ["3 values"]),
        ('a,b\n"1\n1",2\n3\n', 4, ["1 value"]),
        ("a,a\n1,2\n", 1, ["'a' stands twice"]),
        ("a,\n1,2\n", 1, ["no name"]),
        (",a,a\n0,1,2\n", 1, ["'a' stands twice"]),  # beside the index that a program wrote
        ("a;b\n1;2;3\n", 2, ["3 values"]),
        ("a\tb\n1\n", 2, ["1 value"]),
        ('a,b\n1,2\n"x,3\n4,5\n', 3, ["quotes"]),
        ('a,b\n1,2\n"x"y,3\n', 3, ["quotes"]),
        (b"PK\x03\x04", None, ["xlsx"]),
        ("", None, ["empty"]),
        ("\n \n", None, ["empty"]),
    ],
)
def test_rows_that_are_wrong(file, text, line, words):
    with pytest.raises(InputError, match=problem(file, line, *words)):
        rows(file, text)


def test_one_column_is_no_index(file):
    file.write_text("Unnamed: 0\n0\n1\n", "utf-8")
    assert read_rows(file) == (["Unnamed: 0"], [(2, ["0"]), (3, ["1"])])


# Writing


def test_replace_file(file, monkeypatch):
    replace_file(file, "Hervé\n")
    assert file.read_bytes() == "Hervé\n".encode()
    assert sha256(file) == "b4bdebf4002edf4a186c504dd70534405c3412f7f377777c9967cad7a86056c8"

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        replace_file(file, "half")
    assert file.read_bytes() == "Hervé\n".encode()
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_who_writes_the_same_file_at_the_same_time_writes_it_whole(file):
    def first():
        yield "first "
        replace_file(file, "second")  # begins later and ends sooner
        assert file.read_text("utf-8") == "second"
        yield "whole"

    replace_file(file, first())
    assert file.read_text("utf-8") == "first whole"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_with_the_longest_name_can_be_written(tmp_path):
    path = tmp_path / ("a" * 251 + ".txt")
    replace_file(path, "whole")
    assert path.read_text("utf-8") == "whole"


def test_text_decoded_twice_is_warned_of(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Herv\u00c3\u00a9", "utf-8")
    with pytest.warns(InputWarning, match="looks like UTF-8 decoded twice"):
        assert read_text(path) == "Herv\u00c3\u00a9"


def test_utf_32_is_read(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Herv\u00e9".encode("utf-32"))
    assert read_text(path) == "Herv\u00e9"


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    replace_file(tmp_path / "a.txt", "cyber \ud800")
    assert (tmp_path / "a.txt").read_text("utf-8") == "cyber \\ud800"

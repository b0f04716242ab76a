"""Where two versions of a file differ: nothing is missed, and nothing is told that is the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.study.check.causes import Change, moved, movers, paired
from analysis.study.check.differences import (
    ABSENT,
    PRESENT,
    of_notebooks,
    of_tables,
    of_texts,
    of_values,
)
from analysis.study.record import of_articles, of_code, of_dictionary, of_notebook

TALLY = "party,topic,hits,size\nGreen,wind,2,3\nGreen,coal,1,3\nRed,wind,1,3\n"


def tables(tmp_path, now):
    paths = (tmp_path / "was.csv", tmp_path / "now.csv")
    for path, text in zip(paths, (TALLY, now), strict=True):
        path.write_text(text, encoding="utf-8")
    return of_tables(*paths)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "Green,coal,1,3",
            "Green,coal,2,4",
            [("Green, coal: hits", "1", "2"), ("Green, coal: size", "3", "4")],
        ),
        ("Red,wind,1,3\n", "", [("row Red, wind", PRESENT, ABSENT)]),
        ("Red,wind,1,3\n", "Red,wind,1,3\nRed,coal,0,3\n", [("row Red, coal", ABSENT, PRESENT)]),
        (
            "Red,wind",
            "Blue,wind",
            [("row Red, wind", PRESENT, ABSENT), ("row Blue, wind", ABSENT, PRESENT)],
        ),
        (
            "hits,size",
            "hits,sum",
            [("column size", PRESENT, ABSENT), ("column sum", ABSENT, PRESENT)],
        ),
        (
            "Green,wind,2,3\nGreen,coal,1,3\n",
            "Green,coal,1,3\nGreen,wind,2,3\n",
            [("", "the same cells", "written otherwise")],
        ),
        (
            "wind,2,3\n",
            "wind,2,3\nGreen,wind,2,3\n",
            [("row Green, wind, 2, 3 #2", ABSENT, PRESENT)],
        ),
        (
            "Green,coal,1,3",
            "Green,coal,1",
            [("", "3 values stand under 4 column names", "a table")],
        ),
        (
            TALLY,
            "a\n1\n",
            [(f"column {name}", PRESENT, ABSENT) for name in ("party", "topic", "hits", "size")]
            + [("column a", ABSENT, PRESENT)],
        ),
        (
            TALLY,
            "party,topic,hits,size\n",
            [(f"row {r}", PRESENT, ABSENT) for r in ("Green, wind", "Green, coal", "Red, wind")],
        ),
    ],
)
def test_tables(tmp_path, old, new, found):
    assert TALLY.count(old) == 1
    assert tables(tmp_path, TALLY.replace(old, new)) == found


def test_a_row_is_called_by_the_fewest_columns_that_tell_it_apart(tmp_path):
    was, now = tmp_path / "was.csv", tmp_path / "now.csv"
    text = "doc_id,party,topic,hits\na,Red,wind,1\na,Red,coal,1\nb,Red,wind,1\n"
    was.write_text(text, encoding="utf-8")
    now.write_text(text.replace("coal,1", "coal,2"), encoding="utf-8")
    assert of_tables(was, now) == [("a, coal: hits", "1", "2")]


lines = st.lists(st.sampled_from("abc"), max_size=6)


@given(lines, lines)
def test_the_lines_that_differ_are_all_of_them(was, now):
    found = of_texts(was, now)
    assert (found == []) == (was == now)
    gone = [line for _, line, _ in found if line != ABSENT]
    come = [line for _, _, line in found if line != ABSENT]
    assert sorted([*now, *gone]) == sorted([*was, *come])


def test_a_line_that_comes_moves_no_other():
    assert of_texts(["a", "b"], ["a", "new", "b"]) == [("line 2", ABSENT, "new")]


values = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
)


@given(values, values)
def test_looked_at_from_the_other_side_was_and_is_change_places(was, now):
    there, back = of_values(was, now), of_values(now, was)
    assert sorted((where, new, old) for where, old, new in there) == sorted(back)
    assert of_values(was, was) == []


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (1, 2, ("a", "1", "2")),
        (None, "x", ("a", ABSENT, "x")),
        (0.12341, 0.12342, ("a", "0.12341", "0.12342")),
        (0.051234567, 0.25, ("a", "0.05123", "0.25")),
        ([{"name": "Red", "hits": 1}], [{"name": "Red", "hits": 2}], ("a, Red, hits", "1", "2")),
        ([{"hits": 1}], [{"hits": 2}], ("a, 1, hits", "1", "2")),
        (["thin"], [], ("a, thin", PRESENT, ABSENT)),
    ],
)
def test_values(was, now, found):
    assert of_values({"a": was}, {"a": now}) == [found]


# Notebooks


def notebook(*cells):
    """The text of a notebook: each cell is its source, its count and its output, or Markdown."""
    made = []
    for cell in cells:
        if isinstance(cell, str):
            made.append({"cell_type": "markdown", "source": [cell]})
            continue
        source, count, *said = cell
        outputs = [
            one if isinstance(one, dict) else {"data": {"text/plain": [one]}} for one in said
        ]
        made.append(
            {"cell_type": "code", "source": [source], "execution_count": count, "outputs": outputs}
        )
    return json.dumps({"cells": made})


NOW = notebook("Title", ("n", 1, "12"), ("", None), ("m", 2, "3\n4"))


def picture(data):
    return {"data": {"image/png": data}}


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        (NOW.replace("3\\n4", "3\\n5"), NOW, [("cell [2], line 2", "5", "4")]),
        (
            notebook("Title", ("n", 1, "12"), ("", None), ("m", 2)),
            NOW,
            [("cell [2], line 1", ABSENT, "3"), ("cell [2], line 2", ABSENT, "4")],
        ),
        (
            notebook("Title", ("n", 2, "12"), ("", None), ("m", 1, "3\n4")),
            NOW,
            [("execution counts", "2, 1", "1, 2")],
        ),
        (
            notebook("Title", ("n", 1, "12"), ("", None), ("m", None, "3\n4")),
            NOW,
            [("execution counts", "1, none", "1, 2")],
        ),
        (
            notebook("Title", ("n", None), ("", None), ("m", None)),
            NOW,
            [("", "never executed", "executed")],
        ),
        (NOW.replace("{", "{ ", 1), NOW, [("", "the same outputs", "written otherwise")]),
        (
            notebook(("n", 1, {"text": "a\n"})),
            notebook(("n", 1, {"text": "b\n"})),
            [("cell [1], line 1", "a", "b")],
        ),
        (
            notebook(("n", 1, {"traceback": ["no"]})),
            notebook(("n", 1, "1")),
            [("cell [1], line 1", "no", "1")],
        ),
    ],
)
def test_notebooks(was, now, found):
    assert of_notebooks(was, now) == found


def test_a_table_in_a_notebook_is_told_as_plain_text_unless_that_is_the_same():
    def table(plain, html):
        return notebook(("n", 1, {"data": {"text/html": f"<td>{html}</td>", "text/plain": plain}}))

    assert of_notebooks(table("1", "1"), table("2", "2")) == [("cell [1], line 1", "1", "2")]
    assert of_notebooks(table("1", "1"), table("1", "2")) == [
        ("cell [1], line 1", "<td>1</td>", "<td>2</td>")
    ]


def test_a_picture_in_a_notebook_is_told_by_its_fingerprint():
    [(where, was, now)] = of_notebooks(*(notebook(("n", 1, picture(one))) for one in ("AA", "BB")))
    assert where == "cell [1], line 1"
    assert was != now
    assert was.startswith("(image/png ")
    inside = '<img src="data:image/png;base64,{}">'
    [(_, was, now)] = of_notebooks(
        *(notebook(("n", 1, inside.format(one))) for one in ("AA", "BB"))
    )
    assert was != now
    assert len(was) == len('<img src="">') + 16


# Fingerprints and findings


def test_code_is_the_same_with_other_line_ends_and_another_dictionary(tmp_path):
    (tmp_path / "data").mkdir()
    module, dictionary = tmp_path / "a.py", tmp_path / "data/d.toml"
    module.write_bytes(b"x = 1\ny = 2\n")
    dictionary.write_bytes(b"one")
    before = of_code(tmp_path)
    module.write_bytes(b"x = 1\r\ny = 2\r\n")
    dictionary.write_bytes(b"two")
    (tmp_path / "a.pyc").write_bytes(b"x")
    assert of_code(tmp_path) == before
    module.write_bytes(b"x = 1\ny = 3\n")
    assert of_code(tmp_path) != before


def test_what_an_article_says_and_what_is_known_of_it_are_told_apart(documents):
    before, after = of_articles(documents), of_articles(documents.assign(party=["Green", "Blue"]))
    assert before["texts"] == after["texts"]
    assert [name for name in "ab" if before["variables"][name] != after["variables"][name]] == ["b"]


def test_the_order_of_patterns_is_no_part_of_a_topic(energy):
    topics = of_dictionary(energy)["topics"]
    assert list(topics) == ["wind", "sun", "coal", "jobs"]
    assert list(topics["wind"]) == ["core", "broad", "exclude"]  # and a context, if there is one
    assert topics["wind"]["core"] != topics["sun"]["core"]
    assert topics["wind"]["broad"] == topics["sun"]["broad"]


def test_markdown_is_no_code_of_a_notebook():
    one, other = of_notebook(NOW), of_notebook(NOW.replace("Title", "Heading"))
    assert one["code"] == other["code"]
    assert one["file"] != other["file"]


def finding(kind="contrast", topic="wind", groups=("Red", "Green"), **parts):
    rest = {"text": "t", "status": "observed", "evidence": [], "values": {}}
    return {"kind": kind, "topic": topic, "groups": list(groups)} | rest | parts


def test_findings_are_paired_by_groups_only_where_there_are_several():
    one, other = finding(), finding(groups=("Red", "Blue"))
    assert list(paired([one], [other])) == ["contrast: wind"]
    assert list(paired([one], [one, other])) == [
        *("contrast: wind: Green and Red", "contrast: wind: Blue and Red")
    ]
    assert list(paired([one, one], [])) == [
        *("contrast: wind: Green and Red", "contrast: wind: Green and Red #2")
    ]


def test_a_text_that_moved_stands_for_its_numbers():
    new = finding(text="u", status="supported", values={"hits": 2})
    assert moved(finding(), new) == [("text", "t", "u"), ("status", "observed", "supported")]
    assert moved(finding(), None) == [("text", "t", ABSENT)]


def change(what, **bearing):
    return Change("input", what, "", "", "", **bearing)


GROUPS = {"a": {"Red"}, "b": {"Blue"}, "c": {"Blue"}}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ([change("a", article="a"), change("b", article="b")], "a"),
        ([change("b", article="b"), change("c", article="c")], "c"),  # quoted
        ([change("b", article="b")], "b"),  # of all findings, none other can have
        ([change("wind", topic="wind"), change("coal", topic="coal")], "wind"),
        ([change("level"), change("b", article="b")], "level"),
        ([change("a.txt", explained=True), change("a", article="a")], "a"),
        ([change("a.txt", explained=True)], "a.txt"),
        ([], ""),
    ],
)
def test_what_can_have_moved_a_finding(changed, named):
    quoted = finding(evidence=[{"doc_id": "c", "quote": "q", "patterns": []}])
    assert movers(changed, GROUPS, (finding(), quoted)) == named


def test_a_finding_on_no_topic_can_be_moved_by_any():
    changed = [change("coal", topic="coal"), change("b", article="b")]
    assert movers(changed, GROUPS, (None, finding(topic=None))) == "coal"

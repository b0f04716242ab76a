"""The public checks hold every registered member to its contract, and see each fault."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import InputError, check_format, check_measure, check_reader
from analysis.corpus.readers.files import FILES
from analysis.estimates.measures import MEASURES
from analysis.topics.formats import FORMATS
from analysis.words.association import MEASURES as KEYNESS
from analysis.words.association import Association
from analysis.words.distances import PROXIMITIES
from tests.corpus.readers.test_readers import ARTICLE, WRITERS

# `check_figure` runs on every plot in tests/figures/test_checks.py.
LINES = (".txt", ".md", ".pdf", ".eml")  # whose paragraphs stand here without an empty line between


@pytest.mark.parametrize("kind", FILES)
def test_every_reader(tmp_path, kind):
    WRITERS[kind](path := tmp_path / f"a{kind}", ARTICLE)
    text = ("\n" if kind in LINES else "\n\n").join(ARTICLE)
    text = text.replace("‑", "-") if kind == ".pdf" else text
    check_reader(FILES[kind].read, path.read_bytes(), text=text)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(name):
    check_format(FORMATS[name])


@pytest.mark.parametrize(
    ("kind", "measure"),
    [
        *(("keyness", one.function) for one in KEYNESS.values()),
        *(("similarity", one) for one in PROXIMITIES.values()),
        *(("emphasis", one) for one in MEASURES.values()),
    ],
    ids=[*KEYNESS, *PROXIMITIES, *MEASURES],
)
def test_every_measure(kind, measure):
    check_measure(measure, kind=kind)


TWICE = iter(range(1000))


def exits(raw, path):
    if raw != b"Wind.":
        raise SystemExit
    return raw.decode()


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        (lambda raw, path: raw, "it gives bytes, not a text"),
        (lambda raw, path: raw.decode().lower(), "it gives 'wind.', not 'Wind.'"),
        (lambda raw, path: f"Wind.{next(TWICE) or ''}", "it gives another text the second time"),
        (lambda raw, path: raw.decode() if raw == b"Wind." else None, "a damaged file it gives No"),
    ],
)
def test_faults_of_a_reader(read, fault):
    with pytest.raises(AssertionError, match=f"^the contract is broken: .*{fault}"):
        check_reader(read, b"Wind.", text="Wind.")


def test_a_reader_that_opens_another_file(tmp_path):
    other = tmp_path / "other"
    other.touch()
    with pytest.raises(AssertionError, match=r"it opens something by io\.open"):
        check_reader(
            lambda raw, path: raw.decode() + other.read_text("utf-8"), b"Wind.", text="Wind."
        )
    with pytest.raises(SystemExit):
        check_reader(exits, b"Wind.", text="Wind.")


LIWC = FORMATS["liwc"]


def raises(error):
    def parse(text, path):
        if "mary" not in text or "had" not in text:
            raise error
        return LIWC.parse(text, path)

    return parse


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        ({"endings": ("dic",)}, "an ending has no point"),
        ({"endings": ()}, "it has no ending"),
        ({"write": lambda d: LIWC.write(d).rstrip()}, "its last line has no end"),
        ({"write": lambda d: f"{LIWC.write(d)}x{next(TWICE)}\t1\n"}, "it writes two files of one"),
        ({"looks_like": lambda text: False}, "it does not know its own file"),
        ({"looks_like": lambda text: True}, "it takes prose for a dictionary"),
        ({"write": lambda d: LIWC.write(d).replace("lamb", "lamp")}, "reads back as"),
        ({"parse": raises(KeyError("x"))}, r"KeyError\('x'\) of"),
    ],
)
def test_faults_of_a_format(spoilt, fault):
    with pytest.raises(AssertionError, match=f"^the contract is broken: .*{fault}"):
        check_format(replace(LIWC, **spoilt))


def keyness(y1, n1, y2, n2, prior):
    return y1 / n1 - y2 / n2


SHARE = MEASURES["sentence_share"]


@pytest.mark.parametrize(
    ("kind", "measure", "fault"),
    [
        ("keyness", lambda *a: keyness(*a)[:1], "one number a word"),
        ("keyness", lambda *a: -keyness(*a), "makes its estimate smaller"),
        ("keyness", lambda y1, n1, y2, n2, prior: y1 / (y2 * 0), "its estimate is not finite"),
        ("keyness", lambda *a: Association(keyness(*a), None, None, keyness(*a) + 2), "a p-value"),
        ("similarity", lambda p, q: np.float64(0), "one number a pair"),
        ("similarity", lambda p, q: abs(p - q).sum(axis=-1), "between 0 and 1"),
        ("similarity", lambda p, q: p[..., 0], "not symmetric"),
        ("similarity", lambda p, q: (p * q).sum(axis=-1), "not always as alike"),
        ("emphasis", replace(SHARE, hits=lambda s: s["coded"] / 2), "no integers"),
        ("emphasis", replace(SHARE, hits=lambda s: s["words"]), "more hits than units"),
        ("emphasis", replace(SHARE, hits=lambda s: s["coded"] * (s["coded"] < s["coded"].max())),
         "depend on other articles"),
        ("emphasis", replace(SHARE, hits=lambda s: s["sentences"]), "hits where nothing matched"),
    ],
)  # fmt: skip
def test_faults_of_a_measure(kind, measure, fault):
    with warnings.catch_warnings(), pytest.raises(AssertionError, match=fault):
        warnings.simplefilter("ignore", RuntimeWarning)
        check_measure(measure, kind=kind)


def test_a_kind_that_is_none():
    with pytest.raises(InputError, match="kind='length' is not a kind of measure; choose one of"):
        check_measure(pd.Series.sum, kind="length")

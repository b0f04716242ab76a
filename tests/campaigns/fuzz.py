"""Bytes and texts from nowhere: only an InputError may leave, and laws hold. Writes fuzz.csv.

    python tests/campaigns/fuzz.py [EXAMPLES] [SEED] [TARGET ...]

Each target takes bytes: a file of its kind that was cut, doubled, spliced and spoilt, or signs that
matter to it. What breaks a target is made as small as it can be and kept in `found/`, which the
tests try again (tests/test_trust.py). It fails if anything was found.
"""

import csv
import hashlib
import io
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

import pandas as pd  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

import analysis as an  # noqa: E402
from analysis.corpus.folding import fold  # noqa: E402
from analysis.corpus.readers.files import FILES  # noqa: E402
from analysis.prose.language import read_language  # noqa: E402
from analysis.topics.formats import FORMATS  # noqa: E402
from tests.corpus.readers import test_parlamint_tei as parlamint_tei  # noqa: E402
from tests.corpus.readers.archives_by_hand import DOWNLOADS  # noqa: E402
from tests.corpus.readers.test_readers import ARTICLE, WRITERS  # noqa: E402
from tests.corpus.test_roles import CODED, HEADER, TABLE  # noqa: E402
from tests.validation.test_codes import SHEET  # noqa: E402
from tests.validation.test_codes import table as coded_sentences  # noqa: E402

FOUND = HERE / "found"
CODE = b'{"doc_id": "%s", "start": 0, "end": %d, "topic": "wind", "coder": "A", "answer": "%s"}\n'
CODE_LINES = CODE % (b"a", 16, b"yes") + CODE % (b"b", 11, b"no")
SLOW = 10  # CPU seconds for one small input are a fault as well
SIGNS = [*"aA.,;:!?-'\"*()[]{}<>&|\\/=+@#$%^_~` \t\n\r0", "\r\n", "...", "case: ", "regex: ", "\0"]
SIGNS += ["\u00ad", "\u200b", "\u2028", "\u202e", "\ufeff", "\ud800", "é", "e\u0301", "ẞ", "İ", "ﬁ"]
SIGNS += [
    "’",
    "–",
    "“",
    "”",
    "«",
    "»",
    "。",
    "。」",
    "।",
    "؟",
    "网络",
    "ไทย",
    "한국",
    "¹",
    "²",
    "😀",
    "👨‍👩‍👧",
]
SIGNS += ["Mr. ", "U.S. ", "z. B. ", "NA", "1e999", "2020-01-01", "wind", "Wind farms grow. "]


class Target(NamedTuple):
    """What is tried with some bytes in a folder, and files that the bytes are made of."""

    attempt: Callable[[bytes, Path], object]
    seeds: tuple[bytes, ...] = ()


def put(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def text_of(raw: bytes) -> str:
    """The text of bytes, half pairs and all."""
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def articles(name):
    return lambda raw, folder: an.read_articles(put(folder / name, raw))


def in_folder(name):
    def attempt(raw, folder):
        put(folder / name, raw)
        return an.sentences(an.read_articles(folder))

    return attempt


def packed(name, whole, part):
    """The bytes are a part of a packed file, which is whole around them."""

    def attempt(raw, folder):
        with zipfile.ZipFile(io.BytesIO(whole)) as given:
            parts = {one: given.read(one) for one in given.namelist()} | {part: raw}
        with zipfile.ZipFile(folder / name, "w") as made:
            for one, content in parts.items():
                made.writestr(one, content)
        return an.read_articles(folder / name if name.startswith("t.") else folder)

    with zipfile.ZipFile(io.BytesIO(whole)) as given:
        return Target(attempt, (given.read(part),))


def metadata(raw, folder):
    put(folder / "a.txt", b"Wind farms grow.")
    put(folder / "b.txt", b"Coal stays.")
    table = put(folder / "articles.csv", raw)
    return an.read_articles(folder, table, by="party", dates="date")


def parlamint(name):
    """The bytes are one file of a folder of speeches, which is whole around it."""
    made = parlamint_tei.sitting("2020-07-01"), parlamint_tei.PEOPLE, parlamint_tei.PARTIES
    names = ("sitting.xml", "people.xml", "parties.xml", "corpus.xml")
    whole = dict(zip(names, (*made, parlamint_tei.corpus(())), strict=True))

    def attempt(raw, folder):
        for one, text in whole.items():
            put(folder / one, raw if one == name else text.encode())
        return an.read_articles(folder, dates="Date")

    return Target(attempt, (whole[name].encode(),))


def dictionary(name, format=None):
    def attempt(raw, folder):
        read = an.read_dictionary(put(folder / name, raw), format=format)
        return read.find("Wind farms grow; the army’s cyber-security pays.")

    return attempt


def study(raw, folder):
    for name in ("articles", "notebooks", "figures"):
        (folder / name).mkdir(exist_ok=True)
    return an.read_study(put(folder / "study.toml", raw))


def folding(raw, folder):
    text = text_of(raw)
    folded = fold(text)
    assert fold(folded.text).text == folded.text or set(text) & {*"\u00ad\u200b\u200d\u2060\ufeff"}
    places = [*zip(folded.starts, folded.ends, strict=True)]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert [*folded.starts] == sorted(folded.starts)


def segmentation(raw, folder):
    text = raw.decode("utf-8", "replace")  # no table of pandas holds half of a pair
    table = an.sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    for start, end, said in zip(table["start"], table["end"], table["text"], strict=True):
        assert text[start:end] == said
    assert (table["start"].iloc[1:].to_numpy() >= table["end"].iloc[:-1].to_numpy()).all()


def matching(raw, folder):
    pattern, _, text = text_of(raw).partition("\n")
    found = an.Dictionary("d", (an.Topic("t", (pattern[:200],)),)).find(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


def escaping(raw, folder):
    text = raw.decode("utf-8", "replace")
    tables = [pd.DataFrame({"name": [one], "n": [1]}) for one in (text, "x")]
    back = an.read_table(put(folder / "t.csv", an.to_csv(tables[0]).encode("utf-8", "replace")))
    kept = text.encode("utf-8", "replace").decode()
    assert "\0" in text or str(back["name"].iloc[0]) == kept or back["name"].isna().iloc[0]
    html, plain = (an.table_html(one)._repr_html_() for one in tables)
    assert html.count("<") == plain.count("<")
    latex, plain = (an.to_latex(one) for one in tables)
    assert latex.count(r" \\") == plain.count(r" \\")
    assert (
        len(an.to_markdown(tables[0]).splitlines())
        == len(an.to_markdown(tables[1]).split("\n")) - 1
    )


def wording(raw, folder):
    return read_language(put(folder / "own.toml", raw))


def articles_written():
    """A file of every kind, made by hand."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in WRITERS.items():
            path = Path(folder) / f"a{kind}"
            write(path, ARTICLE)
            yield kind, path.read_bytes()


def table_seeds():
    frame = pd.DataFrame(
        {"doc_id": ["a", "b"], "party": ["G", "R"], "text": ["Wind.", "Coal; oil."]}
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame.to_parquet(folder / "t.parquet")
        frame.to_excel(folder / "t.xlsx", index=False)
        return {
            "csv": frame.to_csv(index=False).encode(),
            "tsv": frame.to_csv(index=False, sep="\t").encode(),
            "jsonl": frame.to_json(orient="records", lines=True).encode(),
            "parquet": (folder / "t.parquet").read_bytes(),
            "xlsx": (folder / "t.xlsx").read_bytes(),
        }


def targets() -> dict[str, Target]:
    dictionaries = {
        name: tuple(path.read_bytes() for path in (ROOT / "tests/reference/dictionaries").iterdir()
                    if path.suffix in one.endings)
        for name, one in FORMATS.items()
    }  # fmt: skip
    template = ROOT / "analysis/study/template"
    wordings = ROOT / "analysis/prose/wordings"
    found = {f"article {kind}": Target(in_folder(f"a{kind}"), (raw,))
             for kind, raw in articles_written()}  # fmt: skip
    assert set(found) == {f"article {kind}" for kind in FILES}
    found |= {f"download {name}": Target(articles(one.name), (one.raw,))
              for name, one in DOWNLOADS.items()}  # fmt: skip
    found |= {f"table {kind}": Target(articles(f"t.{kind}"), (raw,))
              for kind, raw in table_seeds().items()}  # fmt: skip
    found |= {f"dictionary {name}": Target(dictionary("d.txt", name), raws)
              for name, raws in dictionaries.items()}  # fmt: skip
    body, sheet = "word/document.xml", "xl/worksheets/sheet1.xml"
    found["inside Word"] = packed("a.docx", found["article .docx"].seeds[0], body)
    found["inside Nexis Word"] = packed("a.docx", DOWNLOADS["Nexis Word"].raw, body)
    found["inside a workbook"] = packed("t.xlsx", found["table xlsx"].seeds[0], sheet)
    found |= {f"ParlaMint {name}": parlamint(f"{name}.xml")
              for name in ("sitting", "people", "parties", "corpus")}  # fmt: skip
    return found | {
        "dictionary of any format": Target(dictionary("d.txt"), sum(dictionaries.values(), ())),
        "metadata": Target(metadata, (b"file,party,date\na.txt,G,2020-01-01\nb.txt,R,\n",)),
        "roles": Target(lambda raw, folder: an.read_roles(put(folder / "r.csv", raw), TABLE),
                        (CODED.encode(), HEADER.encode())),
        "codes": Target(
            lambda raw, folder: an.read_codes(put(folder / "c.csv", raw), coded_sentences()),
            (SHEET.encode(),)),
        "codes in JSON lines": Target(
            lambda raw, folder: an.read_codes(put(folder / "c.jsonl", raw), coded_sentences()),
            (CODE_LINES,)),
        "boilerplate": Target(
            lambda raw, folder: an.sentences(
                an.read_articles(put(folder / "t.csv", b"text\nWind. By Ann Lee\n")),
                boilerplate=an.read_boilerplate(put(folder / "b.toml", raw))),
            ((ROOT / "seeds/boilerplate.toml").read_bytes(),)),
        "study file": Target(study, ((template / "study.toml").read_bytes(),
                                     (ROOT / "study.toml").read_bytes())),
        "wording": Target(wording, tuple(path.read_bytes() for path in wordings.glob("*.toml"))),
        "folding": Target(folding),
        "segmentation": Target(segmentation),
        "matching": Target(matching),
        "escaping": Target(escaping),
    }  # fmt: skip


def pieces():
    signs = st.sampled_from([sign.encode("utf-8", "surrogatepass") for sign in SIGNS])
    return st.lists(signs | st.binary(max_size=2), max_size=12).map(b"".join)


@st.composite
def spoilt(draw, seeds):
    """One of some files, with a few pieces cut out, put in, doubled or replaced."""
    raw = draw(st.sampled_from(seeds))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 2, 4]))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from([0, 0, 1, 1, 3, 40])))
        few = st.sampled_from([sign.encode("utf-8", "surrogatepass") for sign in SIGNS])
        again = st.sampled_from([raw[start:end] * 2, raw[end : end + 40], b""])
        instead = draw(few | few | pieces() | again)
        raw = raw[:start] + instead + raw[end:]
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 5)) == 5 else raw


def strategy(target):
    free = st.lists(pieces(), max_size=6).map(b"".join)
    return st.one_of(*[spoilt(target.seeds)] * 5, free) if target.seeds else free


def tried(attempt, raw):
    """Whether an input was refused; anything but a result or bad input is raised."""
    begun = time.process_time()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            attempt(raw, Path(folder))
        except an.InputError:
            return True
        finally:
            taken = time.process_time() - begun
            assert taken < SLOW, f"{taken:.0f} CPU seconds"
    return False


def campaign(name, target, examples, dice):
    """A row of the table; what breaks the target is kept."""
    count = {"tried": 0, "refused": 0}
    broken: dict[str, bytes] = {}

    @seed(dice)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=False,
        derandomize=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(target))
    def attempt(raw):
        count["tried"] += 1
        try:
            count["refused"] += tried(target.attempt, raw)
        except BaseException:
            broken["smallest"] = raw
            raise

    begun = time.process_time()
    problem = ""
    try:
        attempt()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        problem = f"{type(error).__name__}: {error}".split("\n")[0]
        raw = broken["smallest"]
        FOUND.mkdir(exist_ok=True)
        mark = hashlib.sha256(raw).hexdigest()[:8]
        (FOUND / f"{name.replace(' ', '_')}-{mark}.bin").write_bytes(raw)
        print(f"  {problem}\n  {raw[:300]!r}", flush=True)
    seconds = round(time.process_time() - begun)
    kept = len(list(FOUND.glob(f"{name.replace(' ', '_')}-*.bin")))
    return [name, count["tried"], count["refused"], int(bool(problem)), kept, seconds]


def main(examples=500, dice=1, *names):
    rows = []
    for name, target in targets().items():
        if not names or name in names:
            rows.append(campaign(name, target, int(examples), int(dice)))
            print(*rows[-1], flush=True)
    if not names:
        with (HERE / "fuzz.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["target", "tried", "refused", "found", "kept", "cpu_seconds"])
            table.writerows(rows)
    return 1 if any(row[3] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

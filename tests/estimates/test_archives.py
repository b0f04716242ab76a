"""An archive counted in parts comes to what it comes to at once, whatever happens meanwhile."""

import contextlib
import gzip
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import dataset, parquet

import analysis as an
from analysis.errors import InputError, InputWarning
from analysis.estimates import counting, workers
from analysis.estimates.archives import tally_files
from analysis.estimates.counting import Counter
from analysis.estimates.sums import Reading
from tests import ROOT

TOPICS = an.Dictionary(
    "energy", (an.Topic("wind", ("wind", "turbine*")), an.Topic("coal", ("coal", "coal mine*")))
)
ALL = Reading(dates=("date",), within=("outlet", "date"), words=True)


def articles(number=90, seed=1):
    """Rows with everything that may differ from part to part: also dates and outlets unknown."""
    draw = random.Random(seed)
    words = [
        "the",
        "wind",
        "coal",
        "mine",
        "turbines",
        "grow in",
        "France’s",
        "ships",
        "U.S.",
        "Mr. Lee",
    ]

    def text():
        sentences = (" ".join(draw.choices(words, k=draw.randint(3, 12))) + "." for _ in range(4))
        return draw.choice(["\n\n", " "]).join(one[0].upper() + one[1:] for one in sentences)

    return [
        {
            "doc_id": f"a{place:03}",
            "party": draw.choice(["Green", "Red", "Blue"]),
            "outlet": draw.choice(["Post", "Times", ""]),
            "date": draw.choice(["2020-01-05", "2021-03-11", ""]),
            "title": f"On “{place}”",
            "text": text() if place % 30 else " ",
        }
        for place in range(number)
    ]


ROWS = articles()


@pytest.fixture
def archive(tmp_path):
    """The same articles as JSON lines and as Parquet in row groups of ten."""
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    table = pyarrow.Table.from_pylist(ROWS)
    parquet.write_table(table, tmp_path / "news.parquet", row_group_size=10)
    return tmp_path


@pytest.fixture(scope="module")
def at_once():
    """The tables of the plain functions."""
    documents = pd.DataFrame(ROWS)
    documents["date"] = documents["date"].where(documents["date"] != "")
    sentences = an.sentences(documents)
    codes = an.codes(sentences, TOPICS)
    return {
        "tally": an.tally(codes, "party", within=["outlet", "date"]),
        "by_outlet": an.tally(codes[codes["outlet"] != ""], "party", cluster="outlet"),
        "words": an.counts(sentences, "party"),
        "evidence": an.evidence(sentences, an.matches(sentences, TOPICS)),
    }


def same(found, at_once):
    """Whether an archive comes to what its articles come to at once, to the last cell."""
    assert_equal(found.tally.table, at_once["tally"].table)
    assert list(found.tally.within) == ["outlet", "date"]
    for name, stratum in found.tally.within.items():
        assert_equal(stratum.table, at_once["tally"].within[name].table)
    words = at_once["words"][["party", "feature", "count", "articles", "most"]]
    assert_equal(found.words, words)


def assert_equal(found, expected):
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True), check_dtype=False)


def evidence_of(found):
    table = dataset.dataset(list(map(str, found.evidence))).to_table().to_pandas()
    return table[["doc_id", "sentence_id", "topic", "start", "end", "quote"]]


@pytest.mark.parametrize("name", ["news.jsonl", "news.parquet"])
def test_parts_come_to_the_whole(archive, at_once, name):
    found = tally_files(archive / name, TOPICS, by="party", reading=ALL)
    same(found, at_once)
    assert found.status["articles"].sum() == 90
    assert found.status.set_index("status").loc["no_text", "articles"].sum() == 3
    emphasis = an.emphasis(found.tally).to_frame()
    pd.testing.assert_frame_equal(emphasis, an.emphasis(at_once["tally"]).to_frame())
    assert an.keyness(found.words).to_frame()["feature"].isin(["wind", "ships"]).any()


@settings(max_examples=5, deadline=None)
@given(lines=st.integers(9, 95), batch=st.integers(4, 95), order=st.randoms())
def test_no_number_depends_on_how_it_is_cut(tmp_path_factory, at_once, lines, batch, order):
    folder = tmp_path_factory.mktemp("cut")
    rows = list(ROWS)
    order.shuffle(rows)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "news.jsonl").write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "ARTICLES", batch)
        reading = Reading(**{**vars(ALL), "lines": lines})
        same(tally_files(folder / "news.jsonl", TOPICS, by="party", reading=reading), at_once)


def test_an_outlet_in_several_parts_is_one_cluster(archive, at_once):
    rows = [row for row in ROWS if row["outlet"]]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (archive / "known.jsonl").write_text(text, "utf-8")
    for lines in (7, 1000):
        reading = Reading(cluster="outlet", lines=lines)
        found = tally_files(archive / "known.jsonl", TOPICS, by="party", reading=reading)
        assert_equal(found.tally.table, at_once["by_outlet"].table)
        assert found.tally.cluster == "outlet"


def test_folders_of_files_and_of_tables(tmp_path, at_once):
    texts, tables = tmp_path / "texts", tmp_path / "tables"
    texts.mkdir()
    tables.mkdir()
    for row in ROWS:
        (texts / f"{row['doc_id']}.txt").write_text(row["text"], "utf-8", newline="")
    metadata = (
        pd.DataFrame(ROWS).drop(columns="text").assign(file=[f"a{n:03}.txt" for n in range(90)])
    )
    metadata.to_csv(tmp_path / "articles.csv", index=False)
    reading = Reading(**{**vars(ALL), "metadata": tmp_path / "articles.csv", "files": 13})
    same(tally_files(texts, TOPICS, by="party", reading=reading), at_once)
    halves = ROWS[:50], ROWS[50:]
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in halves[0]).encode())
    (tables / "one.jsonl.gz").write_bytes(packed)
    pd.DataFrame(halves[1]).to_csv(tables / "two.csv", index=False)
    same(tally_files(tables, TOPICS, by="party", reading=ALL), at_once)


def test_lines_end_in_several_ways_and_keep_their_numbers(tmp_path):
    texts = [
        json.dumps({"text": f"Wind {n} grows.\u2028Coal falls.", "party": "A", "uid": n})
        for n in range(7)
    ]
    (tmp_path / "news.jsonl").write_bytes("\r\n".join(texts).encode() + b"\r\n\r\n \n")
    with pytest.warns(match="by their number"):
        plain = an.read_articles(tmp_path / "news.jsonl")
    found = tally_files(
        tmp_path / "news.jsonl",
        TOPICS,
        by="party",
        reading=Reading(lines=2),
        keep=tmp_path / "keep",
    )
    assert sorted(evidence_of(found)["doc_id"].unique()) == sorted(plain["doc_id"])
    assert found.warnings["warning"].str.contains("by their number").any()


# Numbers lead to their sentences


def test_every_number_leads_to_its_sentences(archive, at_once):
    keep = archive / "keep"
    reading = Reading(**{**vars(ALL), "lines": 20})
    found = tally_files(archive / "news.jsonl", TOPICS, by="party", reading=reading, keep=keep)
    assert len(found.evidence) == 5
    columns = ["doc_id", "sentence_id", "topic", "start", "end", "quote"]
    assert_equal(evidence_of(found), at_once["evidence"][columns])
    for cell in an.emphasis(found.tally).to_frame().to_dict("records"):
        shown = found.evidence_for(cell)
        assert len(shown) == cell["hits"]
        quotes = [
            [quote[start:end] for start, end in spans]
            for quote, spans in zip(shown["quote"], shown["spans"], strict=True)
        ]
        assert all(text for own in quotes for text in own)
    drawn = found.sample(2)
    assert drawn.groupby(["party", "topic"]).size().tolist() == [2] * 6
    again = Reading(**{**vars(ALL), "lines": 33})
    other = tally_files(archive / "news.jsonl", TOPICS, by="party", reading=again, keep=keep)
    assert_equal(other.sample(2), drawn)
    unkept = tally_files(archive / "news.jsonl", TOPICS, by="party", reading=reading)
    with pytest.raises(InputError, match="count the archive with keep="):
        unkept.evidence_for(cell)


# What is kept


def kept_files(keep, kind):
    return sorted(keep.glob(f"*/{kind}/*.parquet"))


@pytest.mark.parametrize("kind", ["tallies", "evidence"])
def test_what_is_not_whole_is_counted_again(archive, at_once, kind):
    keep, said = archive / "keep", []
    ask = {"by": "party", "reading": ALL, "keep": keep}
    tally_files(archive / "news.parquet", TOPICS, **ask)
    before = {path: path.read_bytes() for path in kept_files(keep, kind)}
    cut, spoilt, emptied, gone = sorted(before)[1:8:2]
    cut.write_bytes(before[cut][:-9])
    middle = len(before[spoilt]) // 2
    flipped = bytes([before[spoilt][middle] ^ 1])
    spoilt.write_bytes(before[spoilt][:middle] + flipped + before[spoilt][middle + 1 :])
    emptied.write_bytes(b"")
    gone.unlink()
    found = tally_files(archive / "news.parquet", TOPICS, progress=said.append, **ask)
    same(found, at_once)
    assert {path: path.read_bytes() for path in kept_files(keep, kind)} == before
    assert sum(", 0 s" not in one and "a second" in one for one in said) <= 9


def counted_again(archive, monkeypatch, **changes):
    """How many shards are counted, not taken from what is kept."""
    numbers, count = [], counting.Counter.count
    ask = {"dictionary": TOPICS, "by": "party", "reading": ALL, "keep": archive / "keep"}
    with monkeypatch.context() as patch:
        patch.setattr(
            counting.Counter, "count", lambda *a, **b: numbers.append(1) or count(*a, **b)
        )
        tally_files(archive / "news.parquet", **{**ask, **changes})
    return len(numbers)


def test_a_finished_shard_is_counted_once(archive, monkeypatch):
    assert counted_again(archive, monkeypatch) == 9
    assert counted_again(archive, monkeypatch) == 0
    other = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    assert counted_again(archive, monkeypatch, dictionary=other) == 9
    assert counted_again(archive, monkeypatch, reading=Reading()) == 9
    assert (
        counted_again(archive, monkeypatch, by="outlet", reading=Reading(failing="leave_out")) > 0
    )
    another = {**workers.versions(), "this package's source": "another"}
    monkeypatch.setattr("analysis.estimates.keeping.versions", lambda: another)
    assert counted_again(archive, monkeypatch) == 9


def test_only_the_shard_whose_bytes_changed_is_counted_again(archive, monkeypatch):
    assert counted_again(archive, monkeypatch) == 9
    rows = [dict(row) for row in ROWS]
    rows[45]["text"] = "Wind, at last."
    table = pyarrow.Table.from_pylist(rows)
    parquet.write_table(table, archive / "news.parquet", row_group_size=10)
    assert counted_again(archive, monkeypatch) == 1


def test_a_file_that_changes_while_it_is_read_is_named(archive, monkeypatch):
    count = counting.Counter.count

    def changed(*arguments, **options):
        os.utime(archive / "news.parquet", (1, 1))
        return count(*arguments, **options)

    monkeypatch.setattr(counting.Counter, "count", changed)
    with pytest.raises(InputError, match="changed while it was read"):
        tally_files(archive / "news.parquet", TOPICS, by="party", keep=archive / "keep")
    assert not kept_files(archive / "keep", "tallies")


# Processes, and what becomes of them


def bytes_of(found):
    tables = [found.tally.table, *(one.table for one in found.tally.within.values())]
    return [table.to_csv(index=False) for table in [*tables, found.status, found.words]]


@pytest.mark.filterwarnings("ignore")  # joblib's, of a worker that stopped
def test_processes_give_the_same_bytes_also_when_one_is_killed(archive, at_once):
    from joblib.externals.loky import reusable_executor

    path = archive / "news.parquet"
    serial = tally_files(path, TOPICS, by="party", reading=ALL)
    same(serial, at_once)
    killed = []

    def kill_one(said):
        if not killed:
            killed.append(next(iter(reusable_executor._executor._processes)))
            os.kill(killed[0], signal.SIGKILL)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib's, of a worker that stopped
        found = tally_files(
            path,
            TOPICS,
            by="party",
            reading=ALL,
            n_jobs=2,
            keep=archive / "keep",
            progress=kill_one,
        )
    assert killed
    assert bytes_of(found) == bytes_of(serial)
    assert len(kept_files(archive / "keep", "tallies")) == 9
    assert_equal(evidence_of(found), at_once["evidence"][list(evidence_of(found).columns)])


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed")
    options = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(n_workers=2, **options) as cluster,
        distributed.Client(cluster) as client,
    ):
        warnings.simplefilter("ignore")
        yield client


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(archive, client):
    import joblib

    serial = tally_files(archive / "news.parquet", TOPICS, by="party", reading=ALL)
    ask = {"by": "party", "reading": ALL, "keep": archive / "keep"}
    killed = []

    def kill_one(said):
        if not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with joblib.parallel_config(backend="dask"):
        found = tally_files(archive / "news.parquet", TOPICS, progress=kill_one, **ask)
    assert killed
    assert bytes_of(found) == bytes_of(serial)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_names_an_article_that_ends_its_workers(archive, client):
    import joblib

    topics = poisoned(archive, ends_the_process)
    with (
        joblib.parallel_config(backend="dask"),
        pytest.raises(InputError, match="'a044' ends the process"),
    ):
        tally_files(archive / "poisoned.parquet", topics, by="party", keep=archive / "keep")


def letters(text):
    """A segmenter."""
    return list(text)


def ends_the_process(text):
    """A segmenter of which one text is the death."""
    if "毒" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(text)


def fails(text):
    """A segmenter that cannot do one text."""
    if "毒" in text:
        raise ValueError("no such word")
    return list(text)


def poisoned(archive, segmenter):
    rows = [dict(row) for row in ROWS]
    rows[44]["text"] = "毒。风力。"
    table = pyarrow.Table.from_pylist(rows)
    parquet.write_table(table, archive / "poisoned.parquet", row_group_size=30)
    return an.Dictionary(TOPICS.name, TOPICS.topics, segmenter=segmenter)


@pytest.mark.filterwarnings("ignore")  # joblib's, of workers that stopped
def test_an_article_that_ends_its_process_is_left_out_if_asked(archive):
    topics, path = poisoned(archive, ends_the_process), archive / "poisoned.parquet"
    reading = Reading(failing="leave_out")
    found = tally_files(path, topics, by="party", reading=reading, n_jobs=2)
    left_out = found.status[found.status["status"] == "left_out"]
    assert left_out["articles"].tolist() == [1]
    assert found.warnings["example"].str.contains("a044").any()
    pd.DataFrame([row for row in ROWS if row["doc_id"] != "a044"]).to_parquet(path)
    gentle = an.Dictionary(TOPICS.name, TOPICS.topics, segmenter=letters)
    assert_equal(found.tally.table, tally_files(path, gentle, by="party").tally.table)


def test_an_article_that_cannot_be_counted_is_named_and_left_out_only_if_asked(archive):
    topics, path = poisoned(archive, fails), archive / "poisoned.parquet"
    with pytest.raises(InputError, match=r"poisoned.parquet, line 45: 'a044' .*no such word"):
        tally_files(path, topics, by="party")
    for reading in (Reading(failing="leave_out"), Reading(leave_out=("a044",))):
        found = tally_files(path, topics, by="party", reading=reading)
        assert found.status.query("status == 'left_out'")["articles"].tolist() == [1]
        assert found.status["articles"].sum() == 90


def test_what_cannot_be_read_is_left_out_only_if_asked(archive):
    rows = [dict(row) for row in ROWS]
    rows[3]["text"], rows[50]["party"], rows[51]["date"] = None, " ", "soon"
    lines = [json.dumps(row) for row in rows]
    lines[70] = '{"text": "cut o'
    (archive / "bad.jsonl").write_text("\n".join(lines), "utf-8")
    ask = {"by": "party", "reading": Reading(**{**vars(ALL), "lines": 20})}
    with pytest.raises(InputError, match="line 4: 'text' has no value"):
        tally_files(archive / "bad.jsonl", TOPICS, **ask)
    left = Reading(**{**vars(ask["reading"]), "failing": "leave_out"})
    found = tally_files(archive / "bad.jsonl", TOPICS, by="party", reading=left)
    assert found.status.query("status == 'left_out'")["articles"].sum() == 4
    assert found.status["articles"].sum() == 90
    told = found.warnings.loc[found.warnings["warning"].str.startswith("left out"), "example"]
    assert all(any(f"line {line}:" in one for one in told) for line in (4, 51, 52, 71))


# What is refused


def test_what_cannot_be_right_is_refused(archive):
    path = archive / "news.parquet"

    def refused(message, **options):
        with pytest.raises(InputError, match=message):
            tally_files(path, TOPICS, **{"by": "party", **options})

    refused("no column 'partie'", by="partie")
    refused("no column 'partie'", by="partie", reading=Reading(failing="leave_out"))
    refused("'party' forms the groups", reading=Reading(within=("party",)))
    refused("cannot be a confounder as well", reading=Reading(cluster="outlet", within=("outlet",)))
    refused("'outlet' is blank in", reading=Reading(cluster="outlet"))
    refused("failing='never' is not a", reading=Reading(failing="never"))
    refused("window='week' is not a", reading=Reading(window="week"))
    with pytest.warns(match="'nowhere' is blank in every article"):
        tally_files(path, TOPICS, by="party", reading=Reading(within=("nowhere",)))


def test_two_articles_of_one_name_are_refused_wherever_they_stand(archive):
    with pytest.raises(InputError, match=r"'a000' stands in .*news.jsonl, line 1 too"):
        tally_files([archive / "news.jsonl", archive / "news.parquet"], TOPICS, by="party")


def test_a_date_far_from_all_others_is_refused_wherever_it_stands(archive):
    rows = [dict(row) for row in ROWS]
    rows[77]["date"] = "1920-01-01"
    (archive / "old.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    for lines in (40, 100):
        reading = Reading(dates=("date",), lines=lines)
        with pytest.raises(InputError, match="one date of 1920, 100 years from all other dates"):
            tally_files(archive / "old.jsonl", TOPICS, by="party", reading=reading)


def test_warnings_are_counted_with_an_example(archive):
    rows = [dict(row) for row in ROWS]
    for place in range(20, 41):
        rows[place]["text"] += " <br> &amp;"
    (archive / "tags.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    counts = []
    for lines in (5, 13, 90):
        reading = Reading(lines=lines)
        found = tally_files(archive / "tags.jsonl", TOPICS, by="party", reading=reading)
        told = found.warnings[found.warnings["warning"].str.startswith("tags or entities")]
        counts.append(told["articles"].tolist())
        assert "a020" in told["example"].item()
    assert counts == [[21]] * 3


def test_a_sample_is_small_whatever_the_groups_column_is_called(archive):
    rows = [{"doc_id": row["doc_id"], "drawn": row["party"], "text": "Coal."} for row in ROWS]
    (archive / "drawn.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    found = tally_files(archive / "drawn.jsonl", TOPICS, by="drawn", keep=archive / "kept")
    assert found.sample(2).groupby("drawn").size().to_dict() == {"Blue": 2, "Green": 2, "Red": 2}


@pytest.mark.parametrize("lines", [7, 40, 90])
def test_no_warning_depends_on_names_or_on_how_it_is_cut(tmp_path, lines):
    """Articles called by their number, of which one is a number in the warning."""
    rows = [{**row, "text": f"Coal is number {place}."} for place, row in enumerate(ROWS)]
    rows = [{name: row[name] for name in ("party", "text")} for row in rows]
    for place in (0, 49, 62):  # article 50 is one of them, and the advice says unit=50
        rows[place]["text"] = "coal " * 301 + f"{place}."
    rows[1]["text"] = rows[80]["text"] = "Coal grows."
    for place in (2, 30, 89):
        rows[place]["text"] = " "
    rows[0]["party"] = "Grün"
    rows[85]["party"] = "GRÜN"
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    reading = Reading(lines=lines)
    found = tally_files(tmp_path / "news.jsonl", TOPICS, by="party", reading=reading).warnings
    assert dict(zip(found["warning"], found["articles"], strict=True)) == {
        "2 articles have the same text as another; all are kept": 0,
        "GRÜN, Grün differ in case, accents or spaces only; kept as separate groups": 0,
        "no text in …; counted as articles without a sentence": 3,
        "…: a sentence has up to 302 words; if the text has no full stops, "
        "count windows of words (unit=50) instead": 3,
    }


SLOW = os.environ | {"SLOW_SENTENCES": ".05"}


def slow_everywhere(text):
    """A segmenter that takes its time for every sentence, where it is asked to."""
    time.sleep(float(os.environ.get("SLOW_SENTENCES", 0)))
    return list(text)


SLOWLY = an.Dictionary(TOPICS.name, TOPICS.topics, segmenter=slow_everywhere)
STOPPED = """
import sys
from analysis.estimates.archives import tally_files
from tests.estimates.test_archives import ALL, SLOWLY
def say(message):
    print(message, file=sys.stderr, flush=True)
if __name__ == "__main__":
    options = {"n_jobs": 2, "keep": sys.argv[2], "progress": say}
    tally_files(sys.argv[1], SLOWLY, by="party", reading=ALL, **options)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_in_seconds_and_loses_nothing_finished(tmp_path, monkeypatch):
    rows = articles(150)
    table = pyarrow.Table.from_pylist(rows)
    parquet.write_table(table, tmp_path / "news.parquet", row_group_size=10)
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, tmp_path / "news.parquet", tmp_path / "keep"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=root,
        env=SLOW | {"PYTHONPATH": str(root)},
    )
    assert "1 of 15 shards" in process.stderr.readline()
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert time.monotonic() - begun < 20
    assert process.returncode != 0
    finished = len(kept_files(tmp_path / "keep", "tallies"))
    assert 1 <= finished < 15
    assert counted_again(tmp_path, monkeypatch, dictionary=SLOWLY) == 15 - finished
    ask = {"by": "party", "reading": ALL}
    found = tally_files(tmp_path / "news.parquet", SLOWLY, keep=tmp_path / "keep", **ask)
    plain = tally_files(tmp_path / "news.parquet", SLOWLY, **ask)
    assert bytes_of(found) == bytes_of(plain)


# Workers that are not as they should be


def too_many_at_once(text):
    """A segmenter where several articles together are too much for the memory."""
    frame = sys._getframe()
    while frame.f_code.co_name != "_parts":
        frame = frame.f_back
    if len(frame.f_locals["rows"]) > 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(text)


@pytest.mark.filterwarnings("ignore:A worker stopped")  # joblib's
def test_p3_what_is_too_much_for_the_memory_is_counted_one_by_one(archive):
    path = archive / "poisoned.parquet"
    serial = tally_files(path, poisoned(archive, letters), by="party", reading=Reading(words=True))
    topics = poisoned(archive, too_many_at_once)
    ask = {"by": "party", "reading": Reading(words=True), "n_jobs": 2}
    told = r"ended (once|[2-9] times), for lack of memory .* counted again"
    with pytest.warns(InputWarning, match=told):
        found = tally_files(path, topics, **ask)
    assert bytes_of(found) == bytes_of(serial)


def test_p3_who_dies_twice_takes_all_that_follow_one_by_one(tmp_path):
    path = tmp_path / "trail"
    for batch, careful, not_careful in ((None, [], [0, 9]), (3, [3], [2, 4]), (5, [5, 6, 99], [4])):
        if batch is not None:
            workers.Trail(path).at(batch)
        trail = workers.Trail(path)
        assert all(number in trail.careful for number in careful)
        assert not any(number in trail.careful for number in not_careful)


def test_p3_a_batch_without_memory_is_counted_one_by_one(archive, at_once, monkeypatch):
    parts = Counter._parts

    def little_memory(self, rows, *, quoted):
        if len(rows) > 1:
            raise MemoryError
        return parts(self, rows, quoted=quoted)

    monkeypatch.setattr(Counter, "_parts", little_memory)
    same(tally_files(archive / "news.jsonl", TOPICS, by="party", reading=ALL), at_once)


def slow_first(text):
    """A segmenter that takes a hundred times as long for one article."""
    time.sleep(1 if "毒" in text else 0.001)
    return list(text)


def test_p4_a_slow_shard_is_waited_for_and_who_counts_the_same_counts_it_once(archive):
    topics, path = poisoned(archive, slow_first), archive / "poisoned.parquet"
    serial = tally_files(path, topics, by="party", reading=Reading(words=True))
    ask = {"by": "party", "reading": Reading(words=True), "keep": archive / "keep"}
    with ThreadPoolExecutor(2) as pool:  # two at once, into one folder
        two = [pool.submit(tally_files, path, topics, n_jobs=jobs, **ask) for jobs in (1, 2)]
        assert [bytes_of(one.result()) for one in two] == [bytes_of(serial)] * 2
    assert len(kept_files(archive / "keep", "tallies")) == 3


def test_p8_a_worker_of_another_version_is_refused(archive, monkeypatch):
    here, shard = workers.versions(), workers.Shard(archive / "news.parquet", "group")
    assert len(here) > 3
    for name in here:
        other = workers.Place({**here, name: "0.0.1"}, archive, shared=True)
        with pytest.raises(InputError, match=rf"has {name} {here[name]}, and .* 0.0.1; install"):
            other.check(shard)
    monkeypatch.setattr(workers, "versions", lambda: {**here, "numpy": "0.0.1"})
    with pytest.raises(InputError, match=rf"has numpy {here['numpy']}, and .* 0.0.1; install"):
        tally_files(archive / "news.parquet", TOPICS, by="party", n_jobs=2)


def test_p11_a_worker_without_the_files_says_so(archive, monkeypatch, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shard = workers.Shard(Path("news.parquet"), "group")
    monkeypatch.chdir(archive)
    place = workers.Place(workers.versions(), archive, shared=True)
    place.check(shard)
    monkeypatch.chdir(elsewhere)
    with pytest.raises(
        InputError, match=r"news.parquet: the worker on .* cannot see it from .*els"
    ):
        place.check(shard)
    listed = workers.Shard(elsewhere, "files", files=(SimpleNamespace(file=archive / "no.txt"),))
    with pytest.raises(InputError, match=r"no.txt: the worker on .* cannot see it"):
        place.check(listed)
    seen = shard._replace(path=archive / "news.parquet")
    with pytest.raises(InputError, match=r"keep: the worker on .* cannot see it"):
        place._replace(trails=archive / "keep").check(seen)
    place._replace(trails=archive / "keep", shared=False).check(seen)


class WithALock:
    """A segmenter that cannot be sent."""

    def __init__(self):
        self.lock = threading.Lock()

    def __call__(self, text):
        return list(text)


def test_p15_a_function_that_cannot_be_sent_is_named(archive):
    topics, path = poisoned(archive, WithALock()), archive / "poisoned.parquet"
    serial = tally_files(path, topics, by="party")
    with pytest.raises(InputError, match=r"'segmenter' \(TypeError: .*lock.*use one process"):
        tally_files(path, topics, by="party", n_jobs=2)
    inline = an.Dictionary(topics.name, topics.topics, segmenter=lambda text: list(text))
    assert_equal(tally_files(path, inline, by="party", n_jobs=2).tally.table, serial.tally.table)


def test_p15_a_function_that_changed_is_counted_with_again(archive):
    def segmenter(text):
        return list(text)

    each_letter = segmenter

    def segmenter(text):
        return [text]

    path, wind = archive / "poisoned.parquet", (an.Topic("wind", ("风",)),)
    for one, hits in (each_letter, 1), (segmenter, 0), (each_letter, 1):
        poisoned(archive, one)
        topics = an.Dictionary("wind", wind, segmenter=one)
        found = tally_files(path, topics, by="party", keep=archive / "keep").tally.table
        assert found.query("measure == 'sentence_share'").eval("hits * articles").sum() == hits


@pytest.mark.filterwarnings("ignore")
def test_p9_a_scheduler_that_is_lost_is_told_and_what_is_finished_is_kept(archive):
    distributed = pytest.importorskip("distributed")
    import joblib

    topics, keep = poisoned(archive, slow_everywhere), archive / "keep"
    path = archive / "poisoned.parquet"
    parquet.write_table(parquet.read_table(path), path, row_group_size=2)
    ask = {"by": "party", "reading": Reading(words=True), "keep": keep}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:{1}".format(*free.getsockname())
    command = [sys.executable, "-m", "distributed.cli.dask_"]
    started = []

    def start(what, *more):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
        whole = [*command[:2], command[2] + what, *more, "--no-dashboard"]
        started.append(subprocess.Popen(whole, env=SLOW, **quiet))

    def lose(said):
        started[0].kill()

    start("scheduler", "--host", "127.0.0.1", "--port", address.partition(":")[2])
    for _ in range(2):
        start("worker", address, "--nthreads", "1", "--death-timeout", "5")
    try:
        client = distributed.Client(address, timeout=60)
        client.wait_for_workers(2, timeout=60)
        here = joblib.parallel_config(backend="dask", client=client)  # other tests have clients too
        with here, pytest.raises(InputError) as caught:
            tally_files(path, topics, progress=lose, **ask)
        with contextlib.suppress(TimeoutError):
            client.close(timeout=0)
    finally:
        for one in started:
            one.kill()
            one.wait()
    assert re.match(
        r"the cluster was lost \(.*; start it, then count again: .*keep", str(caught.value)
    )
    assert len(kept_files(keep, "tallies")) >= 1
    found = tally_files(path, topics, **ask)
    del ask["keep"]
    assert bytes_of(found) == bytes_of(tally_files(path, topics, **ask))

"""How fast an archive is counted, as ratios to what else could do it and to reading it alone.

    python tests/benchmarks/scale.py [ARTICLES] [--real FILE] [--run]
    python tests/benchmarks/scale.py 1000000 [--file news.parquet] [--dask]

The articles are those of `news.py`; with --real also those of a file that `read_articles` reads.
First a gate: the matches of 1,000 articles, article by article, against `re`. Then every step in a
process of its own: CPU seconds, those of its children too, and the largest memory of one. What
holds all texts in memory gets 2,000 articles. --run measures a whole run of all of them instead,
without notebooks, of whatever number. Peers are written as their users write them; polars,
ahocorasick_rs and quanteda take part where they are installed. Of more than 20,000 articles only
reading and counting are measured: serially, with two processes, and with --dask on two workers of a
Dask cluster; these have to give the same tally to the byte, and the table has its hash. --file
takes articles that `news.py` wrote before. Writes scale.csv, a row a step; rows of other steps and
numbers of articles stay.
"""

import argparse
import csv
import gc
import hashlib
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import news
import numpy as np
import pyarrow
from pyarrow import parquet

import analysis as an

HERE = Path(__file__).resolve().parent
EMBEDDED = HERE.parents[1] / "analysis/topics/data/defence_cooperation.toml"
NAMES = ["corpus", "articles", "megabytes", "dictionary", "step", "cpu_seconds", "mb_per_second",
         "peak_mb", "ratio", "to", "aim", "tally"]  # fmt: skip
LARGE = 20_000  # articles, beyond which only reading and tally_files are measured
MOST = 2_000  # articles that steps get which hold all of them in memory


def texts_of(path, most=MOST):
    table = next(parquet.ParquetFile(path).iter_batches(most))
    return table.to_pandas()[["doc_id", "region", "outlet", "date", "text"]].astype(object)


def dictionary_of(name):
    return news.TOPICS if name == "news" else an.read_dictionary(EMBEDDED)


# The peers, as their users write them


def regex(pattern):
    """A pattern of `news.TOPICS` as a regular expression on text with straight quotes."""
    parts = [re.escape(part).replace(r"\*", r"\w*") for part in pattern.split(" ... ")]
    parts = [
        part.replace(r"\ \w*\ ", r"[\s-]\w+[\s-]").replace(r"\ ", r"(?:\s+|-)") for part in parts
    ]
    return r"\b(?:" + r"\W+(?:\w+\W+){0,6}?".join(parts) + r")(?!\w)"


def alternations(topics):
    def one(patterns):
        return re.compile("|".join(map(regex, sorted(patterns, key=len, reverse=True))), re.I)

    return {topic.name: (one(topic.core), topic.exclude and one(topic.exclude))
            for topic in topics.topics}  # fmt: skip


def with_re(texts, topics):
    each, word = alternations(topics), re.compile(r"\w+")
    return [
        [len(found.findall(text)) for found, _ in each.values()] + [len(word.findall(text))]
        for text in texts
    ]


def vocabulary_of(name):
    from matching import phrases  # with scikit-learn, which a run does without

    if name != "news":
        return phrases(dictionary_of(name))
    every = [pattern for topic in news.TOPICS.topics for pattern in topic.core]
    forms = [["", "s"] if pattern.endswith("*") else [""] for pattern in every]
    return sorted({
        pattern.replace(" ... ", " ").replace("*", "").replace("-", " ").strip() + form
        for pattern, own in zip(every, forms, strict=True) for form in own
    })  # fmt: skip


def with_count_vectorizer(texts, vocabulary):
    from sklearn.feature_extraction.text import CountVectorizer

    longest = max(len(phrase.split()) for phrase in vocabulary)
    found = CountVectorizer(vocabulary=vocabulary, ngram_range=(1, longest)).transform(texts)
    words = CountVectorizer(token_pattern=r"\w+").fit_transform(texts)
    return found.sum(axis=1), words.sum(axis=1)


def words_by_group_with_count_vectorizer(texts, groups):
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(stop_words="english")
    matrix = counter.fit_transform(texts)
    return {name: np.asarray(matrix[groups == name].sum(axis=0)) for name in set(groups)}


def with_polars(texts, vocabulary):
    import polars

    frame = polars.DataFrame({"text": texts})
    text = polars.col("text").str.to_lowercase()
    return frame.select(
        text.str.extract_many(vocabulary).list.len().alias("found"),
        text.str.count_matches(r"\w+").alias("words"),
    )


def with_ahocorasick(texts, vocabulary):
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    machine = AhoCorasick(
        vocabulary, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    found = []
    for text in texts:
        low = f" {text.lower()} "
        hits = sum(
            not (low[start - 1].isalnum() or low[end : end + 1].isalnum())
            for _, start, end in machine.find_matches_as_indexes(low)
        )
        found.append((hits, len(low.split())))
    return found


QUANTEDA = """
library(quanteda); quanteda_options(threads = 1)
texts <- readLines(commandArgs(TRUE)[1], encoding = "UTF-8")
topics <- dictionary(jsonlite::fromJSON(commandArgs(TRUE)[2]))
begun <- proc.time()
tokens <- tokens(texts)
found <- dfm(tokens_lookup(tokens, topics)); words <- ntoken(tokens)
cat(sum((proc.time() - begun)[1:2]))
"""


def quanteda(texts, topics):
    """The CPU seconds of quanteda, or None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        script, lines, found = (Path(folder) / name for name in ("q.R", "texts", "topics.json"))
        script.write_text(QUANTEDA)
        lines.write_text("\n".join(" ".join(text.split()) for text in texts), "utf-8")
        own = {topic.name: topic.core for topic in topics.topics}
        found.write_text(json.dumps(own), "utf-8")
        done = subprocess.run(
            ["Rscript", script, lines, found], capture_output=True, text=True, check=False
        )
    return float(done.stdout) if done.returncode == 0 else None


# The steps: each gets ready, and returns the work that is measured


def archive_of(path, name, **options):
    return lambda: an.tally_files(path, dictionary_of(name), by="region", **options)


def on_dask(path, name):
    import joblib
    from dask.distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0")
    client = Client(cluster)
    work = archive_of(path, name)

    def counted():
        with joblib.parallel_config(backend="dask"):
            found = work()
        PEAKS.extend(client.run(largest, "self").values())
        client.close()
        cluster.close()
        return found

    return counted


PEAKS = []  # the largest memory of each worker, where a step asks for it itself


def plain_loop(path, name):
    topics = dictionary_of(name)

    def work():
        file, parts = parquet.ParquetFile(path), []
        for batch in file.iter_batches(1000):
            documents = batch.to_pandas().astype(object)
            parts.append(an.tally(an.codes(an.sentences(documents), topics), "region"))
        return an.merge(*parts)

    return work


def read_alone(path, name):
    def work():
        file = parquet.ParquetFile(path)
        for group in range(file.num_row_groups):
            file.read_row_group(group, use_threads=False)

    return work


def matches_and_words(path, name):
    from analysis.corpus.tokens import word_counts

    texts, topics = an.sentences(texts_of(path))["text"].to_list(), dictionary_of(name)
    topics.matcher("core")
    return lambda: (list(topics.find_all(texts)), word_counts(texts))


def of_texts(peer, prepare):
    def step(path, name):
        texts, ready = texts_of(path)["text"].to_list(), prepare(name)
        return lambda: peer(texts, ready)

    return step


def words_by_group(path, name):
    sentences = an.sentences(texts_of(path))
    return lambda: an.counts(sentences, "region")


def words_by_group_peer(path, name):
    import sklearn.feature_extraction.text  # noqa: F401  # what it imports is not its counting

    table = texts_of(path)
    texts, groups = table["text"].to_list(), table["region"].to_numpy()
    return lambda: words_by_group_with_count_vectorizer(texts, groups)


def kept(path, name):
    folder = tempfile.mkdtemp(prefix="scale-")
    return archive_of(path, name, keep=folder)


def whole_run(path, name):
    folder = Path(tempfile.mkdtemp(prefix="scale-"))
    options = {"confounders": ["outlet"], "dates": ["date"], "folder": folder / "figures"}
    study = an.Study(path, topics=dictionary_of(name), by="region", **options)
    return lambda: an.run(study, notebooks=False)


RUN = "run --no-notebooks"
STEPS = {  # the name of a step, what it is; compared with which; the ratio that is aimed at
    "read the Parquet alone": (read_alone, "", ""),
    "tally_files": (archive_of, "read the Parquet alone", ".04"),
    "a plain loop of sentences, codes, tally": (plain_loop, "tally_files", "1/1.1 or more"),
    "tally_files, two processes": (lambda path, name: archive_of(path, name, n_jobs=2),
                                   "tally_files", "1/1.2 or more"),
    "tally_files, two workers of Dask": (on_dask, "tally_files", ""),
    "tally_files, evidence kept": (kept, "tally_files", ""),
    "matches and words": (matches_and_words, "", ""),
    "re": (of_texts(with_re, dictionary_of), "matches and words", ""),
    "CountVectorizer": (of_texts(with_count_vectorizer, vocabulary_of), "matches and words",
                        "25 (12)"),
    "ahocorasick_rs and 15 lines": (of_texts(with_ahocorasick, vocabulary_of),
                                    "matches and words", ""),
    "polars": (of_texts(with_polars, vocabulary_of), "matches and words", ""),
    "quanteda": (None, "matches and words", "25"),
    "word counts by group": (words_by_group, "", ""),
    "word counts by group, CountVectorizer and numpy": (words_by_group_peer,
                                                        "word counts by group", "1"),
    RUN: (whole_run, "", ""),
}  # fmt: skip
AT_LARGE = ["read the Parquet alone", "tally_files", "tally_files, two processes",
            "tally_files, two workers of Dask"]  # fmt: skip
OPTIONAL = ["polars", "ahocorasick_rs and 15 lines"]
OF_SHARDS = [name for name in STEPS if "tally" in name or "Parquet" in name]


def measured(step, path, name):
    """The CPU seconds and the largest memory of a step, in this process."""
    work = STEPS[step][0](path, name)
    if work.__qualname__.startswith("read_alone"):
        work()  # from memory, as fast as it can be: no disk is measured

    def spent():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    gc.collect()  # what getting ready left behind is not the step's
    begun = spent()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = work()
    peak = max(PEAKS) if PEAKS else largest("self")
    if "processes" in step:  # what processes took is known when they have ended
        from joblib.externals.loky import reusable_executor

        executor = reusable_executor._executor
        peak = max(largest(number) for number in executor._processes)
        executor.shutdown(wait=True)
    seconds, tally = spent() - begun, made.tally if isinstance(made, an.Archive) else made
    counted = isinstance(tally, an.Tally)
    digest = hashlib.sha256(tally.to_frame().to_csv().encode()).hexdigest()[:16] if counted else ""
    return {"seconds": seconds, "peak": peak, "tally": digest}


def largest(process):
    """The largest memory that a process has had, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024


def gate(path):
    """How many of 1,000 articles have other numbers of matches than `re` finds in sentences."""
    sentences = an.sentences(texts_of(path, 1000))
    codes = an.codes(sentences, news.TOPICS)
    own = codes.groupby(["doc_id", "topic"])["matches"].sum()
    straight = sentences["text"].str.replace("’", "'")
    differ = set()
    for topic, (found, excluded) in alternations(news.TOPICS).items():
        assert excluded is not None
        numbers = straight.map(lambda text, found=found: len(found.findall(text)))
        other = numbers.groupby(sentences["doc_id"]).sum()
        same = own.xs(topic, level="topic").reindex(other.index) == other
        differ |= set(other.index[~same])
    return differ


def corpus_rows(corpus, path, number, names, options):
    texts = sum(len(text.as_py().encode())
                for batch in parquet.ParquetFile(path).iter_batches(1000, columns=["text"])
                for text in batch["text"]) / 1e6  # fmt: skip
    tallies = {}
    for name, step in product(names, STEPS):
        shards = step in OF_SHARDS or step == RUN
        alike = shards or step == "re" or "by group" in step  # whatever the dictionary
        if (name != names[0] and alike) or (step == RUN) is not options.run:
            continue
        if step != RUN and number > LARGE and step not in AT_LARGE:
            continue
        if "Dask" in step and not options.dask:
            continue
        size = texts if shards else texts * min(1, MOST / number)
        if step == "quanteda":
            seconds = quanteda(texts_of(path)["text"].to_list(), dictionary_of(name))
            found = None if seconds is None else {"seconds": seconds, "peak": 0, "tally": ""}
        elif step in OPTIONAL and find_spec(step.split()[0]) is None:
            found = None
        else:
            command = [sys.executable, __file__, "--step", step, str(path), name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
        if found is not None:
            print(f"{corpus}, {name}, {step}: {found['seconds']:.2f} s", flush=True)
            if found["tally"] and tallies.setdefault(name, found["tally"]) != found["tally"]:
                sys.exit(f"{step}: another tally, {found['tally']} and not {tallies[name]}")
            yield [corpus, number, round(texts, 1), name, step, found["seconds"],
                   size / found["seconds"], round(found["peak"]), found["tally"]]  # fmt: skip


def with_ratios(rows):
    seconds = {(*row[:4], row[4]): row[5] for row in rows}
    for row in rows:
        _, to, aim = STEPS[row[4]]
        base = seconds.get((*row[:4], to))
        ratio = "" if base is None else (row[5] / base if to != "read the Parquet alone"
                                         else base / row[5])  # fmt: skip
        shown = ratio if ratio == "" else f"{ratio:.3g}"
        yield [*row[:5], f"{row[5]:.2f}", f"{row[6]:.1f}", row[7], shown, to, aim, row[8]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--real", type=Path)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--run", action="store_true")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--step", nargs=3)
    options = parser.parse_args()
    if options.step:
        step, path, name = options.step
        print(json.dumps(measured(step, Path(path), name)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "news.parquet"
        if options.file is None:
            news.write(path, options.articles, 2_500 if options.articles <= LARGE else 10_000)
        if differ := gate(path):
            sys.exit(f"{len(differ)} of 1,000 articles differ from re: {sorted(differ)[:5]}")
        print("gate: 0 of 1,000 articles differ from re")
        both = ["news", "embedded"]
        save(corpus_rows("generated", path, options.articles, both, options))
        if options.real is not None:
            real = Path(folder) / "real.parquet"
            table = an.read_articles(options.real)[["doc_id", "text"]]
            table = table.assign(region=[str(n % 4) for n in range(len(table))], outlet="", date="")
            parquet.write_table(pyarrow.Table.from_pandas(table), real, row_group_size=10_000)
            save(corpus_rows("real", real, len(table), both, options))


def save(rows):
    """Write rows into the table, in the place of those of the same articles and step."""
    made = [list(map(str, row)) for row in with_ratios(list(rows))]
    target = Path(__file__).with_suffix(".csv")
    before = list(csv.reader(target.open(encoding="utf-8")))[1:] if target.exists() else []
    before = [row + [""] * (len(NAMES) - len(row)) for row in before]
    again = {(row[0], row[1], *row[3:5]) for row in made}
    made = [row for row in before if (row[0], row[1], *row[3:5]) not in again] + made
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([NAMES, *made])
    for row in made:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()

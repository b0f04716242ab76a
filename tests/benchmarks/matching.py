"""How fast articles are folded, segmented and matched, as a ratio to scikit-learn's own way.

    python tests/benchmarks/matching.py [ARTICLES [TEXTS]]

Both go over the same articles in one run, in turn, three times; CPU seconds, the least of three:
generated news (`news.py`), English-like, in which phrases begin as often as in real text; and the
column ``text`` of TEXTS, a .csv or .parquet file of real articles, if one is named. The dictionary
is that of the embedded study. `CountVectorizer` gets as its fixed vocabulary every phrase that the
patterns without a gap stand for, lists and spellings written out; patterns with a gap, endings,
exclusions and sentence ends are beyond it. Writes matching.csv.
"""

import csv
import itertools
import re
import sys
import time
from pathlib import Path

import news
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

from analysis import DictionaryVectorizer, read_dictionary
from analysis.corpus.folding import folded_text
from analysis.corpus.paragraphs import paragraph_spans
from analysis.corpus.segmentation import segment
from analysis.topics.matching import PART

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def corpora(number, table=None):
    """The texts of generated and of real articles, by what they are."""
    yield "generated news", [article["text"] for article in news.articles(number)]
    if table:
        read = pd.read_parquet if table.endswith(".parquet") else pd.read_csv
        yield "real news", read(table)["text"].dropna().head(number).to_list()


def phrases(dictionary):
    """Every fixed phrase that the core patterns and exclusions without a gap stand for."""
    matcher = dictionary.matcher()

    def spelled(phrase):
        return [re.sub(r"[*?]", "", one) for one in matcher.spellings(folded_text(phrase))]

    lists = {
        name: [one for phrase in phrases for one in spelled(phrase)]
        for name, phrases in dictionary.lists.items()
    }
    found = set()
    for topic in dictionary.topics:
        for pattern in topic.core + topic.exclude:
            if "..." not in pattern:
                pieces, last = [], 0
                for part in PART.finditer(pattern):
                    pieces += [spelled(pattern[last : part.start()]), lists[part["list"]]]
                    last = part.end()
                pieces.append(spelled(pattern[last:]))
                found |= {
                    " ".join(re.findall(r"\w+", "".join(chosen)))
                    for chosen in itertools.product(*pieces)
                }
    return sorted(found - {""})


def seconds(work, *arguments):
    begun = time.process_time()
    result = work(*arguments)
    return time.process_time() - begun, result


def measure(name, articles):
    dictionary = read_dictionary(ROOT / "analysis/topics/data/defence_cooperation.toml")
    vocabulary = phrases(dictionary)
    longest = max(len(phrase.split()) for phrase in vocabulary)
    counter = CountVectorizer(vocabulary=vocabulary, ngram_range=(1, longest))
    ours = DictionaryVectorizer(dictionary)
    ours.transform(articles[:10])  # loads the segmenter's model, builds the matcher
    paragraphs = [text[start:end] for text in articles for start, end in paragraph_spans(text)]
    sentences = [paragraphs[place][start:end] for place, start, end in segment(paragraphs)]
    steps = {
        f"CountVectorizer, {len(vocabulary)} phrases of 1 to {longest} words": lambda: (
            counter.transform(articles)
        ),
        "DictionaryVectorizer: fold, segment, match": lambda: ours.transform(articles),
        "of that: segment": lambda: segment(paragraphs),
        "of that: fold and match": lambda: list(dictionary.find_all(sentences)),
    }
    taken = {step: [] for step in steps}
    for _ in range(3):
        for step, work in steps.items():
            taken[step].append(seconds(work)[0])
    base = min(next(iter(taken.values())))
    for step, spent in taken.items():
        yield {
            "texts": name,
            "step": step,
            "articles": len(articles),
            "megabytes": round(sum(map(len, articles)) / 1e6, 1),
            "cpu_seconds": round(min(spent), 2),
            "times_faster": round(base / min(spent), 1),
        }


def main(number=2000, table=None):
    rows = [row for one in corpora(int(number), table) for row in measure(*one)]
    with (HERE / "matching.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        print(*row.values(), sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])

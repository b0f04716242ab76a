"""How fast articles are folded, segmented and matched, as a ratio to scikit-learn's own way.

    python tests/benchmarks/matching.py [ARTICLES]

Both go over the same synthetic articles in one run, in turn, three times; CPU seconds, the least
of three. The dictionary is that of the embedded study. `CountVectorizer` gets as its fixed
vocabulary every phrase that the patterns without a gap stand for, lists and spellings written
out; patterns with a gap, endings, exclusions and sentence ends are beyond it. Writes matching.csv.
"""

import csv
import itertools
import random
import re
import sys
import time
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer

from analysis import DictionaryVectorizer, read_dictionary
from analysis.corpus.folding import folded_text
from analysis.corpus.paragraphs import paragraph_spans
from analysis.corpus.segmentation import segment
from analysis.topics.matching import PART

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARES = [0.02, 0.1]  # of sentences about defence, half of them on a topic, half near misses
FUNCTION_WORDS = [
    "the", "of", "to", "and", "a", "in", "that", "is", "was", "for", "on", "with", "as", "by",
    "at", "from", "it", "his", "her", "their", "its", "be", "are", "were", "has", "had", "have",
    "this", "which", "not", "but", "they", "will", "said", "who", "would", "one", "two", "more",
    "after", "when", "than", "been", "or", "an", "up", "out", "about", "over", "into",
]  # fmt: skip
NAMES = ["U.S.", "Mr. Lee", "Gen. Tran", "2.5 percent", "Nguyễn Chí", "15", "Col."]


def synthetic_articles(number, share, seed=1):
    """Texts of about 3,000 characters: invented words as frequent as words are (Zipf), names,
    abbreviations, numbers, quotations, and sentences about defence."""
    random_ = random.Random(seed)
    syllables = [c + v for c in "bcdfghjklmnprstv" for v in "aeiou"]
    endings = ["", "n", "r", "s", "t", "d", "ing", "ed", "er"]
    words = [
        "".join(random_.choices(syllables, k=random_.randint(2, 4))) + random_.choice(endings)
        for _ in range(30_000)
    ]
    pool = random_.choices(words, [1 / (rank + 10) for rank in range(len(words))], k=400_000)
    with (ROOT / "tests/reference/coded_sentences.csv").open(encoding="utf-8") as file:
        on_defence = [row["text"] for row in csv.DictReader(file)]

    def sentence():
        if random_.random() < share:
            return random_.choice(on_defence)
        place = random_.randrange(len(pool) - 40)
        chosen = pool[place : place + random_.randint(8, 32)]
        for even in range(0, len(chosen), 2):
            chosen[even] = FUNCTION_WORDS[int(random_.random() ** 2 * len(FUNCTION_WORDS))]
        if random_.random() < 0.1:
            chosen[len(chosen) // 2] += ","
        if random_.random() < 0.04:
            chosen[2] = random_.choice(NAMES)
        text = " ".join(chosen).capitalize()
        frame = random_.choices(["{}.", "{}?", "“{},” he said."], [0.88, 0.02, 0.1])[0]
        return frame.format(text)

    return [
        random_.choice(["\n", "\n\n"]).join(
            " ".join(sentence() for _ in range(random_.randint(1, 4)))
            for _ in range(random_.randint(5, 14))
        )
        for _ in range(number)
    ]


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


def measure(number, share):
    articles = synthetic_articles(number, share)
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
    taken = {name: [] for name in steps}
    for _ in range(3):
        for name, work in steps.items():
            taken[name].append(seconds(work)[0])
    base = min(next(iter(taken.values())))
    for name, spent in taken.items():
        yield {
            "step": name,
            "articles": number,
            "megabytes": round(sum(map(len, articles)) / 1e6, 1),
            "share_about_defence": share,
            "cpu_seconds": round(min(spent), 2),
            "times_faster": round(base / min(spent), 1),
        }


def main(number):
    rows = [row for share in SHARES for row in measure(number, share)]
    with (HERE / "matching.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for row in rows:
        print(*row.values(), sep="\t")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)

"""How often the dictionary of the embedded study is right on real sentences, by topic and domain.

    python tests/benchmarks/dictionary.py > tests/benchmarks/dictionary.csv
    python tests/benchmarks/dictionary.py mark TEXTS DICTIONARY after

The first makes the table from `dictionary_judgements.csv`: a row a topic and real sentence, which
has the first 16 digits of the sentence's SHA-256 for a text, since the texts are not ours to give.
``right`` is the judgement, ``before`` and ``after`` are whether the dictionary codes the sentence.
``sample`` says of what it was drawn at random: the hits of the dictionary ``before``; those of a
``draft`` of its successor that had not been judged yet; hits that were ``unseen``, in eight rounds,
after each of which the dictionary was mended; or sentences that it does not code: a ``near_miss``
of the broad tier, and the ``rest`` of the same documents. Who was ``unsure`` counts nowhere.
The second renews a column of them by a dictionary, where one has the texts: a table with
``doc_id`` and ``text``.
"""

import sys
from hashlib import sha256
from pathlib import Path

import pandas as pd

import analysis as an
from analysis.estimates.intervals import wilson
from analysis.io.csv import to_csv

HERE = Path(__file__).resolve().parent
JUDGEMENTS = HERE / "dictionary_judgements.csv"
KEYS = ["topic", "corpus", "domain"]
ROUNDS = tuple(f"unseen_{number}" for number in range(1, 9))
VERSIONS = ("before", "draft_1", "draft_2", "draft_3", *ROUNDS, "near_miss", "rest", "after")
ALL = "(all)"


def key(text):
    return sha256(text.encode()).hexdigest()[:16]


def judgements():
    judged = pd.read_csv(JUDGEMENTS, dtype=str)
    judged = judged[judged["right"] != "unsure"]
    flags = ["right", "before", "after"]
    return judged.assign(**{name: judged[name] == "yes" for name in flags})


def table(judged):
    """A row a topic, corpus, domain and version; of the rounds and decoys also of all corpora."""
    pooled = judged.assign(corpus=ALL)
    for version in VERSIONS:
        tables = [pooled] if version in ("near_miss", "rest") else [judged]
        rows = pd.concat([*tables, *([pooled] if version in ROUNDS else [])])
        drawn = rows["after"] if version == "after" else rows["sample"].str.contains(version)
        for names, own in rows[drawn].groupby(KEYS):
            low, high = wilson(own["right"].sum(), len(own))
            row = dict(zip(KEYS, names, strict=True)) | {"version": version}
            row |= {"n": len(own), "right": own["right"].sum(), "precision": own["right"].mean()}
            yield row | {"low": float(low), "high": float(high)}


def made():
    rows = pd.DataFrame(table(judgements())).sort_values([*KEYS[:2], "domain"], kind="stable")
    return rows.round(3)


def mark(texts, dictionary, column):
    """Write into a column of the judgements whether a dictionary codes each sentence."""
    sentences = an.sentences(pd.read_csv(texts, dtype=str))
    codes = an.codes(sentences, an.read_dictionary(dictionary))
    codes["sentence"] = sentences["text"].map(key).repeat(codes["topic"].nunique()).to_numpy()
    coded = codes.groupby(["topic", "sentence"])["coded"].any()
    judged = pd.read_csv(JUDGEMENTS, dtype=str)
    found = coded.reindex(pd.MultiIndex.from_frame(judged[["topic", "sentence"]]))
    known = found.notna().to_numpy()
    judged.loc[known, column] = found[known].map({True: "yes", False: "no"}).to_numpy()
    JUDGEMENTS.write_text(to_csv(judged), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["mark"]:
        mark(*sys.argv[2:])
    else:
        print(to_csv(made()), end="")

"""Twenty articles on wind: what the dictionary finds, nearly finds, and misses, can be counted.

Of the 20 sentences of each article of Green 4 are hits, 2 near misses, 1 is missed and 13 are about
something else; of each of Red, 2, 2, 4 and 12. All hits but the last of an article of Green are on
the topic, one near miss is, and what is missed is: Green 5 of 20, Red 7 of 20.
"""

import pandas as pd

import analysis as an

KINDS = {"Green": (4, 2, 1, 13), "Red": (2, 2, 4, 12)}
BEGINNINGS = ("Wind grows", "Turbines turn", "The breeze pays", "Coal falls")
WIND = an.Dictionary("energy", (an.Topic("wind", core=("wind",), broad=("turbine*",)),))


def _articles():
    for party, kinds in KINDS.items():
        for number in range(10):
            text = [
                f"{beginning} in place {place} of {number} {party[0]}x."
                for beginning, many in zip(BEGINNINGS, kinds, strict=True)
                for place in range(many)
            ]
            yield {"doc_id": f"{party.lower()}-{number}", "party": party, "text": " ".join(text)}


SENTENCES = an.sentences(pd.DataFrame(_articles()))
CODES = an.codes(SENTENCES, WIND)
BROAD = an.codes(SENTENCES, WIND, tier="broad")


def truth(text):
    """What a coder says who makes no mistake."""
    wrong_hit = text.startswith("Wind grows in place 3")
    found = text.startswith(("Wind", "The breeze", "Turbines turn in place 0"))
    return "yes" if found and not wrong_hit else "no"


def coded(sample=None, coder="Anna"):
    """The codes table of a coder who makes no mistake: of a sample, or of all."""
    table = CODES.assign(text=SENTENCES["text"])
    table["answer"] = table["text"].map(truth)
    if sample is not None:
        keys = ["doc_id", "sentence_id", "topic"]
        table = table.merge(sample[keys], on=keys)
    return table.assign(coded=table["answer"] == "yes", coder=coder).drop(columns="text")

"""Topics that a study made for a table begins with: words that stand in many of its articles."""

from __future__ import annotations

import json
import re
import textwrap

import numpy as np
import pandas as pd

from analysis.corpus.features import counts
from analysis.topics.concordance import kwic

_EXAMPLES, _WORDS = 2, 30  # topics to begin with, and words that are shown beside them

_DICTIONARY = """\
# Your topics, and the patterns that stand for them. What a pattern may say:
#   wind power     a word or a phrase, in any case and typography
#   turbine*       any ending;   wom?n   any one letter;   power * plant   any one word
#   build ... grid   up to six words between
# The topics below are only examples: words that stand in many of your articles. They run as they
# are. Put your own in their place. Other words that stand in many articles:
#   {words}
name = {name}

# [variants]
# labour = ["labor"]               # other spellings, applied to every pattern
"""
_TOPIC = """
[topics.{key}]
description = "Say here what counts and what does not."
core = [{pattern}]
# broad = ["a near miss*"]         # counted only when the broad tier is asked for
# exclude = ["a phrase"]           # a match that touches one of these does not count
# context = ["another word*"]      # one of these has to stand in the same sentence
"""
_SENTENCES = """
[topics.{key}.examples]            # a run warns if the patterns get one of these wrong
match = [{sentence}]
# no_match = ["A sentence that must not count."]
"""


def example_topics(body: pd.DataFrame) -> str:
    """The text of a dictionary to fill in, with words that stand in many articles as topics."""
    words = _frequent(body)
    shown = textwrap.fill(" ".join(words[:_WORDS]) or "(none)", 90).replace("\n", "\n#   ")
    parts = [_DICTIONARY.format(words=shown, name=toml("My topics"))]
    left = body
    for _ in range(_EXAMPLES):
        word = next(iter(_frequent(left)), "example" if left is body else "")
        if not word:
            break
        key = word if re.fullmatch(r"[A-Za-z0-9_-]+", word) else toml(word)
        parts.append(_TOPIC.format(key=key, pattern=toml(word)))
        used = _has(left, word)
        if used.any():
            sentence = min(left["text"][used], key=lambda text: (len(text), text))
            parts.append(_SENTENCES.format(key=key, sentence=toml(sentence)))
        left = left[~used]  # the next word stands elsewhere
    return "".join(parts)


def _frequent(body: pd.DataFrame) -> list[str]:
    """The words of more than three letters that stand in most articles, whatever the groups.

    A word that sets the groups apart would find what it was chosen by.
    """
    found = counts(body.assign(corpus="all"), "corpus")
    found = found[found["feature"].str.len() > 3]
    ranks = found.sort_values(["articles", "count", "feature"], ascending=[False, False, True])
    return [str(word) for word in ranks["feature"]]


def _has(body: pd.DataFrame, word: str) -> np.ndarray:
    """Whether each sentence has a word."""
    keys = ["doc_id", "sentence_id"]
    return pd.MultiIndex.from_frame(body[keys]).isin(
        pd.MultiIndex.from_frame(kwic(body, word)[keys])
    )


def toml(value: str | list[str]) -> str:
    """A text, or a list of texts, in TOML: what it is in JSON, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

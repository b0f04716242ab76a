"""Six sentences, four topics: every count of the tests can be checked on the fingers."""

import pandas as pd
import pytest
from hypothesis import settings

from analysis import Dictionary, Topic

# A busy machine is no fault of a test; and a test that passes today passes tomorrow.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=30)
# Other examples in each run, and many: `pytest --hypothesis-profile=thorough`.
settings.register_profile("thorough", deadline=None, max_examples=1_000)
settings.load_profile("steady")

#             wind sun coal jobs
# a, Green      1
#                    1
#                    1    1
# b, Red                  1
#               1    1         1
#                                   (no topic)
TEXTS = {
    "a": "Wind farms grow. Solar roofs pay. Solar replaces coal.",
    "b": "Coal stays. Wind, wind and solar bring jobs. Prices rise.",
}


@pytest.fixture
def documents():
    return pd.DataFrame(
        {"doc_id": list(TEXTS), "party": ["Green", "Red"], "text": list(TEXTS.values())}
    )


@pytest.fixture
def energy():
    words = {"wind": "wind", "sun": "solar", "coal": "coal", "jobs": "job*"}
    return Dictionary("energy", tuple(Topic(name, (word,)) for name, word in words.items()))

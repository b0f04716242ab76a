"""News that nobody wrote, for measurements: English-like, of any number, the same on every machine.

    python tests/benchmarks/news.py 10000 news.parquet|news.jsonl|folder [ARTICLES A ROW GROUP]

Words are as frequent as words are: 300,000 types by Zipf's law, the first of them the commonest of
English, so that phrases begin as often as in real text and rarely go on. Articles are lognormally
long round 600 words, in paragraphs between blank lines, with quotations, abbreviations, names,
numbers; half of the outlets set curly quotes. Sentences on the topics of `TOPICS` stand in them at
a rate that differs from group to group. Each article depends on its number alone, and they are
written as they are made: a million need no more memory than a thousand.
"""

import bisect
import itertools
import json
import math
import random
import sys
from functools import lru_cache
from pathlib import Path

from analysis import Dictionary, Topic

TYPES = 300_000
GROUPS, OUTLETS = ["north", "east", "south", "west"], 20
COMMON = """
    the of to and a in that is for on with was as it by at he be from his are has have an this not
    but will said they their its which who had were or been one would more about up new out than
    after also we there when two into can all if other time year people first over last no what so
    government could she her some may years state world such only three any while most now between
    made told against being because before under them country through those many minister
    president company week day percent during since former police public national city group home
    work market part make where end business well war own plan both way set long party law high
    news four much down members five next power support court report family security water school
    money days back help case local health economy trade south north officials foreign general
    today month according called including system area service take
""".split()  # noqa: SIM905
NAMES = [
    "U.S.", "Mr. Lee", "Gen. Tran", "Dr. Smith", "St. Petersburg", "the U.N.", "Nguyễn Chí",
    "2.5 percent", "$1.2 billion", "Jan. 12", "No. 5", "10 a.m.", "1,400", "2019", "Col. Ruiz",
]  # fmt: skip
# Patterns of every kind: words, stems, phrases, lists in all but name, gaps, exclusions.
TOPICS = Dictionary(
    "news",
    (
        Topic("energy", ("wind power", "wind farm*", "solar", "solar panel*", "power plant*",
            "nuclear power", "coal", "coal mine*", "natural gas", "gas pipeline*", "oil price*",
            "crude oil", "electricity", "power grid*", "renewable*", "hydropower", "oil field*",
            "energy security", "energy supply", "price* of ... oil", "petrol", "refiner*"),
            exclude=("coal black",)),
        Topic("defence", ("arms sale*", "sale of * helicopters", "frigate*", "joint exercise*",
            "military training", "train* ... pilots", "defence industry", "defense industry",
            "air defence", "air defense", "missile*", "submarine*", "naval base*", "peacekeep*",
            "cyber security", "troop*", "warship*", "armed forces", "fighter jet*", "port call*",
            "defence minister*", "defense minister*", "ammunition"),
            exclude=("cruise missile tv",)),
        Topic("health", ("hospital*", "vaccin*", "public health", "epidemic*", "health care",
            "nurse*", "doctor* ... strike*", "clinic*", "infection*", "health minister*",
            "medical staff", "surger*", "patient*", "mental health", "drug price*", "malaria",
            "outbreak*", "intensive care", "virus", "medicine*")),
        Topic("schools", ("school*", "teacher*", "pupil*", "class size*", "universit*",
            "tuition fee*", "curriculum", "primary education", "student* ... protest*", "exam*",
            "head teacher*", "kindergarten*", "scholarship*", "literacy", "school meal*",
            "vocational training", "higher education", "homework", "degree*", "campus*",
            "lecturer*")),
    ),
)  # fmt: skip
ON_TOPIC = {
    "energy": ["wind farms", "solar panels on roofs", "a coal mine", "the price of crude oil",
               "new power plants", "natural gas", "renewables", "the power grid"],
    "defence": ["the sale of six helicopters", "a joint exercise", "two frigates", "arms sales",
                "to train their pilots", "the armed forces", "a port call", "cyber-security"],
    "health": ["vaccines", "the hospital", "public health", "intensive care", "an outbreak",
               "doctors on strike", "nurses", "patients"],
    "schools": ["teachers", "class sizes", "tuition fees", "the curriculum", "universities",
                "school meals", "pupils", "head teachers"],
}  # fmt: skip
_ONSETS = [
    *"bcdfghjklmnprstvw",
    "br",
    "ch",
    "cr",
    "dr",
    "fl",
    "gr",
    "pl",
    "pr",
    "sh",
    "st",
    "th",
    "tr",
]
_MIDDLES = [*"aeiouaeiou", "ai", "ea", "ee", "ou"]
_ENDS = [*[""] * 12, *"dlmnrst", "ck", "nd", "ng", "nt", "st"]
_ENDINGS = [*[""] * 8, "s", "s", "ed", "ing", "er", "ly", "ion", "al", "ness", "ment"]


@lru_cache(maxsize=1)
def words():
    """The types, the most frequent first, and how much of a text those up to each make up."""
    draw = random.Random(300_000)
    known = dict.fromkeys(COMMON)
    while len(known) < TYPES:
        # Frequent words are short.
        place = len(known)
        syllables = 1 if place < 2000 else draw.randint(1 + (place > 40_000), 2 + (place > 40_000))
        parts = (
            draw.choice(_ONSETS) + draw.choice(_MIDDLES) + draw.choice(_ENDS)
            for _ in range(syllables)
        )
        known["".join(parts) + draw.choice(_ENDINGS)] = None
    weights = itertools.accumulate(1 / (rank + 2.7) for rank in range(len(known)))
    return list(known), list(weights)


@lru_cache(maxsize=1)
def _pool():
    """Words in the order they are drawn, of which sentences are stretches."""
    types, weights = words()
    draw = random.Random(1)
    uniform = draw.random
    return [types[bisect.bisect(weights, uniform() * weights[-1])] for _ in range(2_000_000)]


def article(number):
    """The article of a number: its name, group, outlet, date and text."""
    draw = random.Random(number)
    group, outlet = draw.randrange(len(GROUPS)), draw.randrange(OUTLETS)
    length = draw.lognormvariate(math.log(600) - 0.1, 0.5)
    rate, said, paragraphs = 0.01 + 0.01 * group, 0, []
    while said < length:
        sentences = [_sentence(draw, rate) for _ in range(draw.randint(1, 4))]
        said += sum(one.count(" ") + 1 for one in sentences)
        paragraphs.append(" ".join(sentences))
    text = "\n\n".join(paragraphs)
    if outlet % 2:
        pieces = text.replace("'", "’").split('"')
        text = "".join(
            piece + ("“", "”")[place % 2] for place, piece in enumerate(pieces[:-1])
        ) + pieces[-1]  # fmt: skip
    return {
        "doc_id": f"n{number:09d}",
        "region": GROUPS[group],
        "outlet": f"outlet{outlet:02d}",
        "date": f"20{10 + number % 10}-{1 + number // 10 % 12:02d}-{1 + number // 120 % 28:02d}",
        "text": text,
    }


def _sentence(draw, rate):
    pool, chance = _pool(), draw.random()
    length = max(4, int(draw.gauss(20, 8)))
    place = draw.randrange(len(pool) - length)
    chosen = pool[place : place + length]
    if chance < rate:
        chosen[length // 2] = draw.choice(ON_TOPIC[draw.choice(list(ON_TOPIC))])
    elif chance < 0.12:
        chosen[length // 2] = draw.choice(NAMES)
    elif chance < 0.3:
        chosen[length // 2] = chosen[length // 2].capitalize()
    if draw.random() < 0.4:
        chosen[length // 3] += ","
    if draw.random() < 0.05:
        chosen[1] += "'s"
    text = " ".join(chosen)
    text = text[0].upper() + text[1:]
    frame = draw.random()
    if frame < 0.84:
        return f"{text}."
    if frame < 0.87:
        return f"{text}?"
    return f'"{text}," he said.' if frame < 0.95 else f'"{text}."'


def articles(number):
    """Yield so many articles."""
    return map(article, range(number))


def write(path, number, group_size=10_000):
    """Write so many articles as Parquet or JSON lines, or as a folder with its metadata."""
    if path.suffix == ".parquet":
        import pyarrow
        from pyarrow import parquet

        schema = pyarrow.schema([(name, pyarrow.string()) for name in article(0)])
        with parquet.ParquetWriter(path, schema) as file:
            every = articles(number)
            while batch := list(itertools.islice(every, group_size)):
                file.write_table(pyarrow.Table.from_pylist(batch, schema), group_size)
    elif path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for one in articles(number):
                file.write(json.dumps(one, ensure_ascii=False) + "\n")
    else:
        path.mkdir()
        with (path / "articles.csv").open("w", encoding="utf-8") as table:
            table.write("file,doc_id,region,outlet,date\n")
            for one in articles(number):
                name = f"{one['doc_id']}.txt"
                (path / name).write_text(one.pop("text"), encoding="utf-8", newline="")
                table.write(",".join([name, *one.values()]) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]), *map(int, sys.argv[3:]))

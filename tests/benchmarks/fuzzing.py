"""The engine against the brute-force reference, on random documents in random typography.

    python tests/benchmarks/fuzzing.py [DOCUMENTS] [SEED]

A document is made plain first, and the reference finds its matches. Then it is dressed: capitals,
decomposed and full-width letters, ligatures, soft hyphens, zero-width marks, every dash, space and
apostrophe, words broken at line ends, which may be compounds broken at their own hyphen. The engine
gets the dressed document and has to find the same matches, each at its place there. Writes
fuzzing.csv and fails on any difference.
"""

import csv
import random
import sys
import time
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from analysis import Dictionary, Topic  # noqa: E402
from analysis.corpus.folding import DASHES  # noqa: E402
from tests.brute_force import exclusive_reference, reference, written  # noqa: E402

WORDS = ["a", "b", "ab", "aab", "ba", "é", "éa", "ñbé", "б", "бa", "ễb", "fia", "afi", "5", "f5"]
UNITS = [*WORDS, "a*", "b*", "é*", "?b", "?", "*b", "a*b", "*"]
MARKS = [" ", " ", " ", "-", "; ", ". ", "/"]
SPACES = [" ", "\u00a0", "\u2009", "  ", "\n", "\t", " \r\n", "\u3000"]
INSIDE = ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"]
BATCH = 100  # documents a dictionary


def pattern(dice):
    units = [dice.choice(UNITS) for _ in range(dice.choice([1, 1, 2, 2, 3]))]
    for place in range(len(units) - 1, 0, -1):
        if dice.random() < 0.2:
            units.insert(place, "...")
    return [["a"], units][units not in (["*"], ["?"])]


def topic(dice):
    patterns = {written(one): one for one in (pattern(dice) for _ in range(dice.randint(1, 5)))}
    exclude = {written(one): one for one in (pattern(dice) for _ in range(dice.randint(0, 2)))}
    return list(patterns.values()), list(exclude.values())


def dressed(text, dice):
    """The text in another typography, where each of its characters stands, and where it breaks."""
    pieces, places, breaks, length, place = [], [], [], 0, 0
    while place < len(text):
        piece, taken = text[place], 1
        letter = piece.isalpha()
        if piece == " ":
            piece = dice.choice(SPACES) if dice.random() < 0.3 else piece
        elif piece == "-":
            piece = dice.choice(DASHES) if dice.random() < 0.5 else piece
        elif text[place : place + 2] == "fi" and dice.random() < 0.5:
            piece, taken = "ﬁ", 2
        elif letter and dice.random() < 0.4:
            forms = [str.upper, lambda one: unicodedata.normalize("NFD", one)]
            if piece.isascii():
                forms.append(lambda one: chr(ord(one) + 0xFEE0))
            piece = dice.choice(forms)(piece)
        pieces.append(piece)
        places += [(length, length + len(piece))] * taken
        length += len(piece)
        place += taken
        if letter and text[place : place + 1].isalpha() and dice.random() < 0.1:
            # Only a lower-case letter continues a word that was broken at a line end.
            broken = "-\n" if dice.random() < 0.3 else dice.choice(INSIDE)
            if broken == "-\n":
                pieces.append(broken + text[place])
                breaks.append(place)
                places.append((length + 2, length + 3))
                length += 3
                place += 1
            else:
                pieces.append(broken)
                length += len(broken)
    return "".join(pieces), places, breaks


def document(dice):
    plain = "".join(
        dice.choice(WORDS) + dice.choice(MARKS) for _ in range(dice.randint(1, 12))
    ).strip()
    return plain, *dressed(plain, dice)


def differences(documents, seed):
    dice = random.Random(seed)
    done = matches = 0
    while done < documents:
        topics = [topic(dice) for _ in range(dice.choice([1, 2]))]
        exclusive = len(topics) == 2 and dice.random() < 0.5
        dictionary = Dictionary(
            "d",
            tuple(
                Topic(str(number), tuple(map(written, core)), (), tuple(map(written, exclude)))
                for number, (core, exclude) in enumerate(topics)
            ),
            exclusive=exclusive,
        )
        batch = [document(dice) for _ in range(BATCH)]
        found = dict(dictionary.find_all([text for _, text, _, _ in batch]))
        for number, (plain, text, places, breaks) in enumerate(batch):
            if exclusive:
                own = exclusive_reference(plain, topics, breaks)
            else:
                own = [reference(plain, *one, breaks) for one in topics]
            expected = [
                (str(which), name, places[start][0], places[end - 1][1])
                for which, chosen in enumerate(own)
                for start, end, name in chosen
            ]
            matches += len(expected)
            if expected != [tuple(one) for one in found.get(number, [])]:
                yield topics, exclusive, plain, text, expected, found.get(number, [])
        done += BATCH
    differences.matches = matches


def main(documents, seed):
    begun = time.process_time()
    found = list(differences(documents, seed))
    row = {
        "documents": documents,
        "seed": seed,
        "matches": differences.matches,
        "differences": len(found),
        "cpu_seconds": round(time.process_time() - begun),
    }
    with (HERE / "fuzzing.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, row, lineterminator="\n")
        table.writeheader()
        table.writerow(row)
    print(*row.items(), sep="\n")
    for one in found[:5]:
        print(*map(ascii, one), "", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    sys.exit(main(*numbers, *[100_000, 1][len(numbers) :]))

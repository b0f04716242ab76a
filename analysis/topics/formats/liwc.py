"""LIWC (``.dic``): a header between two lines of %, then a word and its numbers a line."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.errors import InputError, listing, warn
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import (
    Category,
    Content,
    Format,
    Indented,
    levels,
    lines,
    squeeze,
)

# Conditions of old dictionaries: "(02 134)125/464" and "<of>131/125" give one of two categories.
_CONDITION = re.compile(r"\([^)\n]*\)\S*|<[^>\s]*>\S*")
_NUMBERS = re.compile(r"(?<=\S)(\s+\d+)+$")  # after a word, before the first tab


def parse(text: str, path: Path) -> Content:
    """Return what a LIWC file holds; conditions are left out by name."""
    rows = list(lines(text))
    ends = [place for place, (_, line) in enumerate(rows) if line.strip() == "%"]
    if len(ends) < 2:
        problem = f"{len(ends)} lines with % stand around the categories, not 2"
        do = "write the categories and their numbers between two lines of %"
        raise InputError(problem, file=path, do=do)
    categories = _categories(rows[ends[0] + 1 : ends[1]], path)
    lost = []
    mixed = []
    for number, line in rows[ends[1] + 1 :]:
        word, codes = _word(number, line.strip(), path)
        if word.startswith("# "):
            lost.append(f"line {number}: {word!r}, which looks like a remark")
            continue
        if (found := _NUMBERS.search(word)) and set(map(int, found[0].split())) <= set(categories):
            word, codes = word[: found.start()], f"{found[0]} {codes}"
            mixed.append(f"line {number}: {word!r} in {', '.join(codes.split())}")
        for condition in _CONDITION.findall(codes):
            lost.append(f"line {number}: the condition {condition} of {word!r}")
        for code in dict.fromkeys(_CONDITION.sub(" ", codes).split()):
            if code.isdecimal() and int(code) in categories:
                categories[int(code)].patterns.append((word, number))
            else:
                lost.append(f"line {number}: {word!r} in category {code}, which is not there")
    if mixed:
        do = "write TOML where such a number is of the word"
        warn(f"{path}: numbers before a tab are read as categories: {listing(mixed)}; {do}")
    return Content(list(categories.values()), lost=lost)


def _categories(header: list[tuple[int, str]], path: Path) -> dict[int, Category]:
    categories: dict[int, Category] = {}
    indented = Indented()
    for number, line in header:
        found = re.fullmatch(r"\s*(\d+)\s+(\S.*)", line)
        if found is None or int(found[1]) in categories:
            problem = f"the number {found[1]} stands twice" if found else (
                f"{line.strip()!r} is not a number and a name"
            )  # fmt: skip
            do = "write a number, a tab and a name, each number once"
            raise InputError(problem, file=path, line=number, do=do)
        categories[int(found[1])] = Category(indented.enter(line, squeeze(found[2])), number)
    return categories


def _word(number: int, line: str, path: Path) -> tuple[str, str]:
    """Return a word and its numbers: it stands before a tab, so that a phrase may have spaces."""
    word, _, codes = line.partition("\t" if "\t" in line else " ")
    if not codes or ("\t" not in line and not codes.replace(" ", "").isdecimal()):
        do = "write the word, a tab and the numbers of its categories"
        raise InputError(f"{line!r} names no category", file=path, line=number, do=do)
    return word.strip(), codes


def write(dictionary: Dictionary) -> str:
    """Return the text of a LIWC file."""
    header: list[str] = []
    words: dict[str, list[str]] = {}
    for number, (depth, name, topic, _) in enumerate(levels(dictionary.topics), 1):
        header.append("\t" * depth + f"{number}\t{name}\n")
        for pattern in topic.core:
            words.setdefault(pattern, []).append(str(number))
    body = ("\t".join([word, *numbers]) + "\n" for word, numbers in words.items())
    return f"%\n{''.join(header)}%\n{''.join(body)}"


LIWC = Format(
    parse,
    write,
    looks_like=lambda text: bool(re.match(r"\s*%[^\S\r\n]*(?:[\r\n]|$)", text)),
    endings=(".dic",),
    signs=(r"\?|\*(?=\S)|(?<!\S)\*",),  # it knows * at the end of a word only
)

"""Downloads of newspaper archives: one file, many articles, told by what stands in it.

Contract of an archive's reader, which is an entry in `TEXTS` or in `PAGES`: whether a file is
one, by marks that no single article has; and a function from the text, or from the bytes of a
page, to a `Found`: every article with what the archive says of it, and the number that the file
announces. The trailer (subjects, classification, day of loading) is never text. An article that
does not end as it should, or labels in a language that is not known, are an `InputError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.readers.archives.europresse import is_europresse, split_europresse
from analysis.corpus.readers.archives.factiva import (
    is_factiva,
    is_factiva_page,
    split_factiva,
    split_factiva_page,
)
from analysis.corpus.readers.archives.nexis import is_nexis, split_nexis
from analysis.corpus.readers.archives.nexis_old import (
    is_old_nexis,
    is_old_nexis_page,
    split_old_nexis,
    split_old_nexis_page,
)
from analysis.corpus.readers.archives.proquest import (
    is_proquest,
    is_proquest_page,
    split_proquest,
    split_proquest_page,
)
from analysis.corpus.readers.archives.shared import ENGLISH, Found, checked
from analysis.errors import InputError


class Text(NamedTuple):
    """Whether a text is a download of the archive, and what splits it."""

    is_one: Callable[[str], bool]
    split: Callable[[str], Found]


class Page(NamedTuple):
    """Whether the bytes of a page are one, and what splits it."""

    is_one: Callable[[bytes], bool]
    split: Callable[[bytes, Path], Found]


TEXTS = {
    "old Nexis": Text(is_old_nexis, split_old_nexis),
    "Nexis": Text(is_nexis, split_nexis),
    "Factiva": Text(is_factiva, split_factiva),
    "ProQuest": Text(is_proquest, split_proquest),
}
PAGES = {
    "old Nexis": Page(is_old_nexis_page, split_old_nexis_page),
    "Factiva": Page(is_factiva_page, split_factiva_page),
    "Europresse": Page(is_europresse, split_europresse),
    "ProQuest": Page(is_proquest_page, split_proquest_page),
}


# What no single article has, in an interface of any language: numbers of articles, alone in their
# lines, or one and a line of its length; a line between articles and the address of one below it.
_NUMBERED = re.compile(
    r"^[ \t]*(?:Do[ck]ument\w* (?P<n1>\d+) [^\W\d]+ \d+"
    r"|(?P<n2>\d+) [^\W\d]+ \d+ DO[CK]UMENT\w*)[ \t]*$",
    re.M,
)
_LENGTH = re.compile(r"^[^\W\d_]{4,}:[ \u00a0]*\d[\d.,]* [^\W\d]+[ \t]*$", re.M)
_LISTED = re.compile(r"^_{40,}[ \t]*$(?s:.){1,2000}?^\S*https?://\S*/docview/\d", re.M)


def articles_in_text(text: str, path: Path) -> list[dict[str, str]]:
    """Return the articles of a download, or nothing if a text is none."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for name, one in TEXTS.items():
        if one.is_one(plain):
            if path.suffix.lower() == ".pdf":
                problem = f"this is a download of {name} as PDF, where articles are not told apart"
                raise InputError(problem, do="download it as Word, RTF, HTML or text")
            return checked(one.split(plain), path)
    numbers = {found["n1"] or found["n2"] for found in _NUMBERED.finditer(plain)}
    numbered = "1" in numbers and ("2" in numbers or _LENGTH.search(plain) is not None)
    if numbered or _LISTED.search(plain):
        problem = "this looks like an archive's download whose labels are not known"
        raise InputError(problem, do=ENGLISH)
    return []


def articles_in_page(raw: bytes, path: Path) -> list[dict[str, str]]:
    """Return the articles of a download, or nothing if a page is none."""
    for one in PAGES.values():
        if one.is_one(raw):
            return checked(one.split(raw, path), path)
    return []

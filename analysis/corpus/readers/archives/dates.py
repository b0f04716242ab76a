"""Days as archives write them, in eight languages; the machine's locale has no say in it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

# The months of English, German, French, Spanish, Italian, Dutch, Portuguese and Russian, without
# accents, as `_plain` makes them. No word means two months.
_MONTHS = (
    "january jan januar janner janvier janv enero ene gennaio gen januari janeiro января",
    "february feb februar fevrier fevr febrero febbraio februari fevereiro fev февраля",
    "march mar marz maerz mars marzo maart mrt marco марта",
    "april apr avril avr abril abr aprile апреля",
    "may mai mayo maggio mag mei maio мая",
    "june jun juni juin junio giugno giu junho июня",
    "july jul juli juillet juil julio luglio lug julho июля",
    "august aug aout agosto ago augustus августа",
    "september sep sept septembre septiembre settembre set setembro сентября",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября",
    "november nov novembre noviembre novembro ноября",
    "december dec dezember dez decembre diciembre dic dicembre dezembro декабря",
)
_NUMBERS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_WRITTEN = re.compile(
    r"(?P<d1>\d{1,2})(?:\.|er|º|st|nd|rd|th)? +(?:de +)?"
    r"(?P<m1>[^\W\d]+)\.?,? +(?:de +)?(?P<y1>\d{4})(?!\d)"
    r"|(?P<m2>[^\W\d]+)\.? +(?P<d2>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y2>\d{4})(?!\d)"
    r"|(?P<y3>\d{4}) ?年 ?(?P<m3>\d{1,2}) ?月 ?(?P<d3>\d{1,2}) ?日"
    r"|(?<!\d)(?P<y4>\d{4})-(?P<m4>\d{2})-(?P<d4>\d{2})(?!\d)"
)


class Day(NamedTuple):
    """A day as YYYY-MM-DD, and where it stands in the text it was found in."""

    iso: str
    start: int
    end: int


def find_day(text: str) -> Day | None:
    """Return the one day that a text names, or None if it names none, or two, or only digits.

    >>> find_day("mardi 14 mars 2006, p. 16").iso, find_day("04/03/2021")
    ('2006-03-14', None)
    """
    # Spaces of every kind are one character each, so that places stay.
    found = [day for one in _WRITTEN.finditer(re.sub(r"\s", " ", text)) if (day := _day(one))]
    return found[0] if len({day.iso for day in found}) == 1 else None


def iso_day(text: str) -> str:
    """Return the day that a text names as YYYY-MM-DD, or nothing."""
    day = find_day(text)
    return day.iso if day else ""


def _day(found: re.Match[str]) -> Day | None:
    way = next(number for number in "1234" if found[f"y{number}"])
    month = found[f"m{way}"]
    number = int(month) if month.isdigit() else _NUMBERS.get(_plain(month))
    if number is None:
        return None
    try:
        iso = date(int(found[f"y{way}"]), number, int(found[f"d{way}"])).isoformat()
    except ValueError:
        return None
    return Day(iso, *found.span())


def _plain(word: str) -> str:
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", word.casefold())
        if not unicodedata.combining(sign)
    )

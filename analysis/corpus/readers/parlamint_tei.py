"""ParlaMint in TEI: a file of XML a sitting, beside lists of its speakers and parties.

Layout, as the corpora are published: a file whose root is ``TEI`` holds speeches, ``u``, with
``who`` speaks and in which role (``ana``), made of paragraphs, ``seg``; notes, incidents and gaps
among them are not spoken. Its head announces how many speeches there are. ``person`` elements, in
files of their own or in the head of the ``teiCorpus``, say of which parties a speaker is a member
from when to when; ``org`` elements say what is a party. ``teiCorpus`` names the files of sittings,
which lie beside it or in a folder for each year; several corpora may lie in folders side by side.
Files ``.ana.xml`` hold the same word by word; they are read where there is no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis.corpus.groups import Row
from analysis.errors import InputError, listing, number_of, warn
from analysis.io.files import needing, read_bytes

_TEI = "{http://www.tei-c.org/ns/1.0}"
_HEAD = f"{_TEI}teiHeader//{_TEI}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_INCLUDE = "{http://www.w3.org/2001/XInclude}include"
_SPOKEN = re.compile(rb"<(?:\w+:)?(TEI|teiCorpus)[\s>]")  # the root of a file, in its first lines
_WORDS = {"w", "pc"}
_SILENT = {"note", "kinesic", "vocal", "incident", "gap", "head"}
_BREAKS = {"lb", "pb", "cb"}  # of a line, page or column: between two words, unless it says no
_ROLES = {"chair": "Chairperson", "regular": "Regular", "guest": "Guest"}
_DAY = len("2020-12-31")  # hours may follow
_PARTIES = ("parliamentaryGroup", "politicalParty")  # who speaks for a group is named by it first


class _Known(NamedTuple):
    """Speakers and organisations, by their identifiers."""

    persons: dict[str, Any]
    orgs: dict[str, Any]


def within(folder: Path, pattern: str) -> list[Path]:
    """Return files of a folder and of folders in it, down to a corpus and its years."""
    found = {path for stars in ("", "*/", "*/*/") for path in folder.glob(stars + pattern)}
    return sorted(path for path in found if _is_own(path, folder))


def _is_own(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.is_file()


def roots_of(folder: Path) -> dict[Path, str]:
    """Return the files that hold speeches or name them, with their root; none without speeches."""
    roots = {path: root for path in within(folder, "*.xml") if (root := _root_of(path))}
    return roots if "TEI" in roots.values() else {}


def _root_of(path: Path) -> str:
    with path.open("rb") as file:
        begin = _SPOKEN.search(file.read(4000).replace(b"\0", b""))  # of UTF-16 as of UTF-8
    return begin[1].decode() if begin else ""


def sittings_of(folder: Path) -> list[Path]:
    """Return the files of sittings that are read; those that a corpus names must be there."""
    files = roots_of(folder)
    sittings = [path for path, root in files.items() if root == "TEI"]
    plain = [path for path in sittings if not path.name.endswith(".ana.xml")]
    corpora = [path for path, root in files.items() if root != "TEI"]
    _check_whole([one for one in corpora if not (plain and one.name.endswith(".ana.xml"))])
    if left := len(sittings) - len(plain) if plain else 0:
        said = number_of(left, "file .ana.xml is", "files .ana.xml are")
        warn(f"{folder}: {said} left out, as others hold the same speeches")
    return plain or sittings


def lists_of(folder: Path, sitting: Path) -> list[Path]:
    """Return the files with speakers and parties: beside a sitting, or above it in the folder.

    Those of another corpus beside it may call others by the same names.
    """
    above = [one for one in (sitting.parent, *sitting.parent.parents) if one.is_relative_to(folder)]
    found = (path for one in above for path in sorted(one.glob("*.xml")))
    return [path for path in found if _is_own(path, folder) and _root_of(path) != "TEI"]


def read_tei(folder: Path, path: Path, unknown: list[str]) -> Iterator[Row]:
    """Yield the speeches of a sitting, those of chairs too, as the tables of ParlaMint name them.

    The names of speeches go to `unknown` whose speaker stands in no list.
    """
    lists = tuple(lists_of(folder, path))
    stamps = tuple(found.stat().st_mtime_ns for found in lists)
    yield from _speeches(path, _known(lists, stamps), unknown)


def _parsed(path: Path) -> Any:
    """The root of a file; what is cut off, damaged or declares entities of its own is an error."""
    with needing("documents", path):
        from lxml import etree
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    parser = etree.XMLParser(**options, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(read_bytes(path), parser)
    except etree.XMLSyntaxError as error:
        problem = f"the file was cut off or damaged ({error.msg})"
        raise InputError(problem, file=path, line=error.lineno, do="download it anew") from None
    if root.getroottree().docinfo.internalDTD is not None:
        problem = "it declares a document type, as no file of ParlaMint does"
        raise InputError(problem, file=path, do="download it anew")
    return root


@lru_cache(maxsize=4)
def _known(lists: tuple[Path, ...], stamps: tuple[int, ...]) -> _Known:
    """Whom and what lists of a time name; they are read once for all sittings."""
    known = _Known({}, {})
    for path in reversed(lists):  # what stands nearer to the sitting holds
        root = _parsed(path)
        known.persons.update({one.get(_ID): one for one in root.iter(f"{_TEI}person")})
        known.orgs.update({one.get(_ID): one for one in root.iter(f"{_TEI}org")})
    return known


def _check_whole(corpora: list[Path]) -> None:
    """Raise if a file that a corpus names is not there."""
    for path in corpora:
        named = [one.get("href", "") for one in _parsed(path).findall(_INCLUDE)]
        if gone := [one for one in named if not Path(path.parent / one).is_file()]:
            said = number_of(len(named), "file")
            problem = f"it names {said}, of which these are not here: {listing(gone)}"
            raise InputError(problem, file=path, do="download the corpus anew")


def _speeches(path: Path, known: _Known, unknown: list[str]) -> Iterator[Row]:
    root = _parsed(path)
    speeches = list(root.iter(f"{_TEI}u"))
    _check_number(root, len(speeches), path)
    sitting = {"Text_ID": root.get(_ID, path.name.partition(".")[0]), **_of_head(root)}
    for speech in speeches:
        name, who = speech.get(_ID, ""), speech.get("who", "").removeprefix("#")
        if not name:
            problem = "this speech has no name, xml:id"
            raise InputError(problem, file=path, line=speech.sourceline, do="download it anew")
        if who not in known.persons:
            unknown.append(name)
        roles = [one.removeprefix("#") for one in speech.get("ana", "").split()]
        role = next((_ROLES[one] for one in roles if one in _ROLES), "")
        row = {"doc_id": name, **sitting, "Speaker_role": role, "Speaker_ID": who}
        row |= _of_speaker(known, who, sitting["Date"])
        yield path, speech.sourceline, {**row, "text": _text_of(speech)}


def _check_number(root: Any, found: int, path: Path) -> None:
    """Raise if there are not as many speeches as the head announces; a sample is told."""
    said = root.find(f"{_HEAD}extent/{_TEI}measure[@unit='speeches']")
    announced = 0 if said is None else int(re.sub(r"\D", "", said.get("quantity", "")) or 0)
    if announced in (0, found):
        return
    said = number_of(announced, "speech", "speeches")
    problem = f"the file announces {said}, and has {found:,}"
    said_of_gaps = " ".join("".join(gap.itertext()).upper() for gap in root.iter(f"{_TEI}gap"))
    if "SAMPLING" in said_of_gaps or "SAMPLE" in said_of_gaps:
        warn(f"{path}: {problem}: it is a sample")
        return
    raise InputError(problem, file=path, do="download it anew")


def _of_head(root: Any) -> dict[str, str]:
    """Day and term of a sitting."""
    day = root.find(f"{_HEAD}setting/{_TEI}date")
    when = "" if day is None else day.get("when", day.get("from", ""))
    meetings = root.iterfind(f"{_HEAD}meeting")
    terms = [one.get("n", "") for one in meetings if "#parla.term" in one.get("ana", "").split()]
    return {"Date": when[:_DAY], "Term": (terms or [""])[0]}


def _of_speaker(known: _Known, who: str, day: str) -> dict[str, str]:
    """What is known of a speaker on a day."""
    person = known.persons.get(who)
    blank = ("party", "name", "gender", "birth", "MP", "minister")
    if person is None:
        return {f"Speaker_{name}": "" for name in blank}
    own = [one for one in person.iter(f"{_TEI}affiliation") if _holds(one, day)]
    roles = [(one.get("role", ""), one.get("ref", "").removeprefix("#")) for one in own]
    kinds = {ref: known.orgs[ref].get("role", "") for _, ref in roles if ref in known.orgs}
    parties = ({ref for _, ref in roles if kinds.get(ref) == kind} for kind in _PARTIES)
    party = next((one for one in parties if one), set())
    member = any(role == "MP" or kinds.get(ref) == "parliament" for role, ref in roles)
    minister = any(role == "minister" for role, _ in roles)
    return {
        "Speaker_party": ";".join(sorted(_short(known.orgs[ref], ref) for ref in party)),
        "Speaker_name": _name_of(person, day),
        "Speaker_gender": _attribute(person, "sex", "value"),
        "Speaker_birth": _attribute(person, "birth", "when"),
        "Speaker_MP": "MP" if member else "notMP",
        "Speaker_minister": "Minister" if minister else "notMinister",
    }


def _holds(one: Any, day: str) -> bool:
    """Whether a day lies within what an element says it holds for; years and months count whole."""
    begin, end = (one.get(name, one.get("when", ""))[:_DAY] for name in ("from", "to"))
    return not day or (day[: len(begin)] >= begin and day[: len(end)] <= end)


def _attribute(person: Any, element: str, name: str) -> str:
    found = person.find(f"{_TEI}{element}")
    return "" if found is None else str(found.get(name, ""))


def _name_of(person: Any, day: str) -> str:
    """Surname and forename, of the names that a person had the one of that day."""
    names = person.findall(f"{_TEI}persName")
    for one in [one for one in names if _holds(one, day)] or names[:1]:
        parts = [
            " ".join(" ".join(part.itertext()) for part in one.findall(f"{_TEI}{element}"))
            for element in ("surname", "forename")
        ]
        return " ".join((", ".join(filter(None, parts)) or "".join(one.itertext())).split())
    return ""


def _short(org: Any, ref: str) -> str:
    """The short name of a party, in English where there are several."""
    names = [one for one in org.findall(f"{_TEI}orgName") if one.get("full") == "abb"]
    names.sort(key=lambda one: one.get(_LANG, "") != "en")
    return " ".join("".join(names[0].itertext()).split()) if names else ref


def _text_of(speech: Any) -> str:
    paragraphs = (" ".join("".join(_spoken(one)).split()) for one in speech.iter(f"{_TEI}seg"))
    return "\n\n".join(filter(None, paragraphs))


def _spoken(element: Any, *, by_word: bool = False) -> Iterator[str]:
    """What is said in an element: its text, or the words of a sentence that was annotated."""
    tag = str(element.tag).removeprefix(_TEI)
    if tag in _SILENT:
        return
    if tag in _BREAKS:
        yield "" if element.get("break") == "no" else " "
        return
    if tag in _WORDS:
        yield "".join("".join(element.itertext()).split())
        yield "" if element.get("join") in ("right", "both") else " "
        return
    by_word |= tag == "s"
    yield "" if by_word else element.text or ""
    for child in element:
        yield from _spoken(child, by_word=by_word)
        yield "" if by_word else child.tail or ""

"""Blocks as a file: Markdown, Word, PDF.

Contract of a printer: blocks in, the bytes of a whole file out, the same in every process. Texts
go in as data, so that nothing in them becomes a mark, a link, a picture or a command; no printer
reads another file or the network.

A new one is one function and one line in `PRINTERS`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from importlib import resources
from itertools import starmap
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError, listing, warn
from analysis.io.exports import escape_markdown, to_markdown
from analysis.io.files import needing, replace_bytes
from analysis.io.packed import undated
from analysis.prose.language import Language
from analysis.prose.tables import Tables
from analysis.prose.writing import StudyLike, parts_of
from analysis.report.blocks import Block, Folded, Heading, Sentence, Table, Text
from analysis.report.paper import paper_blocks

# Letters that typst's own fonts may lack: beyond Latin, Greek, Cyrillic, Armenian and Hebrew.
_FAR = re.compile("[^\0-\u04ff\u0531-\u05ff\u1e00-\u2bff\ufb00-\ufb06]")


def save_report(
    study: StudyLike | Tables,
    path: str | Path,
    *,
    findings: pd.DataFrame | None = None,
    language: str | Path | Language | None = None,
) -> None:
    """Write the report on paper into one file, whose ending says which kind: see `PRINTERS`.

    It holds the findings, a table of emphasis with intervals, every sentence behind the findings
    with its matched words in bold, the patterns of topics that are absent, and the method.
    ``.docx`` and ``.pdf`` need ``pip install 'topic-emphasis[print]'``. The bytes are the same in
    every run, except where a PDF needs letters for which only this machine has fonts; a warning
    names them.

    Parameters
    ----------
    study : Study or Tables
        A study; or its tables and title, brought by oneself.
    path : str or path
        The file: ``.md``, ``.docx`` or ``.pdf``. An old one is replaced at once, or not at all.
    findings : pandas.DataFrame, optional
        From `findings`, if they have been made already.
    language : str, path or Language, optional
        The wording of the report and of the findings; else that of the study, or English.

    Raises
    ------
    InputError
        If the ending is another, a package is not installed, the file cannot be written, or the
        findings are in another language.

    Examples
    --------
    >>> save_report(None, "report.odt")
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: report.odt: no report can be of kind '.odt'; choose .docx, .md, .pdf
    """
    path = Path(path)
    check_printable(path)
    tables, findings, language = parts_of(study, findings, language)
    blocks = paper_blocks(tables, findings, language)
    printed = PRINTERS[path.suffix.lower()](blocks, language.words["language"])
    replace_bytes(path, printed)


def check_printable(path: Path, others: Sequence[str] = ()) -> None:
    """Raise unless a report can be written into a file; `others` are endings beside `PRINTERS`."""
    ending = path.suffix.lower()
    if ending not in (*PRINTERS, *others):
        raise InputError(
            f"no report can be of kind {ending!r}",
            file=path,
            do=f"choose {listing(sorted([*PRINTERS, *others]))}",
        )
    if not path.parent.is_dir():
        raise InputError("its folder does not exist", file=path, do="make the folder first")
    with needing("print", path):
        if ending == ".docx":
            import docx  # noqa: F401
        if ending == ".pdf":
            import typst  # noqa: F401


def to_md(blocks: Sequence[Block], language: str) -> bytes:
    """Return the report as Markdown: CommonMark, tables, and HTML for anchors and folds alone."""
    return ("\n\n".join(map(_md, blocks)) + "\n").encode("utf-8")


def _md(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * (level + 1)} {escape_markdown(text)}"
        case Table(rows):
            head, *body = ([cell.replace("\n", ": ") for cell in row] for row in rows)
            return to_markdown(pd.DataFrame(body, columns=head)).rstrip("\n")
        case Sentence(runs, place, number):
            begin = f"{number}." if number else ">"
            return f"{begin} {''.join(starmap(_md_run, runs))} — {escape_markdown(place)}"
        case Folded(summary, inner):
            line = f"<details><summary>{escape(summary)}</summary>"
            return "\n\n".join([line, *map(_md, inner), "</details>"])
        case Text(runs, _, anchor):
            begin = f'<a id="{escape(anchor)}"></a>' if anchor else ""
            return begin + "".join(starmap(_md_run, runs))


def _md_run(text: str, style: str) -> str:
    if style == "code" and "`" not in text:
        return f"`{text}`"
    stars = "**" if style == "bold" else ""
    return f"{stars}{escape_markdown(text)}{stars}"


def to_docx(blocks: Sequence[Block], language: str) -> bytes:
    """Return the report as a Word file, in Word's own styles, so that they can be changed."""
    from docx import Document
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    note = document.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.size = document.styles["Normal"], Pt(9)
    core = document.core_properties
    core.language, core.author, core.comments = language, "", ""

    def add(runs: Sequence[tuple[str, str]], *, small: bool = False) -> Any:
        paragraph = document.add_paragraph(style="Note" if small else None)
        for text, style in runs:
            paragraph.add_run(text).bold = style == "bold" or None
        return paragraph.paragraph_format

    for block in _unfolded(blocks):
        match block:
            case Heading(level, text):
                document.add_heading(text, level)
                core.title = core.title or text
            case Table(rows):
                _docx_table(document, rows)
            case Sentence(runs, place, number):
                begin = f"{number}\t" if number else "\t"
                indent = add([(begin, "plain"), *runs, (f" — {place}", "plain")])
                indent.left_indent, indent.first_line_indent = Cm(1), Cm(-1)
            case Text(runs, small):
                add(runs, small=small)
    file = io.BytesIO()
    document.save(file)
    return undated(file)


def _unfolded(blocks: Iterable[Block]) -> Iterator[Heading | Text | Sentence | Table]:
    """The same on paper, where nothing folds out."""
    for block in blocks:
        if isinstance(block, Folded):
            yield Text(((block.summary, "bold"),), small=True)
            yield from _unfolded(block.blocks)
        else:
            yield block


def _docx_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(0, len(rows[0]), style="Light List Accent 1")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
            cell.paragraphs[0].style = "Note"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # on every page
    document.add_paragraph()


def to_pdf(blocks: Sequence[Block], language: str) -> bytes:
    """Return the report as PDF, tagged for screen readers, set by ``templates/report.typ``."""
    import typst

    source = (resources.files("analysis.report") / "templates" / "report.typ").read_bytes()
    kinds = [
        {"kind": type(block).__name__.lower(), **block._asdict()} for block in _unfolded(blocks)
    ]
    data = json.dumps({"blocks": kinds, "language": language}, ensure_ascii=False)
    far = "".join(sorted(set(_FAR.findall(data))))
    if far:
        warn(
            f"the PDF needs fonts of this machine for {far[:20]!r}: see that it shows them; "
            "other machines may show them otherwise"
        )
    given = {"report": data}
    return bytes(
        typst.compile(
            source, format="pdf", sys_inputs=given, ignore_system_fonts=not far, timestamp=0
        )
    )


Printer = Callable[[Sequence[Block], str], bytes]
# By the ending of the file.
PRINTERS: dict[str, Printer] = {".md": to_md, ".docx": to_docx, ".pdf": to_pdf}

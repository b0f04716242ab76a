"""The report as a file on paper: Markdown, Word, PDF.

Contract of a printer: blocks from `report_blocks` in, the bytes of a whole file out, the same in
every process. Texts go in as data, so that nothing in them becomes a mark, a link, a picture or a
command; no printer reads another file or the network.

A new one is one function and one line in `PRINTERS`.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError, listing, warn
from analysis.io.exports import escape_markdown, to_markdown
from analysis.io.files import needing, replace_bytes
from analysis.io.results import Result
from analysis.prose.language import Language, read_language
from analysis.report.blocks import Block, report_blocks

# Letters that typst's own fonts may lack: beyond Latin, Greek, Cyrillic, Armenian and Hebrew.
_FAR = re.compile("[^\0-\u04ff\u0531-\u05ff\u1e00-\u2bff\ufb00-\ufb06]")


def save_report(
    path: str | Path,
    title: str,
    emphasis: Result,
    findings: pd.DataFrame,
    *,
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
    path : path
        The file: ``.md``, ``.docx`` or ``.pdf``. An old one is replaced at once, or not at all.
    title : str
        The study's title.
    emphasis : Result
        From `emphasis`, by any measure.
    findings : pandas.DataFrame
        From `findings`.
    language : str, path or Language, optional
        The one the findings were made with; needed where it has names or is a file of your own.

    Raises
    ------
    InputError
        If the ending is another, a package is not installed, or the file cannot be written.

    Examples
    --------
    >>> save_report("report.odt", "Energy", None, None)
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: report.odt: no report can be of kind '.odt'; choose .docx, .md, .pdf
    """
    path = Path(path)
    check_printable(path)
    language = read_language(language or findings["provenance"].iloc[0]["wording"])
    blocks = report_blocks(title, emphasis, findings, language=language)
    replace_bytes(path, PRINTERS[path.suffix.lower()](blocks, language.words["language"]))


def check_printable(path: Path, others: Sequence[str] = ()) -> None:
    """Raise unless a report can be written into a file, so that nothing is computed in vain.

    Parameters
    ----------
    path : Path
        The file.
    others : sequence of str
        Endings beside those of `PRINTERS`.
    """
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
    """Return the report as Markdown without HTML: CommonMark and tables."""
    return "\n\n".join([*map(_md, blocks), ""]).encode("utf-8")


def _md(block: Block) -> str:
    if block["kind"] == "heading":
        return f"{'#' * (block['level'] + 1)} {escape_markdown(block['text'])}"
    if block["kind"] == "table":
        head, *rows = ([cell.replace("\n", ": ") for cell in row] for row in block["rows"])
        return to_markdown(pd.DataFrame(rows, columns=head)).rstrip("\n")
    text = "".join(
        f"**{escape_markdown(text)}**" if bold else escape_markdown(text)
        for text, bold in block["runs"]
    )
    if block["kind"] == "sentence":
        return f"{block['number']}. {text} — {escape_markdown(block['place'])}"
    return text


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
    for block in blocks:
        if block["kind"] == "heading":
            document.add_heading(block["text"], block["level"])
        elif block["kind"] == "table":
            _docx_table(document, block["rows"])
        else:
            paragraph = document.add_paragraph(style="Note" if block["kind"] == "note" else None)
            runs = block["runs"]
            if block["kind"] == "sentence":
                indent = paragraph.paragraph_format
                indent.left_indent, indent.first_line_indent = Cm(1), Cm(-1)
                runs = [(f"{block['number']}\t", False), *runs, (f" — {block['place']}", False)]
            for text, bold in runs:
                paragraph.add_run(text).bold = bold or None
    core = document.core_properties
    core.title, core.language = blocks[0]["text"], language
    core.author = core.comments = ""
    file = io.BytesIO()
    document.save(file)
    return _undated(file)


def _docx_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(0, len(rows[0]), style="Light List Accent 1")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
            cell.paragraphs[0].style = "Note"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # on every page
    document.add_paragraph()


def _undated(file: io.BytesIO) -> bytes:
    """The same zip file without the time at which it was written."""
    anew = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(anew, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return anew.getvalue()


def to_pdf(blocks: Sequence[Block], language: str) -> bytes:
    """Return the report as PDF, tagged for screen readers, set by ``pages/report.typ``."""
    import typst

    source = (resources.files("analysis.report") / "templates" / "report.typ").read_bytes()
    data = json.dumps({"blocks": blocks, "language": language}, ensure_ascii=False)
    far = "".join(sorted(set(_FAR.findall(data))))
    if far:
        warn(
            f"the PDF needs fonts of this machine for {far[:20]!r}: see that it shows them; "
            "other machines may show them otherwise"
        )
    pdf: bytes = typst.compile(
        source,
        format="pdf",
        sys_inputs={"report": data},
        ignore_system_fonts=not far,
        timestamp=0,
    )
    return pdf


PRINTERS: dict[str, Callable[[Sequence[Block], str], bytes]] = {  # by the ending of the file
    ".md": to_md,
    ".docx": to_docx,
    ".pdf": to_pdf,
}

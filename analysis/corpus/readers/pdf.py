"""The text of a PDF."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import NAMES, InputError, listing, warn


def read_pdf(raw: bytes, path: Path) -> str:
    """The text layer of a PDF, page by page, its lines as they stand.

    Words broken at line ends stay broken: folding joins them. Running headers, page numbers and
    columns come as the file has them. Pages without a text layer are named in a warning; a PDF
    with no text at all, or protected by a password, is an error.
    """
    import pypdf

    with _faults() as faults:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted:
            do = "save it without a password, or save its text"
            raise InputError("it is encrypted", do=do)
        pages = [_whole(page.extract_text()) for page in reader.pages]
    blank = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(blank) == len(pages):
        problem = "it has no text layer: its pages are pictures"
        raise InputError(problem, do="recognise its text (OCR) first")
    if blank:
        say = f"no text layer on pages {listing(blank)}; nothing of them is read"
        warn(f"{NAMES}: {say}", of=[path])
    if faults:
        say = f"the PDF has faults ({faults[0]}); compare its text with the file"
        warn(f"{NAMES}: {say}", of=[path])
    return "\n".join(page.strip("\n") for page in pages)


def _whole(text: str) -> str:
    """Text with what a PDF may hold and no file can: pairs of surrogates joined, halves marked."""
    pairs = text.replace("\0", "").encode("utf-16-le", "surrogatepass")
    return pairs.decode("utf-16-le", "replace")


@contextmanager
def _faults() -> Iterator[list[str]]:
    """Collect what pypdf logs, which would go to standard error otherwise."""
    faults: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: faults.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pypdf")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield faults
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate

"""The text of a mail."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import cast

from analysis.corpus.readers.html import read_html
from analysis.errors import listing, warn
from analysis.io.files import needing, plain_text


def read_eml(raw: bytes, path: Path) -> str:
    """The body of a mail: its plain text, or what its page says if it has none.

    Left out: the lines of its head and, with a warning that names them, what is attached.
    """
    plain, page = mail_parts(raw, path)
    if page and not plain.strip():
        with needing("documents", path):
            return read_html(page, path)
    return plain_text(plain, path)


def mail_parts(raw: bytes, path: Path) -> tuple[bytes, bytes]:
    """Return the plain text and the page of a mail's body, in UTF-8; empty where it has none."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    if not {"from", "subject", "date", "mime-version"} & {name.lower() for name in mail}:
        raise ValueError("it has no head of a mail")
    if attached := [part.get_filename() or "?" for part in mail.iter_attachments()]:
        warn(f"{path}: attached, and left out: {listing(attached)}")
    found = [mail.get_body((kind,)) for kind in ("plain", "html")]
    plain, page = (cast(str, part.get_content()) if part else "" for part in found)
    # The page may name an encoding that it was in; here it is in another, which its mark says.
    marked = page.encode("utf-8-sig", "replace") if page else b""
    return plain.rstrip("\r\n").encode(errors="replace"), marked

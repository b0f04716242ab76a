"""The text of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from analysis.corpus.readers.html import read_html
from analysis.errors import listing, warn
from analysis.io.files import needing, plain_text


def read_eml(raw: bytes, path: Path) -> str:
    """The body of a mail or a page saved as MHTML: its plain text, or its page if it has none.

    Left out: the lines of its head and, with a warning that names them, what is attached.
    """
    plain, page = mail_parts(raw, path)
    attached = [part.get_filename() or part.get_content_type() for part in _attached(raw)]
    if attached:
        warn(f"{path}: attached, and left out: {listing(dict.fromkeys(attached))}")
    if page and not plain.strip():
        with needing("documents", path):
            return read_html(page, path)
    return plain_text(plain, path)


def mail_parts(raw: bytes, path: Path) -> tuple[bytes, bytes]:
    """Return the plain text and the page of a mail's body; empty where it has none.

    They are in UTF-8 where the mail names their encoding, and else as they are.
    """
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    if not {"from", "subject", "date", "mime-version"} & {name.lower() for name in mail}:
        raise ValueError("it has no head of a mail")
    plain, page = (_content(mail.get_body((kind,))) for kind in ("plain", "html"))
    return plain.rstrip(b"\r\n"), page


def _content(part: Any) -> bytes:
    if part is None:
        return b""
    if part.get_content_charset() is None:  # as browsers save pages; Python takes it for ASCII
        return bytes(part.get_payload(decode=True))
    # The page may name an encoding that it was in; here it is in another, which its mark says.
    encoding = "utf-8-sig" if part.get_content_subtype() == "html" else "utf-8"
    return str(part.get_content()).encode(encoding, "replace")


def _attached(raw: bytes) -> Iterator[Any]:
    """What is attached to a mail; pictures and styles of its page are the page's own."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    if mail.get_content_type() != "multipart/related":
        yield from mail.iter_attachments()

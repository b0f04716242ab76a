"""What is packed as a zip (Word files, workbooks, downloads), looked at before it is unpacked."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from analysis.errors import InputError

MAX_BYTES = 100_000_000  # that an article file unpacks to
_USUAL_BYTES, _MAX_RATIO = 10_000_000, 100  # text shrinks to a tenth; a zip bomb to a thousandth


def check_zip(raw: bytes, most: int = 0) -> None:
    """Raise if a file would unpack to far more than it should, before any of it is unpacked."""
    with ZipFile(BytesIO(raw)) as packed:
        size = sum(part.file_size for part in packed.infolist())
        if size > (most or MAX_BYTES) or (size > _USUAL_BYTES and size > _MAX_RATIO * len(raw)):
            problem = f"it unpacks to {size} bytes"
            raise InputError(problem, do="save it without pictures, or as text")
        if not {part.compress_type for part in packed.infolist()} <= {ZIP_STORED, ZIP_DEFLATED}:
            raise BadZipFile("an unusual compression")
        # Reads in small pieces: a part that is larger than the file says is found out here.
        if (damaged := packed.testzip()) is not None:
            raise BadZipFile(f"{damaged} is damaged")


def undated(raw: BytesIO) -> bytes:
    """Return the same zip file without the time at which it was written."""
    anew = BytesIO()
    with ZipFile(raw) as old, ZipFile(anew, "w") as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)
    return anew.getvalue()

"""Patterns that are regular expressions, such as ``regex: cyber.?war``: RE2 reads them."""

from __future__ import annotations

import re
from typing import Any

from analysis.errors import InputError

# What a pattern may begin with to say how all of it is meant.
KIND = re.compile(r"\s*(case|regex):\s*")


def expression(written: str) -> Any:
    """Return the regular expression of a pattern such as ``regex: cyber.?war``.

    RE2 takes time linear in the text, whatever the expression.
    """
    try:
        import re2
    except ImportError:
        problem = f"the pattern {written!r} needs the package google-re2"
        raise InputError(problem, do="pip install 'topic-emphasis[regex]'") from None
    options = re2.Options()
    options.case_sensitive = False
    options.longest_match = True
    options.log_errors = False
    try:
        return re2.compile(KIND.sub("", written, count=1), options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise InputError(
            f"the pattern {written!r} is no regular expression of RE2 ({said})",
            do="mend it; RE2 has no look-around and no references to groups",
        ) from None

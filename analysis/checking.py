"""Whether what is written is what the study gives now."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.pipeline import execute_all, run, written_before
from analysis.results import rows_of, to_json
from analysis.settings import Study


def check(
    study: Study, notebooks: bool = True, say: Callable[[str], None] = lambda message: None
) -> list[str]:
    """Return every difference between what is written and what the study gives now.

    Parameters
    ----------
    study : Study
        From `read_study`.
    notebooks : bool
        Whether to execute and compare the notebooks too.
    say : callable
        Told, in a few words, what is being done.

    Returns
    -------
    list of str
        Each finding whose text changed, with both texts; each file that changed, is missing or
        is not made any more; each notebook whose outputs changed. Empty: all is as committed.
    """
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary) / "fresh"
        tables = run(replace(study, folder=fresh), notebooks=False, say=say)
        differences = _changed_findings(study.folder / "findings.json", rows_of(tables.findings))
        names = {path.name for path in fresh.iterdir()} | set(written_before(study.folder))
        for name in sorted(names - {"run.json"}):
            old, new = study.folder / name, fresh / name
            if not old.exists():
                differences.append(f"{name} is missing")
            elif not new.exists():
                differences.append(f"{name} is not made any more")
            elif old.read_bytes() != new.read_bytes():
                differences.append(f"{name} changed")
    executed = execute_all(study, say) if notebooks else {}
    for path, text in executed.items():
        if path.read_text(encoding="utf-8") != text:
            differences.append(f"{path.name} changed")
    return differences


def _changed_findings(committed: Path, now: list[dict[str, Any]]) -> list[str]:
    try:
        before = json.loads(committed.read_text(encoding="utf-8"))
        old = {_name(found): found for found in before}
    except (OSError, ValueError, TypeError, KeyError):
        return [f"{committed.name} cannot be read"]
    new = {_name(found): found for found in json.loads(to_json(now))}
    changes = []
    for name in [*old, *(name for name in new if name not in old)]:
        was, is_now = old.get(name), new.get(name)
        texts = ["(not there)" if found is None else found["text"] for found in (was, is_now)]
        if texts[0] != texts[1]:
            changes.append(f"{name}\n  was: {texts[0]}\n  is:  {texts[1]}")
        elif was is not None and is_now is not None:
            moved = [key for key in is_now if key != "id" and was.get(key) != is_now[key]]
            if moved:
                changes.append(f"{name}\n  same text; changed: {', '.join(moved)}")
    return changes


def _name(found: Mapping[str, Any]) -> str:
    """What a finding is called across runs: its number moves when another comes or goes."""
    parts = [found["kind"], found["topic"], " and ".join(found["groups"])]
    return re.sub(r"\s+", " ", ": ".join(part for part in parts if part))

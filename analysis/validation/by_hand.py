"""Coding sentence by sentence in a notebook: what is answered is saved at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError, check_choice, listing
from analysis.io.csv import to_csv
from analysis.io.files import replace_file
from analysis.io.sheets import read_sheet
from analysis.validation.codes import ANSWERS
from analysis.validation.sample import asked
from analysis.validation.sampling import save_coding_sheet

_SHOWN = ["topic", "before", "text", "after", "answer"]


class Coding:
    """A sheet that is being filled in: one question after the other, without any display.

    A new sheet is written by `save_coding_sheet`; one that is there is continued at its first
    question without an answer.
    """

    def __init__(
        self, sample: pd.DataFrame, path: str | Path, *, coder: str, second: bool = False
    ) -> None:
        self.path = Path(path)
        if self.path.suffix.lower() != ".csv":
            raise InputError("a sheet filled in here is a .csv file", file=path, do="name it so")
        if not self.path.exists():
            save_coding_sheet(sample, self.path, coder=coder, second=second)
        rows = asked(sample, second=second)
        self.questions = sorted(zip(rows["item"], rows["topic"], strict=True))
        self.rows = self._read()
        if others := sorted({row["coder"] for row in self.rows} - {coder.strip()}):
            raise InputError(
                f"the sheet is of {others[0]!r}", file=self.path, do="name another file"
            )
        self.place = next((n for n, row in enumerate(self.rows) if not row["answer"]), 0)

    def _read(self) -> list[dict[str, str]]:
        """The rows of the sheet, in whatever order they stand."""
        rows = [row for _, row in read_sheet(self.path)]
        needed = ("item", "coder", *_SHOWN)
        if gone := [name for name in needed if rows and name not in rows[0]]:
            problem = f"the sheet has no column {listing(map(repr, gone))}"
            raise InputError(problem, file=self.path, do="take it as it was written")
        if sorted(map(_question, rows)) != self.questions:
            problem = "the sheet has other questions than the sample"
            raise InputError(problem, file=self.path, do="pass the sample it was made of")
        return rows

    def act(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer the question shown, or go on or back; return what to show then."""
        step = message.get("step")
        if "answer" in message:
            check_choice(message["answer"], ANSWERS, "answer", "possible answer")
            # A spreadsheet may have saved answers or another order in it meanwhile.
            shown, self.rows = _question(self.rows[self.place]), self._read()
            self.place = [_question(row) for row in self.rows].index(shown)
            self.rows[self.place]["answer"] = message["answer"]
            replace_file(self.path, to_csv(pd.DataFrame(self.rows)))
            step = 1
        if step in (1, -1):
            self.place = min(max(self.place + step, 0), len(self.rows) - 1)
        return self.state()

    def state(self) -> dict[str, Any]:
        """Return what to show: the question, and how far one is."""
        row = self.rows[self.place]
        answered = sum(bool(row["answer"]) for row in self.rows)
        shown = {name: row[name] for name in _SHOWN}
        return shown | {"number": self.place + 1, "answered": answered, "total": len(self.rows)}


def _question(row: Mapping[str, str]) -> tuple[str, str]:
    return row["item"], row["topic"]


def code_by_hand(
    sample: pd.DataFrame, path: str | Path, *, coder: str, second: bool = False
) -> Any:
    """Show a notebook display in which a coder answers one sentence after the other.

    Keys: y yes, n no, u unsure, arrows back and on. Every answer is saved in the sheet at once;
    who closes the tab and comes back goes on where the answers end. It needs
    ``pip install 'topic-emphasis[notebooks]'`` and no network.

    Parameters
    ----------
    sample : pandas.DataFrame
        From `coding_sample`.
    path : path
        The sheet, a ``.csv`` file, for `read_codes`; made if it is not there.
    coder : str
        Who answers.
    second : bool
        Only what is coded twice.

    Returns
    -------
    anywidget.AnyWidget
        The display; in a notebook, the last line of a cell.

    Raises
    ------
    InputError
        If the sheet is of another sample or coder.

    Examples
    --------
    >>> import analysis as an, tempfile
    >>> study = an.read_study("study.toml")
    >>> sample = an.coding_sample(study.codes, study.sentences, by="partner", n=12)
    >>> display = code_by_hand(sample, Path(tempfile.mkdtemp()) / "anna.csv", coder="Anna")
    >>> display.state["number"], display.state["total"]
    (1, 192)
    """
    try:
        import anywidget
        import traitlets
    except ImportError:
        do = "install them: pip install 'topic-emphasis[notebooks]'; or use save_coding_sheet"
        raise InputError("the display needs packages that are not installed", do=do) from None
    coding = Coding(sample, path, coder=coder, second=second)

    class CodingDisplay(anywidget.AnyWidget):
        _esm = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
        state = traitlets.Dict().tag(sync=True)

    display = CodingDisplay(state=coding.state())

    def on_message(_: object, message: Mapping[str, Any], __: object) -> None:
        display.state = coding.act(message)

    display.on_msg(on_message)
    return display

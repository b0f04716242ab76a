"""Coding in a notebook: every answer is saved, and closing the tab loses nothing."""

import json
from pathlib import Path

import pytest

import analysis as an
from analysis import InputError, code_by_hand, coding_sample, read_codes
from analysis.validation import by_hand
from analysis.validation.by_hand import Coding
from tests.report.test_browser import browser, open_page  # noqa: F401  # fixtures
from tests.validation.corpus import CODES, SENTENCES, WIND

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=12, dictionary=WIND)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "anna.csv"


def test_every_answer_is_saved_at_once(path):
    coding = Coding(SAMPLE, path, coder="Anna")
    assert coding.state() == {
        **SAMPLE.loc[0, ["topic", "before", "text", "after"]].to_dict(),
        **{"answer": "", "number": 1, "answered": 0, "total": len(SAMPLE)},
    }
    state = coding.act({"answer": "yes"})
    assert (state["number"], state["answered"]) == (2, 1)
    coding.act({"answer": "no"})
    assert an.read_table(path)["answer"].to_list()[:3] == ["yes", "no", ""]


def test_one_goes_on_where_the_answers_end(path):
    first = Coding(SAMPLE, path, coder="Anna")
    for answer in ("yes", "no", "unsure"):
        first.act({"answer": answer})
    again = Coding(SAMPLE, path, coder=" Anna ")
    assert again.state()["number"] == 4
    assert again.state()["answered"] == 3


def test_back_and_on(path):
    coding = Coding(SAMPLE, path, coder="Anna")
    assert coding.act({"step": -1})["number"] == 1
    coding.act({"answer": "yes"})
    state = coding.act({"step": -1})
    assert (state["number"], state["answer"]) == (1, "yes")
    state = coding.act({"answer": "no"})
    assert (state["number"], state["answered"]) == (2, 1)
    for _ in SAMPLE["item"]:
        state = coding.act({"step": 1})
    assert state["number"] == len(SAMPLE)
    assert coding.act({"step": 9}) == state
    assert coding.act({}) == state


def test_a_whole_sheet_becomes_codes(path):
    coding = Coding(SAMPLE, path, coder="Anna")
    for _ in SAMPLE["item"]:
        coding.act({"answer": "yes" if "Wind" in coding.state()["text"] else "no"})
    codes = read_codes(path, SENTENCES)
    assert len(codes) == len(SAMPLE)
    assert codes["coded"].sum() == (SAMPLE["stratum"] == "hit").sum()


def test_what_is_not_this_sheet(path):
    Coding(SAMPLE, path, coder="Anna")
    with pytest.raises(InputError, match="the sheet is of 'Anna'; name another file"):
        Coding(SAMPLE, path, coder="Ben")
    with pytest.raises(InputError, match="other questions than the sample"):
        Coding(SAMPLE.head(9), path, coder="Anna")
    with pytest.raises(InputError, match=r"a sheet filled in here is a \.csv file"):
        Coding(SAMPLE, path.with_suffix(".xlsx"), coder="Anna")
    with pytest.raises(InputError, match="answer='maybe' is not a possible answer"):
        Coding(SAMPLE, path, coder="Anna").act({"answer": "maybe"})


def test_what_a_spreadsheet_saved_meanwhile_is_kept(path):
    """Another order, and an answer given there: the next answer goes to the question shown."""
    coding = Coding(SAMPLE, path, coder="Anna")
    shown = coding.state()
    sheet = an.read_table(path).sort_values("text", ascending=False)
    last = (sheet["item"] == SAMPLE["item"].iloc[-1]) & (sheet["topic"] == SAMPLE["topic"].iloc[-1])
    sheet.loc[last, "answer"] = "unsure"
    sheet.to_csv(path, index=False)
    coding.act({"answer": "yes"})
    saved = an.read_table(path).fillna("")
    got = saved[saved["answer"] != ""].set_index("answer")["text"].to_dict()
    assert got == {"yes": shown["text"], "unsure": SAMPLE["text"].iloc[-1]}
    assert Coding(SAMPLE, path, coder="Anna").state()["answered"] == 2


@pytest.mark.parametrize("column", ["item", "coder", "answer", "before"])
def test_a_sheet_without_a_column_is_refused(path, column):
    Coding(SAMPLE, path, coder="Anna")
    an.read_table(path).drop(columns=column).to_csv(path, index=False)
    with pytest.raises(InputError, match=f"the sheet has no column '{column}'; take it as it was"):
        Coding(SAMPLE, path, coder="Anna")


def test_the_display_passes_on_what_is_clicked(path):
    pytest.importorskip("anywidget")
    display = code_by_hand(SAMPLE, path, coder="Anna", second=True)
    assert display.state["total"] == SAMPLE["twice"].sum()
    display._handle_custom_msg({"answer": "yes"}, [])
    assert display.state["number"] == 2
    assert an.read_table(path)["answer"][0] == "yes"


PAGE = """<!doctype html><meta charset="utf-8"><title>x</title><div id="here"></div>
<script type="module">
%s
const state = %s;
window.sent = [];
const model = {
  get: () => state, on: (_, call) => { window.update = call; }, off: () => {},
  send: (message) => { window.sent.push(message); },
};
render({ model, el: document.getElementById("here") });
</script>"""


def test_keys_and_buttons_in_a_browser(path, open_page):  # noqa: F811
    code = Path(by_hand.__file__).with_suffix(".js").read_text("utf-8")
    code = code.replace("export default { render };", "")
    state = Coding(SAMPLE, path, coder="Anna").state() | {"text": "<b onclick=1>Wind</b>"}
    tab = open_page(PAGE % (code, json.dumps(state)))
    group = tab.get_by_role("group", name="Coding by hand")
    assert f"1 of {len(SAMPLE)}; 0 answered" in group.inner_text()
    assert "<b onclick=1>Wind</b>" in group.inner_text()
    group.focus()
    for key in ("y", "n", "u", "x", "Control+y", "ArrowLeft", "ArrowRight"):
        tab.keyboard.press(key)
    tab.get_by_role("button", name="unsure").click()
    assert tab.evaluate("window.sent") == [
        {"answer": "yes"}, {"answer": "no"}, {"answer": "unsure"}, {"step": -1}, {"step": 1},
        {"answer": "unsure"},
    ]  # fmt: skip
    assert tab.noted == []

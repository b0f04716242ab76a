"""The committed notebooks say what the code says now, and nothing about the machine."""

import json
import re
import shutil
import sys

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis import InputError
from analysis.study.notebooks import execute
from tests import ROOT, TEMPLATE

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def notebook(*sources):
    cells = [
        {
            **{"cell_type": "code", "id": f"c{n}", "metadata": {"tags": ["x"]}, "source": source},
            **{"execution_count": 7, "outputs": []},
        }
        for n, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_there_are_notebooks():
    assert NOTEBOOKS


@every_notebook
def test_executed_anew_it_is_what_is_committed(path):
    assert execute(path) == path.read_text(encoding="utf-8")


@every_notebook
def test_outputs_say_nothing_of_the_machine(path):
    cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell["outputs"]:
            assert output["output_type"] not in ("error", "stream") or "text" in output
            text = json.dumps(output)
            text = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", text)
            assert not re.search(r"\b0x[0-9a-f]{6,}", text)
            assert not re.search(r"/(?:root|home|Users|tmp|work)/", text)
            assert "Traceback" not in text
        assert not re.search(r"^\s*(def|class|for|while|if) ", "".join(cell["source"]), re.M)


def corpus_of_2000(rng):
    """Two groups of 20 articles of 50 sentences. Of group A, 16 % are on wind, of B 8 %.

    The dictionary finds nine tenths of them in A and half in B: what a breeze does, it misses.
    """
    for group, share, recall in (("A", 0.16, 0.9), ("B", 0.08, 0.5)):
        for number in range(20):
            on = rng.random(50) < rng.beta(10 * share, 10 * (1 - share))
            found = rng.random(50) < recall
            kinds = np.where(on & found, "Wind pays", np.where(on, "The breeze pays", "Coal falls"))
            kinds = np.where(~on & (rng.random(50) < 0.05), "Turbines stop", kinds)
            text = " ".join(f"{kind} in place {n} of {number}." for n, kind in enumerate(kinds))
            yield {"doc_id": f"{group}{number}", "side": group, "text": text}


WIND = """\
name = "energy"
[topics.wind]
core = ["wind"]
broad = ["turbine*"]
"""
STUDY = """\
[study]
title = "Wind"
[corpus]
articles = "articles.csv"
group = "side"
[topics]
dictionary = "energy.toml"
[validation]
codes = ["anna.csv", "ben.csv"]
sample = "sample.csv"
note = "Anna and Ben are made up."
"""


def test_from_a_sample_of_2000_sentences_to_a_corrected_contrast(tmp_path):
    """The notebook of validation, on a study of others: nothing in it has to be written anew."""
    articles = pd.DataFrame(corpus_of_2000(np.random.default_rng(5)))
    articles.to_csv(tmp_path / "articles.csv", index=False)
    (tmp_path / "energy.toml").write_text(WIND, "utf-8")
    sentences, topics = an.sentences(articles), an.read_dictionary(tmp_path / "energy.toml")
    codes = an.codes(sentences, topics)
    assert len(sentences) == 2000
    sample = an.coding_sample(codes, sentences, by="side", n=200, dictionary=topics)
    (tmp_path / "sample.csv").write_text(an.to_csv(sample), "utf-8")
    for coder, second in (("Anna", False), ("Ben", True)):
        path = tmp_path / f"{coder.lower()}.csv"
        an.save_coding_sheet(sample, path, coder=coder, second=second)
        sheet = an.read_table(path)
        about = sheet["text"].str.contains("Wind|breeze")
        sheet["answer"] = about.map({True: "yes", False: "no"})
        path.write_text(an.to_csv(sheet), "utf-8")
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    path = tmp_path / "notebooks/06_validation.ipynb"
    path.parent.mkdir()
    shutil.copy(ROOT / "notebooks/06_validation.ipynb", path)
    text = execute(path)
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    shown = "".join(cells[-1]["outputs"][0]["data"]["text/plain"])
    form = (
        r"articles on A mention wind (\d+) points more often than articles on B \((\d+) to (\d+);"
    )
    (told,) = re.findall(f"Corrected for the dictionary's errors, {form}", shown)
    estimate, low, high = map(int, told)
    truth = sentences["text"].str.contains("Wind|breeze").groupby(sentences["side"]).mean()
    assert low < 100 * (truth["A"] - truth["B"]) < high
    assert low < estimate < high
    assert shown.endswith("Anna and Ben are made up.")


def test_execution_leaves_out_what_changes_from_run_to_run(tmp_path):
    path = tmp_path / "a.ipynb"
    before = notebook("1 + 1", "print('é')", "")  # a cell without code is not executed
    path.write_text(before, encoding="utf-8")
    text = execute(path)
    assert path.read_text("utf-8") == before
    cells = json.loads(text)["cells"]
    assert cells[0]["outputs"][0]["data"]["text/plain"] == ["2"]
    assert [cell["execution_count"] for cell in cells] == [1, 2, None]
    assert [cell["metadata"] for cell in cells] == [{}] * 3
    assert [cell["id"] for cell in cells] == ["c0", "c1", "c2"]
    assert "é" in text
    assert text.endswith("}\n")
    path.write_text(text, encoding="utf-8")
    assert execute(path) == text


def test_of_a_widget_only_what_stands_for_it_is_kept(tmp_path):
    path = tmp_path / "a.ipynb"
    folder = shutil.copytree(TEMPLATE, tmp_path / "study")
    code = f"import analysis as an\nan.explore(an.read_study({str(folder / 'study.toml')!r}))"
    path.write_text(notebook(code), encoding="utf-8")
    text = execute(path)
    (output,) = json.loads(text)["cells"][0]["outputs"]
    assert sorted(output["data"]) == ["text/html", "text/plain"]
    assert "data:image/png;base64" in "".join(output["data"]["text/html"])
    assert execute(path) == text


def test_a_warning_says_nothing_of_the_machine(tmp_path):
    path = tmp_path / "a.ipynb"
    code = "from analysis.errors import warn\n\ndef read():\n    warn('c.csv: two are alike')\n\n"
    path.write_text(notebook(code + "read()"), encoding="utf-8")
    (output,) = json.loads(execute(path))["cells"][0]["outputs"]
    assert (output["name"], output["text"]) == ("stderr", ["warning: c.csv: two are alike\n"])


def test_a_failing_cell_is_named(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text(notebook("wrong = 1", "wrong / 0"), encoding="utf-8")
    with pytest.raises(RuntimeError) as error:
        execute(path)
    message = str(error.value)
    assert message.startswith(str(path))
    assert "wrong / 0" in message
    assert "ZeroDivisionError" in message.split("\n")[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        '{"nbformat": 4}',
        "no notebook",
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", '
        '"id": "a", "metadata": {}, "execution_count": null, "outputs": []}]}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", '
        '"id": "a", "metadata": {}, "execution_count": null, "outputs": null, "source": ""}]}',
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path, text):
    path = tmp_path / "a.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="this is not a notebook") as error:
        execute(path)
    assert str(path) in str(error.value)


def test_what_is_printed_in_parts_is_one_output(tmp_path):
    path = tmp_path / "a.ipynb"
    said = "import sys, time\nprint('one', flush=True)\ntime.sleep(0.5)\nprint('two')\n"
    path.write_text(notebook(said + "print('three', file=sys.stderr)"), encoding="utf-8")
    (cell,) = json.loads(execute(path))["cells"]
    told = [(output["name"], "".join(output["text"])) for output in cell["outputs"]]
    assert told == [("stdout", "one\ntwo\n"), ("stderr", "three\n")]


def test_a_kernel_that_dies_is_named(tmp_path):
    path = tmp_path / "dies.ipynb"
    path.write_text(notebook("import os", "os._exit(9)"), encoding="utf-8")
    with pytest.raises(RuntimeError, match=rf"^{re.escape(str(path))}: Kernel died"):
        execute(path)


@pytest.mark.parametrize("package", ["nbformat", "nbclient"])
def test_without_its_packages_it_is_said(tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=rf"'{package}' is missing; install .*\[notebooks\], or"):
        execute(tmp_path / "a.ipynb")

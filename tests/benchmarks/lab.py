"""Every notebook of the study, run in JupyterLab as people do: in a browser, by Run All.

    python tests/benchmarks/lab.py [FOLDER]

Opens a copy of the study with the command of `topic-emphasis lab`, runs each notebook, and types a
word into the explorer. Writes lab.csv: cells run, figures that can be seen, errors in outputs and
in the browser's console, and lines that the explorer shows. With FOLDER, pictures of each notebook
at three widths are kept there. Ends with 1 if a cell did not run or anything was an error.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from analysis.study.lab import lab_command
from analysis.study.settings import read_settings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PARTS = ("analysis", "figures", "notebooks", "seeds", "study.toml")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = (1280, 1024, 390)
LONGEST = 120  # seconds for a notebook
SEEN = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
  const wide = one => one.getBoundingClientRect().width > 100;
  return {
    cells: prompts.length,
    ran: prompts.filter(one => /\\d/.test(one.textContent)).length,
    busy: prompts.some(one => one.textContent.includes('*')),
    figures: [...document.querySelectorAll('.jp-OutputArea :is(img, svg)')].filter(wide).length,
    errors: [...document.querySelectorAll('.jp-OutputArea [data-mime-type*="error"]')].length,
    news: document.body.textContent.includes('official Jupyter news'),
  }}"""


def served(command: list[str], environment: dict[str, str]) -> tuple[subprocess.Popen, str]:
    """JupyterLab's process, and its address once it answers."""
    more = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    process = subprocess.Popen(
        [*command, *more], env=environment, stderr=subprocess.PIPE, text=True
    )
    for line in process.stderr or ():
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+", line):
            return process, found[0]
    raise SystemExit("JupyterLab did not start")


def run_all(tab: Page) -> dict[str, int]:
    """Press Run All, and return what is seen once every cell has ended."""
    tab.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    tab.wait_for_function("document.body.textContent.includes('Idle')", timeout=60_000)
    tab.click(".lm-MenuBar-itemLabel:text-is('Run')")
    tab.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    end = time.monotonic() + LONGEST
    seen = tab.evaluate(SEEN)
    while (seen["busy"] or seen["ran"] < seen["cells"]) and time.monotonic() < end:
        tab.wait_for_timeout(500)
        seen = tab.evaluate(SEEN)
    tab.wait_for_timeout(2_000)  # a result arrives after its number
    return tab.evaluate(SEEN)


def explored(tab: Page) -> int:
    """How many lines the explorer shows of a word that is typed; 0 where there is none."""
    tabs = tab.locator(".jp-OutputArea .lm-TabBar-tab:has-text('Words')")
    if not tabs.count():
        return 0
    tabs.first.click()
    tab.locator(".jp-OutputArea input[type=text]:visible").first.fill("train*")
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(2_000)
    return tab.locator(".jp-OutputArea mark:visible").count()


def row_of(browser: Browser, address: str, name: str, folder: Path | None) -> dict[str, object]:
    """Run one notebook in a tab of its own."""
    tab = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
    noted: list[str] = []
    tab.on("console", lambda line: noted.append(line.text) if line.type == "error" else None)
    tab.on("pageerror", lambda error: noted.append(str(error)))
    tab.goto(re.sub(r"/lab\S*\?", f"/lab/tree/notebooks/{name}?reset&", address))
    seen = run_all(tab)
    row = {"notebook": name, **seen, "console": len(noted), "lines": explored(tab)}
    for line in noted:
        print(f"{name}: {line}", file=sys.stderr)
    for width in WIDTHS if folder else ():
        tab.set_viewport_size({"width": width, "height": 900})
        tab.wait_for_timeout(1_000)
        tab.screenshot(path=str(folder / f"{Path(name).stem}_{width}.png"))
    tab.close()
    return row


def main() -> int:
    folder = Path(sys.argv[1]) if sys.argv[1:] else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with tempfile.TemporaryDirectory() as copy, sync_playwright() as playwright:
        for part in PARTS:
            kind = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            kind(ROOT / part, Path(copy) / part)
        os.environ["PYTHONPATH"] = copy
        command, environment = lab_command(read_settings(Path(copy) / "study.toml"))
        process, address = served(command, environment)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        names = sorted(one.name for one in (ROOT / "notebooks").glob("*.ipynb"))
        rows = [row_of(browser, address, name, folder) for name in names]
        browser.close()
        process.terminate()
    columns = ("notebook", "cells", "ran", "figures", "errors", "console", "lines")
    with (HERE / "lab.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    wrong = [
        row for row in rows
        if row["ran"] != row["cells"] or row["errors"] or row["console"] or row["news"]
    ]  # fmt: skip
    return 1 if wrong or not any(row["lines"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

"""The report and the notebook displays as a reader's browser has them: Chromium, headless.

Without Chromium (or Chrome) on the machine these tests are skipped, and say so; where
REQUIRE_BROWSER is set, as in .ci/run, its absence is a failure.
"""

import os
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import analysis as an
from tests.prose import tables_of
from tests.report.test_page import PAYLOAD, report

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 768}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(f"none of {', '.join(BROWSERS)} is here; install Debian's chromium, say")
        pytest.skip(f"none of {', '.join(BROWSERS)} is here")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=QUIET.split())
        yield started
        started.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Open a page; note every request, dialog, error and line that it writes to the console."""
    opened = []

    def open_(html, viewport=DESKTOP, **options):
        context = browser.new_context(viewport=viewport, **options)
        opened.append(context)
        tab = context.new_page()
        tab.noted = []
        tab.on("request", lambda request: tab.noted.append(request.url))
        tab.on("dialog", lambda dialog: (tab.noted.append(dialog.message), dialog.dismiss()))
        tab.on("console", lambda line: tab.noted.append(line.text))
        tab.on("pageerror", lambda error: tab.noted.append(str(error)))
        path = html if isinstance(html, Path) else tmp_path / "page.html"
        if path is not html:
            path.write_text(html, encoding="utf-8")
        tab.goto(path.as_uri())
        assert tab.noted.pop(0) == path.as_uri()
        return tab

    yield open_
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    page = tmp_path_factory.mktemp("embedded") / "report.html"
    page.write_text(an.report_html(an.read_study()), encoding="utf-8")
    return page


PAYLOADS = [
    PAYLOAD,
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>",
    "</style><script>alert(1)</script><style>",
    "</title></textarea></noscript><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<link rel=stylesheet href=http://a.example/x.css>",
    "<style>@import url(http://a.example/x.css); * { background: url(http://a.example/y) }</style>",
    "<a href='javascript:alert(1)' autofocus onfocus=alert(1)>x</a>",
    "<meta http-equiv=refresh content='0; url=http://a.example/'>",
    "<details open ontoggle=alert(1)><video><source onerror=alert(1)></video>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


def nasty():
    """A study whose every name and text wants to be a program: a group a payload."""
    rows = [
        {
            "doc_id": f"{number} {payload}",
            "party": payload,
            "outlet": f"Daily {payload}",
            "text": f"Wind {payload} grows. {payload} Coal falls.",
        }
        for number, payload in enumerate(PAYLOADS)
    ]
    topics = tuple(
        an.Topic(payload, ("wind", re.sub(r"[{}*]", "", payload) + " coal"), description=payload)
        for payload in PAYLOADS[:3]
    )
    return pd.DataFrame(rows), an.Dictionary(PAYLOAD, topics)


@pytest.fixture(scope="module")
def nasty_report():
    articles, dictionary = nasty()
    made = {"settings": {"title": PAYLOAD}, "inputs": dict.fromkeys(PAYLOADS, "0")}
    return report(articles, dictionary, title="".join(PAYLOADS), made=made | {"warnings": PAYLOADS})


def test_no_payload_runs_and_nothing_is_asked_of_the_network(open_page, nasty_report):
    tab = open_page(nasty_report)
    tab.wait_for_timeout(300)
    assert tab.noted == []
    assert tab.title() == " ".join("".join(PAYLOADS).split())
    texts = tab.locator("article .text").all_text_contents()
    assert texts == list(nasty()[0]["text"])
    heads = tab.locator("#topics h3").all_text_contents()
    assert {head.casefold() for head in heads} == {one.casefold() for one in PAYLOADS[:3]}


def test_what_were_not_escaped_would_not_run_either(open_page, nasty_report):
    tab = open_page(nasty_report)
    for payload in PAYLOADS:
        if "refresh" in payload:
            continue  # no policy bars it, once it is markup: it is escaping alone that holds here
        tab.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", payload)
    tab.wait_for_timeout(300)
    assert any("Content Security Policy" in line for line in tab.noted)
    assert {"1", "2"}.isdisjoint(tab.noted)  # what the payloads would say


def test_displays_of_a_notebook_run_no_payload(open_page):
    """A notebook's page trusts what is displayed, whoever exports it: it has to be harmless."""
    articles, dictionary = nasty()
    sentences = an.sentences(articles)
    tally = an.tally(an.codes(sentences, dictionary), "party")
    emphasis, contrasts = an.emphasis(tally), an.contrasts(tally)
    ways = an.specifications(sentences, dictionary, by="party")
    told = an.findings(tables_of(sentences, dictionary, emphasis, contrasts, ways))
    figure = an.figure_html(an.plot_heatmap(emphasis), "".join(PAYLOADS))
    shown = [an.findings_html(told), an.table_html(sentences), emphasis, dictionary, figure]
    tab = open_page("\n".join(one._repr_html_() for one in [*shown, sentences]))
    tab.wait_for_timeout(300)
    assert [note for note in tab.noted if not note.startswith("data:image/png")] == []


def test_without_its_script_a_cell_leads_to_as_many_sentences(open_page, embedded):
    tab = open_page(embedded, java_script_enabled=False)
    assert not tab.locator("#choose").is_visible()
    assert not tab.locator("#beside").is_visible()
    for number in range(tab.locator(".heat td a").count()):
        link = tab.locator(".heat td a").nth(number)
        hits = int(link.text_content().split()[0])
        link.click()
        section = tab.locator(":target")
        assert section.locator("blockquote").count() == hits
        assert section.locator("h4").bounding_box()["y"] < DESKTOP["height"]
        tab.go_back()
    assert number == 15


@pytest.mark.parametrize("viewport", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
def test_the_sentences_of_a_cell_stand_beside_it(open_page, embedded, viewport):
    tab = open_page(embedded, viewport)
    beside = tab.locator("#beside")
    for number in range(tab.locator(".heat td a").count()):
        link = tab.locator(".heat td a").nth(number)
        hits, size = map(int, re.findall(r"\d+", link.text_content()))
        link.click()
        assert beside.locator("blockquote").count() == hits
        assert beside.locator("h2").text_content().endswith(f": {hits} of {size}")
        assert beside.locator("blockquote mark").count() >= hits
        box, panel = link.bounding_box(), beside.bounding_box()
        apart = box["x"] + box["width"] <= panel["x"] or box["y"] + box["height"] <= panel["y"]
        assert apart and box["y"] >= 0
        tab.keyboard.press("Escape")
        assert not beside.is_visible()
        assert link.evaluate("one => document.activeElement === one")
    assert number == 15
    assert tab.evaluate("location.hash") == ""
    assert tab.evaluate("document.querySelectorAll('[id]').length") == tab.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size"
    )


def test_a_panel_leads_to_the_place_on_the_page(open_page, embedded):
    tab = open_page(embedded)
    tab.locator(".heat td a").nth(5).click()
    tab.locator("#beside-go").click()
    assert tab.locator(":target").locator("blockquote").count() == 9
    tab.locator("#beside .sentences a").first.click()
    assert tab.locator(":target").locator("xpath=ancestor::article").count() == 1
    tab.locator("#beside-close").click()
    assert not tab.locator("#beside").is_visible()


def test_every_word_of_a_plot_leads_to_its_sentences(open_page, embedded):
    tab = open_page(embedded)
    tab.evaluate("document.querySelectorAll('#plots details').forEach(one => one.open = true)")
    points = tab.locator("#plots svg a")
    assert points.count() > 200
    for number in range(0, points.count(), 17):
        point = points.nth(number)
        word, uses = point.get_attribute("data-w"), int(point.get_attribute("data-n"))
        point.locator("circle").dispatch_event("click")
        assert tab.locator("#beside h2").text_content().startswith(f"{word}: ")
        assert tab.locator("#beside blockquote").count() == min(uses, 20)
        assert tab.locator("#beside .note").is_visible() == (uses > 20)
        assert tab.locator("#beside li:not(:has(mark))").count() == 0
        for mark in tab.locator("#beside mark").all_text_contents():
            assert mark.casefold() == word


def test_labels_of_a_plot_do_not_collide(open_page, embedded):
    tab = open_page(embedded, PHONE)
    overlaps = """() => [...document.querySelectorAll('#plots details')].flatMap(plot => {
        document.querySelectorAll('#plots details').forEach(one => one.open = one === plot);
        const boxes = [...plot.querySelectorAll('svg a text')].map(one => [one, one.getBBox()]);
        const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width
            && a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height;
        return boxes.flatMap(([one, a], n) => boxes.slice(n + 1).filter(([, b]) => meet(a, b))
            .map(([two]) => one.textContent + ' and ' + two.textContent))
            .concat(boxes.filter(([, a]) => a.x < 0 || a.x + a.width > 380).map(([one]) => one.id))
        })"""
    assert tab.evaluate(overlaps) == []
    assert tab.locator("#plots svg a text").count() > 60


def test_a_box_of_an_article_leads_to_its_sentence(open_page, embedded):
    tab = open_page(embedded)
    boxes = tab.locator(".strip a")
    assert boxes.count() == 23
    for number in range(boxes.count()):
        boxes.nth(number).click()
        assert tab.locator("#beside blockquote").count() == 1
        assert tab.locator("#beside mark").count() >= 1


def test_topics_and_groups_are_chosen(open_page, embedded):
    tab = open_page(embedded)
    tab.locator("#choose summary").first.click()
    tab.get_by_role("checkbox", name="Training").uncheck()
    assert tab.locator("#choose output").first.text_content() == "3"
    assert tab.locator(".heat thead th:visible").count() == 4
    assert tab.locator(".heat td:visible").count() == 12
    assert not tab.locator("#topic-training").is_visible()
    tab.locator("#choose summary").nth(1).click()
    tab.get_by_role("checkbox", name="Italy").uncheck()
    assert tab.locator(".heat td:visible").count() == 9
    assert not tab.locator("#group-italy").is_visible()
    assert tab.locator("#topic-peacekeeping .chart li:visible").count() == 3
    tab.get_by_role("checkbox", name="Training").check()
    tab.get_by_role("checkbox", name="Italy").check()
    assert tab.locator(".heat td:visible").count() == 16
    assert tab.locator("[data-t][hidden], [data-g][hidden]").count() == 0


def test_a_head_sorts_its_table(open_page, embedded):
    tab = open_page(embedded)
    order = "[...document.querySelectorAll('.heat tbody tr')].map(row => row.cells[0].dataset.v)"
    heads = tab.locator(".heat thead button")
    heads.nth(2).click()
    assert tab.evaluate(order) == ["Israel", "Italy", "Russia", "France"]
    assert tab.locator(".heat thead th").nth(2).get_attribute("aria-sort") == "descending"
    heads.nth(2).click()
    assert tab.evaluate(order) == ["France", "Russia", "Italy", "Israel"]
    heads.first.click()
    assert tab.evaluate(order) == ["France", "Israel", "Italy", "Russia"]
    assert tab.locator(".heat thead th").nth(2).get_attribute("aria-sort") is None


def test_a_quote_leads_to_its_words_in_the_article(open_page, embedded):
    tab = open_page(embedded)
    quote = tab.locator("section.cell blockquote").first
    quote.locator("xpath=following-sibling::p/a").click()
    target = tab.locator(":target")
    assert target.text_content() == quote.text_content()
    assert target.locator("xpath=ancestor::article").count() == 1
    assert 0 <= target.bounding_box()["y"] < DESKTOP["height"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_is_wider_than_the_screen_or_cut(open_page, embedded, viewport):
    tab = open_page(embedded, viewport)
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    if viewport is DESKTOP:  # no deciding column off the screen
        tables = tab.locator(".wide:has(.stack), .wide:has(.heat)")
        assert tables.count() == 5
        assert all(tables.evaluate_all("all => all.map(one => one.scrollWidth <= one.clientWidth)"))
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]
    # Text that its box hides; what scrolls on purpose is a region of its own.
    cut = tab.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(one =>
            !one.closest('.wide, .track, .skip, svg') && one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).display !== 'inline').map(one => one.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    small = tab.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(one =>
            one.children.length === 0 && one.textContent.trim()
            && parseFloat(getComputedStyle(one).fontSize) < 12).map(one => one.className)"""
    )
    assert small == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("which", ["embedded", "nasty"])
def test_an_accessibility_checker_finds_no_violation(
    open_page, embedded, nasty_report, viewport, which
):
    import axe_playwright_python

    # The policy of the page would bar the checker too; it is no part of what is checked.
    html = {"embedded": embedded, "nasty": nasty_report}[which]
    tab = open_page(html, viewport, bypass_csp=True)
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    tab.locator(".heat td a").nth(0).dispatch_event("click")
    checker = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    tab.add_script_tag(content=checker.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run().then(result => [result.violations, result.passes.length])")
    violations, passes = found
    assert passes > 20
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in violations] == []


def test_the_keyboard_reaches_the_content_and_the_cells(open_page, embedded):
    tab = open_page(embedded)
    tab.keyboard.press("Tab")
    assert tab.locator(":focus").text_content() == "To the findings"
    tab.keyboard.press("Enter")
    assert tab.evaluate("location.hash") == "#brief"
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("!!document.activeElement.closest('.heat td')"):
            break
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "beside"
    assert tab.locator("#beside .sentences").is_visible()


def test_print_shows_what_is_folded_and_hides_what_only_screens_need(open_page, embedded):
    tab = open_page(embedded)
    tab.emulate_media(media="print")
    assert not tab.locator("nav").is_visible()
    assert not tab.locator("#choose").is_visible()
    assert tab.locator("table.plain").first.is_visible()
    assert tab.locator(".heat td").first.is_visible()


def test_no_word_at_the_head_of_a_row_is_broken(open_page):
    names = ["Conservative", "Liberaldemokraten", "Scottish National Party"]
    words = ["Wind grows.", "Coal pays.", "So."]
    texts = pd.DataFrame({"doc_id": list("abc"), "party": names, "text": words})
    topics = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("coal", ("coal",))))
    tab = open_page(an.report_html(an.Study(texts, topics=topics, by="party")), DESKTOP)
    # A link that breaks inside a word has more lines than words.
    lines = "[one.textContent, new Set([...one.getClientRects()].map(box => box.y)).size]"
    found = tab.locator(".heat tbody th a").evaluate_all(f"all => all.map(one => {lines})")
    assert sorted(name for name, _ in found) == sorted(names)
    assert all(number <= len(name.split()) for name, number in found), found

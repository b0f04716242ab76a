"""Paragraphs of wrapped text: the sentences are those of the same text in one line."""

import textwrap
import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import read_articles, sentences
from analysis.corpus.paragraphs import paragraph_spans, unwrapped
from tests.corpus.readers.test_readers import pdf, put

WIDTHS = [40, 60, 72, 80, 100]
TEXTS = {
    "english": (
        "The ministry said on Monday that Vietnam had bought radar from Israel for the Navy. "
        "Minister Phan Van Giang met the Ambassador in Hanoi, and output would grow by 12 percent. "
        'He called it the "Training Hub" of the U.S. Navy in Asia (and of its partners).'
    ),
    "german": (
        "Die Minister trafen sich am Montag, dem 3. Mai in Berlin, um über die Abwehr von "
        "Angriffen auf Kraftwerke zu sprechen. Prof. Dr. Weber sagte, dass Deutschland bzw. "
        "Europa mehr tun müsse. Dabei waren 12 Länder."
    ),
    "hindi": (
        "भारत और वियतनाम ने सोमवार को एक समझौते पर हस्ताक्षर किए जिसमें नौसेना के अधिकारियों का "
        "प्रशिक्षण शामिल है। मंत्री ने कहा कि यह महत्वपूर्ण है। "
        "दोनों देश साथ काम करेंगे और नए जहाज बनाएंगे।"
    ),
    "arabic": (
        "وقعت فيتنام والهند يوم الاثنين اتفاقية تتضمن تدريب ضباط البحرية في مدينة هانوي. "
        "هل هذا مهم؟ "
        "قال الوزير إن ذلك مهم جدا للبلدين وسوف يعمل البلدان معا على بناء السفن."
    ),
}  # fmt: skip


def sentences_of(text, **options):
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}), **options)
    assert all(text[row.start : row.end] == row.text for row in table.itertuples())
    return [" ".join(one.split()) for one in table["text"]]


def wrap(text, width, **options):
    return textwrap.fill(text, width, break_on_hyphens=False, **options)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_wrapped_text_has_the_sentences_of_the_text_in_one_line(text, gap, width):
    whole = sentences_of(f"A headline\n\n{text}")
    assert len(whole) == 4
    wrapped = wrap(text, width).replace("\n", "\r\n" if "\r" in gap else "\n")
    assert sentences_of(f"A headline{gap}{wrapped}") == whole


@pytest.mark.parametrize("width", range(40, 104, 4))
@pytest.mark.parametrize("indent", ["   ", "\u3000\u3000", "     "])
def test_a_first_line_that_is_set_in_is_as_long_as_the_others(width, indent):
    text = " ".join(TEXTS["english"].split() * 2)
    whole = sentences_of(text)
    wrapped = wrap(text, width, initial_indent=indent)
    assert sentences_of(f"{wrapped}\n{wrapped}") == whole * 2


NOUNS = st.sampled_from(
    ["Hanoi", "radar", "U.S.", "12", "the", "of", "a", "Minister", "Navy,", "is"]
)
CLAUSES = st.lists(NOUNS, min_size=12, max_size=40).map(lambda words: " ".join([*words, "ships."]))


@given(st.lists(CLAUSES, min_size=2, max_size=5), st.sampled_from(WIDTHS))
def test_wrapping_moves_no_sentence(paragraphs, width):
    # Lines that surely go on show the width: without any, nothing tells where a text is wrapped.
    text = "the radar of the Navy is in the north of the land and it sees all of the ships. " * 3
    whole = [f"But {text}", *paragraphs]
    wrapped = "\n\n".join(wrap(one, width) for one in whole)
    assert sentences_of(wrapped) == sentences_of("\n\n".join(whole))


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("Exports grew by\n12 percent.", 1),
        ("Er kommt am\nMontag.", 1),
        ('It is the\n"Training Hub".', 1),
        ("Israel\nItaly\nRussia", 3),
        ("- Train officers\n- Share data", 2),
        ("Goals:\n1. Train officers\n2. Share data", 3),
        ("They want:\na) ships\nb) radar", 3),
        ("• one\n• two", 2),
        ("Radar for Hanoi\nThe ministry said so.", 2),
    ],
)
def test_what_goes_on_and_what_does_not(text, paragraphs):
    assert len(paragraph_spans(text)) == paragraphs


def test_a_wrapped_list_is_a_list():
    items = [
        "- Training of officers at the new academy in Hanoi and in other towns of the country",
        "- Sharing of data on ships between the two navies, which Parliament must approve",
        "- Sale of radar systems for the coast, and of the ships that the Navy needs there",
    ]
    text = "\n".join(wrap(item, 60, subsequent_indent="  ") for item in items)
    assert sentences_of(text) == items


def test_items_that_fill_their_lines_are_items():
    items = [f"- {word}" + " radar" * 7 for word in ("Sale", "Some", "More")]
    text = "\n".join([wrap("the radar of the Navy sees all of the ships. " * 4, 48), "", *items])
    assert sentences_of(text)[-3:] == items


def test_long_lines_are_no_wrapped_text():
    line = "Radar of the Navy " * 20 + "there"
    text = f"{line}\nand {line[4:]}\nRadar for Hanoi\nThe ministry said so."
    assert len(paragraph_spans(text)) == 3


def test_the_lines_of_a_table_stay_lines():
    text = "Israel 12 ships and radar\nItaly 4 ships\nRussia 31 ships and 7 aircraft\nFrance 2"
    assert len(paragraph_spans(text)) == 4


def test_a_pdf_has_the_sentences_of_its_text(tmp_path):
    text = TEXTS["english"]
    lines = wrap(text.replace("(", "").replace(")", ""), 60).split("\n")
    put(tmp_path / "a.pdf", pdf(["Radar for Hanoi", *lines]))
    (read,) = read_articles(tmp_path)["text"]
    assert len(sentences_of(read)) == 4


@given(st.text(st.sampled_from("aB. \r\n"), max_size=30))
def test_a_line_leads_back_to_its_paragraph(text):
    text = text.strip()
    line, back = unwrapped(text)
    assert "\n" not in line and "\r" not in line
    for start in range(len(line)):
        for end in range(start + 1, len(line) + 1):
            if not line[start].isspace() and not line[end - 1].isspace():
                first, last = back((start, end))
                assert text[first:last].split() == line[start:end].split()


def test_wrapped_text_takes_linear_time():
    text = (wrap(TEXTS["english"], 72) + "\n\n") * 4000
    begun = time.process_time()
    assert len(paragraph_spans(text)) == 4000
    assert time.process_time() - begun < 3

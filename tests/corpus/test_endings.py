"""The ends of sentences in any language, and what no sentence begins with."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.languages import language_used
from analysis.corpus.segmentation import segment


def sentences_of(text, language=None):
    return [text[a:b] for _, a, b in segment([text], [language or language_used(text)])]


MARKS = ['""', "''", "“”", "«»", "»«", "„“", "()", "‘’"]


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("sign", [",", ";", ":", " –", " —"])
@pytest.mark.parametrize("end", "?!")
def test_a_sign_after_a_closing_mark_goes_on_with_the_sentence(marks, sign, end):
    text = f"He looked. Then {marks[0]}Coming{end}{marks[1]}{sign} she asked. Then nothing."
    assert len(sentences_of(text)) == 3


@pytest.mark.parametrize(
    "sentences",
    [
        ["He looked.", '"Coming?", she asked.', "Then nothing."],
        ["He asked (why?), then left.", "So."],
        ['"Why?": nobody knew.', "So."],
        ["«Почему?» — спросила она.", "Потом ушла."],
        ["— Почему? — спросила она.", "Потом ушла."],
        ["„Warum?“, fragte er.", "Dann."],
        ["« Pourquoi ? » demanda le roi.", "Puis rien."],
        ["“What?”", "He left."],
        ["Why?", "He left."],
        ["Yahoo!", "and more."],
        ["«أين؟»، قال.", "نعم."],
    ],
)
def test_speech(sentences):
    assert sentences_of(" ".join(sentences), "english") == sentences


WORDS = ["He", "left", "why", "U.S", "5", "Über", "она", "क", "好"]
SIGNS = [". ", "? ", "! ", ".", "?", "!", ",", ";", ":", " ", '"', "'", ")", "]", "”", "»", "’",
         "।", "。", "؟", " – ", "¹", "…", "\n", ".) "]  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(SIGNS), max_size=14).map("".join))
def test_no_sentence_begins_with_a_closing_mark_or_a_comma(text):
    spans = segment([text])
    for (_, _, before), (_, start, end) in pairwise(spans):
        assert before <= start < end
        assert text[start] not in ",;:)]"
        if text[start] in "”»’\"'":  # it may open, or leave a letter out, but not before a space
            assert end - start > 1 and not text[start + 1].isspace()
            assert text[start + 1] not in ",;:.!?)]"


@pytest.mark.parametrize(
    ("sentences", "gap"),
    [
        (["भारत बढ़ता है।", "यह अच्छा है॥", "और?"], " "),
        (["আমি যাই।", "সে আসে।"], " "),
        (["یہ اچھا ہے۔", "وہ ہے۔"], " "),
        (["هل جاء؟", "نعم."], " "),
        (["Սա է։", "Նա է։"], " "),
        (["ይህ ነው።", "ያ ነው፧", "እሺ።"], " "),
        (["ဒါပါ။", "ဟုတ်။"], ""),
        (["នេះ។", "នោះ៕"], ""),
        (["Τι είναι αυτό;", "Δεν ξέρω.", "«Πού;» είπε."], " "),
        (["他来了。", "好！"], ""),
    ],
)
def test_ends_of_other_scripts(sentences, gap):
    assert sentences_of(gap.join(sentences), "english") == sentences


@pytest.mark.parametrize("text", ["The angles α; β and γ; all.", "Coal; Wind; Sun."])
def test_a_semicolon_of_no_greek_word_ends_nothing(text):
    assert sentences_of(text) == [text]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("german", ["Er kam am 3. Mai nach Berlin.", "Es waren 12.", "Dann ging er."]),
        ("german", ["Das gilt bzw. Gesetze gelten, z. B. Artikel 5.", "Er war gut."]),
        ("german", ["Die 2. Armee kam am 3. 4. 2021 an.", "Hr. Weber sprach mit Prof. Dr. Abel."]),
        ("german", ["Er kauft Brot usw. und geht.", "Sie kauft Obst usf.", "Er geht."]),
        ("french", ["Des avions, etc. sont là.", "Il part, etc.", "Elle aussi."]),
        ("italian", ["Navi, aerei, ecc. sono qui.", "Lui parte."]),
        ("spanish", ["Barcos, aviones, etc. llegan aquí.", "Luego callan."]),
        ("vietnamese", ["Tàu, máy bay, v.v. được mua.", "Sau đó họ đi."]),
        ("english", ["They sell ships, etc. and more.", "They buy planes, etc.", "It works."]),
        ("french", ["M. J.-P. Martin et Mme. Durand arrivent.", "Ils parlent."]),
        ("italian", ["Il Sig. Rossi e il Dott. Bianchi parlano.", "Poi tacciono."]),
        ("spanish", ["El Sr. López y la Sra. Ruiz hablan.", "Luego callan."]),
        ("vietnamese", ["Ở TP. Hồ Chí Minh, PGS. Lan nói.", "Sau đó bà đi."]),
        ("english", ["It rose 10 per cent. of the total.", "It fell 5 per cent.", "It is OK."]),
        ("english", ["J.-P. Martin left.", "Is it OK?"]),
    ],
)
def test_abbreviations(language, sentences):
    assert sentences_of(" ".join(sentences), language) == sentences


def test_a_note_mark_after_a_sentence():
    assert sentences_of("It trains.¹ They “pay.”²³ So.") == ["It trains.¹", "They “pay.”²³", "So."]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("german", ["Er sagte: „Wir helfen.“", "Dann ging er.", "„Wann?“", "Niemand wusste es."]),
        ("german", ["Sie sagte: »Wir helfen.«", "Dann ging sie.", "‚Nein.‘", "„So?“", "„Ja.“"]),
        ("german", ["„Wir helfen.“ sagte er.", "Die Titel „Prof.“ Webers und „Dr.“ Abels gelten."]),
        ("english", ["Ministr řekl: „Pomáháme.“", "Potom odešel."]),
        ("english", ["«Да.»", "Он ушёл."]),
        ("english", ["The P.L.A. and the U.N.S.C. met.", "It was the I.D.F.", "He left."]),
        ("spanish", ["Dice S.S. que los EE.UU. y las FF. AA. firman.", "Son de EE. UU.", "Nada."]),
        ("english", ["Thales Pty. Ltd. builds ships.", "It grows."]),
        ("german", ["Er sagte: „Wir helfen.“¹", "(Sie sagte: »Nein.«)", "Dann ging er."]),
        ("french", ["Au IIe s. av. J.-C. et après.", "Fin."]),
        ("french", ["Selon l’art. 5, il part.", "— Quand ? demanda-t-il.", "— Demain."]),
        ("italian", ["Dice l'on. Rossi dell'art. 11.", "Poi va."]),
        ("english", ["Это 5 тыс. человек и 3 млн. руб. стоит это.", "Он ушёл."]),
        ("english", ["그는 \"훈련한다.\"라고 말했다.", "“끝.”이라고 했다.", "끝."]),
        ("english", ["彼は「行くか？」と聞いた。", "彼は「はい。」って言う。", "返事。"]),
    ],
)  # fmt: skip
def test_what_closes_and_what_goes_on(language, sentences):
    gap = "" if "。" in sentences[0] else " "
    assert sentences_of(gap.join(sentences), language) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["They met in Hanoi.", "The talks were long.", "They ended."],
        ["Did they meet?", "Nobody knows."],
        ["They bought tanks.1", " They paid cash.23", " Then it stopped."],
        ["They read booking.Com and node.Js files at www.army.Gov and a/page.Html now."],
        ["He met Prof.Smith and Capt.Lee there."],
        ["It is of class org.Apache and my.own.Name here."],
        ["See a.Name here, no.1 Seed, and version.2 of it."],
    ],
)
def test_a_space_that_was_lost_after_a_sentence(sentences):
    assert sentences_of("".join(sentences)) == [one.strip() for one in sentences]
    around = f"So it was. {''.join(sentences)} It is so."
    assert sentences_of(around) == ["So it was.", *map(str.strip, sentences), "It is so."]

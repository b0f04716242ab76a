"""Matching in any typography and script: a row a kind of text, and eight phrases in many forms."""

import time
import unicodedata

import pytest

from analysis import Dictionary, Topic
from analysis.corpus.folding import APOSTROPHES, DASHES


def found(text, *patterns):
    """The texts that a topic of these patterns matches, cut from the text as given."""
    topic = Topic("topic", patterns)
    return [text[one.start : one.end] for one in Dictionary("d", (topic,)).find(text)]


def nfd(text):
    return unicodedata.normalize("NFD", text)


def row(name, text, patterns, expected):
    patterns = (patterns,) if isinstance(patterns, str) else patterns
    return pytest.param(text, patterns, expected, id=name)


NAMES = ("C++", ".NET", "U.S.", "5G", "COVID-19", "F-35", "@nato", "#NATO", "A.I.")
VINH = "Nguyễn Chí Vịnh"

ROWS = [
    row("U1", nfd("By Hervé."), "Hervé", [nfd("Hervé")]),
    row("U1 not without its accent", nfd("By Hervé."), "Herve", []),
    row("U2", "By Hervé.", nfd("Hervé"), ["Hervé"]),
    row("U3", nfd(f"General {VINH} spoke."), VINH, [nfd(VINH)]),
    row("U4", f"{VINH.upper()} {nfd(VINH.upper())}", VINH, [VINH.upper(), nfd(VINH.upper())]),
    *[
        row(f"U5 U+{ord(dash):04X}", f"Cyber{dash}security", "cyber-security",
            [f"Cyber{dash}security"])
        for dash in DASHES
    ],
    row("U6", "trai\u00adning", "training", ["trai\u00adning"]),
    *[
        row(f"U7 U+{ord(mark):04X}", f"cy{mark}ber {mark}war{mark}.", "cyber war",
            [f"cy{mark}ber {mark}war"])
        for mark in "\u200b\u200c\u200d\u2060\ufeff"
    ],
    row("U7 Persian, Hindi", "می‌خواهم क्‍ष", ("می‌خواهم", "क्‍ष"), ["می‌خواهم", "क्‍ष"]),
    *[
        row(f"U8 {space!a}", f"cyber{space}war", "cyber war", [f"cyber{space}war"])
        for space in ("\u00a0", "\u202f", "\u2009", "\t", "  ", "\n", " \r\n\t")
    ],
    row("U9", "train-\ning", "training", ["train-\ning"]),
    row("U9 before a capital", "Vietnam-\nIsrael", ("vietnamisrael", "vietnam"), ["Vietnam"]),
    *[
        row(f"U10 U+{ord(mark):04X}", f"coup d{mark}État, Hervé{mark}s", ("d'État", "Hervé"),
            [f"d{mark}État", "Hervé"])
        for mark in APOSTROPHES
    ],
    row("U11", "an oﬃcer’s ﬁre", ("officer", "fire"), ["oﬃcer", "ﬁre"]),
    row("U12", "ＮＡＴＯ，Ｆ－３５", ("NATO", "F-35"), ["ＮＡＴＯ", "Ｆ－３５"]),
    row("U13", "CO₂ m² ②", ("CO2", "m2", "2"), ["CO₂", "m²", "②"]),
    row("U14", "Straße STRASSE STRAẞE", "strasse", ["Straße", "STRASSE", "STRAẞE"]),
    row("U15", "İstanbul, İSTANBUL", "İstanbul", ["İstanbul", "İSTANBUL"]),
    row("U15 limit: i, ı and İ are three letters", "İstanbul ıstanbul ISTANBUL", "istanbul",
        ["ISTANBUL"]),
    row("U16", "ΟΔΟΣ οδος", "οδος", ["ΟΔΟΣ", "οδος"]),
    row("U17", "0 \u212a, \u017foldier", ("0 k", "soldier"), ["0 \u212a", "\u017foldier"]),
    row("U18", "אבטחה \u2067סייבר\u2069", "סייבר", ["סייבר"]),
    row("U18 marks", "\u202ecy\u200eber\u202c \u200fwar", "cyber war",
        ["cy\u200eber\u202c \u200fwar"]),
    row("U19", "加强网络安全", "网络安全", ["网络安全"]),
    row("U19 kana", "サイバー攻撃を防ぐ", "サイバー攻撃", ["サイバー攻撃"]),
    row("U19 between spaces", "加强 网络安全。", "网络安全", ["网络安全"]),
    row("U19 beside Latin", "加强NATO合作，5G网络", ("NATO", "5G网络"), ["NATO", "5G网络"]),
    row("U19 within Latin", "x网abc x5G网络x NATOs合作", ("网abc", "网络x", "na?o*"),
        ["网abc", "网络x", "NATOs"]),
    row("U19 before Latin", "5G网络abc", "5G网络", ["5G网络"]),
    row("U19 side by side", "网络安全", ("网络", "安全"), ["网络", "安全"]),
    row("U20 without a space", "ทหารไซเบอร์", "ไซเบอร์", ["ไซเบอร์"]),
    row("U20", "ทหาร ไซเบอร์", "ไซเบอร์", ["ไซเบอร์"]),
    row("U20 Khmer", "សន្តិសុខ", "សន្តិសុខ", ["សន្តិសុខ"]),
    row("U20 not cut at a mark", "ที่", "ท", []),
    row("U21", "الأَمْنُ", "الأَمْنُ", ["الأَمْنُ"]),
    row("U21 not cut at a mark", "الأَمْنُ", "الأ", []),
    row("U22", "साइबर सुरक्षा", "साइबर सुरक्षा", ["साइबर सुरक्षा"]),
    row("U22 not cut at a mark", "किताब", "क", []),
    row("U23", "🇻🇳training🇮🇱", "training", ["training"]),
    row("U23 families and skin", "👨‍👩‍👧training👩🏽‍✈️", "training", ["training"]),
    row("U23 keycaps", "1️⃣training 2️⃣", "training", ["training"]),
    row("U23 a keycap after it", "training2️⃣", "training", ["training"]),
    row("U24", "суber сyber", "cyber", []),
    row("U25", "\ud800 cyber \udfff", "cyber", ["cyber"]),
    row("U25 noncharacter and private use", "cyber\ufdd0 \ue000cyber", "cyber", ["cyber"] * 2),
    row("U28", "natoesque cyberspace trainings", ("nato", "cyber", "training"), []),
    row("U28 with *", "natoesque trainings", ("nato*", "training*"), ["natoesque", "trainings"]),
    *[row(f"U29 {name}", f"So: {name.upper()}, or", name, [name.upper()]) for name in NAMES],
    row("U29 not inside a word", "C++20 asp.net F-35s", ("C++", ".NET", "F-35"), []),
    row("U30", "NATO’s", ("NATO", "NATO's"), ["NATO’s"]),
    row("U30 elision", "l'OTAN et d’OTAN", "OTAN", ["OTAN", "OTAN"]),
    row("U30 points", "the U.S.'s", "U.S.", ["U.S."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "patterns", "expected"), ROWS)
def test_a_row(text, patterns, expected):
    assert found(text, *patterns) == expected


def bomb(marks):
    """How long one letter with many marks takes, with a word after it."""
    text = "e" + marks + " training"
    start = time.process_time()  # whatever else the computer does
    assert found(text, "training") == ["training"]
    return time.process_time() - start


def test_u26_many_marks_on_one_letter():
    assert bomb("\u0301" * 1_000_000) < 5


def test_u26_many_mixed_marks_on_one_letter():
    assert bomb("\u0301\u0323" * 30_000) < 0.5


# Eight phrases, each in every form that changes it

PHRASES = [
    *["Hervé", VINH, "cyber-security", "military training", "coup d'État", "an office"],
    *["Große Straße", "NATO"],
]
FORMS = {
    "decomposed": nfd,
    "capitals": str.upper,
    "soft hyphen": lambda text: f"{text[:2]}\u00ad{text[2:]}",
    "zero-width space": lambda text: f"{text[:2]}\u200b{text[2:]}",
    "non-breaking hyphen": lambda text: text.replace("-", "\u2011"),
    "en dash": lambda text: text.replace("-", "–"),
    "no-break space": lambda text: text.replace(" ", "\u00a0"),
    "new line": lambda text: text.replace(" ", "\r\n"),
    "curly apostrophe": lambda text: text.replace("'", "’"),
    "ligature": lambda text: text.replace("ffi", "ﬃ"),
    "full width": lambda text: "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text
    ),
    "sharp s": lambda text: text.replace("ß", "ẞ"),
}
CASES = [
    pytest.param(phrase, change(phrase), id=f"{phrase}, {form}")
    for phrase in PHRASES
    for form, change in FORMS.items()
    if change(phrase) != phrase
]


@pytest.mark.parametrize(("phrase", "text"), CASES)
def test_a_phrase_in_another_form(phrase, text):
    assert found(f"so {text}, and", phrase) == [text]
    assert found(f"so {phrase}, and", text) == [phrase]

"""Languages of texts, detected or named."""

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import InputError, InputWarning, sentences
from analysis.corpus import languages as of_languages
from analysis.corpus.languages import language_of, languages, words_that_go_on

TEXTS = {
    "english": "The ministers of the two countries spoke with the press about a plan for them.",
    "german": "Die Minister der beiden Länder sprachen mit der Presse über den Plan für die Küste.",
    "french": "Les ministres des deux pays ont parlé avec la presse du plan pour la côte.",
    "italian": "I ministri dei due paesi hanno parlato con la stampa del piano per la costa.",
    "spanish": "Los ministros de los dos países hablaron con la prensa sobre el plan.",
    "vietnamese": "Bộ trưởng của hai nước đã nói với báo chí về kế hoạch cho bờ biển.",
    "portuguese": "Os ministros dos dois países falaram com a imprensa sobre o plano.",
    "dutch": "De ministers van de twee landen spraken met de pers over het plan voor de kust.",
    "swedish": "Ministrarna från de två länderna talade med pressen om en plan för kusten.",
    "polish": "Ministrowie z obu krajów rozmawiali w Warszawie o planie i nie dla prasy.",
    "turkish": "İki ülkenin bakanları bu plan için basın ile bir görüşme yaptı ve ayrıldı.",
    "indonesian": "Para menteri dari dua negara itu berbicara dengan pers untuk pantai.",
    "Cyrillic": "Министры двух стран говорили с прессой о плане для побережья.",
    "Greek": "Οι υπουργοί των δύο χωρών μίλησαν με τον τύπο για το σχέδιο.",
    "Arabic": "تحدث وزيرا البلدين مع الصحافة عن خطة الساحل.",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
def test_detection(language):
    assert language_of(TEXTS[language]) == language
    assert language_of(TEXTS[language] * 20) == language


def test_a_name_in_another_language_moves_nothing():
    text = "Nguyễn Chí Vịnh met the minister of defence in Rio de la Plata and in Đà Nẵng."
    assert language_of(text) == "english"
    assert language_of("") == language_of("Wind grows.") == "english"


def table(*texts):
    names = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"doc_id": names, "text": texts})


MONDAY = "Am 3. Mai sprachen die Minister der Länder mit der Presse. Dann gingen sie."


def test_each_article_is_read_in_its_own_language():
    found = sentences(table(MONDAY, "The U.S. Army came in on May 3. May it leave by the 4th."))
    assert found.groupby("doc_id").size().to_list() == [2, 2]
    assert len(sentences(table(MONDAY), language="english")) == 3
    assert len(sentences(table("Am 3. Mai. Gut."), language="german")) == 2


def test_a_language_without_a_segmenter_is_named():
    with pytest.warns(
        InputWarning, match="a1, a2: this looks like Cyrillic script, and its .*Engl"
    ):
        sentences(table(TEXTS["english"], *[TEXTS["Cyrillic"] * 9] * 2))
    with pytest.warns(InputWarning, match="a0: this looks like French, and .* as in German"):
        sentences(table(TEXTS["french"] * 9), language="german")


def test_an_unknown_language_is_refused():
    with pytest.raises(
        InputError, match="language='klingon' is not a language with a segmenter; c"
    ):
        sentences(table("A"), language="klingon")
    assert languages() == ["english", "german", "french", "italian", "spanish", "vietnamese"]


def test_words_that_go_on_end_no_english_headline():
    assert not {"die", "con", "pour", "den", "in", "on", "up"} & words_that_go_on()


def test_text_without_full_stops_is_told():
    long = "coal and wind " * 200
    with pytest.warns(InputWarning, match="a1: a sentence has up to 600 words; .*unit=50"):
        sentences(table("Coal.", long))
    assert len(sentences(table(long), unit=50)) == 12


def counted(text):
    """The language whose articles, prepositions and letters come up most, counted one by one."""
    found = {
        name: sum(map(words.__contains__, text.split()))
        + sum(letter in text for letter in set(of_languages._data()[name].get("letters", "")))
        for name, words in of_languages._words().items()
    }
    best = max(found, key=found.get)
    enough = found[best] >= max(2, 0.08 * len(text.split()))
    return best if enough and found[best] > 1.2 * found["english"] else "english"


KNOWN = ["the", "of", "on", "in", "der", "und", "le", "des", "la", "que", "los", "il", "no", "ä"]


@given(st.lists(st.sampled_from(KNOWN), min_size=10, max_size=40).map(" ".join))
@example("the of in la on le " * 3)
@example("the the the the the le le le le le le la la " * 2)
def test_what_cannot_be_another_language_is_english(words):
    text = "coal " * 120 + words  # nothing at a first glance
    assert language_of(text) == counted(text)

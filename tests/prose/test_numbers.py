"""How numbers are written in a text, at the edges."""

import pytest

from analysis.prose.numbers import FORMS, heading


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("percent", 0.0, "0 %"),
        ("percent", 1.0, "100 %"),
        ("percent", 0.004, "0.4 %"),
        ("percent", 0.996, "99.6 %"),
        ("percent", 0.9996, "99.96 %"),
        ("percent", 4e-11, "0.00000000 %"),  # eight decimals at most
        ("level", 0.975, "97.5 %"),
        ("level", 0.29, "29 %"),
        ("level", 0.9999999, "99.99999 %"),
        ("points", -0.499, "−49.9"),
        ("points", -0.0001, "0.0"),
        ("whole", -0.5, "−50"),
        ("whole", 0.004, "0.4"),
        ("whole", -0.0004, "−0.04"),
        ("whole", 0.9, "90"),
        ("whole", 0.0, "0"),
        ("whole", -4e-11, "0"),
        ("whole", 0.014, "1"),
        ("times", 4.24, "4.2"),
        ("times", 9.94, "9.9"),
        ("times", 10.0, "10"),
        ("times", 12.4, "12"),
        ("p_value", 0.012, "= .012"),
        ("p_value", 0.001, "= .001"),
        ("p_value", 0.00099, "< .001"),
        ("p_value", 1.0, "= 1.000"),
        ("correlation", 0.2, ".20"),
        ("correlation", 0.125, ".125"),
    ],
)
def test_a_number(form, number, text):
    assert FORMS[form](number) == text


def test_a_topic_as_it_begins_a_line():
    assert heading("wind_power") == "Wind power"
    assert heading("UN_missions") == "UN missions"
    assert heading("") == ""
    assert FORMS["points"](0.5) == "50.0"
    assert FORMS["whole"](0.5) == "50"
    assert FORMS["level"](0.5) == "50 %"

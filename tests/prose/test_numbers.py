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
        ("percent", 0.00149, "0.15 %"),
        ("percent", 0.00075, "0.075 %"),
        ("percent", 0.0005, "0.05 %"),
        ("percent", 0.0128, "1 %"),
        ("percent", 1.4e-10, "0.00000001 %"),
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


@pytest.mark.parametrize(
    ("form", "low", "high", "text"),
    [
        ("percent", 0.00128, 0.62, "0.1 % to 62 %"),
        ("percent", 0.0012, 0.0018, "0.12 % to 0.18 %"),
        ("percent", 0.0003, 0.001, "0.03 % to 0.10 %"),
        ("percent", 0.0, 0.0015, "0 % to 0.15 %"),
        ("percent", 0.9995, 1.0, "99.95 % to 100 %"),
        ("percent", 0.41, 0.418, "41.0 % to 41.8 %"),
        ("percent", 0.5, 0.5, "50 % to 50 %"),
        ("whole", 0.0012, 0.0018, "0.12 to 0.18"),
        ("whole", -0.0004, 0.0013, "−0.04 to 0.13"),
        ("whole", 0.004, 0.52, "0.4 to 52"),
    ],
)
def test_limits_have_the_decimals_that_tell_them_apart(form, low, high, text):
    assert f"{FORMS[form](low, high)} to {FORMS[form](high, low)}" == text


def test_a_topic_as_it_begins_a_line():
    assert heading("wind_power") == "Wind power"
    assert heading("UN_missions") == "UN missions"
    assert heading("") == ""
    assert FORMS["points"](0.5) == "50.0"
    assert FORMS["whole"](0.5) == "50"
    assert FORMS["level"](0.5) == "50 %"

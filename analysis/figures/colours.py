"""The colours of a study, in figures and on the page, and how light a colour is.

They need no matplotlib: the report has the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence

# Okabe & Ito (2008), without black and with yellow last: safe for colour-blind readers.
_COLORS = "#0072B2 #D55E00 #009E73 #CC79A7 #56B4E9 #E69F00 #000000 #F0E442"
GROUP_COLORS = tuple(_COLORS.split())
# From the smallest share to the largest, wherever shares are cells: darker is more.
SHADES = ("#f4f7fb", "#173e70")
NO_TEXT = "#dddddd"  # of a group without text, which has no share
# White and black on a background of this luminance have the same contrast: of L + .05 to 1.05 and
# of .05 to L + .05 (WCAG 2).
MIDDLE = 0.179
_ENDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def relative_luminance(color: Sequence[float]) -> float:
    """Return how light a colour is (WCAG 2): see `MIDDLE`."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(light: str, full: str, part: float) -> str:
    """Return the colour that lies a part of the way from one colour to another."""
    ends = [[int(color[place : place + 2], 16) for place in (1, 3, 5)] for color in (light, full)]
    values = (round(a + (b - a) * part) for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{value:02x}" for value in values)


def shade(part: float) -> tuple[str, str]:
    """Return the colour of a cell, from the smallest share (0) to the largest (1), and its ink."""
    color = mixed(*SHADES, part)
    values = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return color, "#ffffff" if relative_luminance(values) < MIDDLE else "#000000"


def axis_end(highest: float) -> float:
    """Return where an axis of shares ends, so that small shares are not squeezed at its left."""
    return next((end for end in _ENDS if highest <= end), 1.0)

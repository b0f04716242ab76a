"""How light a colour is, so that what is written on it can be read; the colours are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

# White and black on a background of this luminance have the same contrast: of L + .05 to 1.05 and
# of .05 to L + .05 (WCAG 2).
MIDDLE = 0.179


def relative_luminance(color: Sequence[float]) -> float:
    """Return how light a colour is (WCAG 2): see `MIDDLE`."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

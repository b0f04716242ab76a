"""What is taken for granted before the articles are seen: the prior of the interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.errors import InputError


@dataclass(frozen=True)
class Prior:
    """The only subjective numbers of an estimate: how alike sentences of one article are.

    The interval of a single article rests on them; the provenance of a result names them.

    Attributes
    ----------
    rho : float
        The correlation of two sentences of an article, from 0 to 1.
    df : float
        The weight of this number, as degrees of freedom.

    Examples
    --------
    >>> Prior(rho=0.1)
    Prior(rho=0.1, df=4)
    """

    rho: float = 0.20
    df: float = 4

    def __post_init__(self) -> None:
        if not 0 <= self.rho <= 1:
            raise InputError(f"rho={self.rho!r} is not between 0 and 1", do="write .2, say")
        if not 0 < self.df < math.inf:
            raise InputError(f"df={self.df!r} is not a number above 0", do="write 4, say")


DEFAULT_PRIOR = Prior()

"""Tables and results that are made once, with the warnings that making them gave."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, wraps
from typing import Any, TypeVar

from analysis.errors import InputWarning

T = TypeVar("T")


def table(function: Callable[[Any], T]) -> cached_property[T]:
    """Return an attribute that is computed once; its warnings are kept for the record of a run."""

    @wraps(function)
    def compute(cache: Cache) -> T:
        with cache.noting(function.__name__):
            return function(cache)

    return cached_property(compute)


class Cache:
    """What remembers: tables as attributes, results by name and options, and warnings."""

    _noted: list[tuple[str, warnings.WarningMessage]]  # each with the name of what was made
    _made: dict[Any, Any]

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a study does not change: make another with study.with_({name}=...)")

    @property
    def noted(self) -> tuple[warnings.WarningMessage, ...]:
        """The warnings about what has been computed so far, each once."""
        return tuple(one for _, one in self._noted)

    def once(self, name: str, make: Callable[..., T], options: Mapping[str, Any]) -> T:
        """Return ``make(**options)``, made at the first call."""
        key = (name, *sorted(options.items(), key=lambda item: item[0]))
        try:
            known = key in self._made
        except TypeError:  # an option that cannot be looked up, such as a list
            return make(**options)
        if not known:
            with self.noting(name):
                self._made[key] = make(**options)
        made: T = self._made[key]
        return made

    @contextmanager
    def noting(self, name: str) -> Iterator[None]:
        """Keep the warnings of what is computed, and let them pass."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", InputWarning)
            yield
        for one in caught:
            own = issubclass(one.category, InputWarning)
            if own and not any(one.message is other.message for other in self.noted):
                self._noted.append((name, one))
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)

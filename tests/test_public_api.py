"""Every public signature, one a line: a change is a change of this file, to be seen in a diff.

Make it anew with: python tests/test_public_api.py
"""

import inspect
import re
from pathlib import Path

import pytest

import analysis

FILE = Path(__file__).with_suffix(".txt")
FUNCTIONS = [name for name in analysis.__all__ if inspect.isfunction(getattr(analysis, name))]


def signatures():
    """Each public function and class, and the public methods of each class."""
    for name in analysis.__all__:
        value = getattr(analysis, name)
        if not callable(value):
            yield f"{name}: {', '.join(value)}"
            continue
        yield f"{name}{_signature(value)}"
        if inspect.isclass(value) and not issubclass(value, Exception):
            for method, own in _methods(value).items():
                yield f"{name}.{method}{_signature(own)}"


def _methods(value):
    """The public methods of a class and of our classes that it is made from."""
    ours = [one for one in value.__mro__ if one.__module__.startswith("analysis.")]
    own = {name: method for one in reversed(ours) for name, method in vars(one).items()}
    return {n: m for n, m in own.items() if inspect.isfunction(m) and not n.startswith("_")}


def _signature(value):
    try:
        return re.sub(" at 0x[0-9a-f]+", "", str(inspect.signature(value)))
    except ValueError:  # a class made by the interpreter
        return "(...)"


def test_signatures_change_only_on_purpose():
    assert FILE.read_text("utf-8").splitlines() == list(signatures())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_optional_is_said_by_name(name):
    """The data may come by place, at most two; at most seven parameters in all."""
    parameters = inspect.signature(getattr(analysis, name)).parameters.values()
    by_place = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert len(by_place) <= 2
    assert len(parameters) <= 7


if __name__ == "__main__":
    FILE.write_text("\n".join(signatures()) + "\n", encoding="utf-8")

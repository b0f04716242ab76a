"""Freed memory goes back to the system where there is a way."""

import sys
from types import SimpleNamespace

import pytest

from analysis.io import memory


@pytest.mark.parametrize("there", [True, False])
def test_the_c_library_is_asked_if_it_can(monkeypatch, there):
    asked = []
    library = SimpleNamespace(**({"malloc_trim": asked.append} if there else {}))
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: library)
    monkeypatch.setattr(memory.sys, "platform", "linux")
    memory.give_back()
    assert asked == [0] * there


def test_arrow_is_asked_if_it_is_there(monkeypatch):
    asked = []
    pool = SimpleNamespace(release_unused=lambda: asked.append("arrow"))
    monkeypatch.setitem(sys.modules, "pyarrow", SimpleNamespace(default_memory_pool=lambda: pool))
    memory.give_back()
    assert asked == ["arrow"]

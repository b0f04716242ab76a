"""Runs are quick here, unless a test asks for `drawn` figures."""

from unittest.mock import patch

import pytest

from analysis.figures import files
from tests.study import DRAWING, without_drawing


@pytest.fixture(scope="module", autouse=True)
def undrawn():
    with without_drawing():
        yield


@pytest.fixture
def drawn():
    with patch.multiple(files, **DRAWING):
        yield

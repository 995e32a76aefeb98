"""Where tests of licenses find the shared folder, and texts to try on."""

import os
from pathlib import Path

import pytest

from licenses.spdx import texts

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("MARQUEE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("MARQUEE_SHARED is not set and ../shared is not there")
    return folder


@pytest.fixture(scope="session")
def spdx_text():
    def text(name: str) -> str:
        return texts()[name].replace("<year>", "2021").replace("<copyright holders>", "Ada Example")

    return text

"""Real metadata from outside, in the shared folder beside the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("MARQUEE_SHARED") or ROOT.parent / "shared")

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="MARQUEE_SHARED does not name the shared folder"
)


def corpus_file(path: str) -> bytes:
    """Return a file of the corpus, ``kodi/xbmc.python/addon.xml``."""
    return (SHARED / "corpus" / path).read_bytes()

"""Reads files from strangers in a child process that has no network, no credentials and few means.

:func:`read_confined` is what a worker calls; :func:`confinement` says what this machine allows.
"""

from registry.bundles.confined.asking import read_confined
from registry.bundles.confined.endings import Ending
from registry.bundles.confined.parent import ReaderUnavailable
from registry.bundles.confined.probing import Confinement, confinement

__all__ = ["Confinement", "Ending", "ReaderUnavailable", "confinement", "read_confined"]

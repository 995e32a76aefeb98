"""The order of Stash versions.

Stash compares dates and never versions, and scrapers have only the short commit of their last
change. So the natural order stands for people, a commit at the end of a version says nothing, and
versions that are a commit alone are all equal: there the date decides.
"""

import re

from registry.bundles.ecosystems.versions import Key, natural_key

COMMIT = re.compile(r"(?:^|-)(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}$")


def version_key(version: str) -> Key:
    """Return a sort key for a version's text."""
    return natural_key(COMMIT.sub("", version))

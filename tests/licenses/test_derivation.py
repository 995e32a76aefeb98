"""Which licenses of changed versions keep the license of the original."""

import pytest

from licenses.derivation import keeps_license
from licenses.spdx import LISTED


@pytest.mark.parametrize(
    ("original", "changed"),
    [
        ("MIT", "LicenseRef-Anything"),
        ("GPL-3.0-only", "GPL-3.0-only"),
        ("GPL-2.0-or-later", "GPL-3.0-only"),
        ("GPL-2.0-or-later", "GPL-2.0-only AND MIT"),
        ("GPL-2.0+", "GPL-3.0-or-later"),
        ("GPL-3.0-only OR MIT", "BSD-3-Clause"),
        ("MPL-2.0 AND MIT", "MPL-2.0"),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only"),
        ("GPL-2.0-or-later", "GPL-2.0-only OR GPL-3.0-only"),
    ],
)
def test_it_is_kept(original, changed):
    assert keeps_license(original, changed)


@pytest.mark.parametrize(
    ("original", "changed"),
    [
        ("GPL-3.0-only", "MIT"),
        ("GPL-3.0-only", "GPL-3.0-only OR MIT"),
        ("GPL-2.0-only", "GPL-2.0-or-later"),
        ("GPL-2.0-only", "GPL-3.0-only"),
        ("GPL-3.0-or-later", "GPL-2.0-or-later"),
        ("LGPL-3.0-only", "GPL-3.0-only"),
        ("GPL-3.0-only", "NOASSERTION"),
        ("CC-BY-SA-4.0", "CC-BY-4.0"),
        ("GPL-2.0-only", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-3.0-only AND MPL-2.0", "GPL-3.0-only"),
    ],
)
def test_it_is_not_kept(original, changed):
    assert not keeps_license(original, changed)


def test_every_listed_license_is_kept_by_itself():
    for name, listed in LISTED.items():
        if not listed.deprecated:
            assert keeps_license(name, name), name
            assert keeps_license(name, f"{name} AND MIT"), name

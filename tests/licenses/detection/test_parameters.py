"""The Business Source License as makers ship it: its parameters are read by a person, its text is its text."""

import pytest

from licenses.detection import detect_file
from licenses.detection.parameters import ASKS
from licenses.spdx import text_of

TEXT = text_of("BUSL-1.1") or ""
TERMS = TEXT[TEXT.index("Terms") :]
NOTE = """License text copyright (c) {year} MariaDB Corporation Ab, All Rights Reserved.
"Business Source License" is a trademark of MariaDB Corporation Ab.

"""
PARAMETERS = """Parameters

Licensor:             Lantern, Inc.
Licensed Work:        Lantern 1.6.0 or later. The Licensed Work is (c) 2024 Lantern, Inc.
Additional Use Grant: You may make production use of the Licensed Work, provided
                      your use does not include offering it to third parties.
Change Date:          Four years from the date the Licensed Work is published.
Change License:       MPL 2.0

For information about alternative licensing arrangements, contact licensing@example.org.

Notice

"""
TITLE = "Business Source License 1.1\n\n"


@pytest.mark.parametrize(
    "text",
    [
        NOTE.format(year=2020) + PARAMETERS + TITLE + TERMS,
        TITLE + PARAMETERS + NOTE.format(year=2017) + TERMS,
        TITLE + PARAMETERS.replace("Parameters", "## Parameters") + NOTE.format(year=2023) + TERMS,
    ],
)
def test_it_is_that_license_and_its_parameters_are_asked_about(text):
    found = detect_file("LICENSE", text.encode())
    assert (found.expressions, found.review, found.reasons) == (["BUSL-1.1"], True, [ASKS])


@pytest.mark.parametrize(
    "text",
    [
        TITLE + PARAMETERS + NOTE.format(year=2017) + TERMS + "\nYou may not use it on Sundays.\n",
        TITLE + PARAMETERS + NOTE.format(year=2017) + TERMS.replace("non-production", "private"),
    ],
)
def test_words_beside_its_parameters_count_as_ever(text):
    found = detect_file("LICENSE", text.encode())
    assert found.review
    assert found.expressions[0].startswith("LicenseRef-BUSL-1.1-changed-")


@pytest.mark.parametrize("title", ["Business Source License 1.1", "Our License"])
def test_no_other_license_has_parameters(title):
    found = detect_file("LICENSE", f"{title}\n\n{PARAMETERS}Terms\n\n{text_of('MIT')}".encode())
    assert found.review
    assert found.expressions != ["MIT"]

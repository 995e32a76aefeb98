"""Outside of license files: words that limit a named license make it another one; all others change nothing."""

import pytest

from licenses.detection import detect_file
from licenses.detection.report import FileDetection

RUST = """// Licensed under the Apache License, Version 2.0 <LICENSE-APACHE or
// http://www.apache.org/licenses/LICENSE-2.0> or the MIT license
// <LICENSE-MIT or http://opensource.org/licenses/MIT>, at your
// option. This file may not be copied, modified, or distributed
// except according to those terms.
"""


def readme(section: str) -> FileDetection:
    return detect_file("README.md", f"# Lantern\n\nA tool.\n\n## License\n\n{section}\n\n## More\n".encode())


def header(text: str) -> FileDetection:
    return detect_file("lantern.py", f"{text}\n\nimport os\n".encode())


@pytest.mark.parametrize(
    "section",
    [
        "MIT, but not for commercial use.",
        "MIT\n\nCommercial use requires a license of its own.",
        "This project is licensed under the MIT License for personal use only.",
        "Released under the MIT license. You may not sell it.",
        "For non-commercial use, this is licensed under the MIT license.",
        "Licensed under the MIT license. Redistribution is not allowed.",
    ],
)
def test_a_section_that_limits_its_license_is_never_that_license(section):
    found = readme(section)
    assert found.review
    assert found.state == "changed"
    assert all(one.startswith("LicenseRef-MIT-changed-") for one in found.expressions)
    assert "limit what it allows" in found.reasons[0]


@pytest.mark.parametrize(
    "text",
    [
        "# Released under the GPL v3 for non-commercial use.",
        "# Licensed under MIT.\n# Commercial use is prohibited.",
    ],
)
def test_neither_is_a_header(text):
    found = header(text)
    assert found.review
    assert "-changed-" in found.expressions[0]


@pytest.mark.parametrize(
    "section",
    [
        "MIT",
        "MIT, free for commercial and non-commercial use.",
        "MIT. Our name may not be used to endorse forks.",
        "MIT. If you use it commercially, a donation is welcome but not required.",
        "This project is distributed under the MIT License. See [LICENSE](./LICENSE) for more information.",
    ],
)
def test_words_that_limit_nothing_change_nothing(section):
    assert (readme(section).expressions, readme(section).review) == (["MIT"], False)


def test_a_limit_of_something_else_in_another_section_counts_for_nothing():
    text = "# Lantern\n\n## Data\n\nThe data may not be used commercially.\n\n## License\n\nMIT\n"
    assert detect_file("README.md", text.encode()).expressions == ["MIT"]


def test_a_license_that_limits_by_itself_is_itself():
    found = readme("Creative Commons Attribution-NonCommercial 4.0 International, non-commercial use only")
    assert (found.expressions, found.review) == (["CC-BY-NC-4.0"], False)


def test_the_header_of_two_licenses_with_files_and_addresses_is_a_choice():
    found = header(RUST)
    assert (found.expressions, found.review) == (["Apache-2.0 OR MIT"], False)


@pytest.mark.parametrize(("address", "asks"), [("by-nc", True), ("by-nc-sa", True), ("by", False)])
def test_a_name_with_the_address_of_another_license_is_asked_about(address, asks):
    said = f"Licensed under [CC BY 4.0](https://creativecommons.org/licenses/{address}/4.0/)."
    assert readme(said).review is asks


@pytest.mark.parametrize(
    ("field", "classifier", "expressions"),
    [
        ("MIT", "OSI Approved :: GNU General Public License v3 (GPLv3)", []),
        ("MIT", "OSI Approved :: MIT License", ["MIT"]),
        ("GPL-3.0-or-later", "OSI Approved :: GNU General Public License v3 (GPLv3)", ["GPL-3.0-or-later"]),
        ("BSD-3-Clause", "OSI Approved :: BSD License", ["BSD-3-Clause"]),
    ],
)
def test_metadata_whose_fields_contradict_each_other_is_asked_about(field, classifier, expressions):
    text = f"Metadata-Version: 2.1\nName: lantern\nLicense: {field}\nClassifier: License :: {classifier}\n"
    found = detect_file("lantern-1.0.dist-info/METADATA", text.encode())
    assert (found.expressions, found.review) == (expressions, not expressions)

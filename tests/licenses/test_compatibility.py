"""OSADL's matrix: findings, credited."""

import pytest

from licenses.compatibility import CREDIT, among, compatibility


@pytest.mark.parametrize(
    ("outbound", "inbound", "answer"),
    [
        ("GPL-3.0-only", "Apache-2.0", "yes"),
        ("GPL-2.0-only", "Apache-2.0", "no"),
        ("MIT", "MIT", "yes"),
        ("MIT", "LicenseRef-Mine", "unlisted"),
        ("GPL-2.0-only", "MIT OR Apache-2.0", "yes"),
        ("GPL-2.0-only OR Apache-2.0", "Apache-2.0", "yes"),
    ],
)
def test_a_pair_is_answered(outbound: str, inbound: str, answer: str) -> None:
    (found,) = compatibility(outbound, inbound)
    assert found.answer == answer
    assert outbound.split(maxsplit=1)[0] in found.sentence or inbound.split(maxsplit=1)[0] in found.sentence


def test_only_what_is_not_simply_compatible_is_a_finding() -> None:
    assert among(["GPL-3.0-only", "MIT", "Apache-2.0"]) == []
    assert [one.answer for one in among(["Apache-2.0", "MIT", "GPL-2.0-only"])] == ["no"]
    assert among(["MIT"]) == []


def test_the_matrix_is_credited() -> None:
    assert "OSADL" in CREDIT
    assert "CC-BY-4.0" in CREDIT

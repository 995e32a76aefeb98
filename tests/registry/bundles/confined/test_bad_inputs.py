"""Every hostile file gets its code from the closed child, in little time and memory.

BAD-INPUTS rows 1 to 41; what each row means is tested where its reader lives.
"""

import io

import pytest

from registry.bundles.confined import read_confined
from registry.bundles.findings import Severity
from registry.bundles.limits import MIB, Limits
from tests.hostile import CASES, empty_blocks
from tests.registry.bundles.packing import slow_zip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_file_is_refused_with_its_code_soon_and_in_little_memory(case):
    ended = []
    result = read_confined(io.BytesIO(case.build()), case.filename, on_end=ended.append)
    errors = [finding for finding in result.findings if finding.severity is Severity.ERROR]
    assert [finding.code for finding in errors] == [case.code]
    assert errors[0].message
    assert errors[0].fix
    assert all(end.cpu_s < 2 and end.peak_bytes < 256 * MIB for end in ended)


def test_endless_empty_blocks_are_refused_though_a_fast_machine_gets_through_them():
    result = read_confined(io.BytesIO(empty_blocks(2_000_000)), "x.zip")
    assert [finding.code for finding in result.findings] == ["limit.cpu"]


def test_a_reader_that_does_not_end_is_ended_by_the_kernel():
    result = read_confined(io.BytesIO(slow_zip(160)), "x.zip", None, Limits(cpu_s=1))
    assert [finding.code for finding in result.findings] == ["limit.cpu"]

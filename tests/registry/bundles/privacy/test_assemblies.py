"""A .NET assembly is read class by class: what asks, what stands beside it, and what only mentions."""

import pytest

from registry.bundles.privacy import privacy_of
from registry.bundles.privacy.assemblies import read_assembly
from tests.registry.bundles.packing import bundle_of
from tests.registry.bundles.privacy.assembly import ASKING_DLL


def found(dll):
    return privacy_of(bundle_of({"Example.dll": dll}))


def test_a_literal_beside_an_http_client_is_e2_and_one_far_from_it_e1():
    hosts = {host.host: host.level.value for host in found(ASKING_DLL).hosts}
    assert hosts == {"api.acme-tv.com": "E2", "set.acme-tv.com": "E2", "www.acme-tv.com": "E1"}


def test_a_native_library_that_it_calls_is_a_capability():
    assert [trace.code for trace in found(ASKING_DLL).capabilities] == ["native_code"]


@pytest.mark.parametrize("kept", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_cut_assembly_breaks_nothing_and_its_literals_are_still_looked_for(kept):
    cut = ASKING_DLL[: int(len(ASKING_DLL) * kept)]
    assert read_assembly(cut) is None or found(cut)


@pytest.mark.parametrize("seed", range(200))
def test_a_byte_that_is_wrong_breaks_nothing(seed):
    broken = bytearray(ASKING_DLL)
    for at in range(seed * 7 % 97, len(broken), 997):
        broken[at] ^= 0xFF >> (seed % 8)
    assert found(bytes(broken)) is not None


def test_a_program_that_is_no_assembly_is_searched_for_strings_of_one_and_two_bytes():
    dll = (
        b"MZ"
        + bytes(300)
        + "https://wide.acme-tv.com/x".encode("utf-16-le")
        + b"\0\0https://api.acme-tv.com/x\0"
    )
    assert {host.host for host in found(dll).hosts} == {"wide.acme-tv.com", "api.acme-tv.com"}


def test_pieces_of_strings_that_ran_into_one_another_are_no_hosts():
    library = b"\x7fELF\0https://www.acmeTVShow\0https://a.acme-tv.comlogin=&x\0"
    assert privacy_of(bundle_of({"lib.so": library})).hosts == ()

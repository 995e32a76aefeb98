"""Where the web listens: refusals say what to do, and other machines are told the way."""

import ipaddress
import socket

import pytest

from registry.embedded.addresses import (
    CannotListen,
    address,
    check_port,
    local_host,
    network_hosts,
)


def test_a_free_port_is_free_afterwards_too():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_a_port_in_use_is_refused_with_the_next_one_to_try():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for host in ("127.0.0.1", "0.0.0.0"):
            with pytest.raises(CannotListen) as refused:
                check_port(host, port)
            assert str(refused.value) == (
                f"Port {port} of {host} is in use: stop what listens there, or choose PORT={port + 1}."
            )


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CannotListen, match=r"192\.0\.2\.1 is no address of this machine"):
        check_port("192.0.2.1", 8000)


def test_loopback_is_told_to_nobody_else():
    assert network_hosts("127.0.0.1") == []


def test_who_listens_everywhere_is_told_only_addresses_that_others_can_reach():
    for host in network_hosts("0.0.0.0"):
        assert not ipaddress.ip_address(host).is_loopback


def test_addresses_are_written_as_browsers_want_them():
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert address("fd00::7", 80) == "http://[fd00::7]:80"
    assert [local_host(host) for host in ("0.0.0.0", "::", "::1")] == ["127.0.0.1", "::1", "::1"]

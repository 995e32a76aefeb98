"""Whose a host is comes from two tables; each row says where it is from."""

import time

import pytest

from registry.bundles.privacy.build_companies import main
from registry.bundles.privacy.companies import OWN_HOSTS, THIRD_PARTY_WEB, company_of, table


@pytest.mark.parametrize(
    ("host", "company", "role"),
    [
        ("api.trakt.tv", "Trakt", "scrobbling"),
        ("trakt.tv", "Trakt", "scrobbling"),
        ("ssl.google-analytics.com", "Google", "ad_analytics"),
        ("adservice.google.de", "Google", "ad_analytics"),
        ("fonts.gstatic.com", "Google", "hosting"),
        ("*.doubleclick.net", "Google", "ad_analytics"),
        ("o1.ingest.sentry.io", "Sentry", "ad_analytics"),
        ("connect.facebook.net", "Meta", "ad_analytics"),
    ],
)
def test_the_longest_ending_names_company_and_role(host, company, role):
    row = company_of(host)
    assert (row.company, row.role) == (company, role)


@pytest.mark.parametrize("host", ["acme-tv.com", "nottrakt.tv", "trakt.tv.acme-tv.com", "tv", "127.0.0.1"])
def test_a_host_that_no_row_fits_has_none(host):
    assert company_of(host) is None


def test_every_row_says_where_it_is_from_and_when():
    for row in (*table().exact.values(), *table().endings.values()):
        assert row.company
        assert row.source
        assert row.date.startswith("20")


def test_the_license_of_the_other_list_lies_beside_it():
    assert "Permission is hereby granted" in THIRD_PARTY_WEB.with_suffix(".LICENSE").read_text()
    assert "third-party-web 0.30.0" in THIRD_PARTY_WEB.read_text().splitlines()[0]


def test_our_own_list_is_sorted_and_has_no_host_twice():
    hosts = [line.split("\t")[0] for line in OWN_HOSTS.read_text().splitlines() if not line.startswith("#")]
    assert hosts == sorted(set(hosts))


def test_the_tables_load_in_thirty_milliseconds():
    table.cache_clear()
    started = time.process_time()
    table()
    assert time.process_time() - started < 0.03 * 3  # three times as long on a busy machine


def test_the_table_is_made_from_the_package_again_the_same(tmp_path, monkeypatch):
    (tmp_path / "dist").mkdir()
    (tmp_path / "package.json").write_text(
        '{"name": "third-party-web", "version": "9", "license": "MIT", "repository": {"url": "u"}}'
    )
    (tmp_path / "LICENSE").write_text("Permission")
    (tmp_path / "dist" / "entities-nostats.json").write_text(
        '[{"name": "B Ads", "company": "B", "category": "ad", "domains": ["*.b.com", "x.b.net"]},'
        ' {"name": "A\\t", "category": "cdn", "domains": ["a.org", "not a host"]}]'
    )
    target = tmp_path / "out.tsv"
    monkeypatch.setattr("registry.bundles.privacy.build_companies.THIRD_PARTY_WEB", target)
    main(tmp_path, "2026-12-01")
    first, *_, a, b = target.read_text().splitlines()
    assert first == "# Derived from third-party-web 9, npm, MIT; read 2026-12-01."
    assert (a, b) == ("A\tcdn\ta.org", "B\tad\t*.b.com x.b.net")
    assert target.with_suffix(".LICENSE").read_text() == "Permission"

"""Without Chromium these tests are skipped where people work, and fail where everything is required."""

import pytest

from tests.browser import chromium


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    monkeypatch.setattr(chromium, "PATHS", (tmp_path / "chromium",))


def test_without_it_a_test_is_skipped_and_says_how_to_get_it(monkeypatch):
    monkeypatch.delenv("MARQUEE_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        chromium.require_chromium()


def test_where_everything_is_required_it_fails(monkeypatch):
    monkeypatch.setenv("MARQUEE_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="MARQUEE_REQUIRE_ALL"):
        chromium.require_chromium()


def test_what_is_there_is_found(monkeypatch, tmp_path):
    (tmp_path / "chromium").touch()
    assert chromium.require_chromium() == tmp_path / "chromium"

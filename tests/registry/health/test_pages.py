"""The status page: each part by name, and what an operator should know."""

from registry.health.service import show_heartbeat
from tests import bundles
from tests.story import Story


def test_each_part_is_named_and_the_one_that_is_away_stands_in_the_heading(visit, given):
    seen = visit().see("/status")
    assert "Not everything works: worker" in seen
    for part in ("Web", "Database", "Storage", "Broker", "Worker"):
        assert part in seen
    given.run(show_heartbeat)
    assert "Everything works" in visit().see("/status")


def test_feeds_are_shown_with_their_age(visit, given):
    assert "built for the first time" in visit().see("/status")
    Story(given).published(bundles.kodi())
    assert "Kodi Built" not in visit().see("/status")
    assert "Kodi just now 1" in visit().see("/status")


def test_what_operators_should_know_is_for_admins(visit, given):
    assert "For the operator" not in visit(given.account()).see("/status")
    assert "PUBLIC_URL is plain http" in visit(given.admin()).see("/status")

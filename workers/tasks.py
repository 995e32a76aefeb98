"""One task for each kind of work, three lines each, and one for each sweep."""

from registry.conveyance.counting import count_copies
from registry.feeds.building import build_feed
from registry.ingest.service import ingest_upload
from registry.licensing.expiring import turn_ended_licenses
from registry.mail.service import send_mail
from registry.policies.looking import ask_for_due_looks, look_at_policy
from registry.releases.publishing import publish_release
from registry.uploads.sweeping import sweep_uploads
from registry.work import Work, perform
from workers.app import task
from workers.sweep import hint_again, sweep_old


@task(Work.INGEST)
def ingest(subject: str) -> None:
    """Read an upload and make a release of it."""
    perform(Work.INGEST, subject, ingest_upload)


@task(Work.PUBLISH)
def publish(subject: str) -> None:
    """Bring an approved release to the published bucket and into the catalogue."""
    perform(Work.PUBLISH, subject, publish_release)


@task(Work.FEEDS)
def feeds(subject: str) -> None:
    """Build an ecosystem's feed."""
    perform(Work.FEEDS, subject, build_feed)


@task(Work.MAIL)
def mail(subject: str) -> None:
    """Send a mail."""
    perform(Work.MAIL, subject, send_mail)


@task(Work.POLICY)
def policy(subject: str) -> None:
    """Look at a third party's policy page."""
    perform(Work.POLICY, subject, look_at_policy)


@task("look_at_policies")
def look_at_due_policies() -> None:
    """Ask for a look at the policy pages that are due today."""
    ask_for_due_looks()


@task("turn_ended_licenses")
def turn_licenses() -> None:
    """Put the license that follows in force for what is kept ready, once the day has come."""
    turn_ended_licenses()


@task("sweep_jobs")
def sweep_jobs() -> None:
    """Hint again at work that stands still, and show that a worker lives."""
    hint_again()


@task("sweep_old")
def sweep_old_rows() -> None:
    """Forget what has had its time."""
    sweep_old()


@task("count_copies")
def count_new_copies() -> None:
    """Add new copies to the counts of their listings."""
    count_copies()


@task("sweep_uploads")
def sweep_left_uploads() -> None:
    """Give up uploads left behind and remove objects that nothing knows."""
    sweep_uploads()

"""What tests of privacy begin with: evidence and declarations in a word or two."""

from datetime import UTC, datetime

from registry.bundles.privacy.companies import company_of
from registry.bundles.privacy.declaration import DataRow, Declaration
from registry.bundles.privacy.evidence import Evidence, HostFound, Level, PrivacyEvidence, Trace
from tests import bundles

PLACE = (Evidence("main.py", 3, "requests.post(URL)"),)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TRACKER = "www.google-analytics.com"
REPORTS = f"import requests\nrequests.post('https://{TRACKER}/collect', data={{'v': 1}})\n"
LOOKS_UP = "import requests\nrequests.get('https://api.themoviedb.org/3/search')\n"
NONE = "none = true\n"
TELLS_ALL = f"""policy_url = "https://lantern.example/privacy"
hosts = ["{TRACKER}"]
children = "not_for"
[[data]]
code = "diagnostics"
purposes = ["analytics"]
recipients = ["ad_analytics"]
"""
SAID = {
    "hosts": [TRACKER],
    "data": [{"code": "diagnostics", "purposes": ["analytics"], "recipients": ["ad_analytics"]}],
}


def host(name: str, level: Level = Level.E2) -> HostFound:
    """A host that was found, with its company where the table knows it."""
    row = company_of(name)
    return HostFound(name, level, row and row.company, row and row.role, PLACE)


def found(*hosts: str, data: str = "", capabilities: str = "") -> PrivacyEvidence:
    """Evidence of hosts that reach a call, of data that is read, of capabilities."""
    return PrivacyEvidence(
        hosts=tuple(map(host, hosts)),
        data=tuple(Trace(code, PLACE) for code in data.split()),
        capabilities=tuple(Trace(code, PLACE) for code in capabilities.split()),
    )


def row(code: str = "library", purpose: str = "match", recipient: str = "named_service") -> DataRow:
    """A data row."""
    return DataRow(code, (purpose,), (recipient,))


def rows(*made: DataRow, hosts: tuple[str, ...] | None = None) -> Declaration:
    """A declaration of rows."""
    return Declaration(hosts=hosts, data=made)


def tracking(version: str = "1.0.0", privacy: str | None = NONE, code: str = REPORTS) -> bytes:
    """A Kodi add-on that reports to a tracker and declares that nothing leaves the server."""
    more = {"report.py": code} | ({"privacy.toml": privacy} if privacy is not None else {})
    return bundles.kodi(version=version, more=more)

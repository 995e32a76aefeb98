"""Privacy evidence: which hosts, data and capabilities a bundle's bytes show, beside what is declared.

Pure: no server, database or network; nothing of the bundle runs. ``docs/privacy-evidence.md`` says how.
"""

from registry.bundles.privacy.bundle import prepare, privacy_of, remarks_for_people, search
from registry.bundles.privacy.evidence import PrivacyEvidence

__all__ = ["PrivacyEvidence", "prepare", "privacy_of", "remarks_for_people", "search"]

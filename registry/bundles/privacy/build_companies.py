"""Write the package's table of companies from an unpacked ``third-party-web``.

``python -m registry.bundles.privacy.build_companies FOLDER DATE`` is run by a maintainer when the
package has a new version; what it writes is committed, so that nothing is fetched when Marquee runs.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from registry.bundles.privacy.companies import THIRD_PARTY_WEB

_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+")


def main(folder: Path, date: str) -> None:
    """Write one line a company and category: name, category, its domains; and the license beside it."""
    package = json.loads((folder / "package.json").read_text("utf-8"))
    rows = _rows(json.loads((folder / "dist" / "entities-nostats.json").read_text("utf-8")))
    head = (
        f"# Derived from {package['name']} {package['version']}, npm, {package['license']}; read {date}.\n"
        f"# {package['repository']['url']}\n# company, category, domains\n"
    )
    lines = ("\t".join((company, category, " ".join(sorted(hosts)))) for (company, category), hosts in rows)
    THIRD_PARTY_WEB.write_text(head + "\n".join(lines) + "\n", "utf-8")
    THIRD_PARTY_WEB.with_suffix(".LICENSE").write_text((folder / "LICENSE").read_text("utf-8"), "utf-8")


def _rows(entities: list[Any]) -> list[tuple[tuple[str, str], set[str]]]:
    rows: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for entity in entities:
        name = " ".join(str(entity.get("company") or entity["name"]).split())
        hosts = {host for each in entity["domains"] if _HOST.fullmatch(host := each.lower())}
        rows[name, entity["category"]] |= hosts
    return sorted(row for row in rows.items() if row[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

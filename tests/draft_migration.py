"""Drafts a migration against the PostgreSQL of the tests: ``python -m tests.draft_migration "message"``.

``--again 0001`` drafts one anew that no instance has run yet.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from registry.migrations import FOLDER
from registry.migrations.drafting import draft
from tests.services import start_services


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message")
    parser.add_argument("--again", metavar="REVISION")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, start_services(Path(folder)) as services:
        url = services.database_url.replace("postgresql://", "postgresql+psycopg://")
        draft(url, wanted.message, again=wanted.again)
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", FOLDER / "versions"], check=True)


if __name__ == "__main__":
    main()

"""``python -m registry.bundles inspect|privacy FILE…``: looks at bundles without a server."""

import argparse

from registry.bundles.inspection.command import inspect_command
from registry.bundles.privacy.command import privacy_command


def main() -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m registry.bundles", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    inspecting = commands.add_parser("inspect", help="print what each bundle is and what is wrong")
    inspecting.add_argument("files", nargs="+", metavar="FILE")
    inspecting.add_argument("--metadata", action="store_true", help="the files are metadata alone")
    inspecting.add_argument("--as", dest="as_name", metavar="NAME", help="its original file name")
    evidence = commands.add_parser("privacy", help="print the hosts, data and capabilities found")
    evidence.add_argument("files", nargs="+", metavar="FILE")
    given = parser.parse_args()
    if given.command == "privacy":
        return privacy_command(given.files)
    return inspect_command(given.files, metadata=given.metadata, as_name=given.as_name)


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m storage check [--json]`: says what the store of this environment can promise.

Exit 0: Marquee can use it. 1: something it needs is missing, or it does not answer. 2: wrong usage.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence

from storage.blobs import BlobStore
from storage.check import Report, probe
from storage.environment import NoStore, read_config
from storage.errors import StorageError


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        store = BlobStore(read_config(environ))
        report = Report(store.config.endpoint_url, probe(store))
    except (NoStore, StorageError, ValueError) as error:
        _say_failure(str(error), as_json=options.json)
        return 1
    print(json.dumps(report.as_json(), indent=1) if options.json else _in_words(report))
    return 0 if report.usable else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m storage", description="The store of Marquee.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="try what the store can promise")
    check.add_argument("--json", action="store_true", help="print the outcome as JSON")
    return parser


def _say_failure(sentence: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"usable": False, "error": sentence, "promises": []}))
    else:
        print(sentence, file=sys.stderr)


def _in_words(report: Report) -> str:
    width = max(len(promise.name) for promise in report.promises)
    lines = [f"The store at {report.endpoint_url}:"]
    for promise in report.promises:
        mark = "yes" if promise.kept else "NO " if promise.needed else "no "
        lines.append(f"  {mark}  {promise.name:{width}}  {promise.sentence}")
    lines.append("Marquee can use it." if report.usable else _verdict(report))
    return "\n".join(lines)


def _verdict(report: Report) -> str:
    missing = [each.name for each in report.promises if each.needed and not each.kept]
    return f"Marquee cannot use it: {', '.join(missing)}."


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))

"""``python -m licenses detect|terms|compare|decide``: JSON out; wrong usage is one sentence, exit 2."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, get_args

from licenses import conveyance
from licenses.compare import compare
from licenses.conveyance import Request, decide
from licenses.expressions import ExpressionError, normalise
from licenses.terms import of_expression


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = _parser().parse_args(arguments)
    try:
        answers: list[Any] = given.run(given)
    except ExpressionError as problem:
        print(f"Wrong expression: {problem}.", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"Cannot read {problem.filename}: {problem.strerror}.", file=sys.stderr)
        return 2
    for answer in answers:
        print(json.dumps(answer, ensure_ascii=False))
    return 0


def _parser() -> _Parser:
    parser = _Parser(prog="python -m licenses", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="detect|terms|compare|decide")
    detect = commands.add_parser("detect", help="what license a file says it has")
    detect.add_argument("files", nargs="+", metavar="FILE")
    detect.set_defaults(run=_detect)
    terms = commands.add_parser("terms", help="what an expression allows and asks")
    terms.add_argument("expression")
    terms.set_defaults(run=_terms)
    comparison = commands.add_parser("compare", help="whether new terms are wider or narrower")
    comparison.add_argument("old")
    comparison.add_argument("new")
    comparison.set_defaults(run=lambda given: [compare(given.old, given.new).as_json()])
    _decide_options(commands.add_parser("decide", help="whether somebody may have a copy"))
    return parser


def _decide_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--expression", required=True)
    parser.add_argument("--recipient", required=True, choices=get_args(conveyance.Recipient))
    parser.add_argument("--action", required=True, choices=get_args(conveyance.Action))
    parser.add_argument("--basis", default="license", choices=get_args(conveyance.Basis))
    parser.add_argument("--form", default="source", choices=get_args(conveyance.Form))
    parser.add_argument("--state", default="concluded", choices=get_args(conveyance.State))
    for flag in ("source-available", "acknowledged", "commercial-operator", "operator-basis"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.set_defaults(run=_decide)


def _terms(given: argparse.Namespace) -> list[Any]:
    return [of_expression(given.expression).as_json(normalise(given.expression))]


def _decide(given: argparse.Namespace) -> list[Any]:
    asked = Request(
        recipient=given.recipient,
        action=given.action,
        basis=given.basis,
        form=given.form,
        source_available=given.source_available,
        acknowledged=given.acknowledged,
        state=given.state,
        commercial_operator=given.commercial_operator,
        operator_basis=given.operator_basis,
    )
    return [decide(given.expression, asked).as_json()]


def _detect(given: argparse.Namespace) -> list[Any]:
    from licenses.detection import detect_file  # noqa: PLC0415 - other commands need no templates

    return [detect_file(name, Path(name).read_bytes()).as_json() for name in given.files]

"""How the client speaks: sentences for people, JSON lines for scripts, never control characters of others.

On a terminal there are colours (unless NO_COLOR is set); anywhere else plain lines, one thing a line.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import click
from rich.console import Console

from marquee_client.faults import Fault, Refused

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan", "good": "green", "quiet": "dim"}
Words = ParamSpec("Words")


class Voice:
    """Says things on standard output; with ``as_json`` only objects, and everything else on nothing."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out, self._err = _console(), _console(stderr=True)

    @property
    def asks(self) -> bool:
        """Whether there is a person who could answer a question."""
        return not self.as_json and sys.stdin.isatty() and self._out.is_terminal

    @property
    def err(self) -> Console:
        """Where progress is shown: it must not get into what is piped on."""
        return self._err

    def say(self, text: str, style: str = "") -> None:
        """Say a line to a person."""
        if not self.as_json:
            self._print(self._out, text, style)

    def warn(self, text: str) -> None:
        """Say a line on standard error, whatever form the answer has."""
        self._print(self._err, text, "warning")

    def give(self, value: Mapping[str, Any]) -> None:
        """Print an object as one line of JSON, where scripts listen."""
        if self.as_json:
            click.echo(json.dumps(value))

    def fault(self, fault: Fault) -> None:
        """Say what ended the command."""
        if self.as_json:
            click.echo(json.dumps(fault.as_json()))
            return
        self._print(self._err, str(fault), "error")
        if isinstance(fault, Refused):
            for field, detail in fault.fields:
                self._print(self._err, f"  {field}: {detail}", "")
            if fault.hint:
                self._print(self._err, fault.hint, "")

    def _print(self, console: Console, text: str, style: str) -> None:
        console.print(visible(text), style=STYLES.get(style, ""))


def _console(*, stderr: bool = False) -> Console:
    """Return a console that takes text as it is: no markup, no guessing, no breaking of lines."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


def visible(text: str) -> str:
    """Return text in which nothing can move a terminal's cursor or hide: control characters are spelt out."""
    return "".join(c if c.isprintable() else _spelt(c) for c in text)


def _spelt(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def speaking(command: Callable[Concatenate[Voice, Words], int]) -> Callable[Words, None]:
    """Give a command its voice, the option ``--json``, and an exit code: what it returns, or a fault's."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON lines, for scripts.")
    @wraps(command)
    def run(*args: Words.args, **kwargs: Words.kwargs) -> None:
        voice = Voice(as_json=bool(kwargs.pop("as_json")))
        try:
            code = command(voice, *args, **kwargs)
        except Fault as fault:
            voice.fault(fault)
            code = fault.exit_code
        sys.exit(code)

    return run

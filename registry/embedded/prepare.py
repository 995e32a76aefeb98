"""Run before the web starts: brings the database up to date and makes the first login.

Two commands in one process, because loading the application costs more than both. The login is
shown by the supervisor, and is for nobody's log.
"""

import contextlib
import io
import sys

import click

from registry.cli import main


def prepare() -> None:
    """Run both commands; what goes wrong ends the program with one sentence."""
    try:
        main(["migrate"], standalone_mode=False)
        with contextlib.redirect_stdout(io.StringIO()):
            main(["first-login"], standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


if __name__ == "__main__":
    prepare()

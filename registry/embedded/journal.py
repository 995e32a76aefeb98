"""The logs of all parts: each in a file of its own, rotated, and on the terminal with its name."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

FILE_BYTES = 5 * 1024 * 1024
FILES_KEPT = 3
LONGEST_LINE_BYTES = 64 * 1024
COLORS = (36, 33, 35, 32, 34, 96, 93, 95)


class Journal:
    """Takes the output of parts, line by line."""

    def __init__(self, folder: Path, terminal: TextIO | None = None) -> None:
        self.folder = folder
        self.terminal = terminal or sys.stdout
        self.colored = self.terminal.isatty() and "NO_COLOR" not in os.environ
        self._files: dict[str, RotatingFileHandler] = {}
        self._lock = threading.Lock()

    def open(self, name: str, shown: Callable[[str], str]) -> int:
        """Return the descriptor a part writes to; close it once the part has it."""
        reading, writing = os.pipe()
        handler = self._file(name)
        thread = threading.Thread(
            target=self._read,
            args=(reading, name, handler, shown),
            name=f"log-{name}",
            daemon=True,
        )
        thread.start()
        return writing

    def say(self, line: str, name: str = "marquee") -> None:
        """Show a line on the terminal."""
        label = f"{name:>13} |"
        if self.colored:
            label = f"\x1b[{COLORS[sum(name.encode()) % len(COLORS)]}m{label}\x1b[0m"
        with self._lock:
            try:
                self.terminal.write(f"{label} {line}\n")
                self.terminal.flush()
            except (OSError, ValueError):
                return  # The terminal has gone; the parts and their log files go on.

    def _file(self, name: str) -> RotatingFileHandler:
        if name not in self._files:
            self._files[name] = RotatingFileHandler(
                self.folder / f"{name}.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT
            )
        return self._files[name]

    def _read(self, source: int, name: str, handler: logging.Handler, shown: Callable[[str], str]) -> None:
        with os.fdopen(source, "rb") as lines:
            while raw := lines.readline(LONGEST_LINE_BYTES):
                line = raw.decode("utf-8", errors="replace").rstrip()
                handler.handle(logging.makeLogRecord({"msg": line}))
                for part in shown(line).splitlines():
                    self.say(part, name)

"""Small parts for the tests of what starts, watches and ends parts."""

import sys

from registry.embedded.child import Command
from registry.embedded.part import Part

FOREVER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('deaf', flush=True); time.sleep(600)"
)
# A parent with a child that outlives it; both names go to standard output.
FAMILY = (
    "import os, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],\n"
    "                         close_fds=False)\n"
    "print(os.getpid(), child.pid, flush=True); time.sleep(600)"
)


class Script(Part):
    """A part that runs a few lines of Python."""

    name = "script"

    def __init__(self, home, source, name="script"):
        self.name = name
        super().__init__(home)
        self.source = source

    def command(self):
        argv = [sys.executable, "-S", "-c", self.source]
        return Command(argv, {"PATH": "/usr/bin:/bin"}, self.home.path, grace_s=0.3)

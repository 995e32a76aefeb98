"""Start the command line: ``python -m licenses``."""

import sys

from licenses.cli import main

sys.exit(main())

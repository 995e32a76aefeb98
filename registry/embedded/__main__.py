"""`python -m registry.embedded`: run Marquee as the environment says."""

import os
import sys

from registry.embedded.run import run
from registry.settings import home_of

if __name__ == "__main__":
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    sys.exit(run(home_of(os.environ), host, port, os.environ))

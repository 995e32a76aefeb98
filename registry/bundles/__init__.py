"""Everything Marquee knows about uploaded files, without a server.

Readers, ecosystems and checks import no Flask, no database and no storage, so that they can run in a
closed child process, in ``registry inspect`` and in the command-line client alike.
"""

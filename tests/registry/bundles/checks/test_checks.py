"""The pass that all checks share."""

import hashlib
import os
import time

from registry.bundles.checks import check_bundle
from registry.bundles.limits import DEFAULT_LIMITS
from tests.registry.bundles.packing import bundle_of


def test_every_file_is_recorded_with_size_and_digest():
    files = check_bundle(bundle_of({"a/b.txt": b"hello", "c": b""}), DEFAULT_LIMITS).files
    assert [f.as_json() for f in files] == [
        {"path": "a/b.txt", "size_bytes": 5, "sha256": hashlib.sha256(b"hello").hexdigest()},
        {"path": "c", "size_bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()},
    ]


def test_a_bundle_of_two_hundred_files_is_checked_within_a_second():
    code = b"def function(argument):\n    return argument + 1  # one more\n" * 400
    files = {f"lib/module_{n}.py": code + b"# %d\n" % n for n in range(180)}
    files |= {f"media/{n}.png": os.urandom(100_000) for n in range(20)}
    bundle = bundle_of(files)
    started = time.process_time()
    assert check_bundle(bundle, DEFAULT_LIMITS).findings == []
    assert time.process_time() - started < 1

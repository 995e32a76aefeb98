"""Remembers uploads that have begun, so that a later run goes on with one that broke.

Only the server's id is kept, under the file's SHA-256 and the server; what has arrived, the server is asked.
"""

import hashlib
import json

from platformdirs import user_state_path


class Memory:
    """What is known of one file's upload to one server, for one publisher."""

    def __init__(self, server_url: str, publisher: str, sha256: str) -> None:
        server = hashlib.sha256(server_url.encode()).hexdigest()[:12]
        self._file = user_state_path("marquee") / "uploads" / f"{sha256}-{server}.json"
        self._kept = {"server": server_url, "publisher": publisher}

    def recall(self) -> str | None:
        """Return the upload's id, if this publisher has begun one."""
        try:
            kept = dict(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
        upload = kept.pop("upload", None)
        return str(upload) if upload and kept == self._kept else None

    def keep(self, upload: str) -> None:
        """Remember that an upload has begun."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.write_text(json.dumps({**self._kept, "upload": upload}), encoding="utf-8")

    def forget(self) -> None:
        """Forget an upload that has ended."""
        self._file.unlink(missing_ok=True)

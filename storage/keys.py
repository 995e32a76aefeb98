"""Names of objects. Pure: a digest or an identifier in, a key out, everything else refused.

A key never holds anything that a stranger wrote.
"""

import re

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
UPLOAD_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def blob_key(sha256: str) -> str:
    """Return the key of a blob, `sha256/ab/cd/<sha256>`. Raises ValueError."""
    return _key_by_digest("sha256", sha256)


def feed_key(sha256: str) -> str:
    """Return the key of a feed's file as it was built. Raises ValueError."""
    return _key_by_digest("feed", sha256)


def picture_key(sha256: str) -> str:
    """Return the key of a picture that we encoded. Raises ValueError."""
    return _key_by_digest("picture", sha256)


def policy_key(sha256: str) -> str:
    """Return the key of a policy page as it came. Raises ValueError."""
    return _key_by_digest("policy", sha256)


def upload_key(upload_id: str) -> str:
    """Return the key of an upload in the incoming bucket: `upload-<id>`. Raises ValueError.

    It lies in no folder. On rclone the deletion of a folder's last object removes the folder, and
    with it breaks a multipart upload that had begun there.
    """
    if not UPLOAD_ID.fullmatch(upload_id):
        raise ValueError(f"{upload_id!r} is no upload identifier: letters, digits, - and _, 64 at most.")
    return f"upload-{upload_id}"


def _key_by_digest(purpose: str, sha256: str) -> str:
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no sha256: it must be 64 lower-case hexadecimal digits.")
    return f"{purpose}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

"""The form of an SSH public key, as both providers take one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

LOGIN_KEY = "login_key"
"""Where the details of a server have the fingerprint of the key that it was ordered with."""

_PUBLIC_KEY = re.compile(r"(ssh-|ecdsa-sha2-|sk-)[A-Za-z0-9@.-]+ [A-Za-z0-9+/]{4,}={0,2}( [^\r\n]*)?")


def looks_like_public_key(line: str) -> bool:
    """Tell whether `line` has the form of one OpenSSH public key; the key itself is not decoded."""
    return _PUBLIC_KEY.fullmatch(line) is not None


def fingerprint(line: str) -> str:
    """Return "SHA256:..." of the key in `line` as `ssh-keygen -l` prints it; empty for none."""
    fields = line.split()
    if len(fields) < 2:
        return ""
    try:
        blob = base64.b64decode(fields[1], validate=True)
    except binascii.Error:
        return ""
    return f"SHA256:{base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip('=')}"

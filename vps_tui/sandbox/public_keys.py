"""The form of an SSH public key, as both providers take one."""

from __future__ import annotations

import re

_PUBLIC_KEY = re.compile(r"(ssh-|ecdsa-sha2-|sk-)[A-Za-z0-9@.-]+ [A-Za-z0-9+/]{4,}={0,2}( [^\r\n]*)?")


def looks_like_public_key(line: str) -> bool:
    """Tell whether `line` has the form of one OpenSSH public key; the key itself is not decoded."""
    return _PUBLIC_KEY.fullmatch(line) is not None

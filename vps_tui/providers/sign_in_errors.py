"""Which of several credentials a provider's answer is about, where it tells."""

from __future__ import annotations

import re
from collections.abc import Mapping


def blame_credential(answer: str, words: Mapping[str, str]) -> str:
    """Return the one credential that `answer` speaks of, empty where it speaks of none or of several.

    `words` gives a regular expression for what each credential is called in the provider's answers.
    """
    named = [name for name, pattern in words.items() if re.search(pattern, answer, re.IGNORECASE)]
    return named[0] if len(named) == 1 else ""

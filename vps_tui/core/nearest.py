"""What a mistyped word was probably meant to be."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_WORD_LENGTH = 200
"""Characters of a word that are compared: comparing takes time that grows with them."""


def nearest(word: str, known: "Iterable[str]", likeness: float = 0.6) -> str:
    """Return the one of `known` that is most like `word`; empty where none has that much `likeness`, from 0 to 1."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:_MAX_WORD_LENGTH], list(known), 1, likeness)), "")

"""Signs of an error and of a success in a provider's answer, and its words, wherever they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from vps_tui.core.outcome import REFUSING_STATUSES
from vps_tui.core.text import clean
from vps_tui.providers.leaves import Leaf, plain

MAX_TEXTS = 10
"""Texts of one sort that are kept."""

MAX_WORDS = 400
"""Characters that all of them together have at most."""


class Sign(Enum):
    """What one value says of the call."""

    ERROR = auto()
    SUCCESS = auto()
    UNAVAILABLE = auto()
    """The field `available` is false: an error that says by itself that nothing was done."""


_ERROR_KEY: Final = re.compile(
    r"^(?!no)(?:error.*|err(?:s|no|code|msg)?|.*errors?|.*exceptions?|.*(?<!de)faults?|fault.*|.*failures?|problems?"
    r"|violations?)$|^(?:is)?(?:fail(?:ed|s|reason|message)?|rejected|declined|denied|refused|aborted|cancell?ed)$"
)
_STATUS_KEY: Final = re.compile(r"(?:status|result|state|outcome)$|^(?:type|level|severity)$")
_YES_KEY: Final = re.compile(r"^(?:is)?(?:success|successful|succeeded|ok|accepted|placed|ordered|created|valid)$")
_CODE_KEY: Final = re.compile(r"^(?:code|(?:http|status|http?status|response|result|error)code|httpstatus)$")
_MESSAGE_KEY: Final = re.compile(r"^(?:text|reason|title|description)s?$|(?:message|msg)s?$")
_HINT_KEY: Final = re.compile(r"^(?:hint|suggestion|detail|support|help|advice|moreinfo)s?$")
_WARNING_KEY: Final = re.compile(r"^(?:warning|notice|note|info|remark|alert)s?$")
_THINGS: Final = frozenset({"order", "orders", "invoice", "service", "services", "server", "subscription"})

_NOTHING: Final = frozenset({"", "null", "none", "nil", "n/a", "-"})
_NO: Final = _NOTHING | {"0", "0.0", "false", "no", "off"}
_YES: Final = frozenset({"1", "true", "yes", "on"})
_GOOD: Final = frozenset(
    {
        "success", "ok", "okay", "successful", "succeeded", "successfully", "complete", "completed", "done",
        "created", "placed", "accepted", "active", "paid", "processed", "delivered", "confirmed",
    }
)  # fmt: skip
_BAD: Final = re.compile(
    r"err(?:or)?s?\b|fail|declin|reject|den(?:y|ied)|refus|invalid|unsuccess|abort|cancell?ed|time\W?d?.?out|fatal|fraud"
    r"|expired|forbidden|unauthori|unavailable|exception|not.?found|bad.?request|out.?of.?stock|^\s*(?:ko|no|off)\s*$"
    r"|^\s*false\s*$"
)
_FAILURE: Final = re.compile(
    r"\b(?:errors?|fail(?:ed|s|ure|ures)?|declined|rejected|denied|refused|invalid|could not|couldn't|cannot|can't"
    r"|unable|unsuccessful|out of stock|timed out|time-?out|exception|not (?:been |be )?(?:placed|taken|created"
    r"|accepted|processed|completed|charged|successful))\b",
    re.IGNORECASE,
)
_ACTS: Final = (
    "placed|created|accepted|received|completed|charged|paid|provisioned|queued|processed|upgraded|switched|activated"
    "|ordered|installed|deployed|confirmed"
)
_DONE: Final = re.compile(
    rf"(?<!not )(?<!un)\bsuccess(?:ful|fully)?\b|\bthank you\b|\b(?:order|invoice|payment)\s+(?:{_ACTS})\b"
    r"|\b(?:orders?|purchase|invoice|services?|servers?|payment|card|instance|upgrade|switch|change|subscription)\b"
    rf"[^.!?]{{0,40}}?\b(?:has|have|was|were|is|are|already|now)\s+(?:(?:already|been|being|now)\s+)*(?:{_ACTS})\b"
    r"|\border (?:was|has been|is) taken\b",
    re.IGNORECASE,
)
_REPEATED: Final = re.compile(
    r"\b(?:order|request|purchase|upgrade|switch|change)\b.{0,40}\b(?:already|duplicate|identical|being processed"
    r"|in progress)\b|\b(?:already|duplicate|identical)\b.{0,40}\b(?:orders?|request|purchase|ordered|placed"
    r"|processed)\b",
    re.IGNORECASE,
)
"""How a provider says that it has the order already: from somebody who sent it once, that is no refusal."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What an answer says about how the call went."""

    error: bool = False
    success: bool = False
    unavailable: bool = False
    """Whether it says that what was asked for cannot be had."""
    documented: bool = False
    """Whether the error has one of the shapes that the providers document, and not WHMCS's "result"."""
    codes: tuple[int, ...] = ()
    """Statuses of HTTP that the body names."""
    messages: tuple[str, ...] = ()
    """The provider's own words, cleaned."""
    reasons: tuple[str, ...] = ()
    """What stands under errors besides, each with the field that it is about."""
    warnings: tuple[str, ...] = ()
    hint: str = ""

    @property
    def words(self) -> str:
        """Messages and reasons in one line; empty where there are none."""
        reasons = "; ".join(self.reasons)
        if self.messages and reasons:
            reasons = f"({reasons})"
        return clean(" ".join((*self.messages, reasons)), MAX_WORDS)

    @property
    def news(self) -> tuple[str, ...]:
        """The messages that say more than that it went well."""
        return tuple(text for text in self.messages if not _DONE.search(text) and text.casefold() not in _GOOD)

    @property
    def refusing_code(self) -> bool:
        """Whether the body names a status under which nothing was done, and no other."""
        return bool(self.codes) and all(code in REFUSING_STATUSES for code in self.codes)

    @property
    def failing_code(self) -> bool:
        """Whether the body names a status that does not say how far the call got."""
        return any(code not in REFUSING_STATUSES for code in self.codes)


def signs_in(found: Iterable[Leaf]) -> Signs:
    """Return the signs among `found`."""
    kept = tuple(found)
    seen = {sign for leaf in kept for sign in _signs(leaf)}
    messages = _texts(kept, _MESSAGE_KEY)
    return Signs(
        error=bool(seen & {Sign.ERROR, Sign.UNAVAILABLE}),
        success=Sign.SUCCESS in seen,
        unavailable=Sign.UNAVAILABLE in seen,
        documented=any(map(_is_documented, kept)) and not any(map(_is_whmcs, kept)),
        codes=tuple(code for leaf in kept if (code := _code(leaf)) is not None),
        messages=messages,
        reasons=tuple(text for text in _texts(kept, _ERROR_KEY) if text not in messages),
        warnings=_texts(kept, _WARNING_KEY),
        hint=next(iter(_texts(kept, _HINT_KEY)), ""),
    )


def _signs(leaf: Leaf) -> Iterator[Sign]:
    for read in (_of_error, _of_status, _of_code, _of_yes, _of_text, _of_availability):
        sign = read(leaf)
        if sign is not None:
            yield sign


def _of_error(leaf: Leaf) -> Sign | None:
    if not _under(leaf, _ERROR_KEY):
        return None
    text = str(leaf.value).strip().casefold()
    return None if leaf.value is None or text in _NO or text in _GOOD else Sign.ERROR


def _of_status(leaf: Leaf) -> Sign | None:
    if not _STATUS_KEY.search(leaf.key) or leaf.value is None:
        return None
    text = str(leaf.value).strip().casefold()
    if text.isdigit():
        return _of_number(int(text[:6])) if _code(leaf) is not None or text in ("0", "1") else None
    if _BAD.search(text):
        return Sign.ERROR
    return Sign.SUCCESS if text in _GOOD or text in _YES else None


def _is_documented(leaf: Leaf) -> bool:
    status = _of_status(leaf) if leaf.key == "status" and _is_outer(leaf) else None
    return Sign.ERROR in (status, _of_error(leaf), _of_yes(leaf))


def _is_whmcs(leaf: Leaf) -> bool:
    return leaf.key == "result" and _of_status(leaf) is Sign.ERROR


def _of_number(number: int) -> Sign:
    return Sign.SUCCESS if number == 1 or 200 <= number < 300 else Sign.ERROR


def _of_code(leaf: Leaf) -> Sign | None:
    """Read `code`, where it is the answer's own and no currency's or country's."""
    if not _CODE_KEY.search(leaf.key) or not _is_outer(leaf) or leaf.value is None:
        return None
    text = str(leaf.value).strip().casefold()
    if text in _NO:
        return None
    if text.isdigit():
        return Sign.SUCCESS if 200 <= int(text[:6]) < 300 else Sign.ERROR
    return Sign.SUCCESS if text in _GOOD else Sign.ERROR


def _of_yes(leaf: Leaf) -> Sign | None:
    text = str(leaf.value).strip().casefold()
    if leaf.value is True and (leaf.key in _THINGS or leaf.key.endswith(("paid", "charged"))):
        return Sign.SUCCESS
    if not _YES_KEY.search(leaf.key):
        return None
    if leaf.value is None or text in _NO or _BAD.search(text):
        return Sign.ERROR
    return Sign.SUCCESS if text in _YES or text in _GOOD else None


def _of_text(leaf: Leaf) -> Sign | None:
    """Read a message: one that speaks of a failure besides a success is an error, unless it stands under errors."""
    if not isinstance(leaf.value, str):
        return None
    message, reason = _under(leaf, _MESSAGE_KEY), _under(leaf, _ERROR_KEY)
    if message and not reason and _FAILURE.search(leaf.value):
        return Sign.ERROR
    done = _DONE.search(leaf.value) or _REPEATED.search(leaf.value)
    return Sign.SUCCESS if (message or reason) and done else None


def _of_availability(leaf: Leaf) -> Sign | None:
    if leaf.key == "available" and isinstance(leaf.value, bool) and _is_outer(leaf):
        return Sign.SUCCESS if leaf.value else Sign.UNAVAILABLE
    return None


def _code(leaf: Leaf) -> int | None:
    """Return the status of HTTP that `leaf` names, if it is one."""
    text = str(leaf.value).strip()
    if not (_CODE_KEY.search(leaf.key) or leaf.key == "status") or not _is_outer(leaf):
        return None
    return int(text) if re.fullmatch(r"[1-5][0-9]{2}", text) else None


def is_word(leaf: Leaf) -> bool:
    """Tell whether `leaf` is said to a person, or says how the call went."""
    keys = (_MESSAGE_KEY, _ERROR_KEY, _HINT_KEY, _WARNING_KEY)
    if isinstance(leaf.value, str) and " " in leaf.value.strip() and any(_under(leaf, key) for key in keys):
        return True
    return any(key.search(leaf.key) for key in (*keys, _STATUS_KEY, _CODE_KEY, _YES_KEY))


def _is_outer(leaf: Leaf) -> bool:
    """Tell whether `leaf` belongs to the answer itself or to its error, and not to a thing in it."""
    return all(_ERROR_KEY.search(name) or _MESSAGE_KEY.search(name) or name == "status" for name in leaf.names[1:])


def _under(leaf: Leaf, key: re.Pattern[str]) -> bool:
    return any(key.search(plain(name)) for name in leaf.keys)


def _texts(found: Iterable[Leaf], key: re.Pattern[str]) -> tuple[str, ...]:
    """Return the texts under keys like `key`, each with the further keys that lead to it."""
    texts: dict[str, None] = {}
    for leaf in found:
        place = next((at for at, name in enumerate(leaf.keys) if key.search(plain(name))), None)
        if (
            place is None
            or not isinstance(leaf.value, str)
            or leaf.value.strip().casefold() in _NOTHING | {"0", "false"}
        ):
            continue
        field = ", ".join(
            name for name in leaf.keys[place + 1 :] if not name.isdigit() and not key.search(plain(name))
        )
        text = clean(leaf.value)
        texts.setdefault(clean(f"{field}: {text}") if field and text else text)
    return tuple(text for text in texts if text)[:MAX_TEXTS]

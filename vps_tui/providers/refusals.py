"""What proves that nothing was done: an error that holds nothing else, and under HTTP 200 certain words.

Under HTTP 200 the shape of an error does not: EDIS documents "An unexpected error occurred while processing the
order." in the same one as "Invalid parameters." So there the words decide, and what they leave open is not known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from vps_tui.providers.leaves import Leaf
from vps_tui.providers.order_ids import is_foreign, without_echo
from vps_tui.providers.signs import is_word

_DOCUMENTED: Final = re.compile(
    r"client id not found|unable to add order when|unable to accept new upgrade order|invalid payment method\b"
    r"|no items added to cart so order cannot proceed|expecting parameter|service id not (?:found|owned)"
    r"|addon id invalid",
    re.IGNORECASE,
)
"""How WHMCS's refusals of AddOrder, UpgradeProduct and AddCancelRequest begin."""

_PROVES: Final = re.compile(
    r"\b(?:invalid|incorrect|malformed|wrong|missing|unsupported)\b.{0,40}\b(?:parameters?|fields?|json|request"
    r"|input|arguments?|values?|credentials?|e-?mail|user ?name|password|token|ip|permissions?|billing ?cycle"
    r"|hostname|label|currency|location|quantity|plan|product)\b"
    r"|\b(?:is|are) (?:required|missing|invalid|not valid|mandatory|not a known|not a public|not offered|not sold)\b"
    r"|\bmust (?:be|have|contain|match|not)\b|\bgiven data was invalid\b|\bvalidation (?:error|failed)\b"
    r"|\bauthentication (?:failed|required)\b|\bunauthori[sz]ed\b|\bunauthenticated\b|\bnot authori[sz]ed\b"
    r"|\bforbidden\b|\baccess denied\b|\bpermission denied\b|\bnot allowed\b"
    r"|\b(?:plan|product|location|account|subscription|client|user|kvm\w*|image|template|id|instance)\b.{0,30}"
    r"(?:does not exist|doesn't exist|not found|is unknown)\b|\bno such \w+"
    r"|\bout of stock\b|\bsold out\b",
    re.IGNORECASE,
)
_DOUBTS: Final = re.compile(
    r"mail (?:could|was|not|fail|send)|(?:welcome|send\w*|confirmation) e?-?mail|payment(?! ?method)|\bpaid\b|charg"
    r"|\bcard\b|invoice|billing(?! ?cycle)|provision|module|creat|set-?up|install|deploy|process|internal"
    r"|unexpected|time-?d?.?out|gateway|respon[sd]|later|retry|queue|pending|support|already|partial|duplicate"
    r"|success|placed|accepted|complet|\bnode\b|hypervisor|database|\bserver error",
    re.IGNORECASE,
)
"""What a provider speaks of that has begun to work on the call."""
_FAILS: Final = re.compile(
    r"mail|\bfail|\berrors?\b|exception|could not|couldn't|unable|temporar|maintenance|\bbusy|\block|constraint|\bsql"
    r"|crash|abort|cancel|refund|\bhold\b|review|fraud|manual|wait|progress|started|exists\b|unpaid|credit|funds?\b"
    r"|transaction|declin|again|unavailable",
    re.IGNORECASE,
)
"""How an error may be told that came later, or nobody knows when."""

_PLAIN_KEY: Final = re.compile(
    r"^(?:timestamp|time|date|datetime|servertime|duration|took|elapsed|version|apiversion|retryafter|limit|remaining"
    r"|min|max|minimum|maximum|balance|credit|line|lang|locale|docs?|documentation|documentationurl|href|path|method"
    r"|available|currency)$"
)
"""Keys whose value is no id, in an answer that otherwise refuses."""


def is_unexplained(leaf: Leaf, echoed: Collection[str]) -> bool:
    """Tell whether `leaf` may be the number of something that was made, although no key says so.

    That is whatever has a digit and is neither words, nor a status, nor sent by the request, nor of a thing that no
    order brings.
    """
    if isinstance(leaf.value, bool) or leaf.value is None or is_word(leaf):
        return False
    if not any(character.isdigit() and character != "0" for character in without_echo(str(leaf.value), echoed)):
        return False
    owners = (name for one in leaf.names for name in (one, re.sub(r"(?:ids?|no|number|name|code|uuid)$", "", one)))
    return not any(_PLAIN_KEY.search(name) or is_foreign(name) for name in owners)


def proves_nothing_done(texts: Iterable[str], *, documented: bool) -> bool:
    """Tell whether `texts`, all of an answer's messages and reasons, say that it was turned away at the door.

    In a shape that the provider documents for its refusals, words that leave nothing open are enough. Other letters
    than ours may say anything.
    """
    kept = tuple(texts)
    if len(kept) == 1 and _DOCUMENTED.match(kept[0]):
        return True
    if not kept or any(_DOUBTS.search(text) or _cannot_be_read(text) for text in kept):
        return False
    return any(_PROVES.search(text) for text in kept) or (documented and not any(map(_FAILS.search, kept)))


def _cannot_be_read(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) < 2 or not all(map(str.isascii, letters))

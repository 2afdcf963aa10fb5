"""Ids of orders, invoices and services in a provider's answer, wherever they stand and however they are spelled.

One that is read here stands for an order that may exist. So a number that could be one counts, unless its key says
that it is something else (a plan, a cart item) or the request itself sent it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from vps_tui.core.text import clean
from vps_tui.providers.leaves import Leaf, plain

MAX_IDS = 200
"""Ids of one kind that are kept."""

MAX_ID = 40
"""Characters of an id that are kept."""


class Kind(StrEnum):
    """What an id belongs to."""

    ORDER = "order"
    INVOICE = "invoice"
    SERVICE = "service"
    OTHER = "other"
    """A sign of an order that does not say whose number it is, or belongs to something else that an order brings."""


_NOUNS: Final = {
    **dict.fromkeys(("order", "purchase"), Kind.ORDER),
    **dict.fromkeys(("invoice", "receipt"), Kind.INVOICE),
    **dict.fromkeys(("service", "server", "hosting"), Kind.SERVICE),
    **dict.fromkeys(
        (
            "subscription", "transaction", "instance", "vm", "vps", "kvm", "machine", "object", "upgrade",
            "contract", "job", "task", "booking", "reservation", "confirmation", "cancellation", "deployment",
            "payment", "charge", "bill",
        ),
        Kind.OTHER,
    ),
}  # fmt: skip
_FOREIGN: Final = frozenset(
    {
        "plan", "product", "package", "pid", "os", "ostemplate", "template", "image", "addon", "option",
        "location", "region", "datacenter", "country", "account", "client", "customer", "user", "contact",
        "profile", "currency", "gateway", "paymentmethod", "method", "field", "param", "rule", "request",
        "trace", "correlation", "session", "log", "ticket", "link",
    }
)  # fmt: skip
"""Things that an answer may name by an `id` although nothing was ordered."""

_OR: Final = "|".join(_NOUNS)
_SUFFIX: Final = "ids?|nos?|nrs?|nums?|numbers?|refs?|references?|uuids?|guids?|keys?|codes?|hash|tokens?"
_COMPOUND: Final = re.compile(rf"({_OR})s?(?:{_SUFFIX})$")
_LOOSE: Final = re.compile(r"(?:order|invoice).*(?:ids?|number|no)$|^(?:addon|domain)ids$")
_BARE: Final = re.compile(rf"(?:new|created|placed|your|last|latest)?({_OR})s?")
_AMOUNTS: Final = frozenset({"payment", "charge", "bill"})
"""Nouns whose bare value is rather a sum."""
_GENERIC: Final = frozenset(
    {"id", "ids", "identifier", "uuid", "guid", "number", "numbers", "no", "nr", "num", "ref", "reference"}
)
_OWNER: Final = re.compile(rf"(?:.*)({_OR})s?(?:details?|info|data|result|response)?")
_NONE: Final = frozenset(
    {"false", "true", "null", "none", "nil", "undefined", "nan", "n/a", "na", "unknown", "no", "yes"}
)
_TOKEN: Final = re.compile(r"[\w.:#/+=-]{1,64}")
_PROPER: Final = re.compile(r"#?(?=[\w-]*\d)[\w-]+")
_IN_TEXT: Final = re.compile(
    r"(?P<noun>(?<!b)order|purchase|invoice|receipt|service|subscription|server|transaction|booking|reservation|task)s?"
    r"(?P<between>[\W_]{0,6}(?:(?:ids?|no|nr|num|number|ref|reference|php|view|with|is)[\W_]{0,6}){0,3})"
    r"(?P<number>[a-z]{0,6}-?\d[\w-]*)",
    re.IGNORECASE,
)
_CODE_IN_TEXT: Final = re.compile(r"\b(?:ORD|INV|SRV|SVC|SUB|SO|PO)[-_#]?\d{3,}\b|(?<=#)\d{3,}\b|\d{5,}")


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids in one answer, cleaned."""

    orders: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """With what each is called in the answer, such as "id 880002"."""

    def __bool__(self) -> bool:
        return bool(self.orders or self.invoices or self.services or self.others)

    @property
    def in_words(self) -> str:
        """All of them in a few words; empty where there are none."""
        kinds = (("order", self.orders), ("invoice", self.invoices), ("service", self.services))
        named = [f"{word}{'s' if len(ids) > 1 else ''} {', '.join(ids)}" for word, ids in kinds if ids]
        return clean(", ".join(named or self.others[:3]))


def ids_in(found: Iterable[Leaf], echoed: Collection[str] = ()) -> Ids:
    """Return the ids among `found`; `echoed` are texts that the request sent, which prove nothing but an echo.

    An order or an invoice is never an echo: no request names one.
    """
    ids: dict[Kind, dict[str, None]] = {kind: {} for kind in Kind}
    for leaf in found:
        for kind, label, text in (*_name(leaf), *_find_keys(leaf), *_in_words(leaf, echoed)):
            if text in echoed and kind not in (Kind.ORDER, Kind.INVOICE) and label not in ("order", "invoice"):
                continue
            shown = clean(text, MAX_ID)
            ids[kind].setdefault(f"{clean(label, MAX_ID)} {shown}" if kind is Kind.OTHER else shown)
    orders, invoices, services, others = (tuple(kept)[:MAX_IDS] for kept in ids.values())
    return Ids(orders, invoices, services, others)


def _name(leaf: Leaf) -> Iterator[tuple[Kind, str, str]]:
    """Yield kind, label and text of each id that the leaf's own key announces."""
    kind, explicit, numeric = _announces(leaf)
    if kind is None:
        return
    for text in _texts(leaf.value, explicit):
        proper = text.isdigit() if numeric else _PROPER.fullmatch(text)
        yield kind if proper else Kind.OTHER, leaf.names[0], text


def _announces(leaf: Leaf) -> tuple[Kind | None, bool, bool]:
    """Return the kind of id that the key announces, whether it says "id", and whether only digits make one of it."""
    key, *around = (*leaf.names, "")
    if key == "productids":
        return Kind.SERVICE, True, False
    compound = _COMPOUND.search(key)
    if compound:
        return _NOUNS[compound[1]], True, False
    if _LOOSE.search(key):
        return Kind.OTHER, True, False
    bare = _BARE.fullmatch(key)
    if bare and bare[1] not in _AMOUNTS:
        return _NOUNS[bare[1]], False, _NOUNS[bare[1]] is Kind.SERVICE
    if key in _GENERIC and not is_foreign(around[0] if around else ""):
        owner = _OWNER.fullmatch(around[0]) if around else None
        return (_NOUNS[owner[1]] if owner else Kind.OTHER), key.startswith("id"), False
    return None, False, False


def is_foreign(owner: str) -> bool:
    """Tell whether the key `owner` is that of a thing which no order brings."""
    return owner.startswith("cart") or owner in _FOREIGN or owner.removesuffix("s") in _FOREIGN


def _find_keys(leaf: Leaf) -> Iterator[tuple[Kind, str, str]]:
    """Yield an id that is itself a key, as in {"orders": {"880001": ..}}, or has no key but a place: {"0": 52001}."""
    for place, key in enumerate(leaf.keys):
        around = (*Leaf(leaf.keys[:place], None).names, "")[0]
        if len(key) > 2 and key.isascii() and key.isdigit() and key.strip("0") and not is_foreign(around):
            noun = _BARE.fullmatch(around)
            yield (_NOUNS[noun[1]] if noun else Kind.OTHER), around or "number", key
    if leaf.names:
        return
    for text in _texts(leaf.value, False):
        # A number of three digits under "result" or "data" is rather a status.
        if text.isdigit() and (len(text) > 3 or (leaf.key.isdigit() and leaf.keys)):
            yield Kind.OTHER, "number", text


def _in_words(leaf: Leaf, echoed: Collection[str]) -> Iterator[tuple[Kind, str, str]]:
    """Yield what a text speaks of, as in "Order #880002 was placed" or in JSON that is text; also in a key."""
    texts = [key for key in leaf.keys if len(key) > 12]
    if isinstance(leaf.value, str):
        texts.append(without_echo(leaf.value, echoed))
    for text in (unicodedata.normalize("NFKC", one) for one in texts):
        for match in _IN_TEXT.finditer(text):
            noun, number = plain(match["noun"]), match["number"]
            named = any(map(str.isalpha, match["between"])) or "#" in match["between"]
            if named or sum(map(str.isdigit, number)) >= (2 if noun in ("order", "invoice") else 4):
                yield Kind.OTHER, noun, number
        yield from ((Kind.OTHER, "number", code) for code in _CODE_IN_TEXT.findall(text))


def without_echo(text: str, echoed: Collection[str]) -> str:
    """Return `text` without what the request sent."""
    for sent in sorted(echoed, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(sent)}(?!\w)", " ", text) if sent in text else text
    return text


def _texts(value: Any, explicit: bool) -> list[str]:
    """Return the ids that `value` holds, one or a list in one text; with `explicit` also one without a digit."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return []
    if isinstance(value, int):
        return [str(value)] if value > 0 else []
    tokens = [token for token in re.split(r"[,;|\s]+", value.strip()) if token]
    if not all(_TOKEN.fullmatch(token) for token in tokens):
        return []
    given = [token for token in tokens if token.casefold() not in _NONE and re.search(r"[1-9]|[^\W\d_]", token)]
    given = [token for token in given if not token.startswith("-")]
    if explicit and len(tokens) == 1:
        return given
    return given if all(re.search(r"\d", token) for token in given) else []

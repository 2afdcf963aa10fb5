"""Questions about one server: its OS image, name, add-ons, number and root password."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from vps_tui.core import root_password
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, OsFamily, OsImage
from vps_tui.core.draft import ChosenAddOn
from vps_tui.core.hostnames import normalise
from vps_tui.core.image_support import support_ended
from vps_tui.core.pricing import add_on_price
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.wizard.questions.choices import (
    Choice,
    Column,
    Group,
    ListQuestion,
    Option,
    OptionsQuestion,
    TextQuestion,
)
from vps_tui.wizard.state import WizardState

_NOTES = {
    OsFamily.LINUX: "",
    OsFamily.WINDOWS: "no SSH key",
    OsFamily.OTHER: "you install it yourself",
}


def _image_rows(state: WizardState) -> list[Choice]:
    """Return the images of the chosen plan: Linux first, newer versions of one system before older ones."""
    images = state.plan.os_images if state.plan else ()
    today = datetime.now(UTC).date()
    return [Choice(image.id, (image.name, _note(image, today)), search=image.id) for image in _ordered(images)]


def _chosen_image(state: WizardState) -> str:
    """Return the image that was chosen before, or the newest Debian."""
    usual = (choice.id for choice in _image_rows(state) if choice.cells[0].startswith("Debian"))
    return state.server.os or next(usual, "")


OS_IMAGE = ListQuestion(
    word="OS image",
    heading=("Which OS image?", "The system that the server starts with. It can be installed anew later."),
    help="The system that is installed on the new server. When in doubt, take the newest Debian or Ubuntu. "
    "An SSH key can be put on Linux images only. Take none that gets no security updates any more.",
    columns=(Column("OS IMAGE", flexible=True), Column("NOTE")),
    rows=_image_rows,
    chosen=_chosen_image,
    answer=lambda state, choice_id: state.with_server(replace(state.server, os=choice_id)),
    noun="images",
)


def _note(image: OsImage, today: date) -> str:
    ended = support_ended(image.name, today)
    old = f"no updates since {ended:%b %Y}" if ended else ""
    return ", ".join(words for words in (_NOTES[image.family], old) if words)


def _ordered(images: Iterable[OsImage]) -> list[OsImage]:
    families = list(OsFamily)
    newest_first = sorted(images, key=_version, reverse=True)
    return sorted(newest_first, key=lambda image: (families.index(image.family), _system(image)))


def _system(image: OsImage) -> str:
    return image.name.split(" ")[0].casefold()


def _version(image: OsImage) -> tuple[int, ...]:
    words = image.name.replace("(", " ").split()
    return tuple(int(part) for word in words for part in word.split(".") if part.isdigit())


def _name_heading(state: WizardState) -> tuple[str, str]:
    """Return the question and what the provider says about names."""
    if state.shares_name and state.several:
        return f"{_name_label(state)} of all servers of this order", _shared_name_note(state)
    return f"{_name_label(state)} of the server", state.info.name_help if state.info else ""


def _shared_name_note(state: WizardState) -> str:
    return state.info.shared_name_note if state.info else ""


def _name_label(state: WizardState) -> str:
    """Return what the provider calls it: Hostname, Label."""
    return state.info.name_word if state.info else "Name"


def _keep_name(state: WizardState, text: str) -> WizardState:
    return state.with_server(replace(state.server, name=text))


def _name_problem(state: WizardState, text: str) -> str:
    """Return what is wrong with `text` as a name, also beside the order's other names."""
    if state.info is None:
        return ""
    name = normalise(text)
    clash = None if state.shares_name else state.name_clash(name)
    if clash is not None:
        return f"Server {clash + 1} of this order is called that already: choose another name."
    return state.info.name_problem(name) or ""


def _unfinished_name_problem(state: WizardState, text: str) -> str:
    """Return what cannot stay: beside the other names, and at its end, an unfinished one may still become good."""
    started = text.strip().rstrip(".-")
    return (state.info.name_problem(normalise(started)) or "") if state.info and started else ""


NAME = TextQuestion(
    heading=_name_heading,
    help="Letters a-z, digits and hyphens; dots between the parts of a full name. "
    "The name is your own choice and need not exist in DNS.",
    label=_name_label,
    offered=lambda state: state.server.name,
    field_help="Letters, digits, hyphens and dots.",
    problem=_name_problem,
    unfinished=_unfinished_name_problem,
    keep=_keep_name,
    answer=lambda state, text: _keep_name(state, normalise(text)),
)


def _add_on_groups(state: WizardState) -> list[Group]:
    """Return the groups of add-ons that the plan offers."""
    found = []
    for group in state.plan.add_on_groups if state.plan else ():
        offers = list(_offers(group, state.draft.billing_cycle))
        present = state.server.add_on(group.key)
        index = next((number for number, (chosen, _) in enumerate(offers) if chosen == present), 0)
        found.append(Group(group.key, group.title, tuple(option for _, option in offers), index))
    return found


def _answer_add_on(state: WizardState, group: Group, index: int) -> WizardState:
    """Return the state with that option of `group`."""
    offered = next(one for one in (state.plan.add_on_groups if state.plan else ()) if one.key == group.key)
    chosen, _ = list(_offers(offered, state.draft.billing_cycle))[index]
    return state.with_server(state.server.with_add_on(group.key, chosen))


def _offers(group: AddOnGroup, cycle: BillingCycle) -> Iterator[tuple[ChosenAddOn | None, Option]]:
    yield None, Option("none")
    for add_on in group.options:
        for value in range(1, add_on.max_value + 1):
            label = add_on.name if value == 1 else f"{value} x {add_on.name}"
            yield ChosenAddOn(group.key, add_on.id, value), Option(label, _add_on_price(add_on, value, cycle))


def _add_on_price(add_on: AddOn, value: int, cycle: BillingCycle) -> str:
    amount, estimate = add_on_price(add_on, value, cycle)
    if amount is None:
        return "price not known"
    return f"{amount.words(estimate=estimate)} {cycle.every}"


ADD_ONS = OptionsQuestion(
    heading=lambda _state: ("Add-ons", "None of them is needed."),
    help="Add-ons enlarge the plan: memory, cores, addresses, disk. All of them are optional and paid at every "
    "renewal together with the plan.",
    groups=_add_on_groups,
    answer=_answer_add_on,
)


def _quantity_problem(state: WizardState, text: str) -> str:
    most, text = state.info.most_alike if state.info else 1, text.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return "" if 1 <= number <= most else f"Type a number from 1 to {most}."


_ALIKE = "So many servers are bought, alike in everything: plan, image, add-ons, key, script and root password."

QUANTITY = TextQuestion(
    heading=lambda state: ("How many servers like this one?", _shared_name_note(state)),
    help=_ALIKE,
    label=lambda _state: "How many",
    offered=lambda state: str(state.server.quantity),
    field_help=_ALIKE,
    problem=_quantity_problem,
    answer=lambda state, text: state.with_server(replace(state.server, quantity=int(text))),
    replaced=True,
)

ROOT_HEADING = ("Root password", "Write it down now: it is not kept here and not shown after the order.")
ROOT_HELP = (
    "The password of the user root (Administrator on Windows). It is sent to the provider with the order and "
    "kept nowhere by this program."
)
ROOT_RULE = "12 to 64 characters with a small letter, a capital and a digit; no spaces."


def offered_password(state: WizardState) -> str:
    """Return the password that was given or typed before, or a generated one."""
    own = state.own_password
    known = own.given or own.typed
    return (known.reveal() if known is not None else "") or root_password.generate()


def type_password(state: WizardState, value: str) -> WizardState:
    """Return the state with the password as it stands, good or not."""
    given = state.root_password
    if given is not None and given.reveal() == value:
        return state
    return state.with_root_password(RootPassword(typed=Secret(value)))


def answer_password(state: WizardState, value: str) -> WizardState:
    """Return the state with that root password; it must be a good one."""
    return state.with_root_password(RootPassword(given=Secret(value)))

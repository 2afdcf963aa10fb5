"""The state of one wizard: a frozen value that every front end, screens or lines, replaces step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vps_tui.core import steps
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.order_servers import is_blank, make_names_unique, name_all, name_clash, remove_server
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.core.steps import Facts, Position, Step

if TYPE_CHECKING:
    from vps_tui.core.catalog import Catalog, Location, OsImage, Plan
    from vps_tui.core.outcome import Outcome
    from vps_tui.core.pricing import Quote
    from vps_tui.journal import Entry
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.services.paid_task import PaidTask
    from vps_tui.services.session import Terms
    from vps_tui.wizard.change_state import ChangeDraft


@dataclass(frozen=True, slots=True)
class WizardState:
    """Everything that has been answered, and where the person is."""

    draft: Draft = field(default_factory=Draft)
    position: Position = field(default_factory=Position)
    server_index: int = 0
    """Index of the server that is being described; the questions about a server are about this one."""
    info: ProviderInfo | None = None
    credentials_known: bool = False
    signed_in: bool = False
    location_name: str = ""
    locations: tuple[Location, ...] = ()
    """As the provider listed them last; read where the location is asked for."""
    catalog: Catalog | None = None
    """Of the draft's location; None until it was read."""
    terms: Terms | None = None
    root_passwords: tuple[RootPassword, ...] = field(default=(), repr=False)
    """In the order of the draft's servers; those at its end may be missing."""
    unresolved: bool = False
    """True for a saved order whose ids have not been looked up at the provider."""
    repeated: tuple[Entry, ...] = ()
    """Earlier orders that this one would repeat, as the journal had them when the cost was accepted."""
    acknowledged: str = ""
    """References of those that it repeats knowingly, separated by commas."""
    task: PaidTask | None = field(default=None, repr=False, compare=False)
    """What is confirmed, built when the cost is accepted; None before, and once it was sent."""
    entry: Entry | None = None
    """The order in the journal, once there is one; what a receipt tells of."""
    outcome: Outcome | None = None
    return_to: WizardState | None = field(default=None, repr=False)
    """Where the person was before looking after an earlier order; None on the way to an order of their own."""
    changing: ChangeDraft | None = None
    """What has been answered about a server that one has; None while servers are ordered."""
    latest: tuple[Entry, ...] = ()
    """The newest order from each provider, newest first: what was chosen then is likely now."""
    unsaved_text: tuple[tuple[str, str | Secret], ...] = field(default=(), repr=False)
    """Unfinished text by field, so that going back loses none; lives in memory only."""

    @property
    def step(self) -> Step:
        """The present step."""
        return self.position.step

    @property
    def home(self) -> WizardState:
        """The state of the person's own order, also while an earlier one is being looked after."""
        return self.return_to or self

    @property
    def server(self) -> ServerDraft:
        """The server that is being described."""
        return self.draft.servers[self.server_index]

    @property
    def several(self) -> bool:
        """Whether the order has more servers than one can describe at once."""
        return len(self.draft.servers) > 1

    @property
    def shares_name(self) -> bool:
        """Whether the provider has one name for all servers of an order."""
        return self.info is not None and self.info.shares_name

    @property
    def key_label(self) -> str:
        """The chosen SSH key in words: type, fingerprint, comment; empty for none."""
        from vps_tui.ssh.key_files import label_of_line

        return label_of_line(self.server.ssh_key)

    @property
    def script_problem(self) -> str:
        """Why the start-up script cannot be ordered as it is, such as one of an old draft; empty where it can."""
        server = self.server
        if not server.startup_script or not self._takes_ssh_key(server):
            return ""
        from vps_tui.core.startup_script import script_problem

        return script_problem(server.startup_script, is_cloud_init=server.startup_script_is_cloud_init)

    @property
    def root_password(self) -> Secret | None:
        """The root password of the server that is being described."""
        return self.own_password.given

    @property
    def own_password(self) -> RootPassword:
        """The same with what has been typed and not been taken."""
        return (
            self.root_passwords[self.server_index] if self.server_index < len(self.root_passwords) else RootPassword()
        )

    @property
    def given_passwords(self) -> tuple[Secret, ...]:
        """The root passwords of all servers, in their order."""
        return tuple(password.given for password in self.root_passwords if password.given is not None)

    @property
    def plan(self) -> Plan | None:
        """The chosen plan, if the catalogue at hand sells it."""
        return self.catalog.plan(self.server.plan) if self.catalog else None

    @property
    def place(self) -> str:
        """The name of the location, or of the region that the plan stands in; empty where neither is known."""
        if self.info is None or self.info.has_locations:
            return self.location_name
        return self.plan.location if self.plan else ""

    @property
    def os_image(self) -> OsImage | None:
        """The chosen OS image, if the chosen plan offers it."""
        plan = self.plan
        if plan is None:
            return None
        from vps_tui.core.catalog import find_os_image

        return find_os_image(plan, self.server.os)

    @property
    def last_order(self) -> Draft:
        """What was ordered last from the chosen provider; an empty draft for nothing."""
        entry = next((entry for entry in self.latest if self.info and entry.purchase.provider == self.info.id), None)
        if entry is None:
            return Draft()
        from vps_tui.services.reconcile import draft_of

        return draft_of(entry)

    @property
    def facts(self) -> Facts:
        """What decides which steps apply and which are answered."""
        info, server, image = self.info, self.server, self.os_image
        return Facts(
            has_provider=info is not None,
            signed_in=self.signed_in or self.credentials_known,
            credentials_known=self.credentials_known,
            unresolved=self.unresolved,
            has_locations=info is None or info.has_locations,
            has_location=bool(self.draft.location),
            has_plan=self.plan is not None,
            has_os_image=image is not None,
            has_name=info is not None and info.name_problem(server.name) is None and self.name_clash() is None,
            asks_name=not (self.shares_name and self.server_index),
            offers_add_ons=self.plan is None or bool(self.plan.add_on_groups),
            takes_ssh_key=self._takes_ssh_key(server),
            has_ssh_key=bool(server.ssh_key) or server.without_key,
            needs_root_password=info is not None and info.needs_root_password,
            has_root_password=self.root_password is not None,
            unusable_script=bool(self.script_problem),
            repeats=bool(self.repeated),
            has_outcome=self.outcome is not None,
            others_priced=self.several and self._priced,
            change=self.changing.facts if self.changing is not None else None,
        )

    def with_provider(self, info: ProviderInfo, *, credentials_known: bool) -> WizardState:
        """Return the state for ordering from `info`; what was answered for another provider is cleared."""
        if self.info is not None and self.info.id == info.id:
            return self
        draft = self.draft.with_provider(info.id)
        return WizardState(
            draft=name_all(draft, draft.server.name) if info.shares_name else make_names_unique(draft),
            position=self.position,
            info=info,
            credentials_known=credentials_known,
            latest=self.latest,
        )

    def with_server(self, server: ServerDraft) -> WizardState:
        """Return the state with the present server replaced; where a name is that of all servers, of them all."""
        draft = self.draft.with_server(server, self.server_index)
        if self.shares_name and server.name != self.server.name:
            draft = name_all(draft, server.name)
        return replace(self, draft=draft)

    def with_root_password(self, password: RootPassword) -> WizardState:
        """Return the state with that root password for the present server."""
        padded = [*self.root_passwords, *[RootPassword()] * (len(self.draft.servers) - len(self.root_passwords))]
        padded[self.server_index] = password
        return replace(self, root_passwords=tuple(padded))

    def name_clash(self, name: str | None = None) -> int | None:
        """Return the index of the server that the present one's name, or `name`, cannot stand beside, or None."""
        names = [server.name for server in self.draft.servers]
        names[self.server_index] = names[self.server_index] if name is None else name
        return name_clash(names, self.server_index, shared_name=self.shares_name)

    def with_location(self, location: str, name: str) -> WizardState:
        """Return the state at `location`; another location has another catalogue."""
        if location == self.draft.location:
            return self
        return replace(self, draft=self.draft.with_location(location), location_name=name, catalog=None)

    def with_typed(self, key: str, text: str | Secret) -> WizardState:
        """Return the state with unfinished `text` kept under `key`."""
        others = tuple((name, value) for name, value in self.unsaved_text if name != key)
        return replace(self, unsaved_text=(*others, (key, text)))

    def typed_text(self, key: str) -> str:
        """Return the unfinished text kept under `key`, a secret in the clear: for the field that it is typed into."""
        text = dict(self.unsaved_text).get(key, "")
        return text.reveal() if isinstance(text, Secret) else text

    def to_order(self) -> Draft:
        """Return the draft as it is ordered: in the currency quoted, without what the image does not take."""
        quote, draft = self.quote(), self.draft
        if quote is not None and not draft.currency:
            draft = replace(draft, currency=quote.currency)
        servers = tuple(
            server if self._takes_ssh_key(server) else replace(server, ssh_key="", ssh_key_file="").with_script()
            for server in draft.servers
        )
        return replace(draft, servers=servers)

    def _takes_ssh_key(self, server: ServerDraft) -> bool:
        plan = self.catalog.plan(server.plan) if self.catalog else None
        if plan is None:
            return True
        from vps_tui.core.catalog import OsFamily, find_os_image

        image = find_os_image(plan, server.os)
        return image is None or image.family is OsFamily.LINUX

    def quote(self) -> Quote | None:
        """Return the price of what is chosen so far, None before there is a plan."""
        if self.catalog is None or not self._priced:
            return None
        from vps_tui.core import pricing

        return pricing.quote(self.draft, self.catalog)

    @property
    def _priced(self) -> bool:
        return self.catalog is not None and any(self.catalog.plan(server.plan) for server in self.draft.servers)

    def unfinished(self) -> tuple[int, Step] | None:
        """Return which server lacks an answer, and which; the present one first, None where nothing is missing."""
        count = len(self.draft.servers)
        for index in [self.server_index, *(other for other in range(count) if other != self.server_index)]:
            unanswered = steps.missing(replace(self, server_index=index).facts)
            if unanswered is not None:
                return index, unanswered
        return None

    def standing_at(self, step: Step) -> WizardState:
        """Return the state at `step`, where an answer has answered the questions up to it as well."""
        return replace(self, position=replace(self.position, step=step))

    def forward(self) -> WizardState:
        """Return the state at the next step that applies; the cost is reached by way of what any server lacks."""
        moved = replace(self, position=steps.forward(self.position, self.facts))
        lacking = self.unfinished() if self.several and moved.step is Step.COST else None
        return moved if lacking is None else replace(moved, server_index=lacking[0], position=steps.jump(lacking[1]))

    def back(self) -> WizardState | None:
        """Return the state one step back, None at the first; a server of which nothing was chosen is given up."""
        position = steps.back(self.position, self.facts)
        if position is None:
            return None
        draft, passwords = self.draft, self.root_passwords
        nothing = self.several and is_blank(self.server, shared_name=self.shares_name)
        if nothing and steps.gives_up(self.position, position):
            draft, passwords = (
                remove_server(draft, self.server_index),
                (*passwords[: self.server_index], *passwords[self.server_index + 1 :]),
            )
        at = min(self.server_index, len(draft.servers) - 1)
        # At the first question it is open again what is to be done.
        changing = None if position.step is Step.PROVIDER else self.changing
        return replace(
            self, draft=draft, server_index=at, root_passwords=passwords, position=position, changing=changing
        )

    def jump(self, step: Step) -> WizardState:
        """Return the state at `step`, from where the way leads back to the overview that the person is at.

        The cost screen itself is reached by way of whatever is missing by now.
        """
        if self.changing is not None:
            return replace(self, position=Position(step, revising=step if self.outcome is not None else None))
        if step is Step.COST:
            return replace(self, position=Position(step, revising=step)).forward()
        return replace(self, position=steps.jump(step, self.position))

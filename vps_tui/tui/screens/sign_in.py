"""Step: sign in with the provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from vps_tui.core.errors import VpsTuiError
from vps_tui.tui.screens.reading import error_content
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.field import Field
from vps_tui.tui.widgets.frame import PushButton, Words
from vps_tui.tui.widgets.option_rows import OptionRow, OptionRows
from vps_tui.wizard.questions import account, loading
from vps_tui.wizard.questions.choices import Option
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.providers.info import ProviderInfo

KEEP = (Option("no"), Option("yes"))


class SignInScreen(StepScreen):
    """Asks for the credentials and tries them with a read that buys nothing.

    What the keyring and commands give is tried first. Whatever they leave open is asked.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = "SignInScreen #keep { height: 1; display: none; }"
    keys: ClassVar[str] = "Tab next field  Enter continue  Esc back"
    help_text: ClassVar[str] = account.SIGN_IN_HELP
    _busy = False
    _keep = False
    _known: frozenset[str] = frozenset()
    """Keys of the fields that need not be typed: a source has given them."""
    _initial: Mapping[str, str] = MappingProxyType({})
    """What stood in the fields before anything was typed."""

    def heading(self) -> tuple[str, str]:
        return account.sign_in_heading(self._info)

    def compose_body(self) -> Iterable[Widget]:
        """Lay out one field per credential; secrets are never drawn."""
        known = self.wizard_app.backend.known_fields(self._info)
        self._initial = {field.key: known.get(field.key, "") for field in self._info.sign_in}
        for field in self._info.sign_in:
            value = account.typed(self.state, field) or known.get(field.key, "")
            help_text = account.field_help(field)
            yield Field(field.label, value, help_text=help_text, secret=field.secret, id=f"field-{field.key}")
        keep = OptionRows([OptionRow(account.KEEP, KEEP)])
        keep.id = "keep"
        yield keep
        yield Words("", id="notice")

    def ready(self) -> None:
        """Say why the known credentials did not do, if that is why we are here; else see what is known by now."""
        super().ready()
        problem, self.wizard_app.flow.sign_in_problem = self.wizard_app.flow.sign_in_problem, None
        if problem is not None:
            self.query_one("#notice", Words).update(error_content(problem, loading.money(self.state, problem)))
        self._look(refused=problem is not None)

    def typed_state(self) -> WizardState:
        state = self.state
        for field in self._info.sign_in:
            state = account.with_typed(state, field, self._field(field.key).value)
        return state

    def submit(self) -> None:
        empty = [
            field
            for field in self._info.sign_in
            if field.key not in self._known and not self._field(field.key).value.strip()
        ]
        for field in self._info.sign_in:
            self._field(field.key).complain(account.EMPTY if field in empty else "")
        if empty:
            self._field(empty[0].key).focus_input()
        elif not self._busy:
            self._busy = True
            self._try(self.typed_state())

    def action_back(self) -> None:
        """Stop trying, then go back."""
        self.wizard_app.flow.cancel_reads()
        super().action_back()

    @work(group="look", exclusive=True)
    async def _look(self, *, refused: bool) -> None:
        """Sign in with what commands and keyring give; fill in what they know, and say what is wrong with them.

        Credentials that were `refused` are not tried again, and nothing is done over what is being typed.
        """
        backend = self.wizard_app.backend
        found = await backend.credentials(self._info)
        untouched = not self._busy and self._values() == self._initial
        if not refused and untouched and all(one.value is not None for one in found.values()):
            self._busy = True
            self._try(replace(self.typed_state(), credentials_known=True))
            return
        if not refused:
            self._known = account.known(found)
            problems = account.problems(found)
            if problems and not self._busy:
                self.query_one("#notice", Words).update(Content("\n".join(problems)))
            for key, value in backend.known_fields(self._info).items() if untouched else ():
                self._field(key).query_one(Input).value = value
        await self._offer_to_keep()

    async def _offer_to_keep(self) -> None:
        self.query_one("#keep").display = not await self.wizard_app.backend.keyring_problem()

    @work(group="read", exclusive=True)
    async def _try(self, state: WizardState) -> None:
        """Sign in with one read, so that a wrong password counts once; then start the reads of the coming steps."""
        notice = self.query_one("#notice", Words)
        notice.update(account.trying(self._info))
        try:
            await self.wizard_app.flow.sign_in(state)
        except VpsTuiError as error:
            notice.update(error_content(error, loading.money(self.state, error)))
            self._busy = False
            await self._offer_to_keep()
            return
        problem = await self._kept()
        if problem:
            self._keep = False
            self.query_one("#keep").display = False
            notice.update(f"{account.not_kept(problem)}\nPress Enter to go on.")
            self._busy = False
        else:
            self.answer(replace(state, signed_in=True))

    async def _kept(self) -> str:
        """Keep what was typed in the keyring, if that is wanted; returns what is wrong with that."""
        if not self._keep:
            return ""
        return await self.wizard_app.backend.keep(self._info, account.to_keep(self._values()))

    @property
    def _info(self) -> ProviderInfo:
        if self.state.info is None:
            raise RuntimeError("no provider is chosen")
        return self.state.info

    def _field(self, key: str) -> Field:
        return self.query_one(f"#field-{key}", Field)

    def _values(self) -> dict[str, str]:
        return {field.key: self._field(field.key).value for field in self._info.sign_in}

    @on(OptionRows.Changed)
    def _keep_changed(self, message: OptionRows.Changed) -> None:
        self._keep = KEEP[message.index].label == "yes"

    @on(OptionRows.Submitted)
    def _keep_submitted(self) -> None:
        self.submit()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        fields = list(self.query(Input))
        index = fields.index(event.input)
        if index + 1 < len(fields) and not fields[index + 1].value:
            fields[index + 1].focus()
        else:
            self.submit()

    @on(PushButton.Pressed, "#back")
    def _leave(self) -> None:
        self._busy = False

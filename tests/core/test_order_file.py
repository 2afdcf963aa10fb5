"""An order file says exactly what is ordered: read back it is the same draft, and nothing in it is guessed."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core import order_file
from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.errors import UsageError
from vps_tui.core.order_file import OrderFile
from vps_tui.core.order_keys import OrderFileFormat
from vps_tui.core.startup_script import MAX_BYTES
from vps_tui.core.text import clean
from vps_tui.core.toml import MAX_WHOLE
from vps_tui.providers.order_file import dump, parse

from .key_texts import private_texts
from .script_texts import FOR_CLOUD_INIT, GOOD, REFUSED, REPAIRED

GOLDEN = Path(__file__).parent.parent / "data" / "order-files"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"

EDIS = Draft(
    provider="edis",
    location="122",
    payment_method="cryptomus",
    servers=(
        ServerDraft(
            "web1",
            "1707",
            os="208",
            add_ons=(
                ChosenAddOn("additional_ram", "396"),
                ChosenAddOn("additional_vcpu", "452"),
                ChosenAddOn("additional_ip", "9"),
            ),
            ssh_key=KEY,
        ),
        ServerDraft("db1", "1710", os="300", without_key=True),
    ),
)
LAYERSTACK = Draft(
    provider="layerstack",
    billing_cycle=BillingCycle.QUARTERLY,
    payment_method="ccard",
    currency="usd",
    servers=(
        ServerDraft(
            "web1",
            "101",
            os="12",
            add_ons=(ChosenAddOn("", "6"),),
            ssh_key=KEY,
            plan_type="cloud_servers_standard",
            quantity=2,
            startup_script="#!/bin/sh\napt-get update\n",
        ),
    ),
)
SEVERAL_EDIS = replace(
    EDIS,
    billing_cycle=BillingCycle.ANNUALLY,
    apply_credit=False,
    servers=(
        ServerDraft("web1", "1707", os="208", add_ons=(ChosenAddOn("additional_ram", "396"),), ssh_key=KEY),
        ServerDraft("web2", "1707", os="208", add_ons=(ChosenAddOn("additional_ram", "396"),), ssh_key=KEY),
        ServerDraft("db1", "1717", os="208", ssh_key=KEY),
    ),
)
SEVERAL_LAYERSTACK = replace(
    LAYERSTACK,
    servers=(
        ServerDraft("web", "101", os="12", ssh_key=KEY, plan_type="cloud_servers_standard", quantity=2),
        ServerDraft("web", "201", os="12", ssh_key=KEY, plan_type="cloud_servers_highmemory"),
    ),
)
EXAMPLES = {
    "edis-1.toml": EDIS,
    "edis-several.toml": SEVERAL_EDIS,
    "layerstack-1.toml": LAYERSTACK,
    "layerstack-several.toml": SEVERAL_LAYERSTACK,
}

TOP = {"version": "1", "provider": '"edis"', "location": "122", "billing_cycle": '"monthly"', "payment_method": '"x"'}
SERVER = {"name": '"web1"', "plan": "1707", "os": "208"}
LS_TOP = {"version": "1", "provider": '"layerstack"', "billing_cycle": '"monthly"', "payment_method": '"ccard"'}
LS_SERVER = {"name": '"web1"', "plan": "101", "plan_type": '"cloud_servers_standard"', "os": "12"}


def toml(top: dict[str, str], *servers: dict[str, str]) -> str:
    parts = [[f"{key} = {value}" for key, value in table.items()] for table in (top, *servers)]
    return "\n".join([*parts[0], *(line for part in parts[1:] for line in ("[[server]]", *part))])


def edis(top: dict[str, str] | None = None, server: dict[str, str] | None = None) -> str:
    return toml({**TOP, **(top or {})}, {**SERVER, **(server or {})})


def layerstack(top: dict[str, str] | None = None, server: dict[str, str] | None = None) -> str:
    return toml({**LS_TOP, **(top or {})}, {**LS_SERVER, **(server or {})})


def without(table: dict[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in table.items() if name != key}


def read(text: str, *, partial: bool = False) -> OrderFile:
    return parse(text, name="web.toml", partial=partial)


def refusal(text: str, *, partial: bool = False) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(text, partial=partial)
    assert caught.value.message.startswith("web.toml, ")
    assert caught.value.hint
    return caught.value


class TestGoldenFiles:
    """Files of version 1 stay as they are: each later version must load them."""

    def test_there_is_one_for_each_provider(self) -> None:
        assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(EXAMPLES)

    @pytest.mark.parametrize("name", EXAMPLES)
    def test_it_says_this_order(self, name: str) -> None:
        text = (GOLDEN / name).read_text("utf-8")
        servers = len(EXAMPLES[name].servers)
        assert read(text) == OrderFile(EXAMPLES[name], ("",) * servers, ("",) * servers)

    @pytest.mark.parametrize("name", EXAMPLES)
    def test_the_same_order_is_written_as_the_same_bytes(self, name: str) -> None:
        assert dump(EXAMPLES[name]) == (GOLDEN / name).read_text("utf-8")


class TestVersion:
    def test_missing(self) -> None:
        error = refusal(toml(without(TOP, "version"), SERVER))
        assert error.message == "web.toml, version: is missing."
        assert "version = 1" in error.hint

    def test_a_newer_one_is_named_before_what_only_it_knows(self) -> None:
        error = refusal(edis({"version": "2", "new_key": "1"}))
        assert "made by a newer version of vps-tui" in error.message
        assert error.hint == "Update vps-tui."

    @pytest.mark.parametrize("version", ["0", "-1", '"1"', "1.0", "true"])
    def test_one_that_never_was(self, version: str) -> None:
        assert refusal(edis({"version": version})).message.startswith("web.toml, version: ")


class TestReading:
    def test_what_may_be_left_out(self) -> None:
        assert read(edis()).draft == Draft(
            provider="edis",
            location="122",
            payment_method="x",
            servers=(ServerDraft("web1", "1707", os="208", without_key=True),),
        )
        assert read(layerstack()).draft == Draft(
            provider="layerstack",
            payment_method="ccard",
            servers=(ServerDraft("web1", "101", os="12", without_key=True, plan_type="cloud_servers_standard"),),
        )

    def test_files_are_named_and_not_read(self) -> None:
        text = layerstack({}, {"ssh_key_file": '"~/.ssh/id.pub"', "startup_script_file": '"first-boot.sh"'})
        order = read(text)
        assert (order.key_files, order.script_files) == (("~/.ssh/id.pub",), ("first-boot.sh",))
        assert order.draft.server.ssh_key == ""
        assert not order.draft.server.without_key

    def test_credit_can_be_refused(self) -> None:
        assert read(edis({"apply_credit": "false"})).draft.apply_credit is False

    def test_a_key_is_repaired_as_a_pasted_one(self) -> None:
        folded = KEY.replace("AAAAC3", "\n  AAAAC3")
        assert read(edis({}, {"ssh_key": f'"""{folded}"""'})).draft.server.ssh_key == KEY

    def test_add_ons_keep_the_order_of_the_file(self) -> None:
        server = read(edis({}, {"additional_ip": "9", "additional_ram": "396"})).draft.server
        assert [chosen.group for chosen in server.add_ons] == ["additional_ip", "additional_ram"]

    def test_add_ons_by_number(self) -> None:
        server = read(layerstack({}, {"addons": '[{ id = 6, value = 3 }, { id = 7, group = "ip" }]'})).draft.server
        assert server.add_ons == (ChosenAddOn("", "6", 3), ChosenAddOn("ip", "7", 1))

    def test_another_provider_may_use_all_that_a_draft_holds(self) -> None:
        text = toml(
            {**TOP, "provider": '"toy"', "location": '"here"', "currency": '"usd"', "billing_cycle": '"annually"'},
            {**SERVER, "plan": '"tiny"', "plan_type": '"toys"', "quantity": "99", "addons": '[{ id = "x" }]'},
        )
        draft = read(text).draft
        assert (draft.provider, draft.location, draft.currency) == ("toy", "here", "usd")
        assert (draft.server.plan, draft.server.quantity, draft.server.add_ons) == (
            "tiny",
            99,
            (ChosenAddOn("", "x"),),
        )

    def test_a_partial_one_may_lack_everything(self) -> None:
        assert read("version = 1", partial=True).draft == Draft()
        assert read('version = 1\n[[server]]\nssh_key = ""', partial=True).draft.server == ServerDraft(
            without_key=True
        )


class TestRefusals:
    @pytest.mark.parametrize("key", ["provider", "location", "billing_cycle", "payment_method"])
    def test_a_missing_value_at_the_top(self, key: str) -> None:
        assert refusal(toml(without(TOP, key), SERVER)).message == f"web.toml, {key}: is missing."

    @pytest.mark.parametrize("key", ["name", "plan", "os"])
    def test_a_missing_value_in_a_server(self, key: str) -> None:
        text = toml(TOP, SERVER, without(SERVER, key))
        assert refusal(text).message == f"web.toml, server[2].{key}: is missing."

    def test_no_plan_type(self) -> None:
        text = toml(LS_TOP, without(LS_SERVER, "plan_type"))
        assert refusal(text).message == "web.toml, server[1].plan_type: is missing."

    @pytest.mark.parametrize("text", [toml(TOP), toml({**TOP, "server": "[]"})])
    def test_no_server(self, text: str) -> None:
        assert refusal(text).message == "web.toml, server: is missing."

    @pytest.mark.parametrize(
        ("key", "near"), [("locaton", "location"), ("Provider", "provider"), ("servers", "server")]
    )
    @pytest.mark.parametrize("partial", [False, True])
    def test_an_unknown_key(self, key: str, near: str, *, partial: bool) -> None:
        error = refusal(edis({key: "1"}), partial=partial)
        assert error.message == f"web.toml, {key}: there is no such key."
        assert error.hint == f"Did you mean {near}?"

    def test_a_mistyped_key_is_named_rather_than_the_one_it_was_meant_to_be(self) -> None:
        error = refusal(toml(TOP, {**without(SERVER, "plan"), "plann": "1"}))
        assert error.message == "web.toml, server[1].plann: there is no such key."
        assert error.hint == "Did you mean plan?"

    @pytest.mark.parametrize(
        ("text", "place", "provider"),
        [
            (edis({"currency": '"usd"'}), "currency", "layerstack"),
            (edis({}, {"quantity": "1"}), "server[1].quantity", "layerstack"),
            (edis({}, {"startup_script_file": '"x"'}), "server[1].startup_script_file", "layerstack"),
            (layerstack({"location": "1"}), "location", "edis"),
            (layerstack({"apply_credit": "true"}), "apply_credit", "edis"),
            (layerstack({}, {"additional_ram": "1"}), "server[1].additional_ram", "edis"),
        ],
    )
    def test_a_key_of_the_other_provider(self, text: str, place: str, provider: str) -> None:
        assert refusal(text).message.startswith(f"web.toml, {place}: only an order with {provider} has this key")

    @pytest.mark.parametrize(
        "key", ["password", "root_password", "token", "api_key", "Secret", "VPS_TUI_EDIS_PASSWORD", "pin"]
    )
    def test_a_secret(self, key: str) -> None:
        for text in (edis({key: '"hunter2"'}), edis({}, {key: '"hunter2"'})):
            error = refusal(text)
            assert "no secret may stand in this file" in error.message
            assert "VPS_TUI_SERVER_PASSWORD" in error.hint
            assert "hunter2" not in f"{error.message}{error.hint}"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (edis({"provider": "1"}), "provider: must be text in quotes, not a whole number"),
            (edis({"location": '"122"'}), "location: must be a whole number, not text"),
            (edis({"location": "true"}), "location: must be a whole number, not true or false"),
            (edis({"location": "122.0"}), "location: must be a whole number, not a number with a point"),
            (edis({"location": "-1"}), "location: must be from 0 to "),
            (edis({"location": "2026-01-01"}), "location: must be a whole number, not a date or time"),
            (edis({"apply_credit": "1"}), "apply_credit: must be true or false, not a whole number"),
            (edis({"payment_method": '""'}), "payment_method: is empty"),
            (edis({"payment_method": '" x"'}), "payment_method: must be one line"),
            (edis({"payment_method": '"x\\u001b[2J"'}), "payment_method: must be one line"),
            (edis({}, {"name": '"a\\u202eb"'}), "server[1].name: must be one line"),
            (edis({}, {"name": f'"{"a" * 201}"'}), "server[1].name: must be one line"),
            (edis({}, {"plan": "[1]"}), "server[1].plan: must be a whole number, not a list"),
            (edis({}, {"os": "{ id = 1 }"}), "server[1].os: must be a whole number, not a table"),
            (edis({}, {"additional_ram": '"396"'}), "server[1].additional_ram: must be a whole number, not text"),
            (toml({**TOP, "server": "1"}), "server: must be a list of tables"),
            (toml({**TOP, "server": "[1]"}), "server: must be a list of tables"),
            (layerstack({"currency": '"euro"'}), "currency: must be a code of three letters"),
            (
                layerstack({"billing_cycle": '"semiannually"'}),
                "billing_cycle: must be one of: monthly, quarterly, ann",
            ),
            (layerstack({}, {"quantity": "0"}), "server[1].quantity: must be from 1 to 99"),
            (layerstack({}, {"quantity": "100"}), "server[1].quantity: must be from 1 to 99"),
            (layerstack({}, {"addons": "[6]"}), "server[1].addons: must be a list of tables"),
            (layerstack({}, {"addons": "[{ value = 1 }]"}), "server[1].addons[1].id: is missing"),
            (layerstack({}, {"addons": "[{ id = 6, value = 0 }]"}), "server[1].addons[1].value: must be from 1 to"),
            (layerstack({}, {"addons": "[{ id = 6, valu = 2 }]"}), "server[1].addons[1].valu: there is no such key"),
            (layerstack({}, {"addons": "[{ id = 6 }, { id = 6 }]"}), "server[1].addons[2].id: this add-on is there"),
            (
                layerstack({}, {"addons": '[{ id = 6, group = "ip" }, { id = 7, group = "ip" }]'}),
                "server[1].addons[2].group: a server has at most one",
            ),
        ],
    )
    def test_a_wrong_value(self, text: str, said: str) -> None:
        assert refusal(text).message.startswith(f"web.toml, {said}")

    def test_a_billing_cycle_that_is_nearly_right(self) -> None:
        assert refusal(edis({"billing_cycle": '"annualy"'})).hint == "Did you mean annually?"

    @pytest.mark.parametrize(
        ("text", "where"),
        [
            ("version = 1\nprovider = = 2", "line 2: this is not valid TOML"),
            ("version = 1\nname = 'x", "at its end: this is not valid TOML"),
            ("version = 1\nversion = 1\n", "line 2: this is not valid TOML"),
            ("version = 1\na = '\x1b'", "line 2: this is not valid TOML"),
        ],
    )
    def test_no_toml(self, text: str, where: str) -> None:
        message = refusal(text).message
        assert message.startswith(f"web.toml, {where}")
        assert message == clean(message)

    @pytest.mark.parametrize("text", [f"a = {'1' * 5000}", f"a = {'[' * 5000}"])
    def test_toml_that_python_cannot_take(self, text: str) -> None:
        with pytest.raises(UsageError, match=r"web\.toml: it holds a number that is too long or brackets"):
            read(text)

    def test_a_hostile_key_is_shown_as_text(self) -> None:
        message = refusal(edis({'"a\\u001b[2J\\nb"': "1"})).message
        assert message == "web.toml, a[2J b: there is no such key."


class TestKeysAndScripts:
    def test_a_private_key_is_refused_by_name_and_not_quoted(self) -> None:
        for name, text in private_texts():
            error = refusal(edis({}, {"ssh_key": f"'''\n{text}'''"}))
            assert error.message.startswith(f"web.toml, server[1].ssh_key: This is a PRIVATE key ({name})")
            said = f"{error.message} {error.hint}"
            assert not any(text[at : at + 12] in said for at in range(len(text) - 11)), name
            assert error.__suppress_context__, name

    @pytest.mark.parametrize("partial", [False, True])
    def test_a_damaged_key(self, *, partial: bool) -> None:
        error = refusal(edis({}, {"ssh_key": f'"{KEY[:60]}"'}), partial=partial)
        assert error.message == "web.toml, server[1].ssh_key: The key is cut short or damaged."
        assert KEY[20:40] not in f"{error.message}{error.hint}"

    @pytest.mark.parametrize("key", [KEY, ""])
    def test_a_key_beside_a_key_file(self, key: str) -> None:
        error = refusal(edis({}, {"ssh_key": f'"{key}"', "ssh_key_file": '"x.pub"'}))
        assert error.message == "web.toml, server[1].ssh_key: stands beside ssh_key_file."

    def test_a_script_beside_a_script_file(self) -> None:
        error = refusal(layerstack({}, {"startup_script": '"x"', "startup_script_file": '"x.sh"'}))
        assert error.message == "web.toml, server[1].startup_script: stands beside startup_script_file."

    @pytest.mark.parametrize("key", ["ssh_key_file", "startup_script_file"])
    def test_an_empty_path(self, key: str) -> None:
        assert refusal(layerstack({}, {key: '""'})).message == f"web.toml, server[1].{key}: is empty."

    @pytest.mark.parametrize(("script", "said"), REFUSED.values(), ids=REFUSED)
    def test_a_script_that_cannot_run(self, script: str, said: str) -> None:
        error = refusal(layerstack({}, {"startup_script": json.dumps(script)}))
        assert error.message.startswith("web.toml, server[1].startup_script: ")
        assert said in error.message
        assert error.hint

    @pytest.mark.parametrize(("content", "said"), REPAIRED.values(), ids=REPAIRED)
    def test_a_script_that_is_repaired(self, content: bytes, said: str) -> None:
        server = read(layerstack({}, {"startup_script": json.dumps(content.decode())})).draft.server
        assert server.startup_script == GOOD
        assert any(said in words for words in server.script_repairs)

    @pytest.mark.parametrize(("script", "becomes"), FOR_CLOUD_INIT.values(), ids=FOR_CLOUD_INIT)
    def test_a_script_for_cloud_init_needs_a_yes(self, script: str, becomes: str) -> None:
        keys = {"startup_script": json.dumps(script)}
        for no in ({}, {"startup_script_is_cloud_init": "false"}):
            error = refusal(layerstack({}, keys | no))
            assert "cloud-init" in error.message
            assert error.hint == "To send it nevertheless, add: startup_script_is_cloud_init = true"
        draft = read(layerstack({}, keys | {"startup_script_is_cloud_init": "true"})).draft
        assert draft.server.startup_script == (becomes or script)
        assert read(dump(draft)).draft == draft

    def test_a_yes_to_what_is_not_so(self) -> None:
        yes = {"startup_script_is_cloud_init": "true"}
        assert "it is not for cloud-init" in refusal(layerstack({}, {"startup_script": '"#!/bin/sh"'} | yes)).message
        assert "there is no start-up script" in refusal(layerstack({}, yes)).message
        assert "layerstack" in refusal(edis({}, yes)).message

    def test_the_longest_script(self) -> None:
        script = "#!/bin/sh\n".ljust(MAX_BYTES, "#")
        assert read(layerstack({}, {"startup_script": json.dumps(script)})).draft.server.startup_script == script

    def test_what_was_ordered_earlier_is_read_as_it_was_sent(self) -> None:
        server = read(layerstack({}, {"startup_script": '"echo hi\\r\\n"'}), partial=True).draft.server
        assert (server.startup_script, server.script_repairs) == ("echo hi\r\n", ())


LINES = st.text(max_size=30).map(clean)
IDS = st.integers(0, MAX_WHOLE).map(str) | st.sampled_from(["", "007", "1" * 19, "x-1"]) | LINES
NAMES = st.sampled_from(["", "web1", "db.example.com"]) | LINES
KEYS = st.sampled_from([("", False), ("", True), (KEY, False)])
SCRIPTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from('\n\r\t"\\'), max_size=60)
UNITS = st.integers(1, 9999)
EDIS_GROUPS = ["additional_ram", "additional_vcpu", "additional_ip", "additional_diskboost"]


@st.composite
def servers(draw: st.DrawFn, provider: str) -> ServerDraft:
    key, without_key = draw(KEYS)
    server = ServerDraft(draw(NAMES), draw(IDS), "", draw(IDS), (), key, without_key)
    filled = IDS.filter(bool)
    if provider == "edis":
        groups = draw(st.lists(st.sampled_from(EDIS_GROUPS), unique=True))
        return replace(server, add_ons=tuple(ChosenAddOn(group, draw(filled)) for group in groups))
    chosen = st.builds(ChosenAddOn, LINES | st.just("g" * 150), filled, UNITS)
    unnamed = st.builds(ChosenAddOn, st.just(""), filled, UNITS)
    listed = [
        *draw(
            st.lists(chosen.filter(lambda add_on: bool(add_on.group)), max_size=3, unique_by=lambda one: one.group)
        ),
        *draw(st.lists(unnamed, max_size=2, unique_by=lambda one: one.id)),
    ]
    return replace(
        server,
        add_ons=tuple(draw(st.permutations(listed))),
        plan_type=draw(LINES),
        quantity=draw(st.integers(1, 99)),
        startup_script=(script := draw(SCRIPTS)),
        startup_script_is_cloud_init=bool(script) and draw(st.booleans()),
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any draft that the wizard could hold for its provider."""
    provider = draw(st.sampled_from(["edis", "layerstack", "toy", ""]))
    cycles = [cycle for cycle in COMMON_CYCLES if provider != "layerstack" or cycle != BillingCycle.SEMIANNUALLY]
    return Draft(
        provider,
        "" if provider == "layerstack" else draw(IDS),
        draw(st.sampled_from(cycles)),
        draw(LINES),
        provider == "layerstack" or draw(st.booleans()),
        "" if provider == "edis" else draw(st.sampled_from(["", "usd", "EUR"])),
        tuple(draw(st.lists(servers(provider), min_size=1, max_size=3))),
    )


class TestWriting:
    @given(drafts())
    def test_every_draft_comes_back_as_it_was(self, draft: Draft) -> None:
        text = dump(draft)
        assert read(text, partial=True).draft == draft
        assert text == dump(read(text, partial=True).draft)

    @pytest.mark.parametrize("draft", EXAMPLES.values(), ids=EXAMPLES)
    def test_a_complete_one_comes_back_from_a_complete_file(self, draft: Draft) -> None:
        assert read(dump(draft)).draft == draft

    def test_the_plan_name_is_left_out(self) -> None:
        named = EDIS.with_server(replace(EDIS.server, plan_name="KVM 2"))
        assert dump(named) == dump(EDIS)

    def test_so_is_what_the_provider_does_not_have(self) -> None:
        assert dump(replace(EDIS, currency="EUR")) == dump(EDIS)
        assert dump(replace(LAYERSTACK, apply_credit=False)) == dump(LAYERSTACK)

    def test_windows_line_ends_of_a_script_are_kept(self) -> None:
        draft = LAYERSTACK.with_server(replace(LAYERSTACK.server, startup_script="echo 1\r\necho 2\r\n"))
        assert read(dump(draft), partial=True).draft == draft

    def test_each_server_has_its_own_header_however_short(self) -> None:
        text = dump(Draft(servers=(ServerDraft(), ServerDraft("a"))))
        assert text.count("[[server]]") == 2
        assert len(tomllib.loads(text)["server"]) == 2


def test_without_any_provider_known_every_further_key_of_a_server_is_an_add_on() -> None:
    """The journal's repair reads orders so: it knows no provider."""
    read = order_file.parse(dump(EDIS), name="1201-aaaa", known=OrderFileFormat(), partial=True).draft
    assert read == EDIS

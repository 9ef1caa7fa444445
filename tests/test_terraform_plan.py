"""Plans: what there is before and after, whatever Terraform does in between."""

from __future__ import annotations

from typing import Any

import pytest
from terraform_plans import (
    NAMED,
    NET,
    Plan,
    codes,
    nsg,
    read,
    records,
    rule,
    state,
    stated,
    subnet,
    vnet,
    without,
)

from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.read import Source, read_records

HUB = "virtualnetworks/hub"


def moving() -> Plan:
    """A network that stays; one of each thing that can happen to another."""
    plan = Plan().keep("azurerm_virtual_network.hub", vnet(subnet=[]))
    plan.create("azurerm_virtual_network.new", without(vnet("new"), "id"), {"name": {}}, {"subnet": True})
    plan.change("azurerm_virtual_network.old", ["delete"], vnet("old"), None)
    plan.change(
        "azurerm_virtual_network.wider",
        ["update"],
        vnet("wider"),
        vnet("wider", address_space=["10.0.0.0/8"]),
    )
    plan.change("azurerm_virtual_network.renamed", ["delete", "create"], vnet("was"), without(vnet("is"), "id"),
                unknown={"id": True})  # fmt: skip
    plan.change("azurerm_virtual_network.kept", ["forget"], vnet("forgotten"), None)
    return plan


def names(found: dict[str, Any]) -> set[str]:
    return {
        key.rpartition("/")[2] for key, record in found.items() if record.type.endswith("/virtualnetworks")
    }


def test_after_has_what_is_planned_and_what_is_only_forgotten() -> None:
    found = records(moving().document())
    assert names(found) == {"hub", "new", "wider", "is", "forgotten"}
    assert found["virtualnetworks/wider"].properties["addressSpace"]["addressPrefixes"] == ["10.0.0.0/8"]


def test_before_has_what_was_there() -> None:
    found = records(moving().document(), side="before")
    assert names(found) == {"hub", "old", "wider", "was", "forgotten"}
    assert found["virtualnetworks/wider"].properties["addressSpace"]["addressPrefixes"] == ["10.0.0.0/16"]


def test_without_a_prior_state_changes_tell_what_was_there() -> None:
    document = without(moving().document(), "prior_state")
    assert names(records(document, side="before")) == {"hub", "old", "wider", "was", "forgotten"}


@pytest.mark.parametrize("missing", ["planned_values", "resource_changes"])
def test_either_part_of_a_plan_is_enough(missing: str) -> None:
    found = names(records(without(moving().document(), missing)))
    assert found >= {"hub", "new", "wider", "is"}
    assert not found & {"old"} or missing == "resource_changes"


def test_what_a_targeted_plan_leaves_alone_is_still_there() -> None:
    plan = Plan(complete=False).create("azurerm_virtual_network.new", without(vnet("new"), "id"))
    plan.look_up("azurerm_virtual_network.hub", vnet())
    found = read(plan.document())
    assert {record.name for record in found.records if record.type.endswith("/virtualnetworks")} == {
        "hub",
        "new",
    }
    assert "terraform-incomplete" in codes(found)


def test_a_resource_that_moves_is_there_once() -> None:
    plan = Plan().change("azurerm_virtual_network.new", ["no-op"], vnet(), vnet())
    plan.changes[0]["previous_address"] = "azurerm_virtual_network.old"
    plan.prior[0] = {**plan.prior[0], "address": "azurerm_virtual_network.old", "name": "old"}
    for side in ("before", "after"):
        assert names(records(plan.document(), side=side)) == {"hub"}  # type: ignore[arg-type]


def test_what_is_imported_is_not_new() -> None:
    told = vnet(
        subnet=[{"name": "theirs", "id": f"{NET}/virtualNetworks/hub/subnets/theirs", "address_prefixes": []}]
    )
    plan = Plan().change("azurerm_virtual_network.hub", ["no-op"], told, told, importing={"id": told["id"]})
    found = records(plan.document())
    assert "virtualnetworks/hub/subnets/theirs" in found


def test_objects_that_wait_to_be_destroyed_are_not_drawn() -> None:
    plan = Plan().keep("azurerm_virtual_network.hub", vnet())
    plan.change("azurerm_virtual_network.x", ["delete"], vnet("ghost"), None)
    plan.changes[-1]["deposed"] = "8b1f"
    plan.prior[-1]["deposed_key"] = "8b1f"
    for side in ("before", "after"):
        assert names(records(plan.document(), side=side)) == {"hub"}  # type: ignore[arg-type]


def test_rows_have_the_places_of_their_resources() -> None:
    found = records(moving().document())
    assert found[HUB].place == Place("0.json", ("planned_values", "root_module", "resources", 0))
    where = found["virtualnetworks/forgotten"].place.path
    assert where[0] == "resource_changes" and where[-2:] == ("change", "before")


@pytest.mark.parametrize(
    ("plan", "side", "words"),
    [
        (
            Plan().create("azurerm_virtual_network.v", without(vnet(), "id")),
            "before",
            "nothing before this plan",
        ),
        (
            Plan().change("azurerm_virtual_network.v", ["delete"], vnet(), None),
            "after",
            "nothing after this plan",
        ),
        (Plan(), "after", "the plan holds no resources"),
    ],
)
def test_an_empty_side_says_why(plan: Plan, side: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(plan.document(), side=side)
    told = {d.code: d for d in caught.value.diagnostics}
    assert words in told["terraform-empty"].message
    assert told["terraform-empty"].hints


def test_changes_are_known_by_their_address_alone() -> None:
    plan = Plan().create('module.m["a"].azurerm_virtual_network.v[0]', without(vnet(), "id"))
    plan.change("data.azurerm_virtual_network.far", ["read"], None, vnet("far"))
    changes = [without(each, "type", "name", "mode", "index") for each in plan.changes]
    found = records({"format_version": "1.2", "resource_changes": changes})
    assert names(found) == {"hub", "far"}
    assert "isPlanned" not in found["virtualnetworks/far"].envelope


def test_a_plan_says_what_it_does_not_decide() -> None:
    plan = moving()
    plan.members = {"errored": True, "deferred_changes": [{}], "resource_drift": [{}, {}]}
    found = read(plan.document())
    told = {d.code: d.message for d in found.diagnostics}
    assert set(told) >= {
        "terraform-incomplete",
        "terraform-deferred",
        "terraform-drift",
        "terraform-forgotten",
    }
    assert told["terraform-drift"].startswith("2 resources are changed")


def test_a_saved_plan_is_named_with_what_to_do() -> None:
    with pytest.raises(InputError) as caught:
        read_records([Source("p.tfplan", b"PK\x03\x04\x14\0\x08\0" + b"\0" * 22 + b"tfplan\x1f\0")])
    (found,) = caught.value.diagnostics[:1]
    assert "terraform show -json" in found.hints[0]


def test_terravisions_wrapping_is_taken_off() -> None:
    found = records({"codepath": ".", "plandata": moving().document(), "tfgraph": {}})
    assert names(found) == {"hub", "new", "wider", "is", "forgotten"}
    assert found[HUB].place.path[0] == "plandata"


def test_a_plan_and_a_state_say_the_same_of_what_stays() -> None:
    parts = {
        "azurerm_virtual_network": vnet(subnet=[]),
        "azurerm_subnet": subnet(),
        "azurerm_network_security_group": nsg(security_rule=[]),
        "azurerm_network_security_rule": rule(),
    }
    plan = Plan()
    for kind, told in parts.items():
        plan.keep(f"{kind}.x", told)
    ours = records(plan.document())
    theirs = records(state(*(stated(kind, told) for kind, told in parts.items())))
    before = records(plan.document(), side="before")
    for other in (theirs, before):
        assert {key: r.properties for key, r in ours.items()} == {
            key: r.properties for key, r in other.items()
        }


def test_an_update_keeps_the_id() -> None:
    plan = Plan().change("azurerm_virtual_network.v", ["update"], vnet(), vnet(dns_servers=["10.0.0.4"]))
    assert HUB in records(plan.document())


def test_a_data_source_that_is_read_while_applying_is_known_by_its_names() -> None:
    plan = Plan().create("azurerm_virtual_network.v", without(vnet(), "id"))
    told = {"name": "app", "virtual_network_name": "hub", "resource_group_name": "rg"}
    plan.change(
        "data.azurerm_subnet.late", ["read"], None, told, unknown={"id": True, "address_prefixes": True}
    )
    found = records(plan.document())
    assert found[f"{HUB}/subnets/app"].properties.get("addressPrefix", "{").startswith("{")


def test_sensitive_masks_of_plans_hide_values() -> None:
    plan = Plan().change(
        "azurerm_virtual_network.v", ["update"], vnet(dns_servers=["hunter2"]), vnet(dns_servers=["hunter3"]),
        before_sensitive={"dns_servers": True}, after_sensitive={"dns_servers": [True]},
    )  # fmt: skip
    plan.create("azurerm_linux_virtual_machine.m", {"name": "m", **NAMED, "admin_password": "hunter4"}, {},
                after_sensitive={"admin_password": True})  # fmt: skip
    plan.members = {"variables": {"password": {"value": "hunter5"}}}
    for side in ("before", "after"):
        found = read(without(plan.document(), "prior_state"), side=side)  # type: ignore[arg-type]
        assert "hunter" not in repr(found.records) + repr(found.diagnostics)
        assert found.secrets["0.json"] >= 1


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, [None], [{}], {"a": None}, [[{}]], True])
@pytest.mark.parametrize(
    "part", ["planned_values", "resource_changes", "prior_state", "configuration", "variables"]
)
def test_odd_shapes_in_a_plan_crash_nothing(part: str, odd: Any) -> None:
    good = moving().document()
    assert records({**good, part: odd})
    for inner in ("root_module", "values", "provider_config"):
        assert records({**good, part: {inner: odd}} if part != "resource_changes" else good)
    for name in ("change", "type", "address", "index", "mode", "deposed"):
        changes = [{**each, name: odd} for each in good["resource_changes"]]
        assert records({**good, "resource_changes": changes})
    for name in ("actions", "before", "after", "after_unknown", "after_sensitive"):
        changes = [{**each, "change": {**each["change"], name: odd}} for each in good["resource_changes"]]
        assert records({**good, "resource_changes": changes})
    for name in ("expressions", "for_each_expression", "type"):
        configured = [{**each, name: odd} for each in good["configuration"]["root_module"]["resources"]]
        assert records({**good, "configuration": {"root_module": {"resources": configured}}})

"""What may be concluded from what a Terraform document does not have: children of networks and NSGs, attachments."""

from __future__ import annotations

from typing import Any

import pytest
from terraform_plans import (
    NAMED,
    NET,
    Json,
    Plan,
    codes,
    const,
    nsg,
    read,
    records,
    ref,
    rule,
    shortened,
    state,
    stated,
    subnet,
    vnet,
    without,
)

from diagramgen.model.build import build_topology
from diagramgen.read.unknown import is_unknown

HUB = "virtualnetworks/hub"
APP = f"{HUB}/subnets/app"
NSG = "networksecuritygroups/nsg"
ATTACHED = ("networkSecurityGroup", "routeTable", "natGateway")
TABLE = {"id": f"{NET}/routeTables/rt", "name": "rt", "resource_group_name": "rg", "route": []}


def listed(subnet_name: str = "app", **told: Any) -> Json:
    """A subnet as a network lists it of itself."""
    return {"name": subnet_name, "id": subnet(subnet_name)["id"], "address_prefixes": ["10.0.1.0/24"], **told}


def joined(kind: str, what: str, azure_id: str, to: str | None = None) -> Json:
    """An association of the app's subnet."""
    target = to or subnet()["id"]
    return stated(f"azurerm_subnet_{kind}_association", {"id": target, "subnet_id": target, what: azure_id})


def attached(*documents: Json, key: str = APP) -> dict[str, str]:
    """What is attached to a subnet: the end of the id, `?` for what is unknown, nothing for what is surely absent."""
    properties = records(*documents)[key].properties
    told = {name: properties[name] for name in ATTACHED if properties.get(name)}
    return {name: "?" if is_unknown(each) else each["id"].rpartition("/")[2] for name, each in told.items()}


def tells(document: Json, key: str, collection: str) -> bool:
    topology = build_topology(read(document))
    (full,) = [rid for rid in topology.resources if shortened(rid) == key]
    return topology.tells(full, collection)


# Subnets


def test_a_subnet_that_a_plan_creates_has_what_the_plan_attaches() -> None:
    plan = Plan().create("azurerm_virtual_network.v", without(vnet(), "id"), {}, {"subnet": True})
    plan.create("azurerm_subnet.s", without(subnet(), "id"))
    assert attached(plan.document()) == {}
    assert tells(plan.document(), HUB, "subnets")


def test_a_network_managed_here_without_strangers_is_told_in_full() -> None:
    for inline in ([], [listed(security_group="")]):
        document = state(
            stated("azurerm_virtual_network", vnet(subnet=inline)), stated("azurerm_subnet", subnet())
        )
        assert attached(document) == {}
        assert tells(document, HUB, "subnets")


def test_nobody_knows_what_is_attached_in_a_network_of_others() -> None:
    reading = read(state(stated("azurerm_subnet", subnet())))
    assert "terraform-attachments" in codes(reading)
    assert attached(state(stated("azurerm_subnet", subnet()))) == dict.fromkeys(ATTACHED, "?")
    data = stated("azurerm_virtual_network", vnet(), mode="data")
    assert attached(state(data, stated("azurerm_subnet", subnet()))) == dict.fromkeys(ATTACHED, "?")


def test_subnets_of_others_in_a_network_make_it_doubtful() -> None:
    inline = [listed(security_group=""), listed("theirs")]
    document = state(
        stated("azurerm_virtual_network", vnet(subnet=inline)), stated("azurerm_subnet", subnet())
    )
    assert attached(document) == {"routeTable": "?", "natGateway": "?"}  # the list says that there is no NSG


def test_what_others_attached_is_seen_in_the_networks_list() -> None:
    inline = [listed(security_group=f"{NET}/networkSecurityGroups/theirs", route_table_id="")]
    document = state(
        stated("azurerm_virtual_network", vnet(subnet=inline)), stated("azurerm_subnet", subnet())
    )
    assert attached(document) == {"networkSecurityGroup": "theirs", "natGateway": "?"}


def test_what_one_state_attaches_to_the_subnet_of_another_is_put_together() -> None:
    network = state(stated("azurerm_virtual_network", vnet(subnet=[])))
    inner = state(stated("azurerm_subnet", subnet()))
    routing = state(
        stated("azurerm_route_table", TABLE), joined("route_table", "route_table_id", TABLE["id"])
    )
    assert attached(network, inner, routing) == {"routeTable": "rt"}
    assert attached(inner, routing) == {"networkSecurityGroup": "?", "routeTable": "rt", "natGateway": "?"}


def test_an_association_alone_tells_only_of_itself() -> None:
    document = state(
        stated("azurerm_route_table", TABLE), joined("route_table", "route_table_id", TABLE["id"])
    )
    assert attached(document) == {"networkSecurityGroup": "?", "routeTable": "rt", "natGateway": "?"}
    assert not tells(document, HUB, "subnets") if HUB in records(document) else True


def test_an_association_with_an_unknown_subnet_may_be_with_any() -> None:
    plan = Plan().create("azurerm_virtual_network.v", without(vnet(), "id"))
    plan.create("azurerm_subnet.s", without(subnet(), "id"))
    plan.create("azurerm_subnet_route_table_association.a", {}, {"subnet_id": ref("local.id")},
                {"subnet_id": True, "route_table_id": True})  # fmt: skip
    assert attached(plan.document()) == {"routeTable": "?"}
    plan.create("azurerm_network_interface.n", {"name": "n", **NAMED, "ip_configuration": []})
    assert "networkSecurityGroup" not in records(plan.document())["networkinterfaces/n"].properties
    plan.create("azurerm_network_interface_security_group_association.a", {}, {"network_interface_id": ref("local.n")},
                {"network_interface_id": True, "network_security_group_id": True})  # fmt: skip
    assert is_unknown(records(plan.document())["networkinterfaces/n"].properties["networkSecurityGroup"])


def test_a_data_source_of_a_subnet_tells_itself_what_is_attached() -> None:
    told = subnet(network_security_group_id=nsg()["id"], route_table_id="")
    assert attached(state(stated("azurerm_subnet", told, mode="data")))["networkSecurityGroup"] == "nsg"


# What a plan takes away


def existing() -> Plan:
    inline = [
        listed(security_group=nsg()["id"], route_table_id=TABLE["id"]),
        listed("old", security_group=""),
    ]
    plan = Plan().keep("azurerm_virtual_network.hub", vnet(subnet=inline))
    plan.keep("azurerm_subnet.app", subnet()).keep(
        "azurerm_route_table.rt", {**TABLE, "subnets": [subnet()["id"]]}
    )
    plan.keep("azurerm_network_security_group.nsg", nsg(security_rule=[without(rule("old"), "id")]))
    plan.change("azurerm_network_security_rule.old", ["delete"], rule("old"), None)
    return plan.change("azurerm_subnet.old", ["delete"], subnet("old"), None)


def test_deleted_subnets_and_rules_leave_the_lists_of_their_owners() -> None:
    after, before = records(existing().document()), records(existing().document(), side="before")
    assert f"{HUB}/subnets/old" in before and f"{HUB}/subnets/old" not in after
    assert f"{NSG}/securityrules/old" in before and f"{NSG}/securityrules/old" not in after
    assert after[NSG].properties["securityRules"] == []
    assert tells(existing().document(), HUB, "subnets")


def test_deleted_associations_are_taken_out_of_the_networks_list() -> None:
    plan = existing()
    told = {"id": subnet()["id"], "subnet_id": subnet()["id"], "network_security_group_id": nsg()["id"]}
    plan.change("azurerm_subnet_network_security_group_association.a", ["delete"], told, None)
    told = {"id": subnet()["id"], "subnet_id": subnet()["id"], "route_table_id": TABLE["id"]}
    plan.change("azurerm_subnet_route_table_association.a", ["delete"], told, None)
    assert attached(plan.document()) == {}
    topology = build_topology(read(plan.document()))
    assert not topology.route_table_of and not topology.nsg_of


def test_another_nsg_of_the_plan_counts_and_not_the_list() -> None:
    plan = existing().create("azurerm_network_security_group.new", without(nsg("new"), "id"), {})
    before = {"id": subnet()["id"], "subnet_id": subnet()["id"], "network_security_group_id": nsg()["id"]}
    plan.change(
        "azurerm_subnet_network_security_group_association.a", ["delete", "create"], before,
        {"subnet_id": subnet()["id"]}, unknown={"id": True, "network_security_group_id": True},
        expressions={"network_security_group_id": ref("azurerm_network_security_group.new.id")},
    )  # fmt: skip
    assert attached(plan.document())["networkSecurityGroup"] == "new"
    assert "conflict" not in codes(read(plan.document()))


def test_an_updated_rule_counts_and_not_the_nsgs_copy() -> None:
    plan = Plan().keep("azurerm_network_security_group.n", nsg(security_rule=[without(rule(), "id")]))
    plan.change("azurerm_network_security_rule.r", ["update"], rule(), rule(access="Deny"))
    found = read(plan.document())
    assert codes(found) == []
    (told,) = [record for record in found.records if record.name == "https"]
    assert told.properties["access"] == "Deny"


# Rules and routes


def test_a_new_nsg_has_the_rules_that_the_plan_makes_and_no_others() -> None:
    plan = Plan().create("azurerm_network_security_group.n", without(nsg(), "id"), {"name": const("nsg")},
                         {"security_rule": True})  # fmt: skip
    assert records(plan.document())[NSG].properties["securityRules"] == []
    plan.create("azurerm_network_security_rule.r", without(rule(), "id"))
    (told,) = records(plan.document())[NSG].properties["securityRules"]
    assert told["id"].endswith("/securityRules/https")
    assert tells(plan.document(), NSG, "securityRules")


@pytest.mark.parametrize("mask", [True, [{"priority": True}, True]])
def test_rules_that_are_configured_and_unknown_are_not_told(mask: Any) -> None:
    plan = Plan().create("azurerm_network_security_group.n", without(nsg(), "id"),
                         {"security_rule": ref("local.rules")}, {"security_rule": mask})  # fmt: skip
    assert is_unknown(records(plan.document())[NSG].properties["securityRules"])
    assert not tells(plan.document(), NSG, "securityRules")


def test_without_a_configuration_nobody_knows_what_is_configured() -> None:
    plan = Plan().create(
        "azurerm_network_security_group.n", without(nsg(), "id"), None, {"security_rule": True}
    )
    assert not tells(without(plan.document(), "configuration"), NSG, "securityRules")


def test_a_rule_of_an_unknown_nsg_may_be_of_any() -> None:
    plan = Plan().create(
        "azurerm_network_security_group.n", without(nsg(), "id"), {}, {"security_rule": True}
    )
    plan.create(
        "azurerm_network_security_rule.r", without(rule(), "id", "network_security_group_name"),
        {"network_security_group_name": ref("local.name")}, {"network_security_group_name": True},
    )  # fmt: skip
    assert not tells(plan.document(), NSG, "securityRules")


def test_an_nsg_of_a_state_has_what_it_lists_and_what_the_state_adds() -> None:
    inline = [without(rule("inline"), "id")]
    document = state(
        stated("azurerm_network_security_group", nsg(security_rule=inline)),
        stated("azurerm_network_security_rule", rule("beside")),
    )
    found = records(document)
    assert {f"{NSG}/securityrules/inline", f"{NSG}/securityrules/beside"} <= set(found)
    assert tells(document, NSG, "securityRules")


def test_routes_of_a_table_are_treated_like_rules() -> None:
    route = {
        "id": f"{TABLE['id']}/routes/out", "name": "out", "route_table_name": "rt", "resource_group_name": "rg",
        "address_prefix": "0.0.0.0/0", "next_hop_type": "Internet",
    }  # fmt: skip
    document = state(stated("azurerm_route_table", TABLE), stated("azurerm_route", route))
    assert [each["id"] for each in records(document)["routetables/rt"].properties["routes"]] == [route["id"]]
    assert tells(document, "routetables/rt", "routes")


# Outside things


def test_a_network_that_is_looked_up_tells_no_subnets_and_perhaps_no_peerings() -> None:
    document = state(stated("azurerm_virtual_network", vnet("far", subnets=["a", "b"]), mode="data"))
    assert not tells(document, "virtualnetworks/far", "subnets")
    assert is_unknown(records(document)["virtualnetworks/far"].properties["virtualNetworkPeerings"])
    told = vnet("far", subnets=[], vnet_peerings={})
    found = records(state(stated("azurerm_virtual_network", told, mode="data")))["virtualnetworks/far"]
    assert found.properties["virtualNetworkPeerings"] == []


def test_a_network_that_is_looked_up_with_its_subnets_is_told() -> None:
    network = stated("azurerm_virtual_network", vnet(subnets=["app"], vnet_peerings={}), mode="data")
    inner = stated("azurerm_subnet", subnet(network_security_group_id="", route_table_id=""), mode="data")
    assert tells(state(network, inner), HUB, "subnets")


def test_an_nsg_that_is_looked_up_tells_its_rules() -> None:
    told = nsg(security_rule=[without(rule(), "id", "network_security_group_name", "resource_group_name")])
    assert tells(state(stated("azurerm_network_security_group", told, mode="data")), NSG, "securityRules")


def test_peerings_of_new_networks_are_those_of_the_plan() -> None:
    plan = Plan().create("azurerm_virtual_network.hub", without(vnet(), "id"))
    plan.create("azurerm_virtual_network.spoke", without(vnet("spoke"), "id"))
    for near, far in (("hub", "spoke"), ("spoke", "hub")):
        told = {"name": f"to-{far}", "virtual_network_name": near, "resource_group_name": "rg"}
        expressions = {"remote_virtual_network_id": ref(f"azurerm_virtual_network.{far}.id")}
        plan.create(
            f"azurerm_virtual_network_peering.{near}", told, expressions, {"remote_virtual_network_id": True}
        )
    topology = build_topology(read(plan.document()))
    (peering,) = topology.peerings
    assert peering.a_half is not None and peering.b_half is not None
    assert peering.a_half.is_planned

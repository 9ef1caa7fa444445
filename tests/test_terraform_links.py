"""Links of plans: an id that nobody knows yet is that of the one resource which the expression can mean, or unknown."""

from __future__ import annotations

from typing import Any

import pytest
from terraform_plans import (
    NAMED,
    NET,
    SUBSCRIPTION,
    UNTOLD_GROUP,
    UNTOLD_NET,
    Json,
    Plan,
    const,
    read,
    records,
    ref,
)

from diagramgen.located import Place
from diagramgen.read.terraform.configuration import read_configuration
from diagramgen.read.terraform.estate import Estate
from diagramgen.read.terraform.plan import side_of
from diagramgen.read.terraform.reader import _make_id

SUBNET = f"{UNTOLD_NET}/virtualNetworks/hub/subnets"


def estate(plan: Plan) -> Estate:
    document = plan.document()
    return Estate(side_of(document, "after", Place("a")).instances, read_configuration(document), _make_id)


def value(plan: Plan, address: str, *path: str | int) -> Any:
    """An attribute of an instance, as converters get it."""
    resource = estate(plan).resource(address)
    assert resource is not None
    found: Any = resource.values
    for step in path:
        found = found[step]
    return found


def network(plan: Plan | None = None, name: str = "hub", **values: Any) -> Plan:
    told = {"name": name, "address_space": ["10.0.0.0/16"], **NAMED, **values}
    return (plan or Plan()).create(
        f"azurerm_virtual_network.{name}", told, {"name": const(name)}, {"subnet": True}
    )


def subnets(plan: Plan, *keys: str | int | None, declared: bool = True) -> Plan:
    """Subnets of the hub, `azurerm_subnet.s`, one a key, named after it."""
    for key in keys:
        bracket = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
        told = {
            "name": f"s{'' if key is None else key}",
            "virtual_network_name": "hub",
            "resource_group_name": "rg",
        }
        plan.create(f"azurerm_subnet.s{bracket}", told)
    if declared:
        plan.declare("azurerm_subnet.s", {"name": ref("each.key")})
    return plan


def linked(plan: Plan, expression: Json, address: str = "azurerm_nat_gateway.x", **call: Any) -> Any:
    """What `subnet_id` becomes that has this expression."""
    plan.create(address, {"name": "x", **NAMED}, None, {"subnet_id": True})
    plan.declare(address.split("[")[0], {"subnet_id": expression}, **call)
    return value(plan, address, "subnet_id")


def test_a_reference_gives_the_id_made_from_names() -> None:
    assert linked(subnets(network(), None), ref("azurerm_subnet.s.id")) == f"{SUBNET}/s"


def test_old_versions_refer_to_resources_without_their_attributes() -> None:
    assert linked(subnets(network(), None), {"references": ["azurerm_subnet.s"]}) == f"{SUBNET}/s"


@pytest.mark.parametrize(
    ("address", "expression", "found"),
    [
        ('azurerm_nat_gateway.x["b"]', ref("azurerm_subnet.s", "each.key"), f"{SUBNET}/sb"),
        ('azurerm_nat_gateway.x["c"]', ref("azurerm_subnet.s", "each.key"), None),
        ("azurerm_nat_gateway.x", ref('azurerm_subnet.s["a"].id'), f"{SUBNET}/sa"),
        ("azurerm_nat_gateway.x", ref('azurerm_subnet.s["z"].id'), None),
        ("azurerm_nat_gateway.x", ref("azurerm_subnet.s"), None),  # element(azurerm_subnet.s[*].id, 0)
        ('azurerm_nat_gateway.x["b"]', ref("azurerm_subnet.s", "each.key", "local.suffix"), None),
    ],
)
def test_for_each_meets_the_instance_with_the_same_key(
    address: str, expression: Json, found: str | None
) -> None:
    plan = subnets(network(), "a", "b")
    assert linked(plan, expression, address) == (found or f"{{{address}.subnet_id}}")


def test_count_meets_the_instance_with_the_same_index() -> None:
    plan = subnets(network(), 0, 1)
    assert linked(plan, ref("azurerm_subnet.s", "count.index"), "azurerm_nat_gateway.x[1]") == f"{SUBNET}/s1"


def test_an_index_that_counts_past_the_end_may_mean_any() -> None:
    plan = subnets(network(), 0, 1)
    for index in (0, 1, 2):
        plan.create(f"azurerm_nat_gateway.x[{index}]", {"name": "x", **NAMED}, None, {"subnet_id": True})
    plan.declare("azurerm_nat_gateway.x", {"subnet_id": ref("azurerm_subnet.s", "count.index")})
    assert value(plan, "azurerm_nat_gateway.x[1]", "subnet_id") == "{azurerm_nat_gateway.x[1].subnet_id}"


def test_the_only_instance_is_meant_whatever_the_index() -> None:
    assert linked(subnets(network(), "a"), ref("azurerm_subnet.s", "local.key")) == f"{SUBNET}/sa"


def test_each_value_leads_through_a_variable_to_a_key() -> None:
    plan = subnets(network(Plan(variables={"nics": {"value": {"web": {"subnet": "b"}}}})), "a", "b")
    expression = ref("azurerm_subnet.s", "each.value.subnet")
    found = linked(plan, expression, 'azurerm_nat_gateway.x["web"]', for_each_expression=ref("var.nics"))
    assert found == f"{SUBNET}/sb"


def test_each_value_of_a_list_of_objects_is_the_one_with_that_name() -> None:
    told = [{"name": "web", "subnet": "b"}, {"name": "db", "subnet": "a"}]
    plan = subnets(network(Plan(variables={"nics": {"value": told}})), "a", "b")
    expression = ref("azurerm_subnet.s", "each.value.subnet")
    found = linked(plan, expression, 'azurerm_nat_gateway.x["db"]', for_each_expression=ref("var.nics"))
    assert found == f"{SUBNET}/sa"


def test_each_value_of_a_chained_for_each_is_the_instance() -> None:
    plan = subnets(network(), "a", "b")
    found = linked(
        plan, ref("each.value.id"), 'azurerm_nat_gateway.x["b"]', for_each_expression=ref("azurerm_subnet.s")
    )
    assert found == f"{SUBNET}/sb"


@pytest.mark.parametrize(
    "expression",
    [
        ref("azurerm_subnet.s.id", "azurerm_subnet.t.id"),  # c ? s : t
        ref("local.subnet_id"),
        ref("azurerm_subnet.s.id", "local.flag"),
        ref("azurerm_virtual_network.hub.id"),  # "${azurerm_virtual_network.hub.id}/subnets/s"
        ref("azurerm_subnet.nowhere.id"),
        ref("random_pet.p.id"),
        ref("azurerm_subnet.s.name"),
        {"references": "azurerm_subnet.s.id"},
        {"references": [7, None, "", "..", "azurerm_subnet"]},
        {"references": ["(removed)"]},
        {},
        [{}],
        None,
    ],
)
def test_what_is_not_certain_stays_unknown(expression: Any) -> None:
    plan = subnets(network(), None).create(
        "azurerm_subnet.t", {"name": "t", "virtual_network_name": "hub", "resource_group_name": "rg"}
    )
    plan.create("random_pet.p", {})
    assert linked(plan, expression) == "{azurerm_nat_gateway.x.subnet_id}"


def test_what_is_known_does_not_decide() -> None:
    """A condition on a variable: its value is known, so the unknown value is that of the resource."""
    plan = subnets(network(Plan(variables={"create": {"value": True}, "other": {"value": None}})), 0)
    assert linked(plan, ref("var.create", "azurerm_subnet.s[0].id", "var.other")) == f"{SUBNET}/s0"


def test_a_resource_with_count_zero_does_not_decide() -> None:
    plan = subnets(network(), None)
    assert linked(plan, ref("azurerm_subnet.absent[0].id", "azurerm_subnet.s.id")) == f"{SUBNET}/s"


def spokes(plan: Plan, *keys: str) -> Plan:
    """Instances of a module with a network each, whose name it is given."""
    plan.call("", "spoke", {"name": ref("each.key")}, for_each_expression=ref("var.spokes"))
    for key in keys:
        plan.create(f'module.spoke["{key}"].azurerm_virtual_network.v', {"name": key, **NAMED})
        told = {"name": "app", "virtual_network_name": key, "resource_group_name": "rg"}
        plan.create(f'module.spoke["{key}"].azurerm_subnet.s["app"]', told)
    plan.declare("module.spoke.azurerm_virtual_network.v", {"name": ref("var.name")})
    plan.declare("module.spoke.azurerm_subnet.s", {"name": ref("each.key")})
    plan.output("spoke", "vnet_id", ref("azurerm_virtual_network.v.id"))
    plan.output("spoke", "subnet_ids", ref("azurerm_subnet.s"))
    plan.output("spoke", "network", ref("azurerm_virtual_network.v"))
    return plan


@pytest.mark.parametrize(
    "references",
    [
        ('module.spoke["b"].subnet_ids["app"]',),
        ('module.spoke["b"].subnet_ids',),  # values(...)[0]: there is only one
        ('module.spoke["b"].subnet_ids.app',),
    ],
)
def test_outputs_lead_down_into_modules(references: tuple[str, ...]) -> None:
    found = linked(spokes(Plan(), "a", "b"), ref(*references))
    assert found == f"{UNTOLD_NET}/virtualNetworks/b/subnets/app"


def peering(plan: Plan, key: str, expression: Json, **call: Any) -> Any:
    told = {"name": f"to-{key}", "virtual_network_name": "hub", "resource_group_name": "rg"}
    address = f'azurerm_virtual_network_peering.p["{key}"]'
    network(plan).create(address, told, None, {"remote_virtual_network_id": True})
    plan.declare("azurerm_virtual_network_peering.p", {"remote_virtual_network_id": expression}, **call)
    return value(plan, address, "remote_virtual_network_id")


@pytest.mark.parametrize(
    ("expression", "call"),
    [
        (ref("each.value.vnet_id"), {"for_each_expression": ref("module.spoke")}),
        (ref("each.value.network.id"), {"for_each_expression": ref("module.spoke")}),
        (
            ref("module.spoke", "each.key"),
            {},
        ),  # module.spoke[each.key].vnet_id: the output is not told, its type is
        (ref('module.spoke["b"].network.id'), {}),
    ],
)
def test_modules_with_for_each_are_met_by_key(expression: Json, call: Json) -> None:
    found = peering(spokes(Plan(), "a", "b"), "b", expression, **call)
    assert found == f"{UNTOLD_NET}/virtualNetworks/b"


def test_variables_lead_up_out_of_modules_at_any_depth() -> None:
    plan = (
        subnets(network(), "a", "b")
        .call("", "one", {"ids": ref("azurerm_subnet.s")})
        .call("one", "two", {"id": ref('var.ids["b"]')})
    )
    assert linked(plan, ref("var.id"), "module.one.module.two.azurerm_nat_gateway.x") == f"{SUBNET}/sb"


def test_defaults_of_variables_count_where_nothing_is_given() -> None:
    plan = Plan().call("", "m")
    plan.root["module_calls"]["m"]["module"]["variables"] = {"key": {"default": "b"}}
    for key in ("a", "b"):
        told = {"name": key, "virtual_network_name": "hub", "resource_group_name": "rg"}
        plan.create(f'module.m.azurerm_subnet.s["{key}"]', told)
    assert linked(plan, ref("azurerm_subnet.s", "var.key"), "module.m.azurerm_nat_gateway.x") == f"{SUBNET}/b"


def test_expressions_that_lead_in_a_circle_end() -> None:
    plan = (
        network(Plan()).call("", "a", {"in": ref("module.b.out")}).call("", "b", {"in": ref("module.a.out")})
    )
    plan.output("a", "out", ref("var.in")).output("b", "out", ref("var.in"))
    assert linked(plan, ref("module.a.out")) == "{azurerm_nat_gateway.x.subnet_id}"


def test_names_that_wait_for_each_other_end() -> None:
    plan = Plan()
    for near, far in (("a", "b"), ("b", "a")):
        told = {
            "resource_group_name": "rg",
            "type": "Microsoft.Network/virtualNetworks@2024-01-01",
            "name": near,
        }
        expressions = {"parent_id": ref(f"azapi_resource.{far}.id")}
        plan.create(f"azapi_resource.{near}", told, expressions, {"parent_id": True})
    assert "azapi_resource" in value(plan, "azapi_resource.a", "id")


def test_a_chain_of_a_thousand_parents_ends() -> None:
    plan = Plan()
    for index in range(1000):
        told = {"type": "Microsoft.Network/virtualNetworks@2024-01-01", "name": f"n{index}"}
        expressions = {"parent_id": ref(f"azapi_resource.r{index + 1}.id")}
        plan.create(f"azapi_resource.r{index}", told, expressions, {"parent_id": True})
    assert value(plan, "azapi_resource.r0", "id").endswith("/n0")


def test_modules_that_explode_end() -> None:
    """Each output refers twice to the one before: two to the power of sixty ways."""
    plan = subnets(network(), None)
    for index in range(60):
        plan.call("", f"m{index}")
        below = f"module.m{index + 1}.out"
        plan.output(f"m{index}", "out", ref("var.x", "var.y"))
        plan.root["module_calls"][f"m{index}"]["expressions"] = {"x": ref(below), "y": ref(below)}
    assert linked(plan, ref("module.m0.out")) == "{azurerm_nat_gateway.x.subnet_id}"


def test_lists_take_all_instances_of_a_splat_and_say_what_is_missing() -> None:
    plan = subnets(network(), 0, 1)
    told = {"name": "st", **NAMED}
    for name, expression in {
        "all": ref("azurerm_subnet.s"),
        "more": ref("azurerm_subnet.s[0].id", "local.ids"),
        "none": ref("local.ids"),
    }.items():
        plan.create(f"azurerm_x.{name}", told, {"subnet_ids": expression}, {"subnet_ids": True})
    assert value(plan, "azurerm_x.all", "subnet_ids") == [f"{SUBNET}/s0", f"{SUBNET}/s1"]
    assert value(plan, "azurerm_x.more", "subnet_ids") == [f"{SUBNET}/s0", "{azurerm_x.more.subnet_ids}"]
    assert value(plan, "azurerm_x.none", "subnet_ids") == ["{azurerm_x.none.subnet_ids}"]


def test_entries_of_a_list_are_filled_in_where_they_are_as_many_as_references() -> None:
    plan = subnets(network(), 0, 1)
    both = ref("azurerm_subnet.s[0].id", "azurerm_subnet.s[1].id")
    plan.create("azurerm_x.a", {"subnet_ids": ["/known", None, None]}, {"subnet_ids": both},
                {"subnet_ids": [False, True, True]})  # fmt: skip
    plan.create("azurerm_x.b", {"subnet_ids": [None]}, {"subnet_ids": both}, {"subnet_ids": [True]})
    plan.create("azurerm_x.c", {"subnet_ids": [None]}, {}, {"subnet_ids": [True]})
    assert value(plan, "azurerm_x.a", "subnet_ids") == ["/known", f"{SUBNET}/s0", f"{SUBNET}/s1"]
    assert value(plan, "azurerm_x.b", "subnet_ids") == ["{azurerm_x.b.subnet_ids[0]}"]
    assert value(plan, "azurerm_x.c", "subnet_ids") == ["{azurerm_x.c.subnet_ids[0]}"]


def test_blocks_of_a_set_meet_their_configuration_by_their_constants() -> None:
    blocks = [
        {"name": const("two"), "subnet_id": ref("azurerm_subnet.s[1].id")},
        {"name": const("one"), "subnet_id": ref("azurerm_subnet.s[0].id")},
    ]
    plan = subnets(network(), 0, 1).create(
        "azurerm_lb.lb", {"name": "lb", **NAMED, "frontend_ip_configuration": [{"name": "one"}, {"name": "two"}]},
        {"frontend_ip_configuration": blocks},
        {"frontend_ip_configuration": [{"subnet_id": True, "id": True}, {"subnet_id": True}]},
    )  # fmt: skip
    found = value(plan, "azurerm_lb.lb", "frontend_ip_configuration")
    assert [each["subnet_id"] for each in found] == [f"{SUBNET}/s0", f"{SUBNET}/s1"]
    assert found[0]["id"] == "{azurerm_lb.lb.frontend_ip_configuration[0].id}"


def test_dynamic_blocks_are_in_no_configuration_and_stay_unknown() -> None:
    plan = subnets(network(), None).create(
        "azurerm_lb.lb", {"name": "lb", **NAMED, "frontend_ip_configuration": [{"name": "one"}]},
        {"name": const("lb")}, {"frontend_ip_configuration": [{"subnet_id": True}]},
    )  # fmt: skip
    found = value(plan, "azurerm_lb.lb", "frontend_ip_configuration", 0, "subnet_id")
    assert found == "{azurerm_lb.lb.frontend_ip_configuration[0].subnet_id}"


def test_blocks_that_one_expression_gives_take_what_fits_by_type() -> None:
    """`subnet {}` and `security_rule {}` are attributes to Terraform: one expression for all blocks together."""
    plan = Plan().create("azurerm_network_security_group.n", {"name": "n", **NAMED})
    plan.create("azurerm_network_ddos_protection_plan.d", {"name": "d", **NAMED})
    expression = ref("azurerm_network_security_group.n.id", "azurerm_network_ddos_protection_plan.d.id")
    network(plan, subnet=[{"name": "a", "address_prefixes": ["10.0.1.0/24"]}])
    plan.root["resources"][-1]["expressions"]["subnet"] = expression
    plan.changes[-1]["change"]["after_unknown"]["subnet"] = [{"id": True, "security_group": True}]
    (inline,) = value(plan, "azurerm_virtual_network.hub", "subnet")
    assert inline["security_group"] == f"{UNTOLD_NET}/networkSecurityGroups/n"
    assert inline["id"] == "{azurerm_virtual_network.hub.subnet[0].id}"


def test_a_ring_of_peerings_is_not_closed_at_home() -> None:
    plan = Plan()
    for index in range(3):
        plan.create(f"azurerm_virtual_network.v[{index}]", {"name": f"v{index}", **NAMED})
        told = {"name": "p", "virtual_network_name": f"v{index}", "resource_group_name": "rg"}
        plan.create(
            f"azurerm_virtual_network_peering.p[{index}]", told, None, {"remote_virtual_network_id": True}
        )
    plan.declare(
        "azurerm_virtual_network_peering.p",
        {"remote_virtual_network_id": ref("azurerm_virtual_network.v", "count.index")},
    )
    found = value(plan, "azurerm_virtual_network_peering.p[1]", "remote_virtual_network_id")
    assert found == "{azurerm_virtual_network_peering.p[1].remote_virtual_network_id}"


def test_an_unknown_name_is_nobody_elses() -> None:
    """Two names with the same random part are two names."""
    plan = Plan().create("random_pet.p", {})
    for name in ("a", "b"):
        plan.create(
            f"azurerm_virtual_network.{name}", dict(NAMED), {"name": ref("random_pet.p.id")}, {"name": True}
        )
    ids = {value(plan, f"azurerm_virtual_network.{name}", "id") for name in ("a", "b")}
    assert ids == {
        f"{UNTOLD_NET}/virtualNetworks/{{azurerm_virtual_network.{name}.name}}" for name in ("a", "b")
    }


def test_the_name_of_a_resource_group_is_the_same_wherever_it_is_unknown() -> None:
    plan = Plan().create("azurerm_resource_group.g", {"location": "westeurope"}, {"name": ref("random_pet.p.id")},
                         {"name": True})  # fmt: skip
    expressions = {"resource_group_name": ref("azurerm_resource_group.g.name")}
    told = {"name": "v", "location": "westeurope"}
    plan.create("azurerm_virtual_network.v", told, expressions, {"resource_group_name": True})
    group = value(plan, "azurerm_resource_group.g", "id")
    assert group == "/subscriptions/{subscription}/resourceGroups/{azurerm_resource_group.g.name}"
    assert value(plan, "azurerm_virtual_network.v", "id").startswith(f"{group}/providers/")


def test_the_address_of_a_next_hop_is_that_of_the_firewall() -> None:
    plan = Plan().create(
        "azurerm_firewall.f", {"name": "f", **NAMED, "ip_configuration": [{"name": "c"}]},
        {"ip_configuration": [{"name": const("c")}]}, {"ip_configuration": [{"private_ip_address": True}]},
    )  # fmt: skip
    plan.create(
        "azurerm_route.r", {"name": "r", "route_table_name": "rt", "resource_group_name": "rg"},
        {"next_hop_in_ip_address": ref("azurerm_firewall.f.ip_configuration[0].private_ip_address")},
        {"next_hop_in_ip_address": True},
    )  # fmt: skip
    told = value(plan, "azurerm_route.r", "next_hop_in_ip_address")
    assert told == "{azurerm_firewall.f.ip_configuration[0].private_ip_address}"


def test_ids_of_blocks_are_made_from_their_names() -> None:
    plan = Plan().create(
        "azurerm_lb.lb", {"name": "lb", **NAMED, "frontend_ip_configuration": [{"name": "fe"}]}, {},
        {"frontend_ip_configuration": [{"id": True}]},
    )  # fmt: skip
    expression = ref("azurerm_lb.lb.frontend_ip_configuration[0].id")
    plan.create(
        "azurerm_x.x",
        {},
        {"frontend_ip_configuration_id": expression},
        {"frontend_ip_configuration_id": True},
    )
    found = value(plan, "azurerm_x.x", "frontend_ip_configuration_id")
    assert found == f"{UNTOLD_NET}/loadBalancers/lb/frontendIPConfigurations/fe"


def test_slashes_in_keys_do_not_break_ids() -> None:
    plan = Plan().create('azurerm_virtual_network.v["10.0.0.0/16"]', dict(NAMED), None, {"name": True})
    found = value(plan, 'azurerm_virtual_network.v["10.0.0.0/16"]', "id")
    assert found.rpartition("/")[2] == '{azurerm_virtual_network.v["10.0.0.0-16"].name}'


def test_attributes_that_no_expression_gives_are_marked_and_not_absent() -> None:
    plan = Plan().create(
        "azurerm_public_ip.p", {"name": "p", **NAMED}, {}, {"ip_address": True, "zones": True}
    )
    assert value(plan, "azurerm_public_ip.p", "ip_address") == "{azurerm_public_ip.p.ip_address}"
    assert value(plan, "azurerm_public_ip.p", "zones") == "{azurerm_public_ip.p.zones}"


def test_a_plan_without_masks_counts_what_is_configured_and_has_no_value() -> None:
    plan = subnets(network(), None).create(
        "azurerm_network_interface.n", {"name": "n", **NAMED, "ip_configuration": [{"name": "ip"}]},
        {"ip_configuration": [{"name": const("ip"), "subnet_id": ref("azurerm_subnet.s.id")}]},
    )  # fmt: skip
    document = {key: told for key, told in plan.document().items() if key != "resource_changes"}
    found = records(document)["networkinterfaces/n"].properties["ipConfigurations"][0]["properties"]["subnet"]
    assert found == {"id": f"{SUBNET}/s"}


def test_links_that_stay_open_are_counted() -> None:
    plan = subnets(network(), None)
    told = {"name": "n", **NAMED, "ip_configuration": [{"name": "ip"}]}
    plan.create("azurerm_network_interface.n", told, {"ip_configuration": [{"subnet_id": ref("local.id")}]},
                {"ip_configuration": [{"subnet_id": True}]})  # fmt: skip
    (note,) = [d for d in read(plan.document()).diagnostics if d.code == "terraform-links"]
    assert note.message.startswith("1 link to another resource")


# Subscriptions


def subscription(plan: Plan, address: str = "azurerm_virtual_network.v") -> str:
    return str(value(plan, address, "id")).split("/")[2]


def one(plan: Plan, name: str = "v", key: str = "azurerm") -> Plan:
    plan.create(f"azurerm_virtual_network.{name}", {"name": name, **NAMED})
    return plan.declare(f"azurerm_virtual_network.{name}", {}, provider_config_key=key)


def configured(plan: Plan, **keys: Any) -> Plan:
    providers = {
        key.replace("_", "."): {"name": "azurerm", "expressions": {"subscription_id": told}}
        for key, told in keys.items()
    }
    document = plan.document
    plan.document = lambda: {
        **document(),
        "configuration": {"provider_config": providers, "root_module": plan.root},
    }  # type: ignore[method-assign]
    return plan


def test_nobody_knows_the_subscription() -> None:
    assert subscription(one(Plan())) == "{subscription}"


def test_the_providers_configuration_tells_the_subscription() -> None:
    assert subscription(configured(one(Plan()), azurerm=const(SUBSCRIPTION))) == SUBSCRIPTION
    plan = one(Plan(variables={"sub": {"value": SUBSCRIPTION.upper()}}))
    assert subscription(configured(plan, azurerm=ref("var.sub"))) == SUBSCRIPTION


def test_aliases_keep_two_subscriptions_apart() -> None:
    plan = configured(one(one(Plan(), "a"), "b", "azurerm.hub"), azurerm_hub=const(SUBSCRIPTION))
    assert subscription(plan, "azurerm_virtual_network.a") == "{subscription}"
    assert subscription(plan, "azurerm_virtual_network.b") == SUBSCRIPTION
    unknown = one(one(Plan(), "a"), "b", "azurerm.hub")
    assert subscription(unknown, "azurerm_virtual_network.b") == "{subscription of hub}"


def test_known_ids_and_data_sources_tell_the_subscription() -> None:
    known = {"name": "k", **NAMED, "id": f"{NET}/virtualNetworks/k"}
    assert subscription(one(Plan()).keep("azurerm_virtual_network.k", known)) == SUBSCRIPTION
    told = {"id": "x", "subscription_id": SUBSCRIPTION}
    assert subscription(one(Plan()).look_up("data.azurerm_client_config.me", told)) == SUBSCRIPTION


def test_ids_of_two_subscriptions_tell_nothing() -> None:
    plan = one(Plan())
    for index, azure_id in enumerate((NET, NET.replace("1111", "2222"))):
        known = {"name": "k", **NAMED, "id": f"{azure_id}/virtualNetworks/k{index}"}
        plan.keep(f"azurerm_virtual_network.k{index}", known)
    assert subscription(plan) == "{subscription}"


def test_planned_resources_of_one_name_stay_apart_with_a_warning() -> None:
    plan = Plan()
    for name in ("a", "b"):
        plan.create(
            f"azurerm_virtual_network.{name}", {"name": "same", **NAMED, "address_space": ["10.0.0.0/16"]}
        )
    found = read(plan.document())
    assert [record.name for record in found.records if record.type.endswith("virtualnetworks")] == [
        "same",
        "same",
    ]
    assert "terraform-double" in [diagnostic.code for diagnostic in found.diagnostics]
    assert UNTOLD_GROUP.lower() in found.records[0].id

"""azurerm's resources become what the REST API shows of them."""

import copy
import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from terraform_pairs import NETWORKS, Estate, G, Json, Pair, S, converted, instance, net, records
from terraform_pairs_edge import ENTRIES, FIREWALLS, GATEWAYS, LINKS
from terraform_pairs_services import CONTAINERS, DATA, SERVICES, SITES

from diagramgen.read.spelling import _SPELLING
from diagramgen.read.terraform.azurerm import CONVERTERS, azure_type, make_id
from diagramgen.read.terraform.azurerm.azure_types import KINDS
from diagramgen.read.terraform.resource import TerraformResource

PAIRS: Mapping[str, Pair] = {
    **NETWORKS, **FIREWALLS, **GATEWAYS, **LINKS, **ENTRIES, **CONTAINERS, **DATA, **SERVICES, **SITES,
}  # fmt: skip
INSTANCES = [(title, kind, values) for title, pair in PAIRS.items() for kind, values in pair.terraform]


def _estate(pair: Pair) -> Estate:
    rows = enumerate(copy.deepcopy(pair.terraform))
    return Estate([instance(kind, values, f"x{number}") for number, (kind, values) in rows])


@pytest.mark.parametrize("title", PAIRS)
def test_terraform_says_what_rest_says(title: str) -> None:
    made = records(_estate(PAIRS[title]).bodies())
    told = records(copy.deepcopy(PAIRS[title].rest))
    assert made.keys() == told.keys()
    for rid, record in told.items():
        assert made[rid].properties == record.properties, rid
        assert made[rid].type == record.type
        assert (made[rid].name.lower(), made[rid].location) == (record.name.lower(), record.location)
        assert made[rid].envelope == record.envelope, rid


ALIKE = {
    # those that no pair has: the one whose converter or table they share, or what they are tested by
    "ddos_protection_plan": "network_ddos_protection_plan", "express_route_circuit_authorization": "",
    "express_route_port": "", "frontdoor_firewall_policy": "cdn_frontdoor_firewall_policy", "cdn_profile": "",
    "traffic_manager_nested_endpoint": "traffic_manager_azure_endpoint",
    "traffic_manager_endpoint": "traffic_manager_azure_endpoint", "network_watcher": "", "network_watcher_flow_log": "",
    "network_profile": "", "network_security_perimeter": "", "network_security_perimeter_profile": "",
    "network_security_perimeter_association": "", "network_security_perimeter_access_rule": "",
    "subnet_service_endpoint_storage_policy": "", "route_filter": "", "dns_zone": "private_dns_zone",
    "private_dns_resolver_dns_forwarding_ruleset": "", "private_dns_resolver_forwarding_rule": "",
    "private_dns_resolver_virtual_network_link": "private_dns_zone_virtual_network_link",
    "palo_alto_virtual_network_appliance": "", "windows_virtual_machine": "linux_virtual_machine",
    "virtual_machine": "linux_virtual_machine", "windows_virtual_machine_scale_set": "linux_virtual_machine_scale_set",
    "orchestrated_virtual_machine_scale_set": "linux_virtual_machine_scale_set",
    "virtual_machine_scale_set": "linux_virtual_machine_scale_set",
        "kubernetes_automatic_cluster": "kubernetes_cluster",
    "network_manager_routing_configuration": "", "network_manager_routing_rule_collection": "",
    "network_manager_routing_rule": "", "network_manager_scope_connection": "", "network_manager_ipam_pool": "",
    "key_vault_managed_hardware_security_module": "", "netapp_account": "", "sql_server": "mssql_server",
    "sql_database": "mssql_database", "sql_firewall_rule": "mssql_firewall_rule",
    "sql_virtual_network_rule": "mssql_virtual_network_rule", "sql_managed_instance": "mssql_managed_instance",
    "redis_enterprise_cluster": "", "managed_redis": "", "ai_services": "cognitive_account",
    "ai_foundry": "machine_learning_workspace", "servicebus_namespace_network_rule_set": "servicebus_namespace",
    "eventgrid_domain": "eventgrid_topic", "eventgrid_namespace": "eventgrid_topic", "app_service_plan": "service_plan",
    "app_service_environment": "app_service_environment_v3", "static_site": "static_web_app",
    "app_service_slot_virtual_network_swift_connection": "app_service_virtual_network_swift_connection",
    "logic_app_standard": "linux_web_app", "function_app_flex_consumption": "linux_web_app",
    "resource_group": "", "subscription": "", "subscriptions": "", "management_group": "",
    "management_group_subscription_association": "",
    **{f"{name}_{kind}": f"postgresql_{kind}" for name in ("mysql", "mariadb")
       for kind in ("server", "firewall_rule", "virtual_network_rule")},
    **{f"{name}{slot}": "linux_web_app_slot" for slot in ("", "_slot") for name in (
        "app_service", "function_app", "windows_web_app", "linux_function_app", "windows_function_app")},
    **{f"hdinsight_{name}_cluster": "hdinsight_spark_cluster" for name in ("hadoop", "hbase", "interactive_query",
        "kafka")},
}  # fmt: skip


def test_every_type_is_in_a_pair_or_like_one_that_is() -> None:
    paired = {f"azurerm_{kind}" for _, kind, _ in INSTANCES}
    others = {f"azurerm_{kind}" for kind in ALIKE}
    assert paired | others >= CONVERTERS.keys()
    assert {f"azurerm_{kind}" for kind in ALIKE.values() if kind} <= paired


@pytest.mark.parametrize(("title", "kind", "values"), INSTANCES)
def test_an_id_is_made_up_as_azure_will_give_it(title: str, kind: str, values: Json) -> None:
    planned = instance(kind, {name: value for name, value in values.items() if name != "id"})
    made = make_id(planned, Estate([planned]))
    if f"azurerm_{kind}" not in KINDS:
        assert made == ""
    elif kind == "network_manager_deployment":
        assert made.endswith("/networkManagers/anm/commits/SecurityAdmin-westeurope")
    else:
        assert made.lower() == values["id"].lower()


def test_what_is_not_known_stays_visible_in_a_made_up_id() -> None:
    lookup = Estate([])
    lookup.subscription_id = "{subscription}"
    subnet = instance(
        "subnet", {"name": "app", "virtual_network_name": "{v.name}", "resource_group_name": None}
    )
    assert make_id(subnet, lookup) == (
        "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/Microsoft.Network/"
        "virtualNetworks/{v.name}/subnets/app"
    )
    joined = instance("virtual_hub_connection", {"name": "spoke", "virtual_hub_id": "{h.id}"})
    assert make_id(joined, lookup).endswith(
        "/resourceGroups/{resourceGroup}/providers/Microsoft.Network/virtualHubs/{h.id}/hubVirtualNetworkConnections/spoke"
    )
    nameless = instance("public_ip", {"resource_group_name": "rg"}, "a")
    assert make_id(nameless, lookup).endswith("/publicIPAddresses/{azurerm_public_ip.a.name}")


def test_containers_have_ids_of_their_own_kind() -> None:
    lookup = Estate([])
    assert make_id(instance("resource_group", {"name": "rg"}), lookup) == G
    assert make_id(instance("subscription", {"subscription_id": "s"}), lookup) == "/subscriptions/s"
    group = make_id(instance("management_group", {"name": "corp"}), lookup)
    assert group == "/providers/Microsoft.Management/managementGroups/corp"
    link = instance("network_security_perimeter_association", {
        "name": "a", "network_security_perimeter_profile_id": net("networkSecurityPerimeters/profiles", "p",
            "default")})  # fmt: skip
    assert make_id(link, lookup) == net("networkSecurityPerimeters/resourceAssociations", "p", "a")


def test_a_type_has_a_name_of_azure_or_none() -> None:
    assert azure_type("azurerm_lb") == "Microsoft.Network/loadBalancers"
    assert azure_type("azurerm_monitor_diagnostic_setting") == azure_type("random_pet") == ""


def test_management_groups_tell_where_subscriptions_stand() -> None:
    corp = "/providers/Microsoft.Management/managementGroups/corp"
    made = records(
        Estate(
            [
                instance("management_group", {
                    "id": corp, "name": "corp", "display_name": "Corp", "subscription_ids": ["s1"],
                    "parent_management_group_id": "/providers/Microsoft.Management/managementGroups/root"}),
                instance("management_group_subscription_association",
                         {"management_group_id": corp, "subscription_id": "/subscriptions/s2"}),
                instance("subscription", {"id": "/subscriptions/s2", "subscription_id": "s2", "display_name": "Two"},
                    is_data=True),
                instance("subscriptions", {"subscriptions": [{"subscription_id": "s1", "display_name": "One"}]},
                    is_data=True),
                instance("resource_group", {"id": G, "name": "rg", "location": "westeurope"}),
            ]
        ).bodies()
    )  # fmt: skip
    assert made[corp.lower()].name == "Corp"
    assert made[corp.lower()].envelope["parent"].endswith("/managementgroups/root")
    for name, title in (("s1", "One"), ("s2", "Two")):
        assert made[f"/subscriptions/{name}"].name == title
        assert made[f"/subscriptions/{name}"].envelope["parent"] == corp.lower()
    assert made[G.lower()].location == "westeurope"


# Versions of the provider

VERSIONS: list[tuple[str, str, Json, Json]] = [
    ("route propagation", "route_table", {"disable_bgp_route_propagation": True},
        {"bgp_route_propagation_enabled": False}),
    ("policies of endpoints", "subnet", {"private_endpoint_network_policies_enabled": True},
     {"private_endpoint_network_policies": "Enabled"}),
    ("policies of endpoints, older", "subnet", {"enforce_private_link_endpoint_network_policies": True},
     {"private_endpoint_network_policies": "Disabled"}),
    ("service endpoints", "subnet", {"service_endpoints": ["Microsoft.Sql"]},
        {"service_endpoint": [{"service": "Microsoft.Sql"}]}),
    ("a subnet's prefix", "subnet", {"address_prefix": "10.0.0.0/24"}, {"address_prefixes": ["10.0.0.0/24"]}),
    ("IP forwarding", "network_interface", {"enable_ip_forwarding": True}, {"ip_forwarding_enabled": True}),
    ("floating IP", "lb_rule", {"name": "r", "loadbalancer_id": net("loadBalancers", "l"), "enable_floating_ip": True},
     {"name": "r", "loadbalancer_id": net("loadBalancers", "l"), "floating_ip_enabled": True}),
    ("BGP", "virtual_network_gateway", {"enable_bgp": True}, {"bgp_enabled": True}),
    ("authorised ranges", "kubernetes_cluster", {"api_server_authorized_ip_ranges": ["20.0.0.0/8"]},
     {"api_server_access_profile": [{"authorized_ip_ranges": ["20.0.0.0/8"]}]}),
    ("HTTPS only", "storage_account", {"enable_https_traffic_only": True}, {"https_traffic_only_enabled": True}),
    ("Cosmos DB's addresses", "cosmosdb_account", {"ip_range_filter": "20.1.2.3,20.4.0.0/16"},
     {"ip_range_filter": ["20.1.2.3", "20.4.0.0/16"]}),
    ("ingestion", "log_analytics_workspace", {"internet_ingestion_enabled": False},
        {"internet_ingestion_access_type": "Disabled"}),
    ("MySQL's access", "mysql_flexible_server", {"public_network_access_enabled": False},
        {"public_network_access": "Disabled"}),
    ("AI rules", "cognitive_account", {"network_acls": [{"default_action": "Deny",
        "virtual_network_subnet_ids": ["/s"]}]},
     {"network_acls": [{"default_action": "Deny", "virtual_network_rules": [{"subnet_id": "/s"}]}]}),
    ("Internet security", "express_route_connection", {"enable_internet_security": True},
        {"internet_security_enabled": True}),
    ("a flow log's target", "network_watcher_flow_log", {"network_security_group_id": "/n"},
        {"target_resource_id": "/n"}),
    ("an origin's switch", "cdn_frontdoor_origin", {"health_probes_enabled": False}, {"enabled": False}),
    ("mount targets", "netapp_volume", {"mount_ip_addresses": ["10.0.0.4"]},
        {"mount_target": [{"ip_address": "10.0.0.4"}]}),
    ("pools of gateways", "application_gateway",
     {"backend_address_pool": [{"name": "p", "fqdn_list": ["a.b"], "ip_address_list": ["10.0.0.4"]}]},
     {"backend_address_pool": [{"name": "p", "fqdns": ["a.b"], "ip_addresses": ["10.0.0.4"]}]}),
    ("a plan's size", "service_plan", {"sku": [{"tier": "Premium", "size": "P1v3"}]}, {"sku_name": "P1v3"}),
]  # fmt: skip


@pytest.mark.parametrize(("title", "kind", "older", "newer"), VERSIONS)
def test_older_names_say_the_same(title: str, kind: str, older: Json, newer: Json) -> None:
    assert converted(kind, older) == converted(kind, newer)
    (properties,) = [converted(kind, newer)]
    assert properties != converted(
        kind, {"name": newer.get("name"), "loadbalancer_id": newer.get("loadbalancer_id")}
    )


def test_old_states_write_booleans_as_texts() -> None:
    for told, meant in (("true", True), ("false", False), (True, True)):
        table = converted("route_table", {"disable_bgp_route_propagation": told})
        assert table["properties"]["disableBgpRoutePropagation"] is meant


def test_the_provider_s_defaults_hold_where_nothing_is_said() -> None:
    peering = converted("virtual_network_peering", {"remote_virtual_network_id": "/v"})["properties"]
    assert peering["allowVirtualNetworkAccess"] is True
    assert peering["allowForwardedTraffic"] is peering["useRemoteGateways"] is False
    assert "peeringState" not in peering
    assert converted("virtual_wan", {})["properties"]["allowBranchToBranchTraffic"] is True
    assert converted("virtual_hub_connection", {})["properties"]["enableInternetSecurity"] is False
    assert converted("firewall", {"sku_name": "AZFW_VNet"})["properties"]["threatIntelMode"] == "Alert"
    assert converted("api_management", {})["properties"]["virtualNetworkType"] == "None"
    policy = converted("web_application_firewall_policy", {"policy_settings": []})["properties"][
        "policySettings"
    ]
    assert policy == {"state": "Enabled", "mode": "Prevention"}
    assert converted("key_vault", {})["properties"]["publicNetworkAccess"] == "Enabled"


def test_a_private_bastion_is_one_without_a_public_address() -> None:
    told = {
        "sku": "Premium",
        "ip_configuration": [{"name": "i", "subnet_id": "/s", "public_ip_address_id": ""}],
    }
    assert converted("bastion_host", told)["properties"]["enablePrivateOnlyBastion"] is True
    told["ip_configuration"] = [{"name": "i", "subnet_id": "/s", "public_ip_address_id": "/p"}]
    assert converted("bastion_host", told)["properties"]["enablePrivateOnlyBastion"] is False


# Data sources


def test_a_data_source_does_not_open_what_it_does_not_tell() -> None:
    for kind, name in (("key_vault", "networkAcls"), ("cognitive_account", "networkAcls")):
        told = converted(kind, {"name": "x"}, is_data=True)["properties"]
        assert told["publicNetworkAccess"] == f"{{azurerm_{kind}.x.public_network_access_enabled}}"
        assert told[name]["defaultAction"].startswith("{")
    for kind in ("data_factory", "automation_account", "search_service"):
        told = converted(kind, {"name": "x"}, is_data=True)["properties"]
        assert told["publicNetworkAccess"].startswith("{")
    assert "networkAcls" not in converted("storage_account", {"name": "x"}, is_data=True)["properties"]
    assert "ipRules" not in converted("cosmosdb_account", {"name": "x"}, is_data=True)["properties"]
    assert len(Estate([instance("eventhub_namespace", {"name": "x"}, is_data=True)]).bodies()) == 1


def test_a_looked_up_network_names_its_subnets_and_peers() -> None:
    vnet = net("virtualNetworks", "hub")
    told = converted("virtual_network", {
        "id": vnet, "address_space": ["10.0.0.0/16"], "subnets": ["app", "GatewaySubnet"],
        "vnet_peerings": {"to-spoke": net("virtualNetworks", "spoke")}}, is_data=True)["properties"]  # fmt: skip
    assert told["subnets"] == [{"id": f"{vnet}/subnets/app"}, {"id": f"{vnet}/subnets/GatewaySubnet"}]
    (peering,) = told["virtualNetworkPeerings"]
    assert peering["properties"]["remoteVirtualNetwork"] == {"id": net("virtualNetworks", "spoke")}
    assert peering["properties"]["allowForwardedTraffic"].startswith("{")


def test_a_looked_up_subnet_tells_what_is_attached() -> None:
    told = converted("subnet", {"network_security_group_id": "/n", "route_table_id": "/r"}, is_data=True)[
        "properties"
    ]
    assert (told["networkSecurityGroup"], told["routeTable"]) == ({"id": "/n"}, {"id": "/r"})


# A network's own list of subnets


def _network(**more: Any) -> list[TerraformResource]:
    vnet = net("virtualNetworks", "hub")
    inline = [
        {"id": f"{vnet}/subnets/app", "name": "app", "address_prefix": "10.0.9.0/24", "security_group": "/old"},
        {"id": f"{vnet}/subnets/other", "name": "other", "address_prefixes": ["10.0.2.0/24"], "security_group": "/nsg",
         "route_table_id": "/rt", "service_endpoints": ["Microsoft.Web"]},
    ]  # fmt: skip
    return [
        instance("virtual_network", {"id": vnet, "name": "hub", "address_space": ["10.0.0.0/16"], "subnet": inline,
            **more}),
        instance("subnet", {"id": f"{vnet}/subnets/app", "name": "app", "address_prefixes": ["10.0.1.0/24"]}),
    ]  # fmt: skip


def test_the_copy_of_a_subnet_in_its_network_adds_only_what_is_attached() -> None:
    made = records(Estate(_network()).bodies())
    app = made[net("virtualNetworks/subnets", "hub", "app").lower()].properties
    assert app == {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": "/old"}}
    other = made[net("virtualNetworks/subnets", "hub", "other").lower()].properties
    assert other == {
        "addressPrefix": "10.0.2.0/24", "networkSecurityGroup": {"id": "/nsg"}, "routeTable": {"id": "/rt"},
        "serviceEndpoints": [{"service": "Microsoft.Web"}],
    }  # fmt: skip


def test_an_association_goes_before_the_network_s_copy() -> None:
    subnet = net("virtualNetworks/subnets", "hub", "app")
    told = {
        "subnet_id": subnet.upper().replace("/SUBSCRIPTIONS", "/subscriptions"),
        "network_security_group_id": "/new",
    }
    joined = instance("subnet_network_security_group_association", told)
    made = records(Estate([*_network(), joined]).bodies())
    assert made[subnet.lower()].properties["networkSecurityGroup"] == {"id": "/new"}


def test_prefixes_that_a_pool_allocates_are_the_network_s() -> None:
    pool = [{"id": "/p", "number_of_ip_addresses": "256", "allocated_ip_address_prefixes": ["10.5.0.0/24"]}]
    assert converted("subnet", {"ip_address_pool": pool})["properties"] == {"addressPrefix": "10.5.0.0/24"}
    told = converted("virtual_network", {"ip_address_pool": pool})["properties"]
    assert told["addressSpace"] == {"addressPrefixes": ["10.5.0.0/24"]}
    pool[0]["allocated_ip_address_prefixes"] = "{x}"  # type: ignore[assignment]
    assert converted("subnet", {"ip_address_pool": pool})["properties"] == {"addressPrefix": "{x}"}


# What is not known yet


def test_a_new_resource_has_the_default_of_what_is_not_configured() -> None:
    account = instance("storage_account", {"name": "sa", "network_rules": "{sa.network_rules}"}, is_new=True)
    assert Estate([account]).bodies()[0]["properties"]["networkAcls"]["defaultAction"] == "Allow"
    told = Estate([account], ["network_rules"]).bodies()[0]["properties"]["networkAcls"]
    assert told == "{sa.network_rules}"
    rules = instance("storage_account_network_rules", {"storage_account_id": make_id(account, Estate([])),
                                                       "default_action": "Deny"})  # fmt: skip
    assert "networkAcls" not in Estate([account, rules]).bodies()[0]["properties"]
    known = instance("storage_account", {"name": "sa", "network_rules": "{sa.network_rules}"})
    assert Estate([known]).bodies()[0]["properties"]["networkAcls"] == "{sa.network_rules}"


def test_routing_of_a_new_connection_is_azure_s_default() -> None:
    values = {"name": "c", "virtual_hub_id": net("virtualHubs", "h"), "routing": "{c.routing}"}
    new = instance("virtual_hub_connection", values, is_new=True)
    assert "routingConfiguration" not in Estate([new]).bodies()[0]["properties"]
    assert (
        Estate([instance("virtual_hub_connection", values)]).bodies()[0]["properties"]["routingConfiguration"]
        == "{c.routing}"
    )
    values["routing"] = [
        {
            "associated_route_table_id": "{c.table}",
            "propagated_route_table": [
                {"route_table_ids": [net("virtualHubs/hubRouteTables", "h", "t")], "labels": "{c.labels}"}
            ],
        }
    ]  # type: ignore[assignment]
    (made,) = Estate([instance("virtual_hub_connection", values, is_new=True)], ["routing"]).bodies()
    assert made["properties"]["routingConfiguration"] == {
        "associatedRouteTable": {"id": "{c.table}"},
        "propagatedRouteTables": {"ids": [{"id": net("virtualHubs/hubRouteTables", "h", "t")}]},
    }  # fmt: skip


def test_a_route_to_an_address_that_is_not_known_names_the_appliance() -> None:
    firewall = instance("firewall", {"name": "fw", "resource_group_name": "rg"}, "hub", is_new=True)
    told = {"name": "r", "route_table_name": "t", "resource_group_name": "rg", "address_prefix": "0.0.0.0/0",
            "next_hop_type": "VirtualAppliance",
            "next_hop_in_ip_address": "{azurerm_firewall.hub.ip_configuration[0].private_ip_address}"}  # fmt: skip
    made = Estate([firewall, instance("route", told)]).bodies()[-1]["properties"]
    assert made["nextHop"] == {"id": net("azureFirewalls", "fw")}
    told["next_hop_in_ip_address"] = "{azurerm_route.x.next_hop_in_ip_address}"
    assert "nextHop" not in Estate([firewall, instance("route", told)]).bodies()[-1]["properties"]


def test_a_machine_that_an_interface_does_not_know_yet_is_no_machine() -> None:
    told = converted("network_interface", {"virtual_machine_id": "{nic.virtual_machine_id}"}, is_new=True)
    assert "virtualMachine" not in told["properties"]


def test_rules_and_routes_that_are_not_told_are_absent() -> None:
    assert (
        "securityRules"
        not in converted("network_security_group", {"security_rule": "{n.security_rule}"})["properties"]
    )
    assert "routes" not in converted("route_table", {"route": "{t.route}"})["properties"]
    assert "subnets" not in converted("virtual_network", {"subnet": "{v.subnet}"})["properties"]
    assert converted("network_security_group", {"security_rule": []})["properties"]["securityRules"] == []


def test_an_association_with_something_unknown_says_nothing() -> None:
    told = {"subnet_id": "{a.subnet_id}", "network_security_group_id": "/n"}
    assert Estate([instance("subnet_network_security_group_association", told)]).bodies() == []


MARK = "{azurerm_x.y.z}"


def _variants(value: Any) -> list[Any]:
    """A value with each of its parts unknown in turn, and as a whole."""
    found: list[Any] = [MARK]
    if isinstance(value, dict):
        found += [{**value, name: each} for name, inner in value.items() for each in _variants(inner)]
    elif isinstance(value, list):
        found += [[MARK]]
        found += [
            [*value[:n], each, *value[n + 1 :]] for n, inner in enumerate(value) for each in _variants(inner)
        ]
    return found


@pytest.mark.parametrize("title", PAIRS)
def test_what_is_not_known_flows_on_wherever_it_is(title: str) -> None:
    rows = PAIRS[title].terraform
    for number, (_, values) in enumerate(rows):
        for name in values.keys() - {"id"}:
            for each in _variants(values[name]):
                changed = [(k, {**v, name: each} if n == number else v) for n, (k, v) in enumerate(rows)]
                for is_new in (False, True):
                    estate = Estate(
                        [instance(k, v, f"x{n}", is_new=is_new) for n, (k, v) in enumerate(changed)]
                    )
                    json.dumps(estate.bodies())


JUNK: tuple[Any, ...] = (
    None, "", "x", "{x}", 0, -1, 3.5, True, False, [], {}, [None], [[]], [{}], ["x", None, 7], [{"name": None}],
    [{"name": 7, "x": [1]}], {"name": "x"}, {"x": {"y": []}}, "/subscriptions/s", ["{x}", {"name": "{y}"}],
)  # fmt: skip


@pytest.mark.parametrize("kind", CONVERTERS)
def test_no_shape_of_an_attribute_stops_a_converter(kind: str) -> None:
    drawn = random.Random(kind)

    class Anything(dict[str, Any]):
        """Attributes that all are there, each of some shape, blocks within blocks."""

        def __init__(self, depth: int) -> None:
            super().__init__(name="x")
            self.depth = depth

        def __missing__(self, name: str) -> Any:
            self[name] = self.draw()
            return self[name]

        def get(self, name: str, default: Any = None) -> Any:
            return self[name]

        def draw(self) -> Any:
            if self.depth and drawn.random() < 0.6:
                return [Anything(self.depth - 1) for _ in range(drawn.randrange(1, 3))]
            return drawn.choice(JUNK)

    for _ in range(25):
        mode = drawn.random() < 0.3
        one = instance(kind.removeprefix("azurerm_"), Anything(3), is_new=drawn.random() < 0.5, is_data=mode)
        for made in Estate([one]).bodies():
            assert isinstance(made["id"], str)
            assert isinstance(made["properties"], dict)
            json.dumps(made)


def test_properties_are_spelt_as_everywhere() -> None:
    for pair in PAIRS.values():
        for name in _keys(_estate(pair).bodies()):
            assert _SPELLING.get(name.lower(), name) == name


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in _keys(inner)}
    return {key for inner in value for key in _keys(inner)} if isinstance(value, list) else set()


def test_the_estate_of_the_pairs_has_one_subscription() -> None:
    assert S in G

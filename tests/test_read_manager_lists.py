"""What a network manager answers of deployments, active and effective configurations is proof of them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from read_samples import GROUP, HUB, SPOKE, by_id, encoded, read, rest_vnet

from diagramgen.analyse.manager import connected_groups, is_deployed
from diagramgen.pipeline import build_topology
from diagramgen.read import Options, Source, read_records
from diagramgen.read.record import Reading

MANAGER = f"{GROUP}/providers/Microsoft.Network/networkManagers/nm"
MESH = f"{MANAGER}/connectivityConfigurations/mesh"
ADMIN = f"{MANAGER}/securityAdminConfigurations/admin"
RULES = f"{ADMIN}/ruleCollections/all"
PRODUCTION = f"{MANAGER}/networkGroups/production"


def mesh(**more: Any) -> dict[str, Any]:
    """A mesh of one group, as an active or effective list tells it."""
    properties = {
        "connectivityTopology": "Mesh",
        "isGlobal": "True",
        "hubs": [],
        "appliesToGroups": [
            {"networkGroupId": PRODUCTION, "groupConnectivity": "DirectlyConnected", "isGlobal": "False"}
        ],
    }
    groups = [{"id": PRODUCTION, "properties": {"provisioningState": "Succeeded"}}]
    return {"id": MESH[1:], "properties": properties, "configurationGroups": groups, **more}


def rule(**more: Any) -> dict[str, Any]:
    """A rule, as an active or effective list tells it."""
    return {
        "id": f"{RULES}/rules/no-ssh",
        "configurationDescription": "",
        "ruleCollectionAppliesToGroups": [{"networkGroupId": PRODUCTION}],
        "ruleGroups": [{"id": PRODUCTION}],
        "kind": "Custom",
        "properties": {
            "access": "Deny",
            "direction": "Inbound",
            "priority": 1,
            "destinationPortRanges": ["22"],
        },
        **more,
    }


def status(
    *ids: str, region: str = "westeurope", told: str = "Deployed", kind: str = "Connectivity"
) -> dict[str, Any]:
    return {"deploymentType": kind, "configurationIds": list(ids), "region": region, "deploymentStatus": told}


def deployed(reading: Reading, configuration: str, region: str = "") -> bool | None:
    estate = build_topology(reading)
    return is_deployed(estate, estate.resources[configuration.lower()], region)


def answer(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"value": list(items), "skipToken": "", **more}


ACTIVE = answer(mesh(region="westeurope", commitTime="2024"))


@pytest.mark.parametrize("listed", [answer(status(MESH)), ACTIVE], ids=["status", "active"])
def test_what_is_deployed_to_a_region_is_known_for_that_region_alone(listed: dict[str, Any]) -> None:
    reading = read(ACTIVE["value"][0] | {"id": MESH}, rest_vnet(), listed)
    assert deployed(reading, MESH, "West Europe") is True
    assert deployed(reading, MESH) is True
    assert deployed(reading, MESH, "northeurope") is None


def test_a_deployment_that_is_under_way_is_not_known() -> None:
    resource = {"id": MESH, "properties": mesh()["properties"]}
    reading = read(resource, rest_vnet(), answer(status(MESH, told="Deploying")))
    assert deployed(reading, MESH, "westeurope") is None


def test_a_file_that_says_which_manager_it_is_of_tells_what_is_not_deployed() -> None:
    resource = {"id": MESH, "properties": mesh()["properties"]}
    told = answer(status(MESH), networkManagerId=MANAGER)
    assert deployed(read(resource, rest_vnet(), told), MESH, "northeurope") is False
    assert deployed(read(resource, rest_vnet(), answer(networkManagerId=MANAGER)), MESH) is False
    more = answer(status(MESH), networkManagerId=MANAGER) | {"skipToken": "next"}
    assert deployed(read(resource, rest_vnet(), more), MESH, "northeurope") is None


def test_an_answer_flattened_by_az_or_written_by_powershell_says_the_same() -> None:
    item = mesh(region="westeurope", commitTime="2024")
    flat = {
        **{k: v for k, v in item.items() if k != "properties"},
        **item["properties"],
        "resourceGroup": "rg-net",
    }
    plain = by_id(read(rest_vnet(), answer(item)))[MESH.lower()].properties
    assert by_id(read(rest_vnet(), answer(flat)))[MESH.lower()].properties == plain
    upper = {"Value": [{"CommitTime": "2024", "Region": "westeurope", "DeploymentStatus": "Deployed",
                        "ConfigurationIds": [MESH], "DeploymentType": "Connectivity"}], "SkipToken": None}  # fmt: skip
    resource = {"id": MESH, "properties": mesh()["properties"]}
    assert deployed(read(resource, rest_vnet(), upper), MESH, "westeurope") is True


def test_an_active_rule_brings_its_collection_and_configuration() -> None:
    found = by_id(read(rest_vnet(), answer(rule(region="westeurope", commitTime="2024"))))
    assert found[RULES.lower()].properties["appliesToGroups"] == [{"networkGroupId": PRODUCTION}]
    assert found[f"{RULES}/rules/no-ssh".lower()].properties["access"] == "Deny"
    assert ADMIN.lower() in found
    assert found[PRODUCTION.lower()].envelope["isUntold"] is True


def test_what_is_effective_for_a_vnet_makes_it_a_member() -> None:
    effective = answer(mesh(), virtualNetworkId=HUB)
    estate = build_topology(read(rest_vnet(), effective))
    (group,) = estate.network_groups
    assert group.members == (HUB.lower(),)


def test_what_is_effective_for_two_vnets_joins_them() -> None:
    other = rest_vnet() | {"id": SPOKE, "name": "vnet-spoke"}
    other["properties"] = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": []}
    other["properties"]["virtualNetworkPeerings"] = []
    both = [answer(mesh(), virtualNetworkId=vnet) for vnet in (HUB, SPOKE)]
    (group, _) = connected_groups(build_topology(read(rest_vnet(), other, *both)))
    assert group.members == {HUB.lower(), SPOKE.lower()}
    assert group.is_sure
    (group,) = connected_groups(build_topology(read(rest_vnet(), other, both[0], ACTIVE)))
    assert (group.members, group.is_sure) == (frozenset(), False), "the other may be a member too"
    assert group.others == {HUB.lower(), SPOKE.lower()}


def test_the_user_says_of_which_vnet_an_answer_is() -> None:
    sources = [Source("vnet.json", encoded(rest_vnet())), Source("effective.json", encoded(answer(mesh())))]
    for told in (HUB, "vnet-hub", "VNET-HUB"):
        reading = read_records(sources, Options(effective_of={"effective.json": told}))
        (group,) = build_topology(reading).network_groups
        assert group.members == (HUB.lower(),)


def test_a_hub_is_no_member_of_the_group_of_its_spokes() -> None:
    star = mesh()
    star["properties"] |= {"connectivityTopology": "HubAndSpoke", "hubs": [{"resourceId": HUB}]}
    (group,) = build_topology(read(rest_vnet(), answer(star, virtualNetworkId=HUB))).network_groups
    assert group.members == ()


def test_members_of_a_group_that_the_file_names_are_members() -> None:
    listed = answer(
        {"id": HUB, "location": "westeurope", "membershipType": "Dynamic"}, networkGroupId=PRODUCTION
    )
    (group,) = build_topology(read(rest_vnet(), listed)).network_groups
    assert group.members == (HUB.lower(),)


def test_an_answer_that_does_not_tell_what_it_is_of_is_named() -> None:
    nameless = (
        answer(status("ConnConfig1")),
        answer({"id": HUB, "location": "westeurope", "membershipType": "Dynamic"}),
    )
    for listed in nameless:
        reading = read(rest_vnet(), listed)
        assert "does not tell of which network manager or group" in reading.diagnostics[0].message


def test_an_empty_answer_says_that_nothing_is_deployed() -> None:
    (note,) = read(rest_vnet(), answer()).diagnostics
    assert note.severity == "note"


def test_what_a_rule_or_member_belongs_to_is_there_as_a_name() -> None:
    alone = {"id": f"{RULES}/rules/no-ssh", "name": "no-ssh", "properties": rule()["properties"]}
    member = {"id": f"{PRODUCTION}/staticMembers/one", "name": "one", "properties": {"resourceId": SPOKE}}
    found = by_id(read(rest_vnet(), [alone, member]))
    for shown_id in (RULES, ADMIN, PRODUCTION):
        assert found[shown_id.lower()].envelope["isUntold"] is True
    collection = {"id": RULES, "name": "all", "properties": {"appliesToGroups": []}}
    told = by_id(read(rest_vnet(), [alone], [collection]))[RULES.lower()]
    assert "isUntold" not in told.envelope
    assert dict(told.properties) == {"appliesToGroups": []}


@pytest.mark.parametrize("broken", [None, 7, "x", [], {}, [None], [{}], {"id": 3}])
def test_broken_items_never_crash(broken: Any) -> None:
    items = [copy.deepcopy(mesh()), broken]
    for name in (
        "configurationGroups",
        "properties",
        "region",
        "configurationIds",
        "ruleCollectionAppliesToGroups",
    ):
        items.append({**mesh(), **rule(), name: broken, "commitTime": "x"})
    read(rest_vnet(), {"value": items, "skipToken": ""})


def test_what_resource_graph_tells_to_be_effective_is_deployed_for_that_vnet() -> None:
    def effective(vnet: str, kind: str, **properties: Any) -> dict[str, Any]:
        row = {"id": f"{vnet}/providers/Microsoft.Network/{kind}/default", "name": "default"}
        return row | {"type": f"microsoft.network/{kind.lower()}", "properties": properties}

    resource = {"id": MESH, "properties": mesh()["properties"]}
    admin = {"id": ADMIN, "properties": {"applyOnNetworkIntentPolicyBasedServices": ["None"]}}
    rows = [
        effective(
            HUB,
            "effectiveConnectivityConfigurations",
            effectiveConnectivityConfigurations=[{"id": f"{MESH.lower()}/snapshots/1"}],
        ),
        effective(
            HUB,
            "effectiveSecurityAdminRules",
            EffectiveSecurityAdminConfigurations=[{"Id": f"{ADMIN}/snapshots/7"}],
        ),
    ]
    estate = build_topology(read([resource, admin, rest_vnet(), *rows]))
    for shown_id in (MESH, ADMIN):
        configuration = estate.resources[shown_id.lower()]
        assert is_deployed(estate, configuration, "westeurope", HUB.lower()) is True
        assert is_deployed(estate, configuration, "westeurope", SPOKE.lower()) is None
    known = build_topology(read([resource, admin, rest_vnet(), *rows], answer(networkManagerId=MANAGER)))
    configuration = known.resources[MESH.lower()]
    assert is_deployed(known, configuration, "westeurope", HUB.lower()) is True
    assert is_deployed(known, configuration, "westeurope", SPOKE.lower()) is False

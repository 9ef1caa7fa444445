"""Service endpoints of a subnet: whether its callers come over one to a service, and which services it may reach.

https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
"""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.analyse.paas.answers import Admission, Answer
from diagramgen.analyse.verdicts import FlowVerdict, Rule
from diagramgen.located import Place
from diagramgen.model.references import at, keys, last_segment, vnet_of_subnet
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import NO_RANGES

STORAGE = "microsoft.storage"
_POLICY = "microsoft.network/serviceendpointpolicies"
_BOUND_TO_REGION = (STORAGE, "microsoft.sql")


def comes_over_endpoint(
    topology: Topology, subnet: str, service: Resource, names: tuple[str, ...]
) -> bool | None:
    """Whether callers in a subnet reach a service over a service endpoint; None where the input does not tell.

    An endpoint serves the regions that it lists. With an endpoint policy that for storage serves every region:
    https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview
    """
    resource = topology.resources.get(subnet)
    if not names:
        return False
    if resource is None or resource.is_ghost:
        return None
    listed = resource.properties.get("serviceEndpoints")
    if listed is None:
        return False
    if not isinstance(listed, list | tuple):
        return None
    found: list[bool | None] = []
    for endpoint in listed:
        name = at(endpoint, "service")
        if not isinstance(name, str):
            found.append(None)
        elif name.lower() in names:
            found.append(_serves(topology, resource, endpoint, name.lower(), service))
    return True if True in found else None if None in found else False


def _serves(
    topology: Topology, subnet: Resource, endpoint: object, name: str, service: Resource
) -> bool | None:
    state = at(endpoint, "provisioningState")
    if isinstance(state, str) and state.lower() != "succeeded":
        return None
    if name not in _BOUND_TO_REGION or (
        name == STORAGE and keys(subnet.properties.get("serviceEndpointPolicies"))
    ):
        return True
    region = region_of(service)
    regions = [_folded(text) for text in _listed(endpoint, "locations")]
    if "*" in regions or (region and region in regions):
        return True
    if regions:
        return False if region else None
    own = region_of(topology.resources.get(subnet.parent or vnet_of_subnet(subnet.id)))
    if own and region and own != region:
        return False if name != STORAGE else None  # storage serves the paired region too
    return True if (own and own == region) or not subnet.is_exported else None


def policy_admission(
    topology: Topology, subnet: str, service: Resource, names: tuple[str, ...]
) -> Admission | None:
    """What the service endpoint policies of a subnet say to calls to a service; None where none applies.

    Once there is a policy, only what it lists can be reached over the endpoint; it is about storage alone:
    https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview
    """
    resource = topology.resources.get(subnet)
    policies = keys(resource.properties.get("serviceEndpointPolicies")) if resource is not None else ()
    if resource is None or not policies or STORAGE not in names:
        return None
    if comes_over_endpoint(topology, subnet, service, names) is False:
        return None
    answers = [_policy_answer(topology, policy, service.id) for policy in policies]
    for wanted in ("allowed", "unknown", "denied"):
        for answer in answers:
            if answer.verdict == wanted:
                return answer.to(NO_RANGES)
    return None


def _policy_answer(topology: Topology, policy: str, service: str) -> Answer:
    resource = topology.resources.get(policy)
    listed = _definitions(topology, resource) if resource is not None and not resource.is_ghost else None
    if resource is None or not listed:
        return Answer("unknown", "service-endpoint-policy")
    verdict: FlowVerdict = "denied"
    for definition, place in listed:
        for text in _listed(definition, "serviceResources"):
            target = text.strip().lower().rstrip("/")
            if target == service or service.startswith(target + "/"):
                rule = Rule(f"{policy}/{last_segment(target)}", last_segment(target), policy, resource.label, "paas",
                            "allow", 0, f"allow {last_segment(target)}", place, stage="service")  # fmt: skip
                return Answer("allowed", "service-endpoint-policy", rule)
        if not isinstance(at(definition, "serviceResources"), list | tuple):
            verdict = "unknown"
    rule = Rule(f"{policy}/default", "default", policy, resource.label, "paas", "deny", 0,
                "refuse accounts that the policy does not list", resource.place, True, "service")  # fmt: skip
    return Answer(verdict, "service-endpoint-policy", rule if verdict == "denied" else None)


def _definitions(topology: Topology, policy: Resource) -> list[tuple[object, Place]]:
    """The definitions of a policy with their places, listed in it or resources of their own."""
    found: list[tuple[object, Place]] = []
    listed = policy.properties.get("serviceEndpointPolicyDefinitions")
    for number, item in enumerate(listed if isinstance(listed, list | tuple) else ()):
        place = policy.place / "properties" / "serviceEndpointPolicyDefinitions" / number
        inner = at(item, "properties")
        if inner is not None or at(item, "serviceResources") is not None:
            found.append((inner if isinstance(inner, Mapping) else item, place))
    for resource in topology.resources.values():
        if resource.type == _POLICY + "/serviceendpointpolicydefinitions" and resource.id.startswith(
            policy.id + "/"
        ):
            found.append((resource.properties, resource.place / "properties"))
    return found


def region_of(resource: Resource | None) -> str:
    """The region of a resource in the form of ids and tags; "" where it is not told.

    >>> region_of(None)
    ''
    """
    return _folded(resource.location) if resource is not None else ""


def _folded(text: str) -> str:
    return text.replace(" ", "").lower()


def _listed(value: object, name: str) -> list[str]:
    listed = at(value, name)
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list | tuple) else []

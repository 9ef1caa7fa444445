"""Rules on ways in from the Internet: few kinds of them, none on a machine itself, named sources, no floods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from diagramgen.analyse.frontends import Frontend
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    Found,
    evidence,
    is_known,
    is_sketch,
    label,
    labels,
    listed,
    nics,
    nsgs_at,
    told,
    verb,
    vnet_of,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.traffic import (
    IPV4,
    NO_RANGES,
    Ranges,
    difference,
    intersection,
    parse_service,
    service_text,
    size,
    union,
)

HTTP = union(parse_service("tcp", "80,443,8080,8443"), parse_service("udp", "443"))
_KINDS: Mapping[str, str] = {
    "public-ip": "public IP of a machine", "load-balancer": "load balancer", "firewall": "DNAT of a firewall",
    "application-gateway": "Application Gateway", "front-door": "Front Door", "api-management": "API Management",
    "nva": "appliance", "aks": "AKS", "traffic-manager": "Traffic Manager", "other": "other entry",
}  # fmt: skip
_MEANT = ("application-gateway", "front-door", "firewall", "nva")
_NO_ENTRY = ("bastion", "gateway", "traffic-manager", "aks")
"""Those whose callers prove who they are, and what passes no packets."""


def open_services(estate: Estate, entry: Frontend) -> Ranges:
    """The services by which the Internet surely gets in: past the NSGs behind it, where these see the client."""
    if not entry.is_sure or entry.sources == ():
        return NO_RANGES
    if entry.kind not in ("public-ip", "load-balancer"):
        return entry.services
    found = NO_RANGES
    for vnet in {target.vnet for target in entry.targets} - {""}:
        for flow in estate.internet.by_entry(entry, vnet).flows:
            found = union(found, flow.packets.services) if flow.is_sure else found
    return found


def _is_closed(estate: Estate, entry: Frontend) -> bool:
    """Whether surely nobody gets in by an entry, because of the NSGs behind it."""
    judged = [estate.internet.by_entry(entry, vnet) for vnet in {target.vnet for target in entry.targets}]
    return bool(judged) and all(each.status in ("no-path", "enforced") and not each.flows for each in judged)


def zt_08(estate: Estate) -> Iterator[Found]:
    """No machine has a public IP of its own; appliances may.

    https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
    """
    topology = estate.topology
    by_machine: dict[str, list[Frontend]] = defaultdict(list)
    for entry in estate.frontends:
        if entry.kind == "public-ip":
            by_machine[entry.owner or entry.id].append(entry)
    for machine, entries in by_machine.items():
        ips = list(dict.fromkeys(ip for entry in entries for ip in entry.public_ips))
        name = label(topology, machine)
        shown = f" {labels(topology, ips)}" if ips else ""
        can = "; NSGs keep it closed for now" if all(_is_closed(estate, entry) for entry in entries) else ""
        yield Found(
            (machine, *ips), f"{name} has a public IP{shown} on its own interface{can}",
            tuple(Evidence(entry.place, f"{name}: `publicIPAddress`{shown}", entry.id) for entry in entries),
            f"take{shown or ' the public IP'} off {name}: let users in by Front Door, Application Gateway or the "
            "firewall, and administrators by Azure Bastion",
        )  # fmt: skip


def zt_09(estate: Estate) -> Iterator[Found]:
    """A machine behind a Basic public IP or Basic load balancer is covered by an NSG.

    Basic addresses are open until something closes them, Standard ones closed until an NSG opens them.
    https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    known = {nic.id: (nic, machine) for nic, machine in nics(topology)}
    bare: dict[str, list[Frontend]] = defaultdict(list)
    for entry in estate.frontends:
        if (
            entry.kind in ("public-ip", "load-balancer", "nva")
            and entry.sku == "basic"
            and entry.sources != ()
        ):
            for target in entry.targets:
                if target.id in known and nsgs_at(topology, known[target.id][0]) == ():
                    bare[target.id].append(entry)
    for nic_id, entries in bare.items():
        nic, machine = known[nic_id]
        name = label(topology, machine)
        fronts = labels(
            topology, dict.fromkeys(rid for e in entries for rid in e.public_ips or (e.owner or e.id,))
        )
        yield Found(
            tuple(dict.fromkeys((machine, nic_id, *(ip for e in entries for ip in e.public_ips)))),
            f"{name} is open to the Internet by {fronts}: that is of the Basic SKU, and no NSG covers the machine",
            (*(Evidence(e.place, f"{e.name} is of the Basic SKU", e.id) for e in entries),
             evidence(nic, f"neither {label(topology, nic_id)} nor its subnet has an NSG")),
            f"attach an NSG to {label(topology, nic.parent or nic_id)}, then move {fronts} to the Standard SKU",
        )  # fmt: skip


def zt_10(estate: Estate) -> Iterator[Found]:
    """The Internet comes in by one kind of entry: firewall, Front Door or Application Gateway.

    A firewall for what is not HTTP beside one of the others is one kind, as the article has it. Entries that lead to
    another entry count with it.
    https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation
    """
    topology = estate.topology
    inner = {target.id for entry in estate.frontends if entry.kind in _MEANT for target in entry.targets}
    entries = [e for e in estate.frontends
               if e.kind not in _NO_ENTRY and (e.owner or e.id) not in inner and open_services(estate, e)]  # fmt: skip
    others = [e for e in entries if e.kind not in _MEANT]
    web = {e.kind for e in entries if e.kind in _MEANT and intersection(e.services, HTTP)}
    if not entries or (not others and len(web) < 2):
        return
    counted = others if others and len(web) < 2 else entries
    owners = list(dict.fromkeys(e.owner or e.id for e in counted))
    kinds = sorted({_KINDS[e.kind] for e in entries})
    strangers = list(dict.fromkeys(e.owner or e.id for e in others))
    which = (
        f"{labels(topology, strangers)} {verb(strangers, 'lets', 'let')} it in past firewall and WAF" if strangers
        else f"there are {len(web)} ways in for HTTP alone"
    )  # fmt: skip
    yield Found(
        tuple(owners),
        f"the Internet comes in by {listed(kinds)}: {which}",
        tuple(Evidence(e.place, f"{_KINDS[e.kind]} {e.name}: {service_text(open_services(estate, e))}", e.id)
              for e in counted),
        f"put {labels(topology, strangers or owners)} behind one entry, an Azure Firewall, Front Door or Application "
        "Gateway, and close the rest",
    )  # fmt: skip


def zt_14(estate: Estate) -> Iterator[Found]:
    """What is not HTTP comes in by a firewall, from sources that its DNAT rule names.

    https://learn.microsoft.com/azure/firewall/rule-processing
    """
    topology = estate.topology
    wide: dict[str, list[Frontend]] = defaultdict(list)
    for entry in estate.frontends:
        others = difference(open_services(estate, entry), HTTP)
        if not others:
            continue
        is_dnat = entry.kind == "firewall" and _is_everyone(entry.sources)
        if is_dnat or (entry.kind == "load-balancer" and not _leads_to_appliance(estate, entry)):
            wide[entry.owner or entry.id].append(entry)
    for owner, entries in wide.items():
        name = label(topology, owner)
        names = listed(f"`{entry.rule.name if entry.rule else entry.name}`" for entry in entries)
        ports: Ranges = ()
        for entry in entries:
            ports = union(ports, difference(open_services(estate, entry), HTTP))
        is_firewall = entries[0].kind == "firewall"
        what = "for the whole Internet" if is_firewall else "past every firewall"
        cure = f"name the sources of {names}" if is_firewall else f"let {names} in by DNAT from named sources"
        yield Found(
            (owner, *dict.fromkeys(t.id for e in entries for t in e.targets if t.id in topology.resources)),
            f"{name} lets {service_text(ports)} in {what}, by {names}",
            tuple(Evidence(e.place, e.rule.text if e.rule else f"{e.name}: {service_text(e.services)}", e.id)
                  for e in entries),
            f"{cure}; for administration use Azure Bastion or a VPN",
        )  # fmt: skip


def _is_everyone(sources: Ranges | None) -> bool:
    return sources is None or size(intersection(sources, IPV4)) >= 1 << 24


def _leads_to_appliance(estate: Estate, entry: Frontend) -> bool:
    """Whether a balancer passes on to appliances, which may filter what it lets in."""
    for target in entry.targets:
        resource = estate.topology.resources.get(target.id)
        if resource is not None and resource.properties.get("enableIPForwarding") is True:
            return True
    return False


def zt_39(estate: Estate) -> Iterator[Found]:
    """VNets with public addresses have DDoS protection, by a plan or on each address.

    https://learn.microsoft.com/azure/ddos-protection/ddos-protection-overview
    """
    topology = estate.topology
    if is_sketch(topology):
        return
    exposed: dict[str, dict[str, None]] = defaultdict(dict)
    for owner, ips in topology.public_ips_of.items():
        exposed[vnet_of(topology, owner)] |= dict.fromkeys(ips)
    for vnet, own in sorted(exposed.items()):
        resource = topology.resources.get(vnet)
        if (
            resource is None
            or not is_known(resource)
            or resource.properties.get("enableDdosProtection") is True
        ):
            continue
        bare = _unprotected(estate, own)
        if not bare:
            continue
        name = label(topology, vnet)
        yield Found(
            (vnet, *bare), f"{name} has public addresses ({labels(topology, bare)}) and no DDoS protection",
            (evidence(resource, f"{name}: `enableDdosProtection` is not true", "enableDdosProtection"),),
            f"give {name} a DDoS protection plan, or DDoS IP protection to {labels(topology, bare)}",
        )  # fmt: skip


def _unprotected(estate: Estate, ips: Mapping[str, None]) -> list[str]:
    """The addresses that the input holds and that have no protection of their own."""
    found = []
    for ip in ips:
        resource = estate.topology.resources.get(ip)
        if resource is not None and told(resource.properties, "ddosSettings", "protectionMode") != "enabled":
            found.append(ip)
    return found

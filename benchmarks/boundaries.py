"""How long all boundaries of a large estate take, and how that grows: `python benchmarks/boundaries.py [VNETS]`.

The estate: hubs with an Azure Firewall and 49 spokes each, ten spokes a subscription, four subnets a spoke with an NSG
each, default routes to the firewall, and a policy with rules between neighbours. Each size runs in a process of its
own; printed are seconds, the peak of memory, and the ratio to a tenth of the size. `--one-hub` puts all spokes at one
firewall: half a million pairs that all have a way.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time

SPOKES_A_HUB = 49


def make_rows(vnets: int, one_hub: bool = False) -> list[dict[str, object]]:
    """Resource Graph rows of an estate with about so many VNets."""
    rows: list[dict[str, object]] = []
    a_hub = vnets if one_hub else SPOKES_A_HUB + 1
    for hub in range(max(vnets // a_hub, 1)):
        rows += _region(hub, a_hub - 1)
    return rows


def _row(sub: int, kind: str, name: str, properties: dict[str, object]) -> dict[str, object]:
    rid = _id(sub, kind, name)
    return {"id": rid, "type": f"microsoft.network/{kind.lower()}", "name": name, "location": "westeurope",
            "subscriptionId": f"00000000-0000-4000-8000-{sub:012d}", "properties": properties}  # fmt: skip


def _id(sub: int, kind: str, name: str) -> str:
    guid = f"00000000-0000-4000-8000-{sub:012d}"
    return f"/subscriptions/{guid}/resourceGroups/rg/providers/Microsoft.Network/{kind}/{name}"


def _region(hub: int, spokes: int) -> list[dict[str, object]]:
    base = (10 << 24) + hub * (64 << 16 if spokes < 63 else 1024 << 12)
    sub = hub * 1000
    vnet = f"vnet-hub-{hub}"
    space = f"{_dotted(base)}/20"
    firewall = _dotted(base + 4)
    fw_subnet = _id(sub, "virtualNetworks", vnet) + "/subnets/AzureFirewallSubnet"
    rows = [
        _row(sub, "azureFirewalls", f"fw-{hub}", {
            "ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": fw_subnet},
                                                              "privateIPAddress": firewall}}],
            "firewallPolicy": {"id": _id(sub, "firewallPolicies", f"policy-{hub}")},
        }),
        _row(sub, "firewallPolicies", f"policy-{hub}", {"threatIntelMode": "Deny"}),
    ]  # fmt: skip
    peerings = []
    rules = []
    for spoke in range(spokes):
        at = base + (spoke + 1) * 4096
        mine = sub + 1 + spoke // 10
        name = f"vnet-{hub}-{spoke}"
        rows += _spoke(
            mine, name, at, firewall, _peering(_id(sub, "virtualNetworks", vnet), "to-hub", [space])
        )
        peerings.append(_peering(_id(mine, "virtualNetworks", name), f"to-{name}", [f"{_dotted(at)}/20"]))
        if spoke:
            rules.append({"ruleType": "NetworkRule", "name": f"r{spoke}", "ipProtocols": ["TCP"],
                          "sourceAddresses": [f"{_dotted(at)}/24"],
                          "destinationAddresses": [f"{_dotted(at - 4096 + 256)}/24"],
                          "destinationPorts": ["443"]})  # fmt: skip
    group = _id(sub, "firewallPolicies", f"policy-{hub}") + "/ruleCollectionGroups/g"
    rows.append({"id": group, "type": "microsoft.network/firewallpolicies/rulecollectiongroups", "name": "g",
                 "properties": {"priority": 200, "ruleCollections": [
                     {"name": "neighbours", "priority": 200, "action": {"type": "Allow"},
                      "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": rules}]}})  # fmt: skip
    rows.append(_row(sub, "virtualNetworks", vnet, {
        "addressSpace": {"addressPrefixes": [space]},
        "subnets": [{"id": fw_subnet, "name": "AzureFirewallSubnet",
                     "properties": {"addressPrefix": f"{_dotted(base)}/26"}}],
        "virtualNetworkPeerings": peerings,
    }))  # fmt: skip
    return rows


def _peering(far: str, name: str, prefixes: list[str]) -> dict[str, object]:
    return {"name": name, "properties": {
        "remoteVirtualNetwork": {"id": far}, "peeringState": "Connected", "peeringSyncLevel": "FullyInSync",
        "allowForwardedTraffic": True, "allowVirtualNetworkAccess": True,
        "remoteAddressSpace": {"addressPrefixes": prefixes}}}  # fmt: skip


def _spoke(
    sub: int, name: str, at: int, firewall: str, peering: dict[str, object]
) -> list[dict[str, object]]:
    table = _id(sub, "routeTables", f"rt-{name}")
    rows = [_row(sub, "routeTables", f"rt-{name}", {"disableBgpRoutePropagation": True, "routes": [
        {"name": "default", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance",
                                           "nextHopIpAddress": firewall}}]})]  # fmt: skip
    subnets = []
    for tier in range(4):
        prefix = f"{_dotted(at + tier * 256)}/24"
        nsg = f"nsg-{name}-{tier}"
        source = f"{_dotted(at + (tier - 1) * 256)}/24" if tier else "10.0.0.0/8"
        rows.append(_row(sub, "networkSecurityGroups", nsg, {"securityRules": [
            _rule("tier", 100, "Allow", source, prefix, "443"),
            _rule("admin", 110, "Allow", "10.255.0.0/24", prefix, "22"),
            *(_rule(f"app{n}", 200 + n, "Allow", f"172.16.{n}.0/24", prefix, str(8000 + n)) for n in range(6)),
            _rule("deny", 4096, "Deny", "*", "*", "*")]}))  # fmt: skip
        subnets.append({"name": f"tier{tier}", "properties": {
            "addressPrefix": prefix, "networkSecurityGroup": {"id": _id(sub, "networkSecurityGroups", nsg)},
            "routeTable": {"id": table}}})  # fmt: skip
    rows.append(_row(sub, "virtualNetworks", name, {
        "addressSpace": {"addressPrefixes": [f"{_dotted(at)}/20"]}, "subnets": subnets,
        "virtualNetworkPeerings": [peering]}))  # fmt: skip
    return rows


def _rule(
    name: str, priority: int, access: str, source: str, destination: str, ports: str
) -> dict[str, object]:
    return {"name": name, "properties": {
        "priority": priority, "access": access, "direction": "Inbound", "protocol": "Tcp" if ports != "*" else "*",
        "sourceAddressPrefix": source, "sourcePortRange": "*", "destinationAddressPrefix": destination,
        "destinationPortRange": ports}}  # fmt: skip


def _dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def run(vnets: int, one_hub: bool) -> None:
    """Reads and judges one estate, and prints what it took."""
    from collections import Counter

    from diagramgen.analyse import analyse_topology
    from diagramgen.model.build import build_topology
    from diagramgen.read import Source, read_records

    text = json.dumps({"data": make_rows(vnets, one_hub)}).encode()
    start = time.perf_counter()
    topology = build_topology(read_records([Source("estate.json", text)]))
    read = time.perf_counter() - start
    gc.set_threshold(200_000, 20, 20)  # as the command does
    start, cpu = time.perf_counter(), time.process_time()
    boundaries = analyse_topology(topology).boundaries()
    judged, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = Counter((b.level, b.status) for b in boundaries)
    told = ", ".join(f"{level} {status} {number}" for (level, status), number in sorted(counts.items()))
    print(json.dumps({"vnets": vnets, "read_s": round(read, 2), "boundaries_s": round(judged, 2),
                      "cpu_s": round(cpu, 2),
                      "peak_mib": round(peak), "boundaries": len(boundaries), "told": told}))  # fmt: skip


def main() -> None:
    """Compares an estate with one of a tenth of its size."""
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    one_hub = "--one-hub" in sys.argv
    if "--run" in sys.argv:
        run(int(arguments[0]), one_hub)
        return
    large = int(arguments[0]) if arguments else 1000
    found = []
    for vnets in (large // 10, large):
        command = [sys.executable, __file__, "--run", str(vnets), *(["--one-hub"] if one_hub else [])]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(result.stdout))
        print(found[-1])
    small, big = found
    print(f"ten times the estate: {big['cpu_s'] / small['cpu_s']:.1f} times the time")


if __name__ == "__main__":
    main()

"""Rules: what a Zero Trust network asks of an estate, forty checks, a function and a row each.

In: an estate, that is a topology with all that the analysis knows of it. Out: findings, each with the resources that it
is about, a sentence, the places in the input that prove it, and what to change. A rule finds only what the input
proves: what it does not tell is never a finding. docs/rules has a page for each, with an example that fails and the
same one mended, which the tests run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from diagramgen.analyse.rules import (
    appliance,
    egress,
    firewall,
    ingress,
    management,
    manager,
    nsg,
    onprem,
    origins,
    paas,
    peering,
    private,
    required,
    waf,
    wan,
)
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Found
from diagramgen.analyse.verdicts import SEVERITIES, Finding, Severity

__all__ = ["RULES", "Estate", "RuleRow", "run_rules"]

Check = Callable[[Estate], Iterable[Found]]


class RuleRow(NamedTuple):
    """One rule. `elsewhere` are the names of checks like it in Azure Policy (GUIDs of definitions), PSRule for Azure,
    Checkov and Prowler; `fix` is what to do in general, while a finding says it for its own resource."""

    id: str
    title: str
    severity: Severity
    sources: tuple[str, ...]
    elsewhere: tuple[str, ...]
    fix: str
    check: Check

    @property
    def page(self) -> str:
        """Its page of documentation, from the root of the project."""
        return f"docs/rules/{self.id}.md"


def run_rules(
    estate: Estate, select: frozenset[str] = frozenset(), ignore: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """What the rules find, the most severe first, then by rule and ids.

    `select` are the ids of the rules to ask, all where it is empty; `ignore` those not to ask.
    """
    asked = [row for row in RULES.values() if (not select or row.id in select) and row.id not in ignore]
    found = [
        Finding(row.id, each.severity or row.severity, each.ids, each.message, each.evidence, each.fix)
        for row in asked for each in row.check(estate)
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda finding: (SEVERITIES.index(finding.severity), finding.rule, finding.ids))
    )


_LEARN = "https://learn.microsoft.com/"
_ARTICLE = _LEARN + "security/zero-trust/azure-networking-segmentation"
_ZERO_TRUST = _LEARN + "security/zero-trust/azure-infrastructure-networking"
_NSG = _LEARN + "azure/virtual-network/network-security-groups-overview"
_ROUTES = _LEARN + "azure/virtual-network/virtual-networks-udr-overview"
_PUBLIC_IP = _LEARN + "azure/virtual-network/ip-services/public-ip-addresses"
_FIREWALL_RULES = _LEARN + "azure/firewall/rule-processing"
_INTENT = _LEARN + "azure/virtual-wan/how-to-routing-policies"
_ADMIN_RULES = _LEARN + "azure/virtual-network-manager/concept-security-admins"
_STORAGE = _LEARN + "azure/storage/common/storage-network-security"

_ROWS: tuple[RuleRow, ...] = (
    RuleRow("ZT-01", "Every workload subnet has an NSG", "high", (_ARTICLE, _NSG),
            ("e71308d3-144b-4262-b144-efdc3cc90517", "Azure.VNET.UseNSGs", "CKV2_AZURE_31",
             "network_subnet_nsg_associated"),
            "attach an NSG to every subnet in which machines or endpoints stand", nsg.zt_01),
    RuleRow("ZT-02", "NSGs deny traffic from inside the virtual network", "high", (_ARTICLE, _NSG),
            ("Azure.NSG.LateralTraversal",),
            "allow by name what a tier serves, and deny the rest of `VirtualNetwork` below it", nsg.zt_02),
    RuleRow("ZT-03", "No management port is open to the Internet", "critical",
            (_ARTICLE, _LEARN + "azure/security/fundamentals/network-best-practices"),
            ("22730e10-96f6-4aac-ad84-9383d35b5917", "CKV_AZURE_9", "CKV_AZURE_10",
             "network_rdp_internet_access_restricted", "network_ssh_internet_access_restricted"),
            "allow SSH and RDP from Azure Bastion's subnet alone", management.zt_03),
    RuleRow("ZT-04", "No NSG rule allows everything", "critical", (_ARTICLE, _NSG),
            ("9daedab3-fb2d-461e-b861-71790eead4f6", "Azure.NSG.AnyInboundSource", "CKV_AZURE_77", "CKV_AZURE_160",
             "network_udp_internet_access_restricted", "network_http_internet_access_restricted"),
            "name sources, destinations and ports", nsg.zt_04),
    RuleRow("ZT-05", "Peered VNets talk through a firewall", "high", (_ARTICLE, _ROUTES), (),
            "peer with a hub, and route both ways through its firewall", peering.zt_05),
    RuleRow("ZT-06", "Peerings are connected and in sync", "medium",
            (_LEARN + "azure/virtual-network/virtual-network-manage-peering",), ("Azure.VNET.PeerState",),
            "create the missing half, delete what is left over, sync after changes of address space", peering.zt_06),
    RuleRow("ZT-07", "Subnets send Internet traffic to the firewall", "high", (_ARTICLE, _ROUTES),
            ("fc5e4038-4584-4632-8c85-c0448d374b2c", "Azure.VNET.FirewallSubnet"),
            "give subnets a route table with `0.0.0.0/0` to the firewall", egress.zt_07),
    RuleRow("ZT-08", "No machine has a public IP", "high", (_ARTICLE,),
            ("83a86a26-fd1f-447c-b59d-e51f44264114", "CKV_AZURE_119", "network_public_ip_shodan"),
            "let users in by Front Door, Application Gateway or a firewall, and administrators by Bastion",
            ingress.zt_08),
    RuleRow("ZT-09", "An NSG covers every machine with a Basic public address", "critical",
            (_PUBLIC_IP, _LEARN + "azure/load-balancer/load-balancer-overview"),
            ("f6de0be7-9a8a-4b8a-b349-43cf02d22f7c", "bb91dfba-c30d-4263-9add-9c2384e659a6",
             "Azure.PublicIP.StandardSKU", "Azure.PublicIP.MigrateStandard"),
            "attach an NSG, and move to the Standard SKU, which is closed until an NSG opens it", ingress.zt_09),
    RuleRow("ZT-10", "The Internet comes in by one kind of entry", "medium", (_ARTICLE,), (),
            "choose Azure Firewall, Front Door or Application Gateway, and put the rest behind it", ingress.zt_10),
    RuleRow("ZT-11", "HTTP from the Internet passes a WAF", "high",
            (_ARTICLE, _LEARN + "azure/web-application-firewall/overview"),
            ("564feb30-bf6a-4854-b4bb-0d2d2d1e6c66", "055aa869-bc98-4af8-bafc-23f1ab6ffe2c", "CKV_AZURE_120",
             "CKV_AZURE_121"),
            "use the WAF SKU and a policy on Application Gateways, a security policy for each domain of a Front Door",
            waf.zt_11),
    RuleRow("ZT-12", "WAFs are enabled and prevent", "high",
            (_LEARN + "azure/web-application-firewall/ag/ag-overview#waf-modes",),
            ("12430be1-6cc8-4527-a9a8-e3d38f250096", "425bea59-a659-4cbb-8d31-34499bd030b8", "Azure.AppGw.Prevention",
             "Azure.AppGwWAF.PreventionMode", "Azure.FrontDoorWAF.PreventionMode", "CKV_AZURE_122", "CKV_AZURE_123"),
            "switch policies on, and to Prevention", waf.zt_12),
    RuleRow("ZT-13", "Origins of a Front Door let in nobody but it", "high",
            (_LEARN + "azure/frontdoor/origin-security",), (),
            "use Private Link origins, or admit `AzureFrontDoor.Backend` alone and check X-Azure-FDID", origins.zt_13),
    RuleRow("ZT-14", "What is not HTTP comes in by a firewall, from named sources", "medium",
            (_ARTICLE, _FIREWALL_RULES), (), "use DNAT rules with named sources", ingress.zt_14),
    RuleRow("ZT-15", "Spokes use remote gateways only where on-premises traffic is inspected", "high",
            (_ARTICLE, _ZERO_TRUST), (),
            "route both directions through the firewall, or leave `useRemoteGateways` off", onprem.zt_15),
    RuleRow("ZT-16", "Subnets behind a firewall do not learn gateway routes", "high",
            (_ARTICLE, _ZERO_TRUST, _ROUTES), (),
            "set `disableBgpRoutePropagation: true` on their route tables", onprem.zt_16),
    RuleRow("ZT-17", "GatewaySubnet routes spokes through the firewall", "high", (_ZERO_TRUST,), (),
            "give GatewaySubnet a route for every spoke's prefix to the firewall", onprem.zt_17),
    RuleRow("ZT-18", "Isolated VNets share no ExpressRoute circuit", "high",
            (_ARTICLE, _LEARN + "azure/expressroute/expressroute-faqs"), (),
            "set `allowRemoteVnetTraffic: false` on the gateways, or use circuits of their own", onprem.zt_18),
    RuleRow("ZT-19", "Nothing joins VNets past the firewall that they use", "high",
            (_LEARN + "azure/virtual-network-manager/concept-connectivity-configuration", _ROUTES), (),
            "delete the direct peering or connectivity, or route the other's prefix to the firewall", peering.zt_19),
    RuleRow("ZT-20", "A firewall between subnets of one VNet has routes for both", "medium",
            (_LEARN + "azure/firewall/firewall-faq", _ROUTES), (),
            "route each subnet's prefix to the firewall from the other", egress.zt_20),
    RuleRow("ZT-21", "Virtual hubs are secured and use routing intent", "high", (_ARTICLE, _INTENT),
            ("72923a3a-e567-46d3-b3f9-ffb2462a1c3a",),
            "put a firewall into every hub, with routing intent for private and Internet traffic", wan.zt_21),
    RuleRow("ZT-22", "VNets on a virtual hub take in its routes", "medium", (_INTENT,), (),
            "set `enableInternetSecurity: true` on connections, and leave propagation on in spokes", wan.zt_22),
    RuleRow("ZT-23", "Virtual hubs without routing intent keep VNets apart", "high",
            (_ARTICLE, _LEARN + "azure/virtual-wan/scenario-any-to-any"), (),
            "use routing intent, or route tables and labels of their own", wan.zt_23),
    RuleRow("ZT-24", "Public endpoints of platform services are closed", "high", (_ARTICLE, _STORAGE),
            ("b2982f36-99f2-4db5-8eff-283140c09693", "34c877ad-507e-4c82-993e-3452a6e0ad3c",
             "405c5871-3e91-4644-8a63-58e19d68ff5b", "55615ac9-af46-4a59-874e-391cc3dfb490",
             "1b8ca024-1d5c-4dec-8995-b1a932b41780", "Azure.Storage.Firewall", "Azure.KeyVault.Firewall",
             "CKV_AZURE_35", "CKV_AZURE_59", "CKV_AZURE_109", "CKV_AZURE_113", "CKV_AZURE_189"),
            "switch public network access off, or deny by default and name the clients", paas.zt_24),
    RuleRow("ZT-25", "Platform services are reached by private endpoints", "medium",
            (_ARTICLE, _LEARN + "azure/private-link/private-endpoint-overview"),
            ("6edd7eda-6dd8-40f7-810d-67160c639cd9", "a6abeaec-4d90-4a02-805f-6b26c4d3fbe9",
             "7698e800-9299-47a6-b3b6-5a0fee576eed", "CKV2_AZURE_32", "CKV2_AZURE_33", "CKV2_AZURE_45"),
            "add a private endpoint for each part of the service that is used, and approve it", paas.zt_25),
    RuleRow("ZT-26", "A private endpoint goes with a closed public one", "high",
            (_STORAGE, _LEARN + "azure/storage/common/storage-private-endpoints"), (),
            "switch public network access off once clients come privately", paas.zt_26),
    RuleRow("ZT-27", "Database servers let in neither all of Azure nor large ranges", "high",
            (_LEARN + "azure/azure-sql/database/firewall-configure",),
            ("Azure.SQL.AllowAzureAccess", "Azure.SQL.FirewallIPRange", "CKV_AZURE_11", "CKV2_AZURE_34"),
            "delete the rule 0.0.0.0, and name single addresses", paas.zt_27),
    RuleRow("ZT-28", "NSGs and routes hold for private endpoints", "medium",
            (_LEARN + "azure/private-link/disable-private-endpoint-network-policy",), (),
            "set `privateEndpointNetworkPolicies: Enabled` on the subnet", private.zt_28),
    RuleRow("ZT-29", "Clients of a private endpoint see its DNS zone", "medium",
            (_ARTICLE, _LEARN + "azure/private-link/private-endpoint-dns"), (),
            "link the privatelink zone to every VNet that uses the endpoint", private.zt_29),
    RuleRow("ZT-30", "Service endpoints lead to one's own accounts alone", "medium",
            (_ARTICLE, _LEARN + "azure/virtual-network/virtual-network-service-endpoint-policies-overview"), (),
            "add endpoint policies, let services admit the subnet by name, or use private endpoints", private.zt_30),
    RuleRow("ZT-31", "Subnets are private or have a default route", "medium",
            (_LEARN + "azure/virtual-network/ip-services/default-outbound-access",),
            ("7bca8353-aa3b-429b-904a-9229c4385837",),
            "set `defaultOutboundAccess: false`", egress.zt_31),
    RuleRow("ZT-32", "Only appliances forward packets", "medium", (_ROUTES,),
            ("88c0b9da-ce96-4b03-9635-f29a937e2900", "bd352bd5-2853-4985-bf0d-73806b4a5744", "CKV_AZURE_118"),
            "switch IP forwarding off where no route leads", appliance.zt_32),
    RuleRow("ZT-33", "Firewalls deny known threats", "medium",
            (_ZERO_TRUST, _LEARN + "azure/firewall/threat-intel", _LEARN + "azure/firewall/premium-features"),
            ("da79a7e2-8aa1-45ed-af81-ba050c153564", "Azure.Firewall.Mode", "CKV_AZURE_216", "CKV_AZURE_219",
             "CKV_AZURE_220"),
            "set threat intelligence, and IDPS in the Premium tier, to Deny", firewall.zt_33),
    RuleRow("ZT-34", "Firewall rules are specific", "high", (_ARTICLE, _FIREWALL_RULES), (),
            "name sources, destinations and ports, and delete DNAT rules that nothing uses", firewall.zt_34),
    RuleRow("ZT-35", "Admin rules keep the Internet off management ports everywhere", "medium", (_ADMIN_RULES,), (),
            "deploy security admin rules that deny high-risk ports from the Internet to every VNet", manager.zt_35),
    RuleRow("ZT-36", "Always-allow admin rules are narrow", "high", (_ADMIN_RULES,), (),
            "name sources and ports, or use `allow`, which leaves the decision to NSGs", manager.zt_36),
    RuleRow("ZT-37", "NSGs of platform subnets let their service work", "medium",
            (_LEARN + "azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub",
             _LEARN + "azure/bastion/bastion-nsg",
             _LEARN + "azure/application-gateway/configuration-infrastructure#network-security-groups"),
            ("35f9c03a-cc27-418e-9c0c-539ff999d010",),
            "no NSG at GatewaySubnet; at the others the rules that their service needs", required.zt_37),
    RuleRow("ZT-38", "Administrators come by Azure Bastion", "medium", (_LEARN + "azure/bastion/bastion-nsg",),
            ("Azure.VNET.BastionSubnet", "network_bastion_host_exists", "b0f33259-77d7-4c9e-aac6-3aabcfae693c"),
            "allow 22 and 3389 from AzureBastionSubnet alone", management.zt_38),
    RuleRow("ZT-39", "VNets with public addresses have DDoS protection", "low",
            (_ZERO_TRUST, _LEARN + "azure/ddos-protection/ddos-protection-overview"),
            ("94de2ad3-e0c1-4caf-ad78-5d47bbc83d3d", "a7aca53f-2ed4-4466-a25e-0b45ade68efd",
             "network_vnet_ddos_protection_enabled"),
            "give the VNet a DDoS protection plan", ingress.zt_39),
    RuleRow("ZT-40", "Internet traffic does not leave over on-premises", "low",
            (_ARTICLE, _LEARN + "azure/vpn-gateway/about-site-to-site-tunneling"), (),
            "send `0.0.0.0/0` to a firewall in Azure, or say that it is meant", egress.zt_40),
)  # fmt: skip

RULES: Mapping[str, RuleRow] = {row.id: row for row in _ROWS}
"""Every rule by its id."""

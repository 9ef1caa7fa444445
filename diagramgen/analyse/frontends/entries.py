"""The values of the inventory: ways in, where they lead, and ways out."""

from __future__ import annotations

from typing import Literal, NamedTuple

from diagramgen.analyse.verdicts import Rule
from diagramgen.located import Place
from diagramgen.model.traffic import Ranges

FrontendKind = Literal[
    "public-ip",
    "load-balancer",
    "application-gateway",
    "front-door",
    "firewall",
    "bastion",
    "gateway",
    "api-management",
    "nva",
    "aks",
    "traffic-manager",
    "other",
]
EgressKind = Literal["nat-gateway", "load-balancer", "public-ip", "default", "none", "unknown"]
Sku = Literal["standard", "basic", "unknown"]
Waf = Literal["prevention", "detection", "none", "unknown", "disabled", ""]


class Target(NamedTuple):
    """Where an entry leads inside. `id` is that of an interface, subnet, VNet, machine or service; of a host name
    or an address that the input does not hold, it is that text.

    `subnet` and `vnet` are "" for a service. `addresses` are the private ones that receive, none for a service.
    `services` are those that arrive there: behind a balancer the backend's port. `is_known` is false where the
    backend's body is not in the input. `is_private_link`: reached by an approved Private Link, past its public side.
    """

    id: str
    subnet: str
    vnet: str
    addresses: Ranges
    services: Ranges
    is_known: bool = True
    is_private_link: bool = False


class Frontend(NamedTuple):
    """One way in. `id` is that of the IP configuration, rule, listener or route that opens it, and occurs once;
    `owner` is the resource that has it (machine, balancer, gateway, Front Door ...).

    `vnet` (a virtual hub's id in a hub) and `subnet` are where the entry point itself stands, "" for what is global.
    `public_ips` are ids of public IP resources, and addresses where there is no resource. `sku` is that of the public
    address or balancer. `services` are those that it listens to. `sources` are who may come in: None for anyone, and
    none at all for an entry that only the inside reaches (a private listener, a private Bastion). `waf` is "" where
    a WAF is no question. `is_source_kept`: what is behind sees the client's address, not the entry's own.
    `is_sure` is false where something that it refers to, or that decides where it leads, is not in the input.
    """

    id: str
    name: str
    kind: FrontendKind
    vnet: str
    subnet: str
    public_ips: tuple[str, ...]
    sku: Sku
    services: Ranges
    sources: Ranges | None
    targets: tuple[Target, ...]
    waf: Waf
    waf_policy: str
    is_source_kept: bool
    place: Place
    rule: Rule | None
    is_sure: bool = True
    owner: str = ""

    @property
    def needs_nsg(self) -> bool | None:
        """Whether Azure keeps it closed until an NSG of its target allows traffic; None where the SKU is not told.

        Only addresses that lead to interfaces as they are: gateways and firewalls listen without an NSG.
        https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
        https://learn.microsoft.com/azure/load-balancer/load-balancer-overview#secure-by-default
        """
        if self.kind not in ("public-ip", "nva", "load-balancer"):
            return False
        return None if self.sku == "unknown" else self.sku == "standard"


class Egress(NamedTuple):
    """A way by which machines of a subnet reach the Internet where their route leads there. `id` is the NAT gateway,
    load balancer or public IP; the subnet itself for the others."""

    subnet: str
    kind: EgressKind
    id: str
    place: Place
    is_sure: bool = True

"""Frontends: every way in from the Internet and out to it, as the input tells them.

In: a topology and its addresses, and the firewalls for their DNAT rules. Out: what exposes what; a public address
on a machine, a balancer's rule, a gateway's listener with its WAF, a Front Door's route with its origins, a DNAT rule,
and the managed services that answer the Internet. Whether traffic passes is not decided here: NSGs and routes are
evaluated by whoever asks. What something refers to and the input does not hold makes an entry that is not sure, never
one that is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.firewall import Firewalls
from diagramgen.analyse.frontends.application_gateways import application_gateways
from diagramgen.analyse.frontends.entries import Egress, EgressKind, Frontend, FrontendKind, Sku, Target, Waf
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.firewalls import firewalls_in
from diagramgen.analyse.frontends.front_doors import front_doors
from diagramgen.analyse.frontends.load_balancers import load_balancers
from diagramgen.analyse.frontends.machines import machines, strangers, untold
from diagramgen.analyse.frontends.outbound import egress
from diagramgen.analyse.frontends.services import services
from diagramgen.model.references import last_segment
from diagramgen.model.topology import Topology

__all__ = [
    "Egress", "EgressKind", "Frontend", "FrontendKind", "Sku", "Target", "Waf", "egress", "frontends",
]  # fmt: skip


def frontends(
    topology: Topology, addresses: Addresses, firewalls: Firewalls | None = None
) -> tuple[Frontend, ...]:
    """The ways in, sorted by id. Without `firewalls` those through DNAT rules are left out."""
    estate = Estate(topology, addresses)
    found = [
        *machines(estate),
        *load_balancers(estate),
        *application_gateways(estate),
        *front_doors(estate),
        *services(estate),
        *(firewalls_in(estate, firewalls) if firewalls is not None else ()),
    ]
    found += untold(estate)
    found += strangers(estate, frozenset(ip for entry in found for ip in entry.public_ips))
    return tuple(sorted(_apart(found), key=lambda entry: entry.id))


def _apart(found: Iterable[Frontend]) -> Iterable[Frontend]:
    """The entries with an id each: firewalls share policies, and a file may tell a name twice."""
    seen: set[str] = set()
    for entry in found:
        names = (entry.id, f"{entry.id}/{last_segment(entry.owner)}")
        numbers = (f"{entry.id}/{number}" for number in count(2))
        name = next(name for name in chain(names, numbers) if name not in seen)
        seen.add(name)
        yield entry if name == entry.id else entry._replace(id=name)

"""Functions of address ranges.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-cidr
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from diagramgen.read.template.expressions.functions.row import rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import undocumented
from diagramgen.read.template.values import Value


def parse_cidr(text: str) -> Value:
    """`parseCidr`: the network, mask, broadcast address (of IPv4 alone) and usable addresses of a range."""
    network = _network("parseCidr", text)
    parsed: dict[str, Value] = {"network": str(network[0]), "netmask": str(network.netmask)}
    if network.version == 4:
        parsed["broadcast"] = str(network.broadcast_address)
    margin = 1 if network.version == 4 else 0
    if _is_narrow(network):
        parsed["firstUsable"] = parsed["lastUsable"] = undocumented(
            "parseCidr", [text], "so small a range", "string"
        )
    else:
        parsed["firstUsable"] = str(network[margin])
        parsed["lastUsable"] = str(network[-1 - margin])
    parsed["cidr"] = network.prefixlen
    return parsed


def cidr_subnet(text: str, length: int, index: int) -> Value:
    """`cidrSubnet`: of the ranges of a length in a range the one at a place, from 0."""
    network = _network("cidrSubnet", text)
    if not network.prefixlen <= length <= network.max_prefixlen:
        raise TemplateProblem(f"`cidrSubnet` cannot split a /{network.prefixlen} into ranges of /{length}")
    if not 0 <= index < 1 << (length - network.prefixlen):
        raise TemplateProblem(
            f"`cidrSubnet` splits a /{network.prefixlen} into too few /{length} for number {index}"
        )
    first = int(network[0]) + (index << (network.max_prefixlen - length))
    return f"{network[0].__class__(first)}/{length}"


def cidr_host(text: str, index: int) -> Value:
    """`cidrHost`: the usable address at a place, from 0; the first of a range is 1 behind its own."""
    network = _network("cidrHost", text)
    if _is_narrow(network):
        return undocumented("cidrHost", [text, index], "so small a range", "string")
    reserved = 2 if network.version == 4 else 1
    if not 0 <= index < network.num_addresses - reserved:
        raise TemplateProblem(
            f"`cidrHost` finds too few usable addresses in a /{network.prefixlen} for number {index}"
        )
    return str(network[index + 1])


def _network(name: str, text: str) -> IPv4Network | IPv6Network:
    if "/" not in text:
        raise TemplateProblem(f"`{name}` takes an address range like `10.0.0.0/16`, and the text is none")
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        raise TemplateProblem(
            f"`{name}` takes an address range like `10.0.0.0/16`, and the text is none"
        ) from None


def _is_narrow(network: IPv4Network | IPv6Network) -> bool:
    """Whether a range has no address between its first and last."""
    return network.num_addresses <= 2


ROWS = rows(
    ("cidrHost", 2, 2, ("string", "int"), "string", cidr_host),
    ("cidrSubnet", 3, 3, ("string", "int", "int"), "string", cidr_subnet),
    ("parseCidr", 1, 1, ("string",), "object", parse_cidr),
)

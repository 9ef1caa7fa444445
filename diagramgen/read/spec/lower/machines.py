"""Machines, scale sets and network interfaces -> records.

A machine has one interface with one address in its subnet, unless `nics` says otherwise; interfaces are records of
their own, those of a scale set a part of it where the spec tells of what exists.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.parts import Properties, own_address, public_ips, region_of, subnet_ref
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


OF_NICS = frozenset({"ip", "public_ip", "asg", "nsg", "forwarding", "nics", "ip_configurations"})
"""What is said of a machine's interfaces, which may be known where the machine is not."""


class _Nic(NamedTuple):
    """One interface: where it is told, and the path of its record."""

    shown: str
    name: str
    told: Told


def lower_machine(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """A machine, and the records of its interfaces."""
    if thing.word == "vmss" and not context.has_defaults:
        return _scale_set(thing, context), {}
    is_known = not thing.value.get("outside") or any(key in thing.value for key in OF_NICS)
    nics = _nics_of(thing, context) if is_known else []
    for nic in nics:
        _put_nic(nic, thing, context)
    listed = [{"id": nic.shown.lower()} for nic in nics]
    return ({"networkProfile": {"networkInterfaces": listed}} if listed else {}), {}


def lower_nic(thing: Named, context: Context) -> tuple[Properties, dict[str, Any]]:
    """An interface without a machine."""
    return _properties(_Nic(thing.shown, thing.name, thing.value), thing, context), {}


def put_nics(thing: Named, context: Context, owner: str) -> list[dict[str, str]]:
    """The records of interfaces that something else than a machine has; `owner` is the property that names it."""
    found = []
    for nic in _nics_of(thing, context) if "nics" in thing.value else ():
        _put_nic(nic, thing, context, owner)
        found.append({"id": nic.shown.lower()})
    return found


def configuration_of(thing: Named, context: Context) -> str:
    """The id of the IP configuration by which a pool names a machine, a scale set or an interface."""
    if thing.word == "nic":
        return f"{thing.key}/ipconfigurations/{_first(thing.value)}"
    nic = _nics_of(thing, context)[0]
    if thing.word == "vmss" and not context.has_defaults:
        instance = f"{thing.key}/virtualmachines/0/networkinterfaces/{nic.name.lower()}"
        return f"{instance}/ipconfigurations/{_first(nic.told)}"
    return f"{nic.shown.lower()}/ipconfigurations/{_first(nic.told)}"


def _first(told: Told) -> str:
    items = told.get("ip_configurations", ())
    return escape(items[0].value.get("name", items[0].name)).lower() if items else "ipconfig1"


def _nics_of(thing: Named, context: Context) -> list[_Nic]:
    """The interfaces, those in the machine's own subnet first where their order means nothing."""
    told: Told = thing.value
    items = told.get("nics")
    if not items:
        return [_Nic(f"{thing.shown}/nic", f"{thing.name} NIC", told)]
    if context.has_defaults:
        items = sorted(items, key=lambda i: ("subnet" in i.value, i.name.lower()))
    return [_Nic(f"{thing.shown}/nics/{escape(i.name)}", i.name, i.value) for i in items]


def _put_nic(nic: _Nic, thing: Named, context: Context, owner: str = "virtualMachine") -> None:
    told, own = nic.told, nic.told is not thing.value
    properties = {owner: thing.ref, **_properties(nic, thing, context)}
    context.put(
        nic.shown,
        _NET + "networkinterfaces",
        nic.name,
        properties,
        told.place if own else thing.place,
        {
            "ipConfigurations": told.at("asg") if "asg" in told else told.place if own else thing.place,
            **({"networkSecurityGroup": told.at("nsg")} if "nsg" in told else {}),
        },
        told.get("region", region_of(thing)) if own else region_of(thing),
        {"parent": thing.key},
        told if own else None,
        thing,
    )


def _properties(nic: _Nic, thing: Named, context: Context) -> Properties:
    told = nic.told
    configurations = _configurations(nic, thing, context)
    properties: Properties = {"ipConfigurations": configurations} if configurations else {}
    forwarding = told.get("forwarding")
    if forwarding is None and thing.word == "nva":
        forwarding = True
    if forwarding is None and context.has_defaults and thing.word != "nic":
        forwarding = False
    if forwarding is not None:
        properties["enableIPForwarding"] = forwarding
    if nsg := context.find(told, "nsg", "nsg", near=thing):
        properties["networkSecurityGroup"] = nsg.ref
    return properties


def _configurations(nic: _Nic, thing: Named, context: Context) -> list[dict[str, Any]]:
    """The IP configurations: those that are told, else one; one more for each further public IP of an interface."""
    items: tuple[Item, ...] = nic.told.get("ip_configurations", ())
    if items:
        return [_configuration(item.name, item.value, nic, thing, context, n) for n, item in enumerate(items)]
    ips = _public_ips(nic, thing, context)
    first = _configuration("ipconfig1", nic.told, nic, thing, context, 0, ips[0] if ips else "")
    more = ips[1:] if thing.word == "nic" else []
    return [first] + [
        {"name": f"ipconfig{n + 2}", "properties": {"publicIPAddress": {"id": ip}}}
        for n, ip in enumerate(more)
    ]


def _public_ips(nic: _Nic, thing: Named, context: Context) -> list[str]:
    if nic.told is thing.value:
        return public_ips(thing, context)
    return [ip.key for ip in context.find_all(nic.told.get("public_ip"), ("public_ip",))]


def _configuration(
    name: str, told: Told, nic: _Nic, thing: Named, context: Context, number: int, public_ip: str = ""
) -> dict[str, Any]:
    own = nic.told is thing.value and told is nic.told
    subnet = context.find(told, "subnet", "subnet", near=thing) or context.find(
        nic.told, "subnet", "subnet", near=thing
    )
    at = subnet.ref if subnet else subnet_ref(thing)
    properties: Properties = {"subnet": at} if at else {}
    if own:
        properties |= own_address(thing, context)
    elif ip := told.get("ip"):
        properties |= {"privateIPAddress": ip, **context.usually(privateIPAllocationMethod="Static")}
    if thing.word != "nic" or number or len(nic.told.get("ip_configurations", ())) > 1:
        properties["primary"] = number == 0
    if asgs := context.find_all(told.get("asg") or nic.told.get("asg"), ("asg",)):
        properties["applicationSecurityGroups"] = [a.ref for a in asgs]
    if told is not nic.told:
        ips = context.find_all(told.get("public_ip"), ("public_ip",))
        public_ip = ips[0].key if ips else ""
    if public_ip:
        properties["publicIPAddress"] = {"id": public_ip}
    if told is not nic.told:
        name = told.get("name", name)
        properties = context.with_azure(properties, told, thing)
    rid = f"{nic.shown.lower()}/ipconfigurations/{escape(name).lower()}"
    return {"id": rid, "name": name, "properties": properties}


def _scale_set(thing: Named, context: Context) -> Properties:
    """https://learn.microsoft.com/azure/templates/microsoft.compute/virtualmachinescalesets"""
    configurations = []
    for nic in _nics_of(thing, context):
        properties = _properties(nic, thing, context)
        for configuration in properties.get("ipConfigurations", ()):
            configuration.pop("id", None)
        if nic.told is not thing.value:
            properties = context.with_azure(properties, nic.told, thing)
        configurations.append({"name": nic.told.get("name", nic.name) if nic.told is not thing.value else nic.name,
                               "properties": properties})  # fmt: skip
    return {"virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": configurations}}}

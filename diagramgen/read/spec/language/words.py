"""The small words of the language: texts, names, addresses, and the closed sets."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.shapes import Many, Shape, Text

LEVELS = ("subscription", "vnet", "subnet", "internet", "on-premises", "paas")
STATUSES = ("no-path", "enforced", "gap", "unknown")
FRAMES = (
    "azure",
    "management_group",
    "subscription",
    "region",
    "vnet",
    "virtual_hub",
    "subnet",
    "network_group",
    "group",
    "on_premises",
)
CLASSES = (
    "internet",
    "on_premises",
    "users",
    "services",
    "peerings",
    "connections",
    "flows",
    "nsgs",
    "asgs",
    "route_tables",
    "network_groups",
    "regions",
    "groups",
    "azure",
    "subscriptions",
    "vnets",
    "subnets",
    "resources",
    "notes",
)
"""Words that a view may use for a class of things."""


def text(what: str, description: str = "", *examples: str, words: tuple[str, ...] = ()) -> Text:
    return Text(what, description=description, examples=examples, words=words)


def ref(what: str, description: str = "") -> Text:
    return Text(f"the name of {what}", description=description or f"The name of {what}.")


LABEL = text("a text", 'Shown instead of the name; "" shows none.')
NOTE = text("a text", "A remark, told in the tooltip.")
CIDR = Text(
    "a CIDR such as `10.0.0.0/16`",
    grammar.parse_cidr,
    r"^\s*[0-9A-Fa-f:.]+(/[0-9]+)?\s*$",
    ("10.0.0.0/16", "fd00:1::/48"),
)
ADDRESS = Text(
    "an IP address",
    grammar.parse_address,
    r"^\s*[0-9A-Fa-f:.]+(%.*)?\s*$",
    ("10.0.0.4",),
    description="A private IP address.",
)
PORTS = Text(
    "ports such as `443` or `8000-8100`", grammar.parse_ports, examples=("443", "80,443", "8000-8100")
)


def some(shape: Shape, description: str = "") -> Many:
    """One, or a list."""
    return Many(shape, lone=True, description=description)


CIDRS = some(CIDR, "One network in CIDR notation, or several.")


PLAIN = {"label": LABEL, "note": NOTE}

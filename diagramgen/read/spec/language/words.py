"""The small words of the language: texts, names, addresses, and the closed sets."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.shapes import Either, Flag, Free, Many, Names, Shape, Text, Whole, Word

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
    may_be_unknown=True,
)
ADDRESS = Text(
    "an IP address",
    grammar.parse_address,
    r"^\s*[0-9A-Fa-f:.]+(%.*)?\s*$",
    ("10.0.0.4",),
    description="A private IP address.",
    may_be_unknown=True,
)
PORTS = Text(
    "ports such as `443` or `8000-8100`",
    grammar.parse_ports,
    examples=("443", "80,443", "8000-8100"),
    may_be_unknown=True,
)


def some(shape: Shape, description: str = "") -> Many:
    """One, or a list."""
    return Many(shape, lone=True, description=description)


def flag(description: str = "") -> Flag:
    """`true`, `false`, or a mark of what is not known."""
    return Flag(description, may_be_unknown=True)


def whole(low: int, high: int, description: str = "") -> Whole:
    """A whole number, or a mark of what is not known."""
    return Whole(low, high, description, may_be_unknown=True)


def word(*words: str, description: str = "") -> Word:
    """One of a few words, or a mark of what is not known."""
    return Word(words, description, may_be_unknown=True)


CIDRS = some(CIDR, "One network in CIDR notation, or several.")


PLAIN: dict[str, Shape] = {"label": LABEL, "note": NOTE}
AZURE = Free(
    "a mapping of Azure's properties",
    "Further properties in the shape of Azure's REST API, merged into those that the spec's own words give; "
    "`null` takes one away, `{id: NAME}` refers to a thing of the spec.",
)
UNSAID = Word(
    ("default", "unknown", "planned"),
    "What the spec does not say is Azure's default, or is `unknown`, as in an export; `planned`: Azure's default "
    "once it is deployed.",
)
PART: dict[str, Shape] = {
    "name": text("a name", "Its name in Azure, where the spec calls it something else."),
    "id": text("an Azure id", "Its id in Azure, where that does not follow from its name."),
    "azure": AZURE,
    "condition": text("a text", "The condition, not known, under which it is there at all."),
    "untold": Flag("It is there, and what it says is not known."),
    "unsaid": UNSAID,
}
"""What may be said of everything in Azure."""
INNER: dict[str, Shape] = {"name": PART["name"], "azure": AZURE}
"""The same for a part that has no id of its own."""
THING: dict[str, Shape] = {
    **PLAIN,
    **PART,
    "region": text("a region", "Where it is, such as `West Europe`."),
    "resource_group": text("a resource group", "The resource group that it is in."),
    "tags": Names("a tag", text("a text"), bare=False, description="Its tags, by name."),
    "outside": Flag("Named here, and not told: nothing is known of what it holds and does."),
}
"""What may be said of every resource of Azure."""
SHARED: dict[str, Shape] = {
    **THING,
    "subscription": ref("a subscription", "The subscription that it is in."),
}
"""The same for what does not stand in the tree of subscriptions."""
MORE = Word(("unknown",), "`unknown`: there may be more of them than the spec tells.")
SKU: Shape = Either(
    (
        text("a SKU", "The tier that is bought, such as `Standard` or `VpnGw2AZ`."),
        Free("a mapping of a SKU's properties", "`{name: ..., tier: ...}`"),
    ),
    "The tier that is bought, such as `Standard` or `VpnGw2AZ`.",
)

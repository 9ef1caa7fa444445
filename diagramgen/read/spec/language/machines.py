"""Network interfaces of machines, where one with one address does not say it all."""

from __future__ import annotations

from diagramgen.read.spec.language.words import ADDRESS, INNER, THING, flag, ref, some
from diagramgen.read.spec.shapes import Either, Flag, Form, Names, Shape

ASGS = some(ref("an ASG"), "The application security groups that its NIC is in.")
PUBLIC_IPS: Shape = Either(
    (Flag(), some(ref("a public IP"))),
    "`true` for a public IP of its own, or the names of such under `public_ips`.",
)
FORWARDING = flag("Whether its NIC takes traffic that is not for itself (IP forwarding).")
IP_CONFIGURATION = Form(
    "an IP configuration",
    {
        "ip": ADDRESS,
        "subnet": ref("a subnet", "The subnet, if not that of the machine."),
        "asg": ASGS,
        "public_ip": some(ref("a public IP")),
        **INNER,
    },
    title="ip_configuration",
)
NIC = Form(
    "a NIC",
    {
        "ip": ADDRESS,
        "subnet": ref("a subnet", "The subnet, if not that of the machine."),
        "asg": ASGS,
        "nsg": ref("an NSG", "Its NSG."),
        "public_ip": some(ref("a public IP")),
        "forwarding": FORWARDING,
        "ip_configurations": Names(
            "an IP configuration",
            IP_CONFIGURATION,
            bare=False,
            description="Its IP configurations, where it has several; the first is the primary one.",
        ),
        **THING,
    },
    title="nic",
)

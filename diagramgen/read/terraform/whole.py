"""What a document tells in full: collections of children, and what is attached to subnets and interfaces.

One resource of Terraform's is a part of one of Azure's: subnets, rules and associations stand beside what they belong
to, and another state may hold more of them. So after all resources are converted it is decided what may be concluded:

- What a plan creates has the children and attachments that the plan gives it, and no others.
- A network, NSG or route table of a state lists its children as Terraform last saw them; the document's own are added.
  Data sources list no more than the names of subnets.
- A subnet of a state tells nothing of its NSG, route table and NAT gateway. Where there is no association, there is
  none if the network's own list says so, or if the network is managed here and nothing in its list comes from
  elsewhere. Otherwise it is unknown.
- What a plan takes away is taken out of the lists, which Terraform does not change while planning.
"""

from __future__ import annotations

from collections.abc import Sequence

from diagramgen.read.record import key_of
from diagramgen.read.terraform.attached import drop_detached, mark_attachments
from diagramgen.read.terraform.children import IsConfigured, drop_gone, fill_collections
from diagramgen.read.terraform.made import Index, Made
from diagramgen.read.terraform.neighbours import Neighbours
from diagramgen.read.terraform.plan import Side
from diagramgen.read.terraform.resource import TerraformResource


def complete(
    made: list[Made],
    resources: Sequence[TerraformResource],
    side: Side,
    is_configured: IsConfigured,
    neighbours: Neighbours,
) -> int:
    """Completes the bodies in place; how many subnets there are of which attachments are not known.

    `is_configured` tells whether an expression gives an attribute.
    """
    index = Index(made, neighbours)
    lost = {key_of(told) for each in side.gone if isinstance(told := each.attributes.get("id"), str)}
    index.gone = lost - index.own.keys()
    drop_gone(index)
    drop_detached(index, side.touched)
    fill_collections(index, is_configured)
    return mark_attachments(index, resources)

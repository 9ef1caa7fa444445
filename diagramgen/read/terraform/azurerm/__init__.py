"""azurerm: what each attribute of the provider means in the shape of the ARM REST API.

One module an area; most of each is a table of attributes and REST's paths. Names are those of versions 2 to 5 of the
provider. https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
"""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.read.terraform.azurerm import (
    application_gateways,
    containers,
    databases,
    dns,
    firewall_policies,
    firewalls,
    front_doors,
    gateways,
    groups,
    hub_gateways,
    interfaces,
    load_balancers,
    machines,
    manager,
    messaging,
    networks,
    private_links,
    public_addresses,
    routes,
    security,
    services,
    sites,
    storage,
    subnets,
    waf_policies,
    wan,
)
from diagramgen.read.terraform.azurerm.azure_types import azure_type
from diagramgen.read.terraform.azurerm.ids import make_id
from diagramgen.read.terraform.resource import Converter

__all__ = ["CONVERTERS", "azure_type", "make_id"]

_AREAS = (
    groups,
    networks,
    subnets,
    security,
    routes,
    public_addresses,
    interfaces,
    machines,
    containers,
    firewalls,
    firewall_policies,
    gateways,
    wan,
    hub_gateways,
    private_links,
    dns,
    load_balancers,
    application_gateways,
    waf_policies,
    front_doors,
    manager,
    storage,
    databases,
    messaging,
    services,
    sites,
)
CONVERTERS: Mapping[str, Converter] = {
    name: converter for area in _AREAS for name, converter in area.CONVERTERS.items()
}
"""By Terraform's type."""

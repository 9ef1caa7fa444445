"""One resource instance of a Terraform state or plan, and what a converter may ask about the others.

The frame (this package) reads states and plans, expands modules, resolves links and hides secrets; what an azurerm
attribute means in Azure is known in `azurerm/` alone. The two meet here: a `TerraformResource` goes in, resources in
the shape of the ARM REST API come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from diagramgen.located import Place

Mode = Literal["managed", "data"]


@dataclass(frozen=True, slots=True)
class TerraformResource:
    """An instance: `address` with module path and key (`module.hub["weu"].azurerm_subnet.app[0]`), `module` the path
    alone (`module.hub["weu"]`, empty at the root), `provider` the local name of its provider or its source address.

    `values` are the attributes as the provider names them (snake_case), references resolved to ids where they can
    be. What the input does not tell (known after apply, or marked sensitive) is the text `{address.attribute}`, in the
    place of a text, a list or a whole block alike; what is not set is None or absent, as the provider wrote it.
    `values["id"]` is the Azure id, made up where nobody knows it yet. Secrets that only their names give away are still
    there: they are taken out of the rows that converters make.

    `is_new`: a plan creates it, so that what it does not have is known not to be there.
    """

    address: str
    mode: Mode
    type: str
    name: str
    module: str
    provider: str
    values: Mapping[str, Any]
    place: Place
    is_new: bool = False


class Lookup(Protocol):
    """What a converter may ask about the whole document."""

    @property
    def subscription_id(self) -> str:
        """The subscription where a resource does not say which: a GUID, or `{subscription}`."""

    def subscription_of(self, resource: TerraformResource) -> str:
        """The subscription of a resource's provider; two aliases of a provider may have two."""

    def id_of(self, resource: TerraformResource) -> str:
        """A resource's Azure id: as the input knows it, else made up by `azurerm.make_id`."""

    def resource(self, address: str) -> TerraformResource | None:
        """The instance with this full address."""

    def with_id(self, azure_id: str) -> TerraformResource | None:
        """The instance that has an Azure id, whatever its case, managed ones before data sources; found at once."""

    def of_type(self, terraform_type: str) -> Sequence[TerraformResource]:
        """All instances of a type, in the order of the document."""

    def referring(self, terraform_type: str, attribute: str, azure_id: str) -> Sequence[TerraformResource]:
        """The instances of a type of which an attribute holds this id, whatever its case; found at once."""

    def is_configured(self, resource: TerraformResource, attribute: str) -> bool:
        """Whether a plan's configuration gives an attribute, be it by an expression that is not known yet."""


Converter = Callable[[TerraformResource, Lookup], Iterable[dict[str, Any]]]
"""Gives resources in REST's shape (`id`, `type`, `name`, `location`, `properties`). An association gives a part of
another resource (a subnet with its `networkSecurityGroup` alone); parts meet by id. A collection of children that the
attributes do not tell (unknown, or no attribute of that kind) stays absent: whether the document tells all of them is
decided afterwards, over all resources."""

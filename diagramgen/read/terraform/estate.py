"""All instances of a document, and what their converters may ask: ids, subscriptions, each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from diagramgen.read.record import key_of
from diagramgen.read.resource import is_resource_id
from diagramgen.read.terraform.address import names_of
from diagramgen.read.terraform.attributes import Attributes, Filler
from diagramgen.read.terraform.configuration import Configuration
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.links import Links
from diagramgen.read.terraform.marks import mark_of
from diagramgen.read.terraform.parts import Known, Scope
from diagramgen.read.terraform.resource import Lookup, TerraformResource
from diagramgen.read.unknown import SUBSCRIPTION, is_unknown, unknown

MakeId = Callable[[TerraformResource, Lookup], str]
_DEFAULT = ""


class Estate:
    """The lookup over one document."""

    def __init__(self, instances: Iterable[Instance], configuration: Configuration, make_id: MakeId) -> None:
        self.instances = _by_address(instances)
        self._make_id = make_id
        self._links = Links(configuration, self.instances.values())
        self._filler = Filler(self._links, self)
        self._resources: dict[str, TerraformResource] = {}
        self._ids: dict[str, str] = {}
        self._made_up: dict[tuple[str, str, str], str] = {}
        self.doubles: dict[str, str] = {}
        """Instances that get the name of another one of their type, by address."""
        self._by_id: dict[str, TerraformResource] | None = None
        self._by_type: dict[str, list[TerraformResource]] | None = None
        self._by_link: dict[tuple[str, str], dict[str, list[TerraformResource]]] = {}
        self._subscriptions = _Subscriptions(configuration, self._links, tuple(self.instances.values()))

    # What converters ask

    @property
    def subscription_id(self) -> str:
        """The subscription of the provider without an alias."""
        return self._subscriptions.of(_DEFAULT)

    def subscription_of(self, resource: TerraformResource) -> str:
        """The subscription of a resource's provider."""
        instance = self.instances.get(resource.address)
        return self._subscriptions.of_instance(instance) if instance is not None else self.subscription_id

    def id_of(self, resource: TerraformResource) -> str:
        """A resource's Azure id, known or made up."""
        instance = self.instances.get(resource.address)
        if instance is not None:
            return self.id_of_instance(instance)
        told = resource.values.get("id")
        return told if isinstance(told, str) else ""

    def resource(self, address: str) -> TerraformResource | None:
        """The instance with this address."""
        instance = self.instances.get(address)
        return self.resource_of(instance) if instance is not None else None

    def with_id(self, azure_id: str) -> TerraformResource | None:
        """The instance with this Azure id, managed ones first; associations have the ids of what they join."""
        if self._by_id is None:
            self._by_id = {}
            for instance in sorted(self._azure(), key=lambda one: one.mode == "data"):
                if not instance.type.endswith("_association"):
                    self._by_id.setdefault(key_of(self.id_of_instance(instance)), self.resource_of(instance))
        return self._by_id.get(key_of(azure_id))

    def of_type(self, terraform_type: str) -> Sequence[TerraformResource]:
        """All instances of a type."""
        if self._by_type is None:
            self._by_type = {}
            for instance in self._azure():
                self._by_type.setdefault(instance.type, []).append(self.resource_of(instance))
        return self._by_type.get(terraform_type, ())

    def referring(self, terraform_type: str, attribute: str, azure_id: str) -> Sequence[TerraformResource]:
        """The instances of a type of which an attribute holds this id."""
        if (terraform_type, attribute) not in self._by_link:
            found = self._by_link[(terraform_type, attribute)] = {}
            for resource in self.of_type(terraform_type):
                told = resource.values.get(attribute)
                if isinstance(told, str):
                    found.setdefault(key_of(told), []).append(resource)
        return self._by_link[(terraform_type, attribute)].get(key_of(azure_id), ())

    def is_configured(self, resource: TerraformResource, attribute: str) -> bool:
        """Whether the configuration gives an attribute, as far as the document has it; dynamic blocks are in none."""
        instance = self.instances.get(resource.address)
        if instance is None or not self._links.is_declared(instance):
            return True
        return attribute in self._filler.expressions_of(instance)

    @property
    def open_links(self) -> int:
        """How many links, of those that were asked for, could not be resolved."""
        return len(self._filler.open_links)

    # What filling in asks

    def id_of_instance(self, instance: Instance) -> str:
        """An instance's Azure id: as known, else made up from names. While it is being made up, only a mark."""
        address = instance.address
        found = self._ids.get(address)
        if found is None:
            found = self._known_id(instance)
            if found is None:
                self._ids[address] = mark_of(address, "id")
                found = self._apart(instance, self._make_id(self.resource_of(instance), self))
            self._ids[address] = found
        return found

    def _apart(self, instance: Instance, made_up: str) -> str:
        """A made-up id that no other resource of the type has: Azure would refuse two of one name."""
        first = self._made_up.setdefault((instance.type, instance.mode, key_of(made_up)), instance.address)
        if not made_up or first == instance.address or instance.mode == "data":
            return made_up
        self.doubles[instance.address] = first
        return made_up + mark_of(instance.address, "id")

    def attributes_of(self, instance: Instance) -> Mapping[str, Any]:
        """An instance's attributes, filled in."""
        return self.resource_of(instance).values

    # Resources

    def resource_of(self, instance: Instance) -> TerraformResource:
        """An instance as converters know it."""
        address = instance.address
        if address not in self._resources:
            self._resources[address] = TerraformResource(
                address=address,
                mode=instance.mode,
                type=instance.type,
                name=instance.name,
                module=instance.module_address,
                provider=instance.provider,
                values=Attributes(self._filler.names_of(instance), self._finder(instance)),
                place=instance.place,
                is_new=instance.is_new,
            )
        return self._resources[address]

    def _finder(self, instance: Instance) -> Callable[[str], Any]:
        def find(name: str) -> Any:
            if name == "id" and instance.is_azure:
                return self.id_of_instance(instance)
            return self._filler.value(instance, name)

        return find

    def _known_id(self, instance: Instance) -> str | None:
        """The id that the document gives; what is no id of Azure's only where nothing is to be made up."""
        told = self._filler.value(instance, "id")
        if not isinstance(told, str) or not told or is_unknown(told):
            return None
        return told if is_resource_id(told) or not instance.is_new else None

    def _azure(self) -> Iterable[Instance]:
        return (instance for instance in self.instances.values() if instance.is_azure)


def _by_address(instances: Iterable[Instance]) -> dict[str, Instance]:
    """The instances by address. No two have one in what Terraform writes; elsewhere the later ones get a number."""
    found: dict[str, Instance] = {}
    for instance in instances:
        address = instance.address
        if address in found:
            instance = replace(instance, name=f"{instance.name}~{len(found)}")
        found[instance.address] = instance
    return found


class _Subscriptions:
    """Which subscription each configuration of a provider leads to; aliases have one each."""

    def __init__(self, configuration: Configuration, links: Links, instances: Sequence[Instance]) -> None:
        self._configuration = configuration
        self._links = links
        self._told: dict[str, dict[str, None]] = {}
        self._known: dict[str, str] = {}
        for instance in instances:
            if instance.is_azure:
                told = self._told.setdefault(self._alias_of(instance), {})
                if (found := _subscription_told(instance)) is not None:
                    told[found] = None

    def of_instance(self, instance: Instance) -> str:
        """The subscription in which an instance's provider works."""
        return self.of(self._alias_of(instance))

    def of(self, alias: str) -> str:
        """The subscription of a provider's alias: as its configuration says, or as all known ids say alike."""
        if alias not in self._known:
            self._known[alias] = self._find(alias)
        return self._known[alias]

    def _find(self, alias: str) -> str:
        for key, provider in self._configuration.providers.items():
            if _alias(key) == alias and _is_azure_provider(key, provider):
                configured = self._configured(provider)
                if configured:
                    return configured
        told = list(self._told.get(alias, ()))
        if len(told) == 1:
            return told[0]
        return SUBSCRIPTION if alias == _DEFAULT else unknown(f"subscription of {alias}".replace("/", "-"))

    def _configured(self, provider: Mapping[str, Any]) -> str:
        expressions = provider.get("expressions")
        expression = expressions.get("subscription_id") if isinstance(expressions, Mapping) else None
        parts = self._links.parts_of(expression, Scope(())) if expression is not None else ()
        if len(parts) == 1 and isinstance(parts[0], Known) and isinstance(parts[0].value, str):
            return _plain(parts[0].value)
        return ""

    def _alias_of(self, instance: Instance) -> str:
        told = self._configuration.resource(
            names_of(instance.module), instance.mode, instance.type, instance.name
        ).get("provider_config_key")
        return _alias(told if isinstance(told, str) else instance.provider)


def _alias(provider: str) -> str:
    """The alias in a provider's key or address; empty for the one without.

    >>> [_alias(key) for key in ("azurerm", "azurerm.hub", 'provider["registry.terraform.io/hashicorp/azurerm"].hub')]
    ['', 'hub', 'hub']
    >>> _alias("module.net:azurerm.hub"), _alias("registry.terraform.io/hashicorp/azurerm"), _alias("provider.azurerm")
    ('hub', '', '')
    """
    last = provider.rpartition('"]')[2] if '"]' in provider else provider.rpartition(":")[2]
    if "/" in last or last.startswith("provider."):
        last = last.removeprefix("provider.") if last.startswith("provider.") else ""
    return last.partition(".")[2]


def _is_azure_provider(key: str, provider: Mapping[str, Any]) -> bool:
    name = str(provider.get("name") or key.rpartition(":")[2].partition(".")[0])
    return name in ("azurerm", "azapi")


def _subscription_told(instance: Instance) -> str | None:
    """The subscription that an instance's own id names, or that a data source was asked for."""
    if instance.type in ("azurerm_client_config", "azurerm_subscription", "azapi_client_config"):
        told = instance.attributes.get("subscription_id")
        return _plain(told) or None if isinstance(told, str) else None
    told = instance.attributes.get("id")
    steps = told.split("/") if isinstance(told, str) else []
    is_inside = (
        len(steps) > 4 and steps[1].lower() == "subscriptions" and steps[3].lower() == "resourcegroups"
    )
    return steps[2].lower() or None if is_inside else None


def _plain(subscription: str) -> str:
    return subscription.strip().strip("/").rpartition("/")[2].lower()

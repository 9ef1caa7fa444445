"""Labels: what a thing is called where people read it, in drawings and reports."""

from __future__ import annotations

from diagramgen.read.brief import readable
from diagramgen.read.record import Record
from diagramgen.read.unknown import SUBSCRIPTION


def label_of(record: Record) -> str:
    """What the thing of a record is called."""
    if record.type == "microsoft.management/managementgroups":
        return str(record.properties.get("displayName") or readable(record.name))
    if record.type == "microsoft.resources/subscriptions":
        return str(record.properties.get("displayName") or subscription_label(record.name))
    return readable(record.name)


def subscription_label(name: str) -> str:
    """What a subscription is called whose name is its id, or not known.

    >>> subscription_label("11111111-2222-3333-4444-555555555555"), subscription_label("Production")
    ('Subscription 11111111', 'Production')
    >>> subscription_label("{subscription}"), subscription_label("{split(hubId, '/')[2]}")
    ('Subscription of the deployment', 'Subscription {hubId}')
    >>> subscription_label("{subscription of azurerm.hub}")
    'Subscription of azurerm.hub'
    """
    if name == SUBSCRIPTION:
        return "Subscription of the deployment"
    parts = name.split("-")
    if len(parts) == 5 and len(name) == 36:
        return f"Subscription {parts[0]}"
    shown = readable(name)
    if shown.startswith("{subscription of "):
        return f"S{shown[2:-1]}"
    return f"Subscription {shown}" if shown.startswith("{") else shown

"""Service endpoints: the route to a service that no other overrides, where service tags tell its prefixes."""

from __future__ import annotations

import json

from diagramgen.analyse import analyse_topology
from diagramgen.analyse.tags import read_service_tags
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import parse_addresses
from diagramgen.read import Source, read_records

SPEC = """
vnets:
  V:
    address: 10.0.0.0/16
    subnets:
      App: {address: 10.0.1.0/24, route_table: RT, service_endpoints: [Microsoft.Storage]}
      Plain: {address: 10.0.2.0/24, route_table: RT}
route_tables:
  RT: {routes: [192.0.2.0/25 -> 10.0.9.4, 0.0.0.0/0 -> 10.0.9.4]}
"""
TAGS = {"changeNumber": 1, "cloud": "Public", "values": [
    {"name": "Storage", "id": "Storage", "properties": {"addressPrefixes": ["192.0.2.0/24"]}},
]}  # fmt: skip


def test_the_route_of_a_service_endpoint_beats_a_more_specific_one_of_the_user() -> None:
    """https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#optional-default-routes"""
    tags = read_service_tags(json.dumps(TAGS).encode(), "tags.json")
    analysis = analyse_topology(build_topology(read_records([Source("spec.yaml", SPEC.encode())])), tags)
    address = parse_addresses("192.0.2.50") or ()
    for subnet, next_hop in (("app", "VirtualNetworkServiceEndpoint"), ("plain", "VirtualAppliance")):
        routes = analysis.routing.routes(f"vnets/v/subnets/{subnet}").split(address)
        assert [route.next_hop for _, route in routes] == [next_hop]

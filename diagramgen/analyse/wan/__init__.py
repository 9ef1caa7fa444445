"""Virtual WAN: where virtual hubs send packets.

In: a topology with hubs, connections, route tables and routing intent. Out: `VirtualWan`, which gives the next hops of
a hub for packets from one of its connections, and the routes that connected VNets learn.

https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
"""

from diagramgen.analyse.wan.routes import HubNextHop
from diagramgen.analyse.wan.virtual_wan import Branch, VirtualWan

__all__ = ["Branch", "HubNextHop", "VirtualWan"]

"""An independent simulator: what Azure does with ONE packet, by brute force, to hold the analysis against.

It reads resources in the shape of the ARM REST API (a list of dictionaries, as Resource Graph or REST gives them)
and knows nothing of the program: no sets of packets, no model, only `ipaddress` and loops. Where Azure's pages leave
a choice, the comment that says `Choice` tells which was taken here.
"""

from simulator.estate import Estate
from simulator.walk import Answer, Packet, Simulator

__all__ = ["Answer", "Estate", "Packet", "Simulator"]

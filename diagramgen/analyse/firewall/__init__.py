"""Azure Firewall: what its rules do with packets, in the order in which they are processed.

In: a topology with firewalls, policies, their parents and IP groups. Out: `Firewalls`, which answers for one firewall
and a set of packets. What is referred to and absent leaves what it would decide unknown.

https://learn.microsoft.com/azure/firewall/rule-processing
"""

from diagramgen.analyse.firewall.addresses import Translation
from diagramgen.analyse.firewall.chain import FIREWALL
from diagramgen.analyse.firewall.firewalls import FirewallRules, Firewalls
from diagramgen.analyse.firewall.rules import ApplicationRule, NatRule

__all__ = ["FIREWALL", "ApplicationRule", "FirewallRules", "Firewalls", "NatRule", "Translation"]

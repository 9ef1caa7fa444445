"""Platform services: who may reach each over its public endpoint, and which private ways lead to it.

In: a topology and its addresses. Out: `Services`, which answers for one service and one class of callers. The public
endpoint and every private endpoint are judged apart: a private endpoint closes nothing.

https://learn.microsoft.com/azure/storage/common/storage-network-security
"""

from diagramgen.analyse.paas.answers import Admission
from diagramgen.analyse.paas.services import Services
from diagramgen.analyse.paas.ways import PrivatePath

__all__ = ["Admission", "PrivatePath", "Services"]

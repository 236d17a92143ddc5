"""The importer for any spreadsheet or CSV a ministry has.

    proposal = general.propose(path, today=today)      # what Corredor understood, and what it must ask
    mapping = proposal.mapping                         # repaired by a person, kept as mapping.to_json()
    for item in general.read(path, mapping, today=today):
        …                                              # Figure, Refusal or TotalCheck, in file order

Next month's file has the same `mapping.fingerprint`; `renew(remembered, proposal.mapping)` carries the decisions over.
"""

from corredor.areas.flows.adapters.general.mapping import Column, Mapping, renew
from corredor.areas.flows.adapters.general.proposing import Proposal, Question, propose
from corredor.areas.flows.adapters.general.reading import read

__all__ = ["Column", "Mapping", "Proposal", "Question", "propose", "read", "renew"]

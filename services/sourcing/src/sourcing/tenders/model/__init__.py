"""A tender, its versions, who may bid, who of ours has which part in it, and what bidders have asked."""

from sourcing.tenders.model.parts import Bidder, Enquiry, TeamMember, TenderVersion
from sourcing.tenders.model.tender import Tender, tender_number

__all__ = ["Bidder", "Enquiry", "TeamMember", "Tender", "TenderVersion", "tender_number"]

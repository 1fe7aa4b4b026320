"""What sourcing's worker runs, and every event that sourcing publishes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from purveyor.http import bulk
from purveyor.jobs import Chore, Job
from purveyor_contract.events.sourcing.bank_accounts import (
    BankAccountActivated,
    BankAccountChangeRequested,
    BankAccountEnded,
    BankAccountRejected,
    BankAccountsRestated,
    BankAccountVerified,
)
from purveyor_contract.events.sourcing.bids import (
    BidExcluded,
    BidJustified,
    BidOpened,
    BidPricesOpened,
    BidRestated,
    JustificationDecided,
    JustificationRequested,
)
from purveyor_contract.events.sourcing.blocks import SupplierBlocked, SupplierUnblocked
from purveyor_contract.events.sourcing.categories import (
    CategoryDefined,
    CategoryMoved,
    CategoryRestated,
    CategoryRetired,
)
from purveyor_contract.events.sourcing.contracts import (
    ContractActivated,
    ContractAmended,
    ContractExpired,
    ContractExpiring,
    ContractNoticeGiven,
    ContractRenewed,
    ContractRestated,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
)
from purveyor_contract.events.sourcing.documents import (
    DocumentAccepted,
    DocumentExpired,
    DocumentExpiring,
    DocumentRefused,
    DocumentSubmitted,
    DocumentWithdrawn,
)
from purveyor_contract.events.sourcing.groups import SupplierGroupChanged
from purveyor_contract.events.sourcing.invitations import (
    SupplierInvitationAccepted,
    SupplierInvitationRestated,
    SupplierInvitationRevoked,
    SupplierInvitationSent,
)
from purveyor_contract.events.sourcing.merging import SuppliersMerged, SupplierWithdrawn
from purveyor_contract.events.sourcing.onboarding import (
    SupplierAccessGranted,
    SupplierAccessWithdrawn,
    SupplierChangeProposed,
    SupplierChangeReturned,
    SupplierChangeTaken,
)
from purveyor_contract.events.sourcing.qualification import (
    QualificationExpired,
    QualificationExpiring,
    QualificationRejected,
    QualificationReturned,
    QualificationSubmitted,
    QualificationWithdrawn,
    SupplierInvited,
    SupplierQualificationConditioned,
    SupplierQualified,
)
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from purveyor_contract.events.sourcing.screening import (
    ScreeningHitCleared,
    ScreeningHitConfirmed,
    ScreeningHitRaised,
)
from purveyor_contract.events.sourcing.suppliers import (
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierIdentityChanged,
    SupplierIdentityConfirmed,
    SupplierIdentityReverted,
    SupplierRegistered,
    SupplierReinstated,
    SupplierRejected,
    SupplierRestated,
    SupplierReviewDecided,
    SupplierReviewOpened,
    SupplierSuspended,
    SupplierTerminated,
)
from purveyor_contract.events.sourcing.tenders import (
    BidReceived,
    BidsOpened,
    DeadlineExtended,
    EvaluationCompleted,
    PricesOpened,
    QuestionAnswered,
    RoundOpened,
    TechnicalEnvelopeClosed,
    TenderAmended,
    TenderCancelled,
    TenderClosed,
    TenderPublished,
    TenderRestated,
)
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event
from purveyor_messaging.restating import Retelling
from sourcing.bank_accounts.commands import carry_out_due, rotate
from sourcing.bank_accounts.store.rows import lock_file_if_any
from sourcing.bids.store.rows import lock_opened_if_any
from sourcing.categories.api import BULK as CATEGORIES
from sourcing.categories.store import lock as lock_category
from sourcing.contracts.commands.running import pass_day as pass_day_of_contracts
from sourcing.contracts.store import lock_contract_if_any
from sourcing.documents.commands import pass_day
from sourcing.duplicates.commands import compare_changed
from sourcing.files.api import REMOVING
from sourcing.onboarding.store.invitations import lock_invitation_if_any
from sourcing.qualification.commands.lasting import last_qualifications
from sourcing.reviews.consumers import SCORES
from sourcing.risk.api import BULK as COUNTRY_RISKS
from sourcing.risk.commands import assess_due, follow
from sourcing.screening.commands import note_changed, screen_daily, screen_due, step
from sourcing.screening.store.hits import confirmed_among
from sourcing.segments.commands import segment_day
from sourcing.spend.consumers import SPEND
from sourcing.suppliers.commands import index_anew, learn_words, take_over_categories
from sourcing.suppliers.imports.routes import IMPORT
from sourcing.suppliers.store.rows import lock_supplier_if_any
from sourcing.tenders.commands.closing import close_due
from sourcing.tenders.commands.inviting import admit_qualified
from sourcing.tenders.store import lock_tender_if_any

CONSUMERS: tuple[Consumer, ...] = (SCORES, SPEND)
JOBS: tuple[Job, ...] = (
    Job("last-qualifications", last_qualifications),
    Job("screen-suppliers", screen_daily),
    Job("document-days", pass_day),
    Job("contract-days", pass_day_of_contracts),
    Job("carry-out-bank-account-changes", carry_out_due),
    Job("assess-risks", partial(assess_due, confirmed=confirmed_among)),
    Job("segment", segment_day),
)
CHORES: tuple[Chore, ...] = (
    Chore("compare-suppliers", timedelta(seconds=5), compare_changed),
    Chore("index-suppliers-anew", timedelta(minutes=1), index_anew),
    Chore("learn-words-of-suppliers", timedelta(seconds=5), learn_words),
    Chore("rotate-bank-account-keys", timedelta(minutes=1), rotate),
    Chore("take-over-categories", timedelta(hours=1), take_over_categories),
    Chore("note-suppliers-to-screen", timedelta(seconds=1), note_changed),
    Chore("screen-noted-suppliers", timedelta(seconds=1), screen_due),
    Chore("screen-all-suppliers", timedelta(seconds=1), step),
    *bulk.chores((IMPORT, CATEGORIES, COUNTRY_RISKS)),
    Chore("assess-risks", timedelta(seconds=5), partial(follow, confirmed=confirmed_among)),
    REMOVING,
    Chore("close-tenders", timedelta(seconds=1), close_due),
    Chore("admit-qualified-bidders", timedelta(minutes=5), admit_qualified),
)
PUBLISHES: tuple[type[Event], ...] = (
    BankAccountChangeRequested,
    BankAccountVerified,
    BankAccountRejected,
    BankAccountActivated,
    BankAccountEnded,
    BankAccountsRestated,
    SupplierRegistered,
    SupplierDetailsChanged,
    SupplierGroupChanged,
    SupplierIdentityChanged,
    SupplierIdentityConfirmed,
    SupplierIdentityReverted,
    SupplierApproved,
    SupplierRejected,
    SupplierSuspended,
    SupplierReinstated,
    SupplierTerminated,
    SupplierBlocked,
    SupplierUnblocked,
    SuppliersMerged,
    SupplierWithdrawn,
    SupplierRiskChanged,
    SupplierReviewOpened,
    SupplierReviewDecided,
    SupplierAccessGranted,
    SupplierAccessWithdrawn,
    SupplierChangeProposed,
    SupplierChangeTaken,
    SupplierChangeReturned,
    SupplierInvited,
    QualificationReturned,
    QualificationSubmitted,
    QualificationWithdrawn,
    SupplierQualified,
    SupplierQualificationConditioned,
    QualificationRejected,
    QualificationExpiring,
    QualificationExpired,
    ScreeningHitRaised,
    ScreeningHitCleared,
    ScreeningHitConfirmed,
    DocumentSubmitted,
    DocumentAccepted,
    DocumentRefused,
    DocumentWithdrawn,
    DocumentExpiring,
    DocumentExpired,
    SupplierRestated,
    CategoryDefined,
    CategoryMoved,
    CategoryRetired,
    CategoryRestated,
    SupplierInvitationSent,
    SupplierInvitationAccepted,
    SupplierInvitationRevoked,
    SupplierInvitationRestated,
    TenderPublished,
    TenderAmended,
    DeadlineExtended,
    QuestionAnswered,
    BidReceived,
    TenderClosed,
    BidsOpened,
    TechnicalEnvelopeClosed,
    PricesOpened,
    EvaluationCompleted,
    RoundOpened,
    TenderCancelled,
    TenderRestated,
    BidOpened,
    BidExcluded,
    BidPricesOpened,
    JustificationRequested,
    BidJustified,
    JustificationDecided,
    BidRestated,
    ContractActivated,
    ContractAmended,
    ContractRenewed,
    ContractNoticeGiven,
    ContractExpiring,
    ContractExpired,
    ContractSuspended,
    ContractResumed,
    ContractTerminated,
    ContractRestated,
)
RETELLS: tuple[Retelling, ...] = (
    Retelling(SupplierRestated, lock_supplier_if_any),
    Retelling(BankAccountsRestated, lock_file_if_any),
    Retelling(CategoryRestated, lock_category),
    Retelling(SupplierInvitationRestated, lock_invitation_if_any),
    Retelling(TenderRestated, lock_tender_if_any),
    Retelling(BidRestated, lock_opened_if_any),
    Retelling(ContractRestated, lock_contract_if_any),
)

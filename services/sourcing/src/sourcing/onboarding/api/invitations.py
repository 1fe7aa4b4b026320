"""Invitations, and who acts for suppliers because of one, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.errors import ForbiddenError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx, hand_key_over, shown_once
from purveyor.pages import Page
from purveyor.quotas import Quotas
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor.texts import Code
from purveyor_contract.roles import Role
from sourcing.onboarding import commands
from sourcing.onboarding.store import invitations as store
from sourcing.onboarding.views import invitations as views
from sourcing.onboarding.views.invitations import (
    AcceptedInvitation,
    AccessOut,
    InvitationOut,
    InvitationWithSecret,
)
from sourcing.onboarding.views.stated import Invitation, SendingAgain, WhyNoMore

invitations = APIRouter(prefix="/v1/supplier-invitations", tags=["onboarding"], route_class=TransactionRoute)
access = APIRouter(prefix="/v1/supplier-access", tags=["onboarding"], route_class=TransactionRoute)

WRITE = "sourcing:suppliers:write"
Onboarder = Annotated[Principal, requires(WRITE, Role.BUYER, Role.CATEGORY_MANAGER)]
Invited = Annotated[Principal, requires("sourcing:changes:write", Role.SUPPLIER, of_none_yet=True)]


class Acceptance(BaseModel):
    """What the link of an invitation holds."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"secret": "kqT2Xn0m6cKx0u9sYb3mJYc4q1m3h8s7l2Zr5t8vWxE"}]},
    )

    secret: Code = Field(description="As the link has it")


def supplier_of(context: ServiceContext) -> Callable[[str], Awaitable[UUID | None]]:
    """Return what tells for which supplier a subject acts whose token does not say it."""

    async def found(subject: str) -> UUID | None:
        async with context.database.transaction(reading=True) as tx:
            return await store.supplier_of(tx, context.settings.oidc_issuer, subject)

    return found


@invitations.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def invite_supplier(
    tx: Tx, by: Onboarder, invitation: Invitation, request: Request, response: Response
) -> InvitationWithSecret:
    """Invite a company to become a supplier, or people of one that is known to keep its file.

    The answer tells the secret that lets one person in: once, to be sent as part of a link.
    """
    invited = await commands.invite(tx, invitation)
    await tx.flush()
    response.headers["Location"] = f"{invitations.prefix}/{invited.invitation.id}"
    return _told_once(request, response, tx, invited)


@invitations.get("")
async def list_supplier_invitations(
    tx: Tx, by: Onboarder, asked: Annotated[Listed, listed(store.INVITATIONS, InvitationOut)]
) -> Page[InvitationOut]:
    """List invitations, the latest first."""
    found = await store.find_invitations(tx, asked)
    return asked.page(found, lambda invitation: views.shown(invitation, tx.now))


@invitations.post(":accept")
async def accept_supplier_invitation(
    tx: Tx, by: Invited, acceptance: Acceptance, request: Request
) -> AcceptedInvitation:
    """Accept an invitation with a token of one's own, and act for its supplier from now on.

    The token has the role `supplier`, and need not say which supplier that is. What was refused is noted, and
    who is refused often waits.
    """
    quotas: Quotas = request.app.state.quotas
    quotas.expect_few_failures(request.scope)
    settings: Settings = request.app.state.context.settings
    try:
        _, supplier = await commands.accept(tx, acceptance.secret, settings.oidc_issuer, by.supplier_id)
    except ForbiddenError:
        quotas.note_failure(request.scope)
        raise
    await hand_key_over(request, replace(by, supplier_id=supplier.id))
    return AcceptedInvitation.of(supplier)


@invitations.get("/{invitation_id}", responses={200: carries(ETAG)})
async def get_supplier_invitation(
    tx: Tx, by: Onboarder, invitation_id: UUID, response: Response
) -> InvitationOut:
    """Read an invitation."""
    invitation = await store.get_invitation(tx, invitation_id)
    set_etag(response, invitation)
    return views.shown(invitation, tx.now)


@invitations.post("/{invitation_id}:resend")
async def resend_supplier_invitation(
    tx: Tx,
    by: Onboarder,
    invitation_id: UUID,
    seen: IfMatch,
    again: SendingAgain,
    request: Request,
    response: Response,
) -> InvitationWithSecret:
    """Make an invitation's secret anew, to be sent once more; the one before lets in nobody."""
    invited = await commands.resend(tx, invitation_id, seen, again.expires_in_days)
    await tx.flush()
    return _told_once(request, response, tx, invited)


@invitations.post("/{invitation_id}:revoke")
async def revoke_supplier_invitation(
    tx: Tx, by: Onboarder, invitation_id: UUID, seen: IfMatch, why: WhyNoMore, response: Response
) -> InvitationOut:
    """Let an invitation let in nobody any more."""
    invitation = await commands.revoke(tx, invitation_id, seen, why.reason)
    await tx.flush()
    set_etag(response, invitation)
    return views.shown(invitation, tx.now)


@access.get("")
async def list_supplier_access(
    tx: Tx, by: Onboarder, asked: Annotated[Listed, listed(store.ACCESS, AccessOut)]
) -> Page[AccessOut]:
    """List who acts for suppliers by an invitation; whom the token issuer says it of is not among them."""
    return asked.page(await store.find_access(tx, asked), AccessOut.of)


@access.get("/{access_id}", responses={200: carries(ETAG)})
async def get_supplier_access(tx: Tx, by: Onboarder, access_id: UUID, response: Response) -> AccessOut:
    """Read who acts for a supplier."""
    found = await store.get_access(tx, access_id)
    set_etag(response, found)
    return AccessOut.of(found)


@access.post("/{access_id}:withdraw")
async def withdraw_supplier_access(
    tx: Tx, by: Onboarder, access_id: UUID, seen: IfMatch, why: WhyNoMore, response: Response
) -> AccessOut:
    """Let somebody act for a supplier no more, from their next request on."""
    found = await commands.withdraw_access(tx, access_id, seen, why.reason)
    await tx.flush()
    set_etag(response, found)
    return AccessOut.of(found)


def _told_once(
    request: Request, response: Response, tx: Tx, invited: commands.Invited
) -> InvitationWithSecret:
    set_etag(response, invited.invitation)
    shown_once(request, views.shown_once(invited.invitation, None, tx.now))
    return views.shown_once(invited.invitation, invited.secret, tx.now)

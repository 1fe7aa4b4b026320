"""Invoices of UN/CEFACT's Cross Industry Invoice (D16B), by the mapping of EN 16931-3-3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from procurement.documents.rules.ubl.reading import Part
from procurement.invoices.rules.reading.parts import (
    Days,
    boolean,
    decimal,
    known,
    number,
    said,
    token,
)
from procurement.invoices.rules.terms import (
    Account,
    Adjustment,
    Breakdown,
    Category,
    Invoice,
    Line,
    Object,
    Party,
    Period,
    Preceding,
    Syntax,
    TaxTotal,
)

DATA = "urn:un:unece:uncefact:data:standard:"
ROOT, ROOT_NAMESPACE = "CrossIndustryInvoice", f"{DATA}CrossIndustryInvoice:100"
WITHIN = {
    "rsm": ROOT_NAMESPACE,
    "ram": f"{DATA}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{DATA}UnqualifiedDataType:100",
    "qdt": f"{DATA}QualifiedDataType:100",
}
CREDITS = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
"""The codes of UNCL1001 that are of credit notes (EN 16931, BT-3)."""
VAT, VAT_NUMBER = "VAT", "VA"
AGREED = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:"
DELIVERED = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery/ram:"
SETTLED = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:"
TOTALS = f"{SETTLED}SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
DAY = "udt:DateTimeString"


class CiiPart(Part):
    """An element of a Cross Industry Invoice."""

    within: ClassVar[dict[str, str]] = WITHIN


def cross_industry_invoice(root: Part) -> Invoice:
    """Return what a `CrossIndustryInvoice` says; its type says whether it is a credit note."""
    part, days = CiiPart(root.element, root.path), Days()
    type_code = token(part, "rsm:ExchangedDocument/ram:TypeCode")
    currency = token(part, f"{SETTLED}InvoiceCurrencyCode")
    place = part.part(f"{DELIVERED}ShipToTradeParty/ram:PostalTradeAddress")
    context = "rsm:ExchangedDocumentContext/ram:"
    means = f"{SETTLED}SpecifiedTradeSettlementPaymentMeans"
    return Invoice(
        syntax=Syntax.CII,
        is_credit_note=type_code in CREDITS,
        number=said(part, "rsm:ExchangedDocument/ram:ID"),
        issued_on=days.compact("BT-2", said(part, f"rsm:ExchangedDocument/ram:IssueDateTime/{DAY}")),
        type_code=type_code,
        currency=currency,
        tax_currency=token(part, f"{SETTLED}TaxCurrencyCode"),
        tax_point_on=days.compact(
            "BT-7", said(part, f"{SETTLED}ApplicableTradeTax/ram:TaxPointDate/udt:DateString")
        ),
        tax_point_code=token(part, f"{SETTLED}ApplicableTradeTax/ram:DueDateTypeCode"),
        due_on=days.compact(
            "BT-9", said(part, f"{SETTLED}SpecifiedTradePaymentTerms/ram:DueDateDateTime/{DAY}")
        ),
        buyer_reference=said(part, f"{AGREED}BuyerReference"),
        contract=said(part, f"{AGREED}ContractReferencedDocument/ram:IssuerAssignedID"),
        order=said(part, f"{AGREED}BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        sales_order=said(part, f"{AGREED}SellerOrderReferencedDocument/ram:IssuerAssignedID"),
        receiving_advice=said(part, f"{DELIVERED}ReceivingAdviceReferencedDocument/ram:IssuerAssignedID"),
        despatch_advice=said(part, f"{DELIVERED}DespatchAdviceReferencedDocument/ram:IssuerAssignedID"),
        payment_terms=said(part, f"{SETTLED}SpecifiedTradePaymentTerms/ram:Description"),
        notes=tuple(
            text
            for one in part.parts("rsm:ExchangedDocument/ram:IncludedNote")
            if (text := said(one, "ram:Content")) is not None
        ),
        process=said(part, f"{context}BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
        specification=said(part, f"{context}GuidelineSpecifiedDocumentContextParameter/ram:ID"),
        preceding=tuple(
            Preceding(
                said(one, "ram:IssuerAssignedID"),
                days.compact("BT-26", said(one, "ram:FormattedIssueDateTime/qdt:DateTimeString")),
            )
            for one in part.parts(f"{SETTLED}InvoiceReferencedDocument")
        ),
        seller=_party(part.part(f"{AGREED}SellerTradeParty")),
        buyer=_party(part.part(f"{AGREED}BuyerTradeParty")),
        payee=_party(part.part(f"{SETTLED}PayeeTradeParty")),
        representative=_party(part.part(f"{AGREED}SellerTaxRepresentativeTradeParty")),
        delivered_on=days.compact(
            "BT-72", said(part, f"{DELIVERED}ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DAY}")
        ),
        has_delivery_address=place is not None,
        delivery_country=None if place is None else token(place, "ram:CountryID"),
        period=_period(part.part(f"{SETTLED}BillingSpecifiedPeriod"), days, "BT-73", "BT-74"),
        means_codes=tuple(token(one, "ram:TypeCode") for one in part.parts(means)),
        accounts=tuple(_accounts(part, means)),
        adjustments=tuple(_adjustments(part, f"{SETTLED}SpecifiedTradeAllowanceCharge")),
        lines_total=number(part, f"{TOTALS}LineTotalAmount"),
        allowances_total=number(part, f"{TOTALS}AllowanceTotalAmount"),
        charges_total=number(part, f"{TOTALS}ChargeTotalAmount"),
        net=number(part, f"{TOTALS}TaxBasisTotalAmount"),
        gross=number(part, f"{TOTALS}GrandTotalAmount"),
        prepaid=number(part, f"{TOTALS}TotalPrepaidAmount"),
        rounding=number(part, f"{TOTALS}RoundingAmount"),
        payable=number(part, f"{TOTALS}DuePayableAmount"),
        tax_totals=tuple(_tax_totals(part, currency)),
        breakdown=tuple(_breakdown(one) for one in part.parts(f"{SETTLED}ApplicableTradeTax")),
        documents=tuple(
            said(one, "ram:IssuerAssignedID") for one in part.parts(f"{AGREED}AdditionalReferencedDocument")
        ),
        lines=tuple(
            _line(one, days)
            for one in part.parts("rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem")
        ),
        amount_currencies=() if currency is None else (currency,),
        malformed=tuple(days.malformed),
    )


def _party(part: Part | None) -> Party | None:
    if part is None:
        return None
    numbers = [known(one) for path in ("ram:ID", "ram:GlobalID") for one in part.parts(path)]
    taxed = [known(one) for one in part.parts("ram:SpecifiedTaxRegistration/ram:ID")]
    held = [one for one in taxed if one is not None]
    return Party(
        name=said(part, "ram:Name"),
        trading_name=said(part, "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifiers=tuple(one for one in numbers if one is not None),
        legal_id=known(part.part("ram:SpecifiedLegalOrganization/ram:ID")),
        vat_id=next((one.value for one in held if one.scheme == VAT_NUMBER), None),
        tax_id=next((one.value for one in held if one.scheme != VAT_NUMBER), None),
        endpoint=known(part.part("ram:URIUniversalCommunication/ram:URIID")),
        has_address=part.part("ram:PostalTradeAddress") is not None,
        country=token(part, "ram:PostalTradeAddress/ram:CountryID"),
    )


def _period(part: Part | None, days: Days, first: str, last: str) -> Period | None:
    if part is None:
        return None
    return Period(
        days.compact(first, said(part, f"ram:StartDateTime/{DAY}")),
        days.compact(last, said(part, f"ram:EndDateTime/{DAY}")),
    )


def _accounts(part: Part, path: str) -> Iterator[Account]:
    for one in part.parts(path):
        held = one.part("ram:PayeePartyCreditorFinancialAccount")
        if held is not None:
            yield Account(
                said(held, "ram:IBANID") or said(held, "ram:ProprietaryID"),
                said(held, "ram:AccountName"),
                said(one, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
                token(one, "ram:TypeCode"),
            )


def _adjustments(part: Part, path: str) -> Iterator[Adjustment]:
    for one in part.parts(path):
        yield Adjustment(
            is_charge=boolean(one, "ram:ChargeIndicator/udt:Indicator") or False,
            amount=number(one, "ram:ActualAmount"),
            base_amount=number(one, "ram:BasisAmount"),
            percent=number(one, "ram:CalculationPercent"),
            reason=said(one, "ram:Reason"),
            reason_code=token(one, "ram:ReasonCode"),
            category=_category(one.part("ram:CategoryTradeTax")),
        )


def _category(part: Part | None) -> Category | None:
    code = None if part is None else token(part, "ram:CategoryCode")
    if part is None or code is None or (token(part, "ram:TypeCode") or "").upper() != VAT:
        return None
    return Category(code, number(part, "ram:RateApplicablePercent"))


def _tax_totals(part: Part, currency: str | None) -> Iterator[TaxTotal]:
    broken_down = part.part(f"{SETTLED}ApplicableTradeTax") is not None
    for one in part.parts(f"{TOTALS}TaxTotalAmount"):
        said_in = one.attribute("currencyID") or currency
        yield TaxTotal(decimal(one), said_in, broken_down and said_in == currency)


def _breakdown(part: Part) -> Breakdown:
    return Breakdown(
        taxable_amount=number(part, "ram:BasisAmount"),
        tax_amount=number(part, "ram:CalculatedAmount"),
        category=_category(part),
        exemption_reason=said(part, "ram:ExemptionReason"),
        exemption_code=token(part, "ram:ExemptionReasonCode"),
    )


def _line(part: Part, days: Days) -> Line:
    agreed, settled = "ram:SpecifiedLineTradeAgreement/ram:", "ram:SpecifiedLineTradeSettlement/ram:"
    quantity = part.part("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    net, gross = f"{agreed}NetPriceProductTradePrice/ram:", f"{agreed}GrossPriceProductTradePrice/ram:"
    base = part.part(f"{net}BasisQuantity") or part.part(f"{gross}BasisQuantity")
    order, product = f"{agreed}BuyerOrderReferencedDocument/ram:", "ram:SpecifiedTradeProduct/ram:"
    return Line(
        number=said(part, "ram:AssociatedDocumentLineDocument/ram:LineID"),
        quantity=decimal(quantity),
        unit=None if quantity is None else quantity.attribute("unitCode"),
        net_amount=number(
            part, f"{settled}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        ),
        order_number=said(part, f"{order}IssuerAssignedID"),
        order_line=said(part, f"{order}LineID"),
        despatch_advice=said(
            part,
            "ram:SpecifiedLineTradeDelivery/ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID",
        ),
        period=_period(part.part(f"{settled}BillingSpecifiedPeriod"), days, "BT-134", "BT-135"),
        adjustments=tuple(_adjustments(part, f"{settled}SpecifiedTradeAllowanceCharge")),
        price=number(part, f"{net}ChargeAmount"),
        discount=number(part, f"{gross}AppliedTradeAllowanceCharge/ram:ActualAmount"),
        gross_price=number(part, f"{gross}ChargeAmount"),
        base_quantity=decimal(base),
        base_unit=None if base is None else base.attribute("unitCode"),
        category=_category(part.part(f"{settled}ApplicableTradeTax")),
        name=said(part, f"{product}Name"),
        description=said(part, f"{product}Description"),
        sellers_item=said(part, f"{product}SellerAssignedID"),
        buyers_item=said(part, f"{product}BuyerAssignedID"),
        standard_item=known(part.part(f"{product}GlobalID")),
        origin_country=token(part, f"{product}OriginTradeCountry/ram:ID"),
        objects=tuple(
            Object(said(one, "ram:IssuerAssignedID") or "", token(one, "ram:TypeCode"))
            for one in part.parts(f"{settled}AdditionalReferencedDocument")
        ),
    )

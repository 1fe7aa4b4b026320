"""Invoices and credit notes of UBL 2.1, by the mapping of EN 16931-3-2."""

from __future__ import annotations

from collections.abc import Iterator

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
    Known,
    Line,
    Object,
    Party,
    Period,
    Preceding,
    Syntax,
    TaxTotal,
)

VAT = "VAT"
OBJECT_OF_INVOICE = "130"
TOTALS = "cac:LegalMonetaryTotal/cbc:"


def invoice(root: Part) -> Invoice:
    """Return what an `Invoice` says."""
    return _document(root, Days(), is_credit_note=False)


def credit_note(root: Part) -> Invoice:
    """Return what a `CreditNote` says."""
    return _document(root, Days(), is_credit_note=True)


def _document(root: Part, days: Days, *, is_credit_note: bool) -> Invoice:
    name = "CreditNote" if is_credit_note else "Invoice"
    delivery = root.part("cac:Delivery")
    place = None if delivery is None else delivery.part("cac:DeliveryLocation/cac:Address")
    due = said(root, "cbc:DueDate") or said(root, "cac:PaymentMeans/cbc:PaymentDueDate")
    lines = tuple(_line(one, days, is_credit_note) for one in root.parts(f"cac:{name}Line"))
    return Invoice(
        syntax=Syntax.UBL,
        is_credit_note=is_credit_note,
        number=said(root, "cbc:ID"),
        issued_on=days.read("BT-2", said(root, "cbc:IssueDate")),
        type_code=token(root, f"cbc:{name}TypeCode"),
        currency=token(root, "cbc:DocumentCurrencyCode"),
        tax_currency=token(root, "cbc:TaxCurrencyCode"),
        tax_point_on=days.read("BT-7", said(root, "cbc:TaxPointDate")),
        tax_point_code=token(root, "cac:InvoicePeriod/cbc:DescriptionCode"),
        due_on=days.read("BT-9", due),
        buyer_reference=said(root, "cbc:BuyerReference"),
        contract=said(root, "cac:ContractDocumentReference/cbc:ID"),
        order=said(root, "cac:OrderReference/cbc:ID"),
        sales_order=said(root, "cac:OrderReference/cbc:SalesOrderID"),
        receiving_advice=said(root, "cac:ReceiptDocumentReference/cbc:ID"),
        despatch_advice=said(root, "cac:DespatchDocumentReference/cbc:ID"),
        payment_terms=said(root, "cac:PaymentTerms/cbc:Note"),
        notes=tuple(one.text for one in root.parts("cbc:Note") if one.text),
        process=said(root, "cbc:ProfileID"),
        specification=said(root, "cbc:CustomizationID"),
        preceding=tuple(
            Preceding(
                said(one, "cac:InvoiceDocumentReference/cbc:ID"),
                days.read("BT-26", said(one, "cac:InvoiceDocumentReference/cbc:IssueDate")),
            )
            for one in root.parts("cac:BillingReference")
        ),
        seller=_party(root.part("cac:AccountingSupplierParty"), "cac:Party"),
        buyer=_party(root.part("cac:AccountingCustomerParty"), "cac:Party"),
        payee=_party(root.part("cac:PayeeParty")),
        representative=_party(root.part("cac:TaxRepresentativeParty")),
        delivered_on=days.read("BT-72", said(root, "cac:Delivery/cbc:ActualDeliveryDate")),
        has_delivery_address=place is not None,
        delivery_country=None if place is None else token(place, "cac:Country/cbc:IdentificationCode"),
        period=_period(root, days, "BT-73", "BT-74"),
        means_codes=tuple(token(one, "cbc:PaymentMeansCode") for one in root.parts("cac:PaymentMeans")),
        accounts=tuple(_accounts(root)),
        adjustments=tuple(_adjustments(root)),
        lines_total=number(root, f"{TOTALS}LineExtensionAmount"),
        allowances_total=number(root, f"{TOTALS}AllowanceTotalAmount"),
        charges_total=number(root, f"{TOTALS}ChargeTotalAmount"),
        net=number(root, f"{TOTALS}TaxExclusiveAmount"),
        gross=number(root, f"{TOTALS}TaxInclusiveAmount"),
        prepaid=number(root, f"{TOTALS}PrepaidAmount"),
        rounding=number(root, f"{TOTALS}PayableRoundingAmount"),
        payable=number(root, f"{TOTALS}PayableAmount"),
        tax_totals=tuple(_tax_totals(root)),
        breakdown=tuple(_breakdown(one) for one in root.parts("cac:TaxTotal/cac:TaxSubtotal")),
        documents=tuple(said(one, "cbc:ID") for one in root.parts("cac:AdditionalDocumentReference")),
        lines=lines,
        amount_currencies=_currencies(root),
        malformed=tuple(days.malformed),
    )


def _party(holder: Part | None, path: str | None = None) -> Party | None:
    part = holder if holder is None or path is None else holder.part(path)
    if part is None:
        return None if holder is None else Party()
    taxed = {
        token(one, "cac:TaxScheme/cbc:ID"): said(one, "cbc:CompanyID")
        for one in part.parts("cac:PartyTaxScheme")
    }
    vat = next((value for scheme, value in taxed.items() if (scheme or "").upper() == VAT), None)
    other = next((value for scheme, value in taxed.items() if (scheme or "").upper() != VAT), None)
    numbers = (known(one.part("cbc:ID")) for one in part.parts("cac:PartyIdentification"))
    trading = said(part, "cac:PartyName/cbc:Name")
    legal = said(part, "cac:PartyLegalEntity/cbc:RegistrationName")
    return Party(
        name=legal if path else trading,
        trading_name=trading,
        identifiers=tuple(one for one in numbers if one is not None),
        legal_id=known(part.part("cac:PartyLegalEntity/cbc:CompanyID")),
        vat_id=vat,
        tax_id=other,
        endpoint=known(part.part("cbc:EndpointID")),
        has_address=part.part("cac:PostalAddress") is not None,
        country=token(part, "cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )


def _period(part: Part, days: Days, first: str, last: str) -> Period | None:
    found = part.part("cac:InvoicePeriod")
    if found is None:
        return None
    return Period(days.read(first, said(found, "cbc:StartDate")), days.read(last, said(found, "cbc:EndDate")))


def _accounts(root: Part) -> Iterator[Account]:
    for means in root.parts("cac:PaymentMeans"):
        code = token(means, "cbc:PaymentMeansCode")
        for one in means.parts("cac:PayeeFinancialAccount"):
            bic = said(one, "cac:FinancialInstitutionBranch/cbc:ID")
            yield Account(said(one, "cbc:ID"), said(one, "cbc:Name"), bic, code)


def _adjustments(part: Part) -> Iterator[Adjustment]:
    for one in part.parts("cac:AllowanceCharge"):
        yield Adjustment(
            is_charge=boolean(one, "cbc:ChargeIndicator") or False,
            amount=number(one, "cbc:Amount"),
            base_amount=number(one, "cbc:BaseAmount"),
            percent=number(one, "cbc:MultiplierFactorNumeric"),
            reason=said(one, "cbc:AllowanceChargeReason"),
            reason_code=token(one, "cbc:AllowanceChargeReasonCode"),
            category=_category(one, "cac:TaxCategory"),
        )


def _category(part: Part, path: str) -> Category | None:
    for one in part.parts(path):
        code, scheme = token(one, "cbc:ID"), token(one, "cac:TaxScheme/cbc:ID")
        if code is not None and (scheme or "").upper() == VAT:
            return Category(code, number(one, "cbc:Percent"))
    return None


def _tax_totals(root: Part) -> Iterator[TaxTotal]:
    for one in root.parts("cac:TaxTotal"):
        amount = one.part("cbc:TaxAmount")
        currency = None if amount is None else amount.attribute("currencyID")
        yield TaxTotal(decimal(amount), currency, one.part("cac:TaxSubtotal") is not None)


def _breakdown(part: Part) -> Breakdown:
    return Breakdown(
        taxable_amount=number(part, "cbc:TaxableAmount"),
        tax_amount=number(part, "cbc:TaxAmount"),
        category=_category(part, "cac:TaxCategory"),
        exemption_reason=said(part, "cac:TaxCategory/cbc:TaxExemptionReason"),
        exemption_code=token(part, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
    )


def _line(part: Part, days: Days, is_credit_note: bool) -> Line:
    quantity = part.part("cbc:CreditedQuantity" if is_credit_note else "cbc:InvoicedQuantity")
    base = part.part("cac:Price/cbc:BaseQuantity")
    return Line(
        number=said(part, "cbc:ID"),
        quantity=decimal(quantity),
        unit=None if quantity is None else quantity.attribute("unitCode"),
        net_amount=number(part, "cbc:LineExtensionAmount"),
        order_number=said(part, "cac:OrderLineReference/cac:OrderReference/cbc:ID"),
        order_line=said(part, "cac:OrderLineReference/cbc:LineID"),
        despatch_advice=said(part, "cac:DespatchLineReference/cac:DocumentReference/cbc:ID"),
        period=_period(part, days, "BT-134", "BT-135"),
        adjustments=tuple(_adjustments(part)),
        price=number(part, "cac:Price/cbc:PriceAmount"),
        discount=number(part, "cac:Price/cac:AllowanceCharge/cbc:Amount"),
        gross_price=number(part, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"),
        base_quantity=decimal(base),
        base_unit=None if base is None else base.attribute("unitCode"),
        category=_category(part, "cac:Item/cac:ClassifiedTaxCategory"),
        name=said(part, "cac:Item/cbc:Name"),
        description=said(part, "cac:Item/cbc:Description"),
        sellers_item=said(part, "cac:Item/cac:SellersItemIdentification/cbc:ID"),
        buyers_item=said(part, "cac:Item/cac:BuyersItemIdentification/cbc:ID"),
        standard_item=_standard(part),
        origin_country=token(part, "cac:Item/cac:OriginCountry/cbc:IdentificationCode"),
        objects=tuple(
            Object(said(one, "cbc:ID") or "", token(one, "cbc:DocumentTypeCode"))
            for one in part.parts("cac:DocumentReference")
        ),
    )


def _standard(part: Part) -> Known | None:
    return known(part.part("cac:Item/cac:StandardItemIdentification/cbc:ID"))


def _currencies(root: Part) -> tuple[str, ...]:
    """Return in which currencies amounts are said; the tax in the accounting currency stands alone."""
    apart = {
        one.part("cbc:TaxAmount") for one in root.parts("cac:TaxTotal") if one.part("cac:TaxSubtotal") is None
    }
    left_out = {id(one.element) for one in apart if one is not None}
    found = (one.get("currencyID") for one in root.element.iter() if id(one) not in left_out)
    return tuple(dict.fromkeys(one.strip() for one in found if one))

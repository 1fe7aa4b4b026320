"""Invoices of our own: as a value that breaks no rule, and written as UBL and as CII."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from procurement.amounts.rules.documents import Part, Taxation, totals
from procurement.invoices.rules.en16931.checking import check
from procurement.invoices.rules.terms import (
    Account,
    Adjustment,
    Breakdown,
    Category,
    Invoice,
    Known,
    Line,
    Party,
    Syntax,
    TaxTotal,
)

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
S25, EXEMPT = Category("S", Decimal(25)), Category("E", Decimal(0))
SELLER = Party("Schraubenwerk Nord GmbH", vat_id="DE136695976", has_address=True, country="DE")
BUYER = Party("Nordwind Antriebe GmbH", legal_id=Known("HRB 4711"), has_address=True, country="DE")


def line(net: str, category: Category = S25, quantity: str = "1", price: str | None = None) -> Line:
    return Line(
        number="1",
        quantity=Decimal(quantity),
        unit="C62",
        net_amount=Decimal(net),
        price=Decimal(price or net),
        category=category,
        name="Hexagon bolt",
    )


def invoice(
    lines: Sequence[Line],
    adjustments: Sequence[Adjustment] = (),
    prepaid: Decimal = Decimal(0),
    syntax: Syntax = Syntax.UBL,
) -> Invoice:
    """Return an invoice whose totals are what its lines and adjustments come to."""
    found = totals(
        "EUR",
        [_part(one.net_amount, one.category) for one in lines],
        [_part(one.amount, one.category) for one in adjustments if not one.is_charge],
        [_part(one.amount, one.category) for one in adjustments if one.is_charge],
        prepaid,
    )
    return Invoice(
        syntax=syntax,
        is_credit_note=False,
        number="R-2026-117",
        issued_on=date(2026, 3, 3),
        type_code="380",
        currency="EUR",
        due_on=date(2026, 4, 2),
        order="PO-000042",
        specification="urn:cen.eu:en16931:2017",
        seller=SELLER,
        buyer=BUYER,
        means_codes=("58",),
        accounts=(Account("DE75512108001245126199", means="58"),),
        adjustments=tuple(adjustments),
        lines_total=found.lines,
        allowances_total=found.allowances if any(not one.is_charge for one in adjustments) else None,
        charges_total=found.charges if any(one.is_charge for one in adjustments) else None,
        net=found.net,
        gross=found.gross,
        prepaid=prepaid or None,
        payable=found.payable,
        tax_totals=(TaxTotal(found.tax, "EUR", is_broken_down=True),),
        breakdown=tuple(
            Breakdown(
                tax.basis,
                tax.tax,
                Category(tax.taxation.category, tax.taxation.rate),
                "exempt" if tax.taxation.category == "E" else None,
            )
            for tax in found.taxes
        ),
        lines=tuple(replace(one, number=str(index)) for index, one in enumerate(lines, start=1)),
        amount_currencies=("EUR",),
    )


def _part(amount: Decimal | None, category: Category | None) -> Part:
    assert amount is not None
    assert category is not None
    return Part(amount, Taxation(category.code, category.rate or Decimal(0)))


def broken(it: Invoice) -> set[str]:
    return {one.rule for one in check(it)}


def ubl(it: Invoice, inner: str = "") -> bytes:
    """Write an invoice as UBL, as far as what these tests make has it."""
    kind = "CreditNote" if it.is_credit_note else "Invoice"
    counted = "CreditedQuantity" if it.is_credit_note else "InvoicedQuantity"

    def party(role: str, one: Party | None) -> str:
        if one is None:
            return ""
        vat = _taxed(one.vat_id)
        legal = f"<cbc:CompanyID>{one.legal_id.value}</cbc:CompanyID>" if one.legal_id else ""
        return (
            f"<cac:{role}><cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>{one.country}"
            f"</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{vat}<cac:PartyLegalEntity>"
            f"<cbc:RegistrationName>{one.name}</cbc:RegistrationName>{legal}</cac:PartyLegalEntity></cac:Party>"
            f"</cac:{role}>"
        )

    lines = "".join(
        f"<cac:{kind}Line><cbc:ID>{one.number}</cbc:ID><cbc:{counted} unitCode='{one.unit}'>{one.quantity}"
        f"</cbc:{counted}>{_amount('LineExtensionAmount', one.net_amount)}{_order(one)}"
        f"<cac:Item><cbc:Name>{one.name}"
        f"</cbc:Name>{_item(one)}{_category('ClassifiedTaxCategory', one.category)}</cac:Item><cac:Price>"
        f"{_amount('PriceAmount', one.price)}{_base(one)}</cac:Price></cac:{kind}Line>"
        for one in it.lines
    )
    adjustments = "".join(
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{int(one.is_charge)}</cbc:ChargeIndicator>"
        f"<cbc:AllowanceChargeReason>{one.reason}</cbc:AllowanceChargeReason>{_amount('Amount', one.amount)}"
        f"{_category('TaxCategory', one.category)}</cac:AllowanceCharge>"
        for one in it.adjustments
    )
    parts = "".join(
        f"<cac:TaxSubtotal>{_amount('TaxableAmount', one.taxable_amount)}"
        f"{_amount('TaxAmount', one.tax_amount)}"
        f"{_category('TaxCategory', one.category, one.exemption_reason)}</cac:TaxSubtotal>"
        for one in it.breakdown
    )
    totals = (
        ("LineExtensionAmount", it.lines_total),
        ("TaxExclusiveAmount", it.net),
        ("TaxInclusiveAmount", it.gross),
        ("AllowanceTotalAmount", it.allowances_total),
        ("ChargeTotalAmount", it.charges_total),
        ("PrepaidAmount", it.prepaid),
        ("PayableRoundingAmount", it.rounding),
        ("PayableAmount", it.payable),
    )
    due = f"<cbc:DueDate>{it.due_on}</cbc:DueDate>" if it.due_on and not it.is_credit_note else ""
    order = f"<cac:OrderReference><cbc:ID>{it.order}</cbc:ID></cac:OrderReference>" if it.order else ""
    preceding = "".join(
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{one.number}</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
        for one in it.preceding
    )
    return (
        f'<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" xmlns:cac="{CAC}" '
        f'xmlns:cbc="{CBC}"><cbc:CustomizationID>{it.specification}</cbc:CustomizationID>'
        f"<cbc:ID>{it.number}</cbc:ID><cbc:IssueDate>{it.issued_on}</cbc:IssueDate>{due}"
        f"<cbc:{kind}TypeCode>{it.type_code}</cbc:{kind}TypeCode>"
        f"<cbc:DocumentCurrencyCode>{it.currency}</cbc:DocumentCurrencyCode>{order}{preceding}{inner}"
        f"{party('AccountingSupplierParty', it.seller)}{party('AccountingCustomerParty', it.buyer)}"
        "<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount>"
        f"<cbc:ID>DE75512108001245126199</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>{adjustments}"
        f"<cac:TaxTotal>{_amount('TaxAmount', it.tax)}{parts}</cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal>{''.join(_amount(*one) for one in totals)}</cac:LegalMonetaryTotal>{lines}"
        f"</{kind}>"
    ).encode()


def _amount(name: str, amount: Decimal | None) -> str:
    return "" if amount is None else f'<cbc:{name} currencyID="EUR">{amount}</cbc:{name}>'


def _category(name: str, category: Category | None, reason: str | None = None) -> str:
    if category is None:
        return ""
    why = f"<cbc:TaxExemptionReason>{reason}</cbc:TaxExemptionReason>" if reason else ""
    return (
        f"<cac:{name}><cbc:ID>{category.code}</cbc:ID><cbc:Percent>{category.rate}</cbc:Percent>{why}"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>"
    )


def _taxed(number: str | None) -> str:
    if number is None:
        return ""
    return (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme>"
    )


def _order(one: Line) -> str:
    if one.order_line is None:
        return ""
    order = (
        f"<cac:OrderReference><cbc:ID>{one.order_number}</cbc:ID></cac:OrderReference>"
        if one.order_number
        else ""
    )
    return (
        f"<cac:OrderLineReference><cbc:LineID>{one.order_line}</cbc:LineID>{order}</cac:OrderLineReference>"
    )


def _item(one: Line) -> str:
    if one.buyers_item is None:
        return ""
    return f"<cac:BuyersItemIdentification><cbc:ID>{one.buyers_item}</cbc:ID></cac:BuyersItemIdentification>"


def _base(one: Line) -> str:
    return f"<cbc:BaseQuantity>{one.base_quantity}</cbc:BaseQuantity>" if one.base_quantity else ""


def cii(it: Invoice) -> bytes:
    """Write an invoice as a Cross Industry Invoice."""
    data = "urn:un:unece:uncefact:data:standard:"
    day = '<udt:DateTimeString format="102">{:%Y%m%d}</udt:DateTimeString>'

    def category(name: str, one: Category | None, more: str = "", reason: str | None = None) -> str:
        assert one is not None
        why = f"<ram:ExemptionReason>{reason}</ram:ExemptionReason>" if reason else ""
        return (
            f"<ram:{name}>{more}<ram:TypeCode>VAT</ram:TypeCode>{why}<ram:CategoryCode>{one.code}"
            f"</ram:CategoryCode><ram:RateApplicablePercent>{one.rate}</ram:RateApplicablePercent></ram:{name}>"
        )

    def party(role: str, one: Party | None) -> str:
        assert one is not None
        vat = (
            f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{one.vat_id}</ram:ID>'
            "</ram:SpecifiedTaxRegistration>"
            if one.vat_id
            else ""
        )
        legal = (
            f"<ram:SpecifiedLegalOrganization><ram:ID>{one.legal_id.value}</ram:ID>"
            "</ram:SpecifiedLegalOrganization>"
            if one.legal_id
            else ""
        )
        return (
            f"<ram:{role}><ram:Name>{one.name}</ram:Name>{legal}<ram:PostalTradeAddress><ram:CountryID>"
            f"{one.country}</ram:CountryID></ram:PostalTradeAddress>{vat}</ram:{role}>"
        )

    assert it.issued_on is not None
    assert it.due_on is not None
    lines = "".join(
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"<ram:LineID>{one.number}</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct>"
        f"<ram:Name>{one.name}</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement>"
        f"<ram:NetPriceProductTradePrice><ram:ChargeAmount>{one.price}</ram:ChargeAmount>"
        "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"
        f'<ram:BilledQuantity unitCode="{one.unit}">{one.quantity}</ram:BilledQuantity>'
        "</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>"
        f"{category('ApplicableTradeTax', one.category)}<ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{one.net_amount}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
        for one in it.lines
    )
    taxes = "".join(
        category(
            "ApplicableTradeTax",
            one.category,
            f"<ram:CalculatedAmount>{one.tax_amount}</ram:CalculatedAmount><ram:BasisAmount>"
            f"{one.taxable_amount}</ram:BasisAmount>",
            one.exemption_reason,
        )
        for one in it.breakdown
    )
    return (
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{data}CrossIndustryInvoice:100" '
        f'xmlns:ram="{data}ReusableAggregateBusinessInformationEntity:100" '
        f'xmlns:udt="{data}UnqualifiedDataType:100"><rsm:ExchangedDocumentContext>'
        f"<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{it.specification}</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{it.number}</ram:ID><ram:TypeCode>{it.type_code}</ram:TypeCode>"
        f"<ram:IssueDateTime>{day.format(it.issued_on)}</ram:IssueDateTime></rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{lines}<ram:ApplicableHeaderTradeAgreement>"
        f"{party('SellerTradeParty', it.seller)}{party('BuyerTradeParty', it.buyer)}"
        f"<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>{it.order}</ram:IssuerAssignedID>"
        "</ram:BuyerOrderReferencedDocument></ram:ApplicableHeaderTradeAgreement>"
        "<ram:ApplicableHeaderTradeDelivery/><ram:ApplicableHeaderTradeSettlement>"
        f"<ram:InvoiceCurrencyCode>{it.currency}</ram:InvoiceCurrencyCode>"
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>"
        "<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE75512108001245126199</ram:IBANID>"
        f"</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>{taxes}"
        f"<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>{day.format(it.due_on)}</ram:DueDateDateTime>"
        "</ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"<ram:LineTotalAmount>{it.lines_total}</ram:LineTotalAmount>"
        f"<ram:TaxBasisTotalAmount>{it.net}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="EUR">{it.tax}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{it.gross}</ram:GrandTotalAmount>"
        f"<ram:DuePayableAmount>{it.payable}</ram:DuePayableAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()

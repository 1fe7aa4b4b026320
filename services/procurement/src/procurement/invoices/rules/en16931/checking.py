"""All rules at once: what of an invoice breaks which."""

from __future__ import annotations

from procurement.invoices.rules.en16931 import arithmetic, categories, codes, decimals, mandatory, peppol
from procurement.invoices.rules.en16931.violations import Rule, Violation
from procurement.invoices.rules.terms import Invoice, Syntax

EN16931: tuple[Rule, ...] = (
    *mandatory.RULES,
    *arithmetic.RULES,
    *categories.RULES,
    *decimals.RULES,
    *codes.RULES,
)
"""Who breaks one of these is sent back its invoice."""
PEPPOL: tuple[Rule, ...] = peppol.RULES
"""Who breaks one of these has an invoice that somebody looks at."""
STATED: tuple[Rule, ...] = (
    *(rule for rule in mandatory.RULES if rule.identifier in {"BR-16", "BR-27", "BR-CO-04"}),
    *arithmetic.RULES,
    *(rule for rule in categories.RULES if categories.of_amounts(rule)),
    *(rule for rule in codes.RULES if rule.identifier in {"BR-CL-18", "BR-CL-23"}),
)
"""What is asked of an invoice that is stated by a form: it has amounts, and nobody's electronic address."""
IDENTIFIERS = frozenset(rule.identifier for rule in (*EN16931, *PEPPOL))


def check(invoice: Invoice) -> tuple[Violation, ...]:
    """Return what breaks the rules, in the order of the rules."""
    asked = STATED if invoice.syntax is Syntax.STATED else EN16931
    return tuple(broken for rule in (*asked, *PEPPOL) for broken in rule.violations(invoice))


def is_valid(violations: tuple[Violation, ...]) -> bool:
    """Whether nothing breaks a rule of EN 16931; what only Peppol asks for is no matter of validity."""
    mandatory_rules = {rule.identifier for rule in EN16931}
    return not any(one.rule in mandatory_rules for one in violations)

"""Writes the sample history: two years of deliveries to Halden Pumps, a manufacturer that does not exist.

    python examples/history/generate.py > examples/history/halden-pumps.csv

The same seed writes the same file. It looks like an export of a European ERP system: semicolons, decimal
commas, dd.mm.yyyy, and the odd cell that somebody filled in by hand.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

FIRST_DAY = date(2024, 7, 1)
LAST_DAY = date(2026, 6, 30)
ORDERS = 880

HEADER = (
    "Supplier", "Supplier Name", "Supplier Country", "GLN", "PO Number", "PO Line", "PO Date", "Plant",
    "Department", "Material", "Material Text", "Material Group", "Order Qty", "UoM", "Net Price", "Per",
    "Net Value EUR", "Promised", "Delivery Note", "Goods Receipt", "Received Qty", "Rejected Qty",
    "Reject Reason", "Buyer",
)  # fmt: skip


@dataclass(frozen=True)
class Material:
    """Something that a pump is made of; `price` is per `per` units."""

    number: str
    text: str
    group: str
    unit: str
    price: Decimal
    per: int
    usual: int


@dataclass(frozen=True)
class Supplier:
    """A supplier and its habits: how often late and by how many days, how often rejected or split."""

    name: str
    country: str
    groups: tuple[str, ...]
    late: float
    days: float
    rejects: float
    splits: float
    share: int


MATERIALS = (
    Material("CST-1100", "Volute casing DN50, EN-GJL-250", "castings", "PCE", Decimal("84.50"), 1, 40),
    Material("CST-1180", "Volute casing DN80, EN-GJS-400", "castings", "PCE", Decimal("131.20"), 1, 25),
    Material("CST-2040", "Bearing bracket, grey iron", "castings", "PCE", Decimal("46.90"), 1, 60),
    Material("IMP-3105", "Closed impeller 5-vane, bronze", "impellers", "PCE", Decimal("58.75"), 1, 50),
    Material("IMP-3172", "Open impeller, duplex 1.4517", "impellers", "PCE", Decimal("112.40"), 1, 20),
    Material("SEA-4012", "Mechanical seal 28 mm, SiC/SiC", "seals", "PCE", Decimal("37.30"), 1, 80),
    Material("SEA-4055", "O-ring 60x3 EPDM", "seals", "PCE", Decimal("31.00"), 100, 1200),
    Material("SEA-4090", "Flat gasket DN80, graphite", "seals", "PCE", Decimal("142.00"), 100, 600),
    Material("BRG-5206", "Ball bearing 6206-2RS", "bearings", "PCE", Decimal("4.85"), 1, 300),
    Material("BRG-5309", "Angular contact bearing 7309", "bearings", "PCE", Decimal("29.60"), 1, 90),
    Material("MOT-6015", "Induction motor 1.5 kW IE4", "motors", "PCE", Decimal("236.00"), 1, 12),
    Material("MOT-6075", "Induction motor 7.5 kW IE4", "motors", "PCE", Decimal("689.00"), 1, 6),
    Material("FST-7008", "Hex bolt M8x40 A4", "fasteners", "PCE", Decimal("18.90"), 100, 2500),
    Material("FST-7012", "Hex bolt M12x60 A4", "fasteners", "PCE", Decimal("46.20"), 100, 1500),
    Material("FST-7108", "Lock nut M8 A4", "fasteners", "PCE", Decimal("6.35"), 100, 3000),
    Material("SHF-8030", "Shaft 30 mm, 1.4057, ground", "shafts", "PCE", Decimal("64.10"), 1, 45),
    Material("SHF-8045", "Shaft 45 mm, 1.4462, ground", "shafts", "PCE", Decimal("118.80"), 1, 20),
    Material("ELC-9010", "Frequency converter 2.2 kW", "electronics", "PCE", Decimal("312.00"), 1, 10),
    Material("ELC-9044", "Pressure transmitter 0-16 bar", "electronics", "PCE", Decimal("74.25"), 1, 30),
    Material("CHM-0120", "Two-component coating, blue", "coatings", "LTR", Decimal("16.45"), 1, 180),
    Material("PAC-0310", "Pallet box 1200x800, heat treated", "packaging", "PCE", Decimal("21.70"), 1, 120),
)

SUPPLIERS = (
    Supplier("Norrvik Gjuteri AB", "SE", ("castings",), 0.06, 3, 0.02, 0.08, 9),
    Supplier("Fundición Altamira S.L.", "ES", ("castings", "impellers"), 0.22, 6, 0.05, 0.15, 6),
    Supplier("Odlewnia Wierzbica Sp. z o.o.", "PL", ("castings",), 0.12, 4, 0.03, 0.10, 7),
    Supplier("Gießerei Traunfeld GmbH", "DE", ("castings", "impellers"), 0.04, 2, 0.01, 0.05, 8),
    Supplier("Kovolit Březina s.r.o.", "CZ", ("impellers",), 0.15, 5, 0.04, 0.12, 5),
    Supplier("Bronzearte Valtriana S.p.A.", "IT", ("impellers",), 0.10, 4, 0.02, 0.10, 6),
    Supplier("Sealtech Ardennes SA", "BE", ("seals",), 0.05, 2, 0.01, 0.06, 8),
    Supplier("Dichtungswerk Hallbach KG", "DE", ("seals",), 0.03, 2, 0.005, 0.04, 9),
    Supplier("Guarnizioni Orsini S.r.l.", "IT", ("seals",), 0.30, 9, 0.08, 0.20, 4),
    Supplier("Mersey Gasket Works Ltd", "GB", ("seals",), 0.18, 7, 0.03, 0.10, 4),
    Supplier("Rulmenti Bârsa S.A.", "RO", ("bearings",), 0.20, 6, 0.03, 0.15, 5),
    Supplier("Lagerteknik Vänern AB", "SE", ("bearings",), 0.04, 2, 0.005, 0.05, 8),
    Supplier("Rodamientos del Duero S.A.", "ES", ("bearings", "shafts"), 0.11, 4, 0.02, 0.10, 5),
    Supplier("Antriebe Nordhang GmbH", "DE", ("motors",), 0.07, 5, 0.01, 0.05, 6),
    Supplier("Motori Elettrici Salente S.r.l.", "IT", ("motors",), 0.26, 11, 0.03, 0.12, 4),
    Supplier("Silnik Kaszuby S.A.", "PL", ("motors",), 0.09, 3, 0.02, 0.08, 5),
    Supplier("Befestigung Rheintal AG", "CH", ("fasteners",), 0.02, 1, 0.003, 0.03, 8),
    Supplier("Parafusos Lusitânia Lda", "PT", ("fasteners",), 0.08, 3, 0.01, 0.07, 7),
    Supplier("Vidasan Sanayi A.Ş.", "TR", ("fasteners",), 0.24, 8, 0.06, 0.18, 5),
    Supplier("Śruby Podlasie Sp. z o.o.", "PL", ("fasteners",), 0.13, 4, 0.02, 0.10, 5),
    Supplier("Akseli Konepaja Oy", "FI", ("shafts",), 0.05, 2, 0.01, 0.05, 6),
    Supplier("Precision Shafts Tees Ltd", "GB", ("shafts",), 0.16, 6, 0.03, 0.10, 4),
    Supplier("Tornitura Lecchese S.n.c.", "IT", ("shafts", "fasteners"), 0.19, 5, 0.05, 0.15, 4),
    Supplier("Elektronika Savinja d.o.o.", "SI", ("electronics",), 0.10, 5, 0.02, 0.10, 5),
    Supplier("Jutland Sensor A/S", "DK", ("electronics",), 0.04, 2, 0.01, 0.05, 6),
    Supplier("Shenrui Drive Technology Co., Ltd.", "CN", ("electronics", "motors"), 0.34, 14, 0.05, 0.25, 5),
    Supplier("Chennai Motor & Drive Pvt. Ltd.", "IN", ("motors", "castings"), 0.28, 12, 0.06, 0.22, 5),
    Supplier("Farben Ostermoor GmbH", "DE", ("coatings",), 0.03, 1, 0.01, 0.03, 5),
    Supplier("Vernici Adriatiche S.p.A.", "IT", ("coatings",), 0.17, 5, 0.04, 0.10, 3),
    Supplier("Emballage Picard SARL", "FR", ("packaging",), 0.09, 3, 0.01, 0.06, 4),
    Supplier("Drewno-Pak Kujawy Sp. z o.o.", "PL", ("packaging",), 0.06, 2, 0.01, 0.05, 5),
    Supplier("Trelast & Kasse AS", "NO", ("packaging",), 0.21, 7, 0.02, 0.10, 3),
)

PLANTS = ("HAL1", "GDN1", "BRE1", "POR1")
DEPARTMENTS = ("4100", "4150", "4200", "4310")
BUYERS = ("I. Lund", "M. Kowalczyk", "S. Ferri", "T. Almeida")
REASONS = (
    "out of tolerance",
    "porosity",
    "wrong material certificate",
    "transport damage",
    "surface defects",
)

TYPED_BY_HAND = (
    # (row, column, what somebody typed): refused by the import, or read as unknown
    (41, "Order Qty", "twelve"),
    (112, "Goods Receipt", "see mail"),
    (307, "Goods Receipt", "open"),
    (430, "PO Date", "n/a"),
    (518, "Promised", "ASAP"),
    (777, "Plant", "HAL9"),
    (901, "Net Price", "n/a"),
    (1043, "Net Price", ""),
    (1290, "Order Qty", "0"),
    (1402, "PO Date", "?"),
    (1655, "Supplier Country", "n/a"),
    (1820, "Material Group", "n/a"),
)  # fmt: skip


def gln(number: int) -> str:
    """Return a location number with its check digit; 952 is GS1's prefix for examples."""
    digits = f"952{number:09d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def german(number: Decimal | int) -> str:
    """Write a number with a decimal comma and dots between thousands."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def day(value: date) -> str:
    """Write a date as dd.mm.yyyy."""
    return value.strftime("%d.%m.%Y")


def working_day(value: date) -> date:
    """Move a weekend day to the Monday after it."""
    return value + timedelta(days=max(0, 7 - value.weekday()) if value.weekday() > 4 else 0)


def deliveries(
    chance: random.Random, supplier: Supplier, quantity: int, promised: date, worse: float
) -> Iterator[tuple[date | None, int, int]]:
    """Yield what arrives of a line: when (None: it has not), how many, how many of them are rejected."""
    if chance.random() < 0.012:
        yield None, 0, 0
        return
    late = chance.random() < supplier.late * worse
    slip = (
        1 + round(chance.expovariate(1 / (supplier.days * worse)))
        if late
        else -min(6, round(chance.expovariate(0.6)))
    )
    arrives = working_day(promised + timedelta(days=slip))
    if not late and arrives > promised:
        arrives = promised
    first = quantity
    if quantity > 5 and chance.random() < supplier.splits:
        first = round(quantity * chance.choice((0.4, 0.5, 0.6, 0.75)))
    parts = [(arrives, first)]
    if first < quantity:
        parts.append((working_day(arrives + timedelta(days=chance.randint(3, 15))), quantity - first))
    for when, part in parts:
        rejected = 0
        if chance.random() < supplier.rejects * worse:
            rejected = max(1, round(part * chance.choice((0.02, 0.05, 0.1, 0.3))))
        yield (when, part, min(rejected, part)) if when <= LAST_DAY else (None, 0, 0)


def rows(seed: int) -> Iterator[list[str]]:
    """Yield the rows of the history."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    numbers = {supplier.name: 100100 + 10 * place for place, supplier in enumerate(SUPPLIERS)}
    span = (LAST_DAY - FIRST_DAY).days - 10
    ordered_days = sorted(chance.randint(0, span) for _ in range(ORDERS))
    for place, offset in enumerate(ordered_days):
        supplier = chance.choices(SUPPLIERS, [s.share for s in SUPPLIERS])[0]
        ordered = working_day(FIRST_DAY + timedelta(days=offset))
        # Shenrui and Guarnizioni Orsini got worse in the second year; Rulmenti Bârsa got better.
        second_year = offset / span > 0.5
        worse = 1.0
        if second_year and supplier.name.startswith(("Shenrui", "Guarnizioni")):
            worse = 2.0
        elif second_year and supplier.name.startswith("Rulmenti"):
            worse = 0.3
        plant, department, buyer = chance.choice(PLANTS), chance.choice(DEPARTMENTS), chance.choice(BUYERS)
        offered = [material for material in MATERIALS if material.group in supplier.groups]
        for line in range(1, chance.choices((1, 2, 3, 4), (30, 35, 25, 10))[0] + 1):
            material = chance.choice(offered)
            quantity = max(1, round(material.usual * chance.uniform(0.4, 1.8)))
            price = (material.price * Decimal(chance.randint(94, 112)) / 100).quantize(
                Decimal("0.01"), ROUND_HALF_UP
            )
            value = (price * quantity / material.per).quantize(Decimal("0.01"), ROUND_HALF_UP)
            promised = working_day(ordered + timedelta(days=chance.randint(10, 45)))
            for when, received, rejected in deliveries(chance, supplier, quantity, promised, worse):
                yield [
                    str(numbers[supplier.name]), supplier.name, supplier.country, gln(numbers[supplier.name]),
                    str(4500001000 + place), str(line * 10), day(ordered), plant, department,
                    material.number, material.text, material.group, german(quantity), material.unit,
                    german(price), str(material.per), german(value), day(promised),
                    f"LS{chance.randint(100000, 999999)}" if when else "", day(when) if when else "open",
                    german(received) if when else "", german(rejected) if rejected else "",
                    chance.choice(REASONS) if rejected else "", buyer,
                ]  # fmt: skip


def main() -> None:
    """Write the file to standard output."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--seed", type=int, default=20260630)
    seed = arguments.parse_args().seed
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    written = list(rows(seed))
    for row, column, typed in TYPED_BY_HAND:
        written[row][HEADER.index(column)] = typed
    out = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    out.writerow(HEADER)
    out.writerows(written)


if __name__ == "__main__":
    main()

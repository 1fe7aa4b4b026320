"""Texts as they arrive in bad faith or from bad software, by what is wrong with them, and names that are right.

Each character stands here to be seen as it is.
"""
# ruff: noqa: E501, RUF001

from __future__ import annotations

import sys
import unicodedata


def _characters(*categories: str, below: int = sys.maxunicode + 1) -> list[str]:
    return [chr(c) for c in range(below) if unicodedata.category(chr(c)) in categories]


def _inside(characters: list[str]) -> list[str]:
    return [f"Al{character}pha" for character in characters]


UNSEEN: dict[str, list[str]] = {
    "controls": _inside([c for c in _characters("Cc", below=0x100) if c not in "\t\n\r"]),
    "line ends": _inside(["\t", "\n", "\r", "\r\n"]),
    "format characters": _inside(_characters("Cf", below=0x10000))
    + _inside(list(map(chr, range(0xE0001, 0xE0080, 9)))),
    "separators": _inside(["\u2028", "\u2029"]),
    "private use": _inside(["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"]),
    "no characters": _inside(["\ufdd0", "\ufffe", "\uffff", "\U0001ffff"]),
    "unassigned": _inside(["\u0378", "\u0e00", "\u2fe0", "\U0001fbff", "\U000e0fff"]),
    "half characters": _inside(["\ud800", "\udfff", "\ude00\ud83d"]),
    "invisible letters": _inside(
        list("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159")
    ),
    "nothing": ["", " ", "\u00a0", "\u3000", "\u200b", "\u3164", "\u2800", "\ufeff", "\u00ad", "\ufe0f"],
    "beginnings of marks": ["\u200dAlpha", "\u200cAlpha", "\ufe0fAlpha", "\ufeffAlpha"],
    "turned around": ["Alpha \u202eHbmG ateB", "\u2067Alpha\u2069 GmbH", "invoice\u202efdp.exe"],
}
"""What no name, code or reference may hold."""

HARMLESS = frozenset(["\t", "\n", "\r", "\r\n"])

NAMES: list[str] = [
    "Müller & Söhne GmbH", "Łódzkie Zakłady S.A.", "Ørsted A/S", "Đorđe d.o.o.", "Æther ApS", "Weiß KG",
    "Société Générale d'Équipement", "Españolas Ñandú, S.L.", "İstanbul Çelik A.Ş.", "Žilinská Oceľ a.s.",
    "ООО «Северсталь»", "Ελληνικά Χαλυβουργεία Α.Ε.", "הפלדה הישראלית בע״מ", "شركة الصلب العربية",
    "شرکت نامه\u200cها", "中国宝武钢铁集团有限公司", "株式会社日本製鋼所", "カタカナ工業㈱", "葛\U000e0100城製作所",
    "현대제철 주식회사", "हिन्दुस्तान इस्पात लिमिटेड", "क्\u200dष इस्पात", "বাংলাদেশ ইস্পাত", "தமிழ்நாடு எஃகு",
    "ශ්\u200dරී ලංකා වානේ", "บริษัท เหล็กไทย จำกัด", "ប្រាក់", "ქართული ფოლადი", "Հայկական պողպատ", "የኢትዮጵያ ብረት",
    "ᠮᠣᠩᠭᠣᠯ", "Nguyễn Thị Thép", "3M", "1&1 AG", "Yahoo!", "D'Addario", "O’Reilly", "M²", "™ Labs",
]  # fmt: skip
"""Names as companies bear them, in the scripts of the world: none is refused."""

ODD: dict[str, list[str]] = {
    "one text in several forms": [
        "Cafe\u0301", "Caf\u00e9", "A\u030angstrom", "\u212bngstrom", "\u1112\u1161\u11ab\u1100\u1173\u11af",
        "ＦＵＬＬ－１２３", "ﬁrma", "ⅣA", "①", "ｶﾀｶﾅ", "\ufdfa", "e\u0323\u0307", "e\u0307\u0323", "ſ", "ᾳ", "\u0958",
    ],
    "code": [
        "'; DROP TABLE supplier; --", '" OR ""="', "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}",
        "=cmd|' /C calc'!A0", "@SUM(1+1)", "../../etc/passwd", "%00", "%2e%2e", "\\", "\\u0000", "%s%n", "$(id)",
        "`id`", "a\\'b", "/*", "?x=1&y=2", "#", "a;b", "a,b", '"', "'", "[]", "{}", "x" * 63 + "é",
    ],
    "words of machines": [
        "NULL", "null", "None", "undefined", "true", "0", "-1", "1e309", "NaN", "inf", "00", "0x41", "PO-1",
        "N/A", "#REF!", "2026-13-45", "system", "__proto__", "constructor",
    ],
    "too long": ["x" * 65, "x" * 201, "x" * 301, "x" * 501, "x" * 2001, "é" * 2001, "\ufdfa" * 60, "😀" * 2500],
    "marks upon marks": ["Z\u0351\u036b\u0343" * 10, "e" + "\u0301" * 40, "\u0301a", "\u20dd"],
    "pictures": ["👩\u200d🔧", "🏴", "🇩🇪", "1\ufe0f\u20e3", "❤\ufe0f", "😀"],
    "look-alikes": ["Аlpha", "Αlpha", "A1pha", "Alphа", "раypal", "ⅼpha", "𝐀lpha", "ԁelta"],
    "blanks": [f"Al{blank}pha" for blank in "\u00a0\u2000\u2003\u2009\u202f\u205f\u3000"] + [" Alpha ", "\tAlpha\n"],
    "signs": ["-", "--", ".", "§", "€", "…", "∞", "\ufffd", "A\ufffd"],
}  # fmt: skip
"""What some fields take and others do not, and what must come out as it went in."""

EVERY: list[str] = list(
    dict.fromkeys(text for kind in (*UNSEEN.values(), NAMES, *ODD.values()) for text in kind)
)

DAYS = ["1990-01-01", "2026-11-28", "2100-12-31"]
NO_DAYS = ["0001-01-01", "0026-03-02", "1900-01-01", "1970-01-01", "1989-12-31", "2101-01-01", "9999-12-31"]
"""What stands for a day that nobody knows, or for a year typed wrongly."""

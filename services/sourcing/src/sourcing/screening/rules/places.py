"""Countries as lists name them: by their codes, or in words (ISO 3166-1)."""

from __future__ import annotations

from functools import cache

import pycountry

from sourcing.screening.rules.names import plain

IN_WORDS = {
    "russia": "RU", "syria": "SY", "iran": "IR", "korea north": "KP", "north korea": "KP", "dprk": "KP",
    "korea south": "KR", "south korea": "KR", "venezuela": "VE", "bolivia": "BO", "tanzania": "TZ",
    "burma": "MM", "turkey": "TR", "turkiye": "TR", "vietnam": "VN", "laos": "LA", "moldova": "MD",
    "palestinian": "PS", "palestine": "PS", "west bank": "PS", "gaza": "PS", "czech republic": "CZ",
    "congo democratic republic of the": "CD", "congo republic of the": "CG", "the gambia": "GM",
    "ivory coast": "CI", "cote d ivoire": "CI", "macedonia": "MK", "swaziland": "SZ", "cape verde": "CV",
    "brunei": "BN", "england": "GB", "great britain": "GB", "uk": "GB", "usa": "US", "kosovo": "XK",
    "bosnia herzegovina": "BA", "macau": "MO", "serbia and montenegro": "RS", "region kosovo": "XK",
}  # fmt: skip
"""What is written otherwise than the standard writes it. XK is what most systems say of Kosovo."""


def country(stated: str) -> str | None:
    """Return the code of a country that is stated as a code or in words; None for none that is known."""
    return _known().get(plain(stated)) if stated else None


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for one in pycountry.countries:
        for name in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            if stated := getattr(one, name, None):
                known[plain(stated)] = one.alpha_2
    return known | IN_WORDS

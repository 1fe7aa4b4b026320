"""How much a word says: one that many names have says little."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sourcing.screening.rules.legal_forms import AT_THE_END

SAYS_LITTLE = 0.35
"""What a word of trade, of a place, or a number in words says, however rarely a list has it."""
_OF_TRADE = """
    agency agro air airline airlines airways alliance aluminium america american and arab asia asian
    association auto automotive aviation bank banco banque brothers building business capital cargo
    cement center centre central chemical chemicals city commerce commercial commodities communications
    compania comercial comercializadora construction constructora consulting contracting cooperative
    corporation credit defence defense design development digital distribution east eastern economic
    electric electrical electronic electronics electronica energy engineering enterprise enterprises
    equipment est europe european exchange express export exports fabrication factory finance financial
    fishing food foods foreign foundation freight fuel fund gas general german germany global gold grupo
    group gulf health heavy high holding holdings home import importadora imports india industrial
    industrias industrie industries industry information inmobiliaria institute insurance integrated
    inter international internacional inversiones investment investments iron islamic komerc lab
    laboratories laboratory land leasing line lines logistics machine machinery machines management
    manufacturing marine maritime market marketing materials media medical metal metals middle military
    mineral minerals mining modern motor motors national navigation network new north northern office
    oil organization organisation overseas pacific petrochemical petrochemicals petroleum pharma
    pharmaceutical pharmaceuticals plant plastic plastics port power precision printing production
    products productos project projects promotora public real republic research resources retail royal
    safety science scientific sea security service services servicios ship shipping society software
    solution solutions south southern special state steel store stores supplier suppliers supply support
    system systems tech technical technik technological technologies technology telecom
    telecommunications textile textiles tool tools tourism trade trading transport transportation
    transportes travel trust union united universal university water west western wood works world
    worldwide afghanistan belarus china chinese colombia cuba cubana egypt france iran iranian iraq
    iraqi italy japan korea korean lebanon libya malaysia mexico mexicana nederland pakistan russia
    russian spain sudan syria syrian turk turkey turkish ukraine venezuela yemen zimbabwe dubai
"""
_GERMAN_AND_OTHERS = """
    handel handels handelsgesellschaft vertrieb vertriebs vertriebsgesellschaft verwaltung verwaltungs
    beteiligung beteiligungs beteiligungen gesellschaft gruppe dienstleistungen logistik technologie
    maschinenbau werk werke bau anlagenbau einkauf verkauf produktion import export spedition immobilien
    vermogensverwaltung commerciale distribuzione distribution distribucion servizi sales purchasing
    branch subsidiary partners invest venture ventures europa
"""
_PLACES = """
    deutschland osterreich austria schweiz switzerland suisse frankreich italien italia italy spanien
    espana polen poland polska tschechien czech ungarn hungary rumanien romania bulgaria bulgarien
    griechenland greece niederlande netherlands belgien belgium belgique luxembourg luxemburg portugal
    danemark denmark danmark schweden sweden sverige norwegen norway norge finnland finland irland
    britain uk usa kanada canada brasil brazil brasilien argentina chile peru indien singapore singapur
    thailand vietnam indonesia indonesien philippines taiwan hongkong australia australien emirates uae
    saudi qatar kuwait oman bahrain turkei turkiye armenia azerbaijan kazakhstan kasachstan uzbekistan
    russland rossiya serbia serbien croatia slovenia slovakia estonia latvia lithuania cyprus zypern
    malta morocco marokko tunisia algeria nigeria kenya africa afrika
"""
_NUMBERS = """
    one two three four five six seven eight nine ten first second third eins zwei drei vier funf sechs
    sieben acht neun zehn erste zweite dritte un deux trois quatre cinq uno dos tres cuatro cinco due
    tre quattro cinque ii iii iv vi vii viii ix
"""
DIGITS_OF_A_COUNT = 2
OF_TRADE = frozenset(" ".join((_OF_TRADE, _GERMAN_AND_OTHERS, _PLACES, _NUMBERS)).split())


def weight(word: str, names_with_it: int) -> float:
    """Return how much it says that two names share a word, from its being the list's in so many names.

    One that no other name of the list has says all; it goes by how often a name has it and not by how long
    the list is, so that a name says the same on a short list and on a long one.
    """
    rare = 1 / (1 + 0.25 * math.log(max(1, names_with_it)))
    return min(SAYS_LITTLE, rare) if word in OF_TRADE else rare


class Weights(dict[str, float]):
    """How much each word says, by how many names of a list have it; looked up once."""

    def __init__(self, often: Mapping[str, int]) -> None:
        super().__init__()
        self._often = often

    def __missing__(self, word: str) -> float:
        found = self[word] = weight(word, self._often.get(word, 1))
        return found


def as_padding(word: str, says: float) -> float:
    """Return what a word says at most beside a whole name: small numbers and legal forms say little."""
    little = (word.isdigit() and len(word) <= DIGITS_OF_A_COUNT) or (word,) in AT_THE_END
    return min(SAYS_LITTLE, says) if little else says

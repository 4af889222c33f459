"""Acronyms: which are said as a word, which are spelt, and how to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tts_service.speakable.rules import Rule, listed, rule

SAID = listed(
    "NATO NASA UNESCO UNICEF OPEC AIDS COVID SARS MERS ASEAN NAFTA FEMA NORAD OSHA INTERPOL EUROPOL FRONTEX BRICS "
    "LASER RADAR SWAT SCUBA IKEA FIFA UEFA CONCACAF NASDAQ ISIS HAMAS LEGO IMAX ROM RAM GIF PIN SIM TED OPAC PISA "
    "UNO UNCTAD BAFTA NIMBY CERN ESA INSEE DAX MDAX BAFÖG BAMF DAK EDEKA REWE ALDI ADIDAS KITA FIDE WADA NADA PEN "
    "DEKRA VERDI SPAR HARIBO LIDL FEMEN EFTA ESTA ACAS COBRA OFSTED OFCOM OFGEM NICE SAGE ASOS PAYE MENSA TESLA "
    "POTUS SCOTUS FLOTUS AIPAC PETA JPEG ZIP WAGS CAPTCHA SONAR TASER QANGO FOREX MAGA DARPA NOAA ICANN CALTECH "
    "HAMAS HEZBOLLAH ANZAC BENELUX COP NASCAR HIPAA COBOL BASIC UNIX DOS LAN WAN YOLO FOMO ERISA SOFIA OXFAM "
    "INTELSAT UNIVAC NIKKEI  MOMA SOHO TRIPS ISAF AWOL SNAFU AMTRAK MINI SAAB FIAT IBAN DIN SEPA STIKO BAFA "
    "SDAX NEOS DESY DEHOGA KIKA ARTE SEAT DEFRA NABU GEMA SCHUFA ELSTER AWACS EURATOM MERCOSUR UNIFIL UNRWA VAR "
    "FINRA"
)
"""Capitals read as a word."""
SPELT = listed(
    "ICYMI OOTD TLDR IMHO TGIF USA UAE BBC CNN NBC CBS ABC FBI CIA NSA IRS EU UN UK US IMF WTO WHO EUR USD GBP "
    "NHS MP CEO CFO CTO COO HR PR AI IT TV PC DVD CD GPS USB URL SMS ATM HIV DNA RNA NGO GDP VAT HQ ID DIY FAQ "
    "ETA CDU CSU SPD FDP BSW ARD ZDF WDR NDR SWR RTL DPA DGB VW BMW AG KG ÖPNV BGH BKA LKA DLRG THW DRK ADAC AOK "
    "EZB IWF ÖVP SPÖ FPÖ SBB ORF IAEA OECD OSCE OSZE ICC IOC ECHR HSBC RSPCA UKIP UNHCR AFP PKW LKW KFZ MDR EKD "
    "IHK DIHK EEG EGMR EUGH BIP KI UV LED ACLU UCLA USDA ESPN IAAF UAW UPS USPS AARP AFL CIO EPA SEC GOP NAACP "
    "NCAA AAA IEEE ASAP AOL BAE ITV NBA NFL MLB NHL UFC UFO IPO ICE ICU IED IVF IPA IOU ISP IQ OJ OK ER EV EVS AP "
    "UPI UBS IBM EA EY PWC TSA DEA ATF DOJ DOE DOD HHS CDC FDA FAA FCC FTC FDIC HUD IDF IRA PLO ANC BJP AAP DUP "
    "SNP SDLP UUP EDL BNP UMP EPP UNSC UNGA ECB EIB BOE BOJ RBA RBI SBI LSE NYSE ETF ESG ICBM OTC PhD MBA GCSE "
    "BSC LSAT MCAT ADHD PTSD MRI CT PCR IBS STD STI BP GE GM AMD SAP TUI LVMH UCL USC MIT NYU LSU BYU SMU UNC UGA "
    "UVA OSU ASU USMCA OAS AU ADB IADB AMA APA ABA ADA IAU IMO ILO ITU IPCC IUCN ISS AEW ATP WTA ITF USGA PGA "
    "LPGA USSR GDR DDR BRD EDF AFD HSV BVB VFB VFL FCB TSG RBL ICE EC IC RE RB EVG GDL UVP IG USB OLED LCD CPU "
    "GPU SSD HDD AIG ING ABN DHL TNT IOS EKG EEG MEP MSP TD TDS PM PMS VIP VP DA DI DJ MC MD RN MESZ ISBN ISSN "
    "ISDN BASF DOSB NSDAP EFSF ADFC VDMA EKHN AC DC AM FM AD BC CE BCE OBE MBE CBE KBE QC KC SUV RV HOV EMS EMT "
    "CPR CGI UAV AWS API"
)
"""Capitals spelt though they could be read."""
MIXED = {
    "GmbH": "G m b H", "AfD": "A F D", "MPs": "M Ps", "PhD": "P H D", "iOS": "i O S", "eV": "e V",
    "BVerfG": "Bundesverfassungsgericht", "StVO": "S T V O", "EuGH": "E U G H", "DStGB": "D St G B",
    "McDonald's": "McDonald's", "COVID": "Covid", "Lkw": "L K W", "Pkw": "P K W", "Kfz": "K F Z", "ÖPNV": "Ö P N V",
    "TÜV": "Tüv", "BAföG": "Bafög", "BaFin": "Bafin", "WLAN": "W-Lan", "PhDs": "P H Ds", "DPhil": "D Phil",
    "LLC": "L L C", "MiG": "MiG", "FTSE": "Footsie", "McLaren": "McLaren", "macOS": "mac O S", "BSc": "B S C",
    "MSc": "M S C",
    "OAPs": "O A Ps", "AIs": "A Is", "QAnon": "Q Anon", "eBay": "eBay", "YoY": "year over year", "MoD": "M O D",
    "DoJ": "D O J", "DoD": "D O D", "DfE": "D F E", "HMRC": "H M R C", "TfL": "T F L", "kWh": "kilowatt hour",
    "IDs": "I Ds", "LGBTQIA": "L G B T Q I A", "mRNA": "m R N A", "tRNA": "t R N A",
    "Lkws": "L K Ws", "Pkws": "P K Ws", "GmbHs": "G m b Hs", "KfW": "K F W", "EnBW": "E N B W", "VfB": "V F B",
    "VfL": "V F L", "VfR": "V F R", "MdB": "M D B", "MdL": "M D L", "MdEP": "M D E P", "StGB": "S T G B",
    "StPO": "S T P O", "DFLs": "D F Ls", "BfV": "B F V", "HfM": "H F M", "TuS": "Tus", "IfW": "I F W", "GdP": "G D P",
    "BdK": "B D K", "BfArM": "Bfarm", "BMVg": "B M V G", "TecDAX": "Tec Dax", "EStG": "E S T G", "BfDI": "B F D I",
}  # fmt: skip
_WORDS = listed(
    "THE AND FOR NOT BUT ALL YOU ARE NEW OLD TOP BIG DAY WAR WE HE ME MY BE BY DO GO IF IN IS NO OF OH OK ON OR "
    "SO TO UP AS AT AN ANY CAN HAS HAD HER HIS HOW MAN OUT OUR SHE TWO WAS WHY YES YET ONE NOW OFF OWN SET SEE "
    "SAY DER DIE DAS UND IST WIR SIE ER ES IM AM ZU MIT VON AUF AUS BEI EIN FÜR NUR WAR WAS WER WIE WO JA NEIN "
    "MAX SAM TOM"
)
"""Words, however loud: "do NOT", "ALL"."""
_VOWELS = frozenset("AEIOUYÄÖÜ")
_MAYBE_WORD = re.compile(
    r"(?:B[LR]?|C[HLR]?|D[RW]?|F[LR]?|G[LR]?|H|J|K[LNR]?|L|M|N|P[HLR]?|QU|R|S(?:C[HR]?|H|K|L|M|N|P[LR]?|T[R]?|W)?|T[HRW]?"
    r"|V|W[R]?|X|Y|Z)?[AEIOUYÄÖÜ]{1,2}(?:[BCDFGHJKLMNPQRSTVWXZ]{1,2}[AEIOUYÄÖÜ]{1,2}){0,2}"
    r"(?:[BCDFGKLMNPRSTVWXZ]|C[KHT]|F[FT]|L[DFKLMPT]|MP|N[DGKSTX]|P[ST]|R[BCDFGKLMNPST]|S[HKPST]|T[HSZ]|XT)?"
)
"""A beginning, vowels and an end as words have them."""


_LONG_CAPITALS = re.compile(r"[A-ZÄÖÜ]{5}")


def as_acronym(word: str, loud: Callable[[], bool] | None = None) -> str | None:
    """`FBI` -> "F B I", `NATO` -> "Nato", `CEOs` -> "C E Os"; None for what is a word, or could be one.

    Args:
        loud: whether the words around are capitals too (a headline), so that only known acronyms are.
    """
    bare, end = word, ""
    for ending in ("'s", "’s", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 1 and word[: -len(ending)].isupper():
            bare, end = word[: -len(ending)], ending
            break
    if word in MIXED or bare in MIXED:
        return MIXED.get(word) or f"{MIXED[bare]}{end}"
    if len(bare) < 2 or not bare.isupper() or not bare.isalpha():
        return None
    if bare not in SPELT and loud is not None and loud():
        return word.lower()
    if bare in SAID:
        return bare.capitalize() + end
    if bare not in SPELT and (bare in _WORDS or not _unsayable(bare)):
        return None
    return " ".join(bare) + end


def _unsayable(word: str) -> bool:
    """Whether no reader would try these letters as a word."""
    if len(word) <= 3:
        return True
    return len(word) <= 6 and (not _VOWELS & set(word) or not _MAYBE_WORD.fullmatch(word))


def acronym_rules(and_: str = "", *, serials: bool = False) -> Iterator[Rule]:
    """Acronyms alone and in compounds; `and_` is what is said for `&` in R&D."""

    def pair(match: re.Match[str]) -> str:
        return f"{' '.join(match['a'])} {and_} {' '.join(match['b'])}{match['s'] or ''}"

    if and_:
        yield rule("acronym", "letter", r"(?P<a>[A-Z]{1,3})\s?&\s?(?P<b>[A-Z]{1,3})(?P<s>['’]?s)?(?!\w)", pair)
    yield rule(
        "acronym",
        "letter",
        r"[^\W\d_]{2,12}(?=[-‑/][^\W_]|['’]?s?(?!\w))(?:(?<=[A-ZÄÖÜ])s(?!\w))?(?:['’]s(?!\w))?",
        lambda match: as_acronym(match.group(), lambda: _shouting(match)),
    )
    letter = r"[^\W_]" if serials else r"[^\W\d_]"
    yield rule("acronym", "letter", rf"{letter}{{1,24}}(?:[-‑]{letter}{{1,40}}){{1,4}}(?!\w)", _compound)


def _compound(match: re.Match[str]) -> str | None:
    """`FBI-Agent`, `CDU-Chef`: the acronym is spelt, the word is said."""
    parts = re.split(r"[-‑]", match.group())
    if 2 <= len(parts[0]) <= 12 and parts[0].isalpha() and as_acronym(parts[0], lambda: _shouting(match)):
        return None  # said by itself
    said = [as_acronym(part, lambda: _shouting(match)) for part in parts]
    if not any(said):
        return None
    return " ".join(new or part for new, part in zip(said, parts, strict=True))


def _shouting(match: re.Match[str]) -> bool:
    """Whether the words around are capitals too: a headline set in capitals, not acronyms."""
    if not _LONG_CAPITALS.search(match.string, max(0, match.start() - 40), match.end() + 40):
        return False
    head = re.split(r"[.!?]", match.string[max(0, match.start() - 40) : match.start()])[-1]
    tail = re.split(r"[.!?]", match.string[match.end() : match.end() + 40])[0]
    words = re.findall(r"[^\W\d_]{2,40}", f"{head}{match.group()}{tail}")
    loud = [word for word in words if word.isupper()]
    return len(loud) >= 3 and len(loud) * 10 >= len(words) * 7 and any(len(word) > 4 for word in loud)

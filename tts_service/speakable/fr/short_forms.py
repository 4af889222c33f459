"""French short forms: abbreviations by what must stand behind them, acronyms said and spelt."""

from __future__ import annotations

from tts_service.speakable.romance.short_forms import ShortForms
from tts_service.speakable.rules import listed

_TITLES = {
    "M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mme.": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
    "Mlles": "mesdemoiselles", "Mr": "monsieur", "Mr.": "monsieur", "Dr": "docteur", "Dr.": "docteur",
    "Drs": "docteurs", "Dre": "docteure", "Pr": "professeur", "Pr.": "professeur", "prof.": "professeur",
    "Mgr": "monseigneur", "Gén.": "général", "Cdt": "commandant", "Cel": "colonel", "Col.": "colonel",
    "Cne": "capitaine", "Lt": "lieutenant", "St": "saint", "St.": "saint", "Ste": "sainte", "Ste.": "sainte",
    "av.": "avenue", "av": "avenue", "bd": "boulevard", "bd.": "boulevard", "Bd": "boulevard", "blvd": "boulevard",
    "boul.": "boulevard", "pl.": "place", "imp.": "impasse", "fg": "faubourg", "fbg": "faubourg", "rte": "route",
    "sq.": "square", "all.": "allée", "chem.": "chemin", "éd.": "éditions", "vs": "contre",
}  # fmt: skip
_NUMBERED = {
    "n°": "numéro", "nº": "numéro", "no": "numéro", "no.": "numéro", "n°s": "numéros", "p.": "page", "pp.": "pages",
    "art.": "article", "al.": "alinéa", "chap.": "chapitre", "ch.": "chapitre", "vol.": "volume", "t.": "tome",
    "fig.": "figure", "tél.": "téléphone", "tél": "téléphone", "bât.": "bâtiment", "apt.": "appartement",
    "appt.": "appartement", "ép.": "épisode", "max.": "maximum", "min.": "minimum", "éq.": "équation", "lun.": "lundi",
    "mar.": "mardi", "ven.": "vendredi", "sam.": "samedi", "dim.": "dimanche", "§§": "paragraphes", "§": "paragraphe",
}  # fmt: skip
_ANYWHERE = {
    "t.a.b.": "tirs au but", "a.p.": "après prolongation", "n°": "numéro", "nº": "numéro", "etc.": "et cetera",
    "p.ex.": "par exemple", "par ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "c.à.d.": "c'est-à-dire",
    "c-à-d": "c'est-à-dire", "càd": "c'est-à-dire", "i.e.": "c'est-à-dire", "env.": "environ", "cf.": "confer",
    "vs.": "contre", "réf.": "référence", "rens.": "renseignements", "max.": "maximum", "min.": "minimum",
    "hab.": "habitants", "dép.": "département", "dépt.": "département", "dpt": "département", "arr.": "arrondissement",
    "éd.": "édition", "Sté": "société", "resp.": "respectivement", "Cie": "compagnie", "N.-D.": "Notre-Dame",
    "S.M.": "Sa Majesté", "S.E.": "Son Excellence", "S.S.": "Sa Sainteté", "s.v.p.": "s'il vous plaît",
    "svp": "s'il vous plaît", "SVP": "s'il vous plaît", "RDV": "rendez-vous", "rdv": "rendez-vous", "N.B.": "nota bene",
    "P.-S.": "post-scriptum", "Jr": "junior", "Jr.": "junior", "janv.": "janvier", "févr.": "février", "avr.": "avril",
    "juil.": "juillet", "oct.": "octobre", "nov.": "novembre", "déc.": "décembre", "et/ou": "et ou",
    "tél.": "téléphone", "coll.": "collection", "trad.": "traduction", "suppl.": "supplément", "gouv.": "gouvernement",
    "qqn": "quelqu'un", "qqch.": "quelque chose", "adj.": "adjoint", "dir.": "direction",
    "ndlr": "note de la rédaction", "NDLR": "note de la rédaction", "Bld": "boulevard",
}  # fmt: skip
FRENCH = ShortForms(
    titles=_TITLES,
    numbered=_NUMBERED,
    anywhere=_ANYWHERE,
    said=listed(
        "ONU OTAN NATO NASA UNESCO UNICEF UEFA FIFA OPEP SMIC INSEE ENA CAF CNIL SAMU RAID PACS SIDA OVNI ZAD BAC "
        "MEDEF URSSAF INSERM ADEME ARCOM ANSES ANSSI AFNOR ASSEDIC UNEDIC SACEM HADOPI GAFAM GAFA LOSC CAPES DOM TOM "
        "ERASMUS COVID SRAS LASER RADAR CROUS CERN ESA LEGO IKEA FNAC INED INA INRA INRAE IFOP IPSOS EHPAD UNEF BAFA "
        "ZEP DATAR DARES DREES ORSEC VAR PIN PUMA TAFTA ALENA CETA MERCOSUR BREXIT FEMEN FARC COP ATTAC ACAT AMAP SCOP "
        "SUD BIC GIEC"
    ),
    spelt=listed(
        "USA UE UMP UDI EELV EDF OCDE OGM OMS OMC ONG OM OL OGCN ASSE EADS IA IVG IRM ADN IRSN INPI UFC AFP AFD AESH "
        "OQTF CEDH CIA BCE DGSE DGSI DGCCRF RATP SNCF TGV TER RER TVA PIB PME PMI PMU HLM HEC LGBT LGBTQ IUT ETA AME "
        "APL AAH RSA ARS CIO CIJ CPI OIT OIM AIEA RTL BFM RFI ACF AP UPS IBM URL USB LED EPR"
    ),
    loud=listed(
        "LE LA LES UN UNE DES DE DU AU AUX ET OU NI SI EN IL ELLE ON NE PAS QUE QUI CE CES SON SA SES MON MA MES TON "
        "TA SUR PAR POUR AVEC SANS NON OUI TU JE NOUS VOUS EST SONT AI AS ONT VA MAX SAM LÉO ICI BON VU BUT FIN JEU AN "
        "ANS"
    ),
    whole={"SVP": "s'il vous plaît"},
    and_="et",
)
"""Short forms of French."""

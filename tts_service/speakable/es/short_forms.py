"""Spanish short forms: abbreviations by what must stand behind them, acronyms said and spelt."""

from __future__ import annotations

from tts_service.speakable.romance.short_forms import ShortForms
from tts_service.speakable.rules import listed

_TITLES = {
    "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Sres.": "señores", "Sras.": "señoras", "Sr": "señor",
    "Sra": "señora", "D.": "don", "Dña.": "doña", "Dª": "doña", "D.ª": "doña", "Dr.": "doctor", "Dra.": "doctora",
    "Dres.": "doctores", "Dr": "doctor", "Dra": "doctora", "Prof.": "profesor", "Profa.": "profesora",
    "Gral.": "general", "Cnel.": "coronel", "Cap.": "capitán", "Tte.": "teniente", "Sgto.": "sargento",
    "Mons.": "monseñor", "Fr.": "fray", "Sto.": "santo", "Sta.": "santa", "Ing.": "ingeniero", "Lic.": "licenciado",
    "Arq.": "arquitecto", "Excmo.": "excelentísimo", "Excma.": "excelentísima", "Ilmo.": "ilustrísimo",
    "Rvdo.": "reverendo", "C/": "calle", "Avda.": "avenida", "Av.": "avenida", "Avda": "avenida", "Pza.": "plaza",
    "Pl.": "plaza", "Plza.": "plaza", "P.º": "paseo", "Pº": "paseo", "Ctra.": "carretera", "Urb.": "urbanización",
    "Ntra.": "nuestra", "Bº": "barrio",
}  # fmt: skip
_NUMBERED = {
    "n.º": "número", "nº": "número", "n°": "número", "núm.": "número", "núms.": "números", "nro.": "número",
    "n.os": "números", "pág.": "página", "págs.": "páginas", "p.": "página", "pp.": "páginas", "art.": "artículo",
    "arts.": "artículos", "cap.": "capítulo", "vol.": "volumen", "t.": "tomo", "fig.": "figura", "ap.": "apartado",
    "tel.": "teléfono", "tfno.": "teléfono", "tlf.": "teléfono", "tel": "teléfono", "ed.": "edición",
    "aprox.": "aproximadamente", "s.": "siglo", "ss.": "siglos", "km": "kilómetro", "§": "párrafo", "§§": "párrafos",
    "máx.": "máximo", "mín.": "mínimo", "apdo.": "apartado", "lun.": "lunes", "mié.": "miércoles", "jue.": "jueves",
    "vie.": "viernes", "sáb.": "sábado",
}  # fmt: skip
_ANYWHERE = {
    "n.º": "número", "nº": "número", "etc.": "etcétera", "p.ej.": "por ejemplo", "v.gr.": "verbigracia",
    "i.e.": "es decir", "cf.": "confróntese", "aprox.": "aproximadamente", "EE.UU.": "Estados Unidos",
    "EE.UU": "Estados Unidos", "JJ.OO.": "Juegos Olímpicos", "CC.OO.": "Comisiones Obreras",
    "RR.HH.": "recursos humanos", "FF.AA.": "Fuerzas Armadas", "DD.HH.": "derechos humanos",
    "CC.AA.": "comunidades autónomas", "RR.SS.": "redes sociales", "SS.MM.": "Sus Majestades", "S.M.": "Su Majestad",
    "S.A.R.": "Su Alteza Real", "FF.CC.": "ferrocarriles", "Ud.": "usted", "Uds.": "ustedes", "Vd.": "usted",
    "Vds.": "ustedes", "vs.": "contra", "s/n": "sin número", "y/o": "y o", "c/u": "cada uno", "izda.": "izquierda",
    "izq.": "izquierda", "dcha.": "derecha", "dpto.": "departamento", "depto.": "departamento", "máx.": "máximo",
    "mín.": "mínimo", "hab.": "habitantes", "pág.": "página", "tel.": "teléfono", "tfno.": "teléfono",
    "Cía.": "compañía", "Hnos.": "hermanos", "Admón.": "administración", "Gob.": "Gobierno", "Fdo.": "firmado",
    "atte.": "atentamente", "P.D.": "posdata", "q.e.p.d.": "que en paz descanse", "ene.": "enero", "feb.": "febrero",
    "abr.": "abril", "jul.": "julio", "ago.": "agosto", "sept.": "septiembre", "oct.": "octubre", "nov.": "noviembre",
    "dic.": "diciembre", "Ayto.": "ayuntamiento", "prov.": "provincia", "mill.": "millones", "Univ.": "Universidad",
    "Sra.": "señora", "Sr.": "señor", "Dr.": "doctor", "Dra.": "doctora", "c/": "calle",
}  # fmt: skip
SPANISH = ShortForms(
    titles=_TITLES,
    numbered=_NUMBERED,
    anywhere=_ANYWHERE,
    said=listed(
        "ONU OTAN NASA UNESCO UNICEF UEFA FIFA OPEP OEA OMS OIT PSOE CIS INE IVA PIB ERTE ERE ETA AVE RENFE ADIF AENA "
        "UCI UVI SIDA FARC ESO BOE UCO UME GEO CIA PYME IBEX ICO NIF CIF INEM UNED IBI ONCE MIR SER COPE EPA PAC PEN "
        "CUP VOX VAR CEOE COVID LASER RADAR CERN ESA LEGO IKEA PIN RAE SEPE SIP CEPAL CAF UNAM PRI PAN ICEX SAREB "
        "FEDER COP INDRA SEAT ENDESA CAM TALGO UNIR FAO BRICS GAFAM FEMA MERCOSUR ALCA TIC ZEC EFE GRECO SEMINCI ARCO "
        "FITUR CEDA"
    ),
    spelt=listed(
        "UE USA EEUU PP IU ERC PNV FMI BCE BBVA CNMV RTVE TVE RNE UGT DGT ITV VIH ADN ONG FP CNI NBA ACB FBI IPC IRPF "
        "SMI DNI PCR OCDE LGTBI LGTBIQ IA EGB BNG PSC TVA UPN CSIC OMC EU UCLM URSS TSJ TSJM UPV UAB UPF AP CEO CNT "
        "CGT CGPJ TC TS OSCE AIE AIEA OIEA IGN IES IPN IMSS ISSSTE BID USB LED URL"
    ),
    loud=listed(
        "EL LA LOS LAS UN UNA DE DEL AL Y O EN CON SIN POR QUE QUÉ SE SU SUS ES NO SÍ SI YA LO LE MI TU TÚ YO ÉL MÁS "
        "HOY FIN VA HA HAY SON FUE SER TRES DOS SEIS MIL CIEN ANTE BAJO PARA PERO COMO ESTE ESTA AÑO DÍA MAL MUY NI ME "
        "TE"
    ),
    whole={"EEUU": "Estados Unidos", "JJOO": "Juegos Olímpicos", "CCOO": "Comisiones Obreras",
    "RRHH": "recursos humanos",
           "DDHH": "derechos humanos", "CCAA": "comunidades autónomas", "RRSS": "redes sociales"},
    and_="y",
)  # fmt: skip
"""Short forms of Spanish."""

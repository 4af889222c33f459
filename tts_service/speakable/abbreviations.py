"""Written abbreviations and what is said for them, by language. Keys are lower case and end with their dot."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.speakable.rules import listed

ENGLISH: Mapping[str, str] = {
    "dr.": "Doctor", "mr.": "Mister", "mrs.": "Missus", "ms.": "Ms", "prof.": "Professor", "rev.": "Reverend",
    "hon.": "Honourable", "sen.": "Senator", "rep.": "Representative", "gov.": "Governor", "gen.": "General",
    "col.": "Colonel", "lt.": "Lieutenant", "sgt.": "Sergeant", "capt.": "Captain", "cmdr.": "Commander",
    "adm.": "Admiral", "maj.": "Major", "pres.": "President", "supt.": "Superintendent", "det.": "Detective",
    "jr.": "Junior", "sr.": "Senior", "st.": "Saint", "mt.": "Mount", "ft.": "Fort", "ave.": "Avenue",
    "blvd.": "Boulevard", "rd.": "Road", "hwy.": "Highway", "sq.": "Square", "bldg.": "Building", "no.": "number",
    "nos.": "numbers", "vol.": "volume", "fig.": "figure", "p.": "page", "pp.": "pages", "ch.": "chapter",
    "sec.": "section", "art.": "article", "ed.": "edition", "dept.": "Department", "univ.": "University",
    "govt.": "government", "assn.": "Association", "inc.": "Incorporated", "ltd.": "Limited", "corp.": "Corporation",
    "co.": "Company", "bros.": "Brothers", "plc.": "P L C", "e.g.": "for example", "i.e.": "that is",
    "etc.": "et cetera", "vs.": "versus", "v.": "versus", "cf.": "compare", "approx.": "approximately",
    "est.": "estimated", "al.": "al", "max.": "maximum", "min.": "minimum", "avg.": "average", "a.m.": "A M",
    "p.m.": "P M", "a.k.a.": "also known as", "ph.d.": "P H D", "b.c.": "B C", "a.d.": "A D", "u.s.": "U S",
    "u.k.": "U K", "u.n.": "U N", "e.u.": "E U", "d.c.": "D C", "r.i.p.": "R I P", "jan.": "January",
    "feb.": "February", "mar.": "March", "apr.": "April", "jun.": "June", "jul.": "July", "aug.": "August",
    "sep.": "September", "sept.": "September", "oct.": "October", "nov.": "November", "dec.": "December",
    "mon.": "Monday", "tue.": "Tuesday", "tues.": "Tuesday", "wed.": "Wednesday", "thu.": "Thursday",
    "thurs.": "Thursday", "fri.": "Friday",
}  # fmt: skip

GERMAN: Mapping[str, str] = {
    "z. b.": "zum Beispiel", "d. h.": "das heißt", "u. a.": "unter anderem", "bzw.": "beziehungsweise",
    "ca.": "circa", "dr.": "Doktor", "prof.": "Professor", "nr.": "Nummer", "nrn.": "Nummern", "str.": "Straße",
    "usw.": "und so weiter", "etc.": "et cetera", "ggf.": "gegebenenfalls", "inkl.": "inklusive",
    "exkl.": "exklusive", "zzgl.": "zuzüglich", "abzgl.": "abzüglich", "mio.": "Millionen", "mrd.": "Milliarden",
    "tsd.": "Tausend", "bio.": "Billionen", "st.": "Sankt", "abs.": "Absatz", "art.": "Artikel",
    "vgl.": "vergleiche", "evtl.": "eventuell", "sog.": "sogenannte", "v. chr.": "vor Christus",
    "n. chr.": "nach Christus", "hbf.": "Hauptbahnhof", "std.": "Stunden", "min.": "Minuten", "sek.": "Sekunden",
    "geb.": "geboren", "gest.": "gestorben", "jr.": "junior", "sen.": "senior", "jh.": "Jahrhundert",
    "jhd.": "Jahrhundert", "jhdt.": "Jahrhundert", "u. v. m.": "und vieles mehr", "i. d. r.": "in der Regel",
    "o. ä.": "oder Ähnliches", "m. e.": "meines Erachtens", "a. d.": "außer Dienst", "e. v.": "E V",
    "o. g.": "oben genannte", "u. u.": "unter Umständen", "z. t.": "zum Teil", "z. zt.": "zurzeit",
    "z. z.": "zurzeit", "s. o.": "siehe oben", "s. u.": "siehe unten", "i. v.": "in Vertretung",
    "u. ä.": "und Ähnliches", "a. m.": "am Main", "max.": "maximal", "vs.": "versus", "hl.": "heilige",
    "tel.": "Telefon", "hrsg.": "Herausgeber", "verf.": "Verfasser", "bd.": "Band", "kap.": "Kapitel",
    "abt.": "Abteilung", "aufl.": "Auflage", "bspw.": "beispielsweise", "zz.": "zurzeit", "insb.": "insbesondere",
    "insbes.": "insbesondere", "allg.": "allgemein", "gem.": "gemäß", "lt.": "laut", "dt.": "deutsch",
    "einschl.": "einschließlich", "urspr.": "ursprünglich", "verh.": "verheiratet", "ehem.": "ehemalige",
    "stv.": "stellvertretende", "jan.": "Januar", "feb.": "Februar", "apr.": "April", "aug.": "August",
    "sept.": "September", "okt.": "Oktober", "nov.": "November", "dez.": "Dezember", "f.": "folgende",
    "ff.": "fortfolgende", "s.": "Seite", "dipl.": "Diplom", "ing.": "Ingenieur", "med.": "med", "phil.": "phil",
    "jur.": "jur", "rer.": "rer", "nat.": "nat", "u.": "und",
}  # fmt: skip

ABBREVIATIONS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN}

NEEDS_NUMBER = listed(
    "no. nos. vol. fig. p. pp. ch. sec. art. ed. s. abs. bd. kap. min. std. sek. f. ff. a. m. max. u."
)
"""Words of their own, or too short to be sure of: said in full only beside a number."""

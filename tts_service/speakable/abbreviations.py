"""Written abbreviations and what is said for them, by language. Keys are lower case and end with their dot."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.speakable.rules import listed

ENGLISH: Mapping[str, str] = {
    # Titles.
    "dr.": "Doctor", "drs.": "Doctors", "mr.": "Mister", "mrs.": "Missus", "ms.": "Ms", "mx.": "Mix",
    "messrs.": "Messieurs", "prof.": "Professor", "profs.": "Professors", "rev.": "Reverend", "revs.": "Reverends",
    "hon.": "Honorable", "rt. hon.": "Right Honorable", "rt hon.": "Right Honourable",
    "rt. rev.": "Right Reverend", "fr.": "Father",
    "msgr.": "Monsignor", "sen.": "Senator", "sens.": "Senators", "rep.": "Representative", "reps.": "Representatives",
    "gov.": "Governor", "govs.": "Governors", "pres.": "President", "amb.": "Ambassador", "atty.": "Attorney",
    "supt.": "Superintendent", "asst.": "Assistant", "assoc. press": "Associated Press", "assoc.": "Associate",
    "det.": "Detective", "insp.": "Inspector",
    "gen.": "General", "gens.": "Generals", "brig.": "Brigadier", "col.": "Colonel", "cols.": "Colonels",
    "maj.": "Major", "capt.": "Captain", "capts.": "Captains", "lt.": "Lieutenant", "lts.": "Lieutenants",
    "sgt.": "Sergeant", "sgts.": "Sergeants", "cpl.": "Corporal", "pvt.": "Private", "pfc.": "Private First Class",
    "spc.": "Specialist", "cmdr.": "Commander", "cdr.": "Commander", "adm.": "Admiral", "ens.": "Ensign",
    "jr.": "Junior", "sr.": "Senior", "esq.": "Esquire", "ph.d.": "P H D", "ph.d.s": "P H Ds", "ph.ds": "P H Ds",
    # Places.
    "st.": "Saint", "ste.": "Suite", "mt.": "Mount", "mts.": "Mountains", "ft.": "Fort", "pt.": "part",
    "bldg.": "Building", "apt.": "Apartment", "rm.": "Room", "univ.": "University", "dist.": "District",
    "hts.": "Heights", "natl.": "National", "intl.": "International", "int'l.": "International", "twp.": "Township",
    # References.
    "no.": "number", "nos.": "numbers", "vol.": "volume", "vols.": "volumes", "fig.": "figure", "figs.": "figures",
    "p.": "page", "pp.": "pages", "pg.": "page", "ch.": "chapter", "chap.": "chapter", "chs.": "chapters",
    "sec.": "section", "sect.": "section", "art.": "article", "arts.": "articles", "ed.": "edition", "eds.": "editors",
    "para.": "paragraph", "ext.": "extension", "tel.": "telephone", "al.": "al", "ibid.": "ibid", "cf.": "compare",
    "viz.": "namely", "ver.": "version",
    # Firms and offices.
    "dept.": "Department", "depts.": "Departments", "govt.": "government", "gov't.": "government",
    "assn.": "Association", "inc.": "Incorporated", "ltd.": "Limited", "corp.": "Corporation", "co.": "Company",
    "cos.": "Companies", "bros.": "Brothers", "mfg.": "Manufacturing", "plc.": "P L C", "l.l.c.": "L L C",
    "admin.": "administration", "comm.": "Committee", "inst.": "Institute",
    # Words.
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "v.": "versus",
    "approx.": "approximately", "est.": "estimated", "max.": "maximum", "min.": "minimum", "avg.": "average",
    "incl.": "including", "excl.": "excluding", "misc.": "miscellaneous", "temp.": "temperature", "pop.": "population",
    "esp.": "especially", "orig.": "originally", "resp.": "respectively", "std.": "standard", "qty.": "quantity",
    "elev.": "elevation", "dia.": "diameter", "doz.": "dozen", "a.k.a.": "also known as", "w/o.": "without",
    "feat.": "featuring", "ft.-lb.": "foot pounds", "attn.": "attention", "ref.": "reference", "prev.": "previous",
    "yr.": "year", "yrs.": "years", "mo.": "month", "mos.": "months", "wk.": "week", "wks.": "weeks",
    "hr.": "hour", "hrs.": "hours", "mins.": "minutes", "secs.": "seconds", "lb.": "pound", "lbs.": "pounds",
    "oz.": "ounces",
    # Letters.
    "a.m.": "A M", "p.m.": "P M", "b.c.": "B C", "a.d.": "A D", "u.s.": "U S", "u.k.": "U K", "u.n.": "U N",
    "e.u.": "E U", "d.c.": "D C", "r.i.p.": "R I P", "p.s.": "P S", "n.b.": "N B", "r.s.v.p.": "R S V P",
    "p.o.": "P O",
    # Months and days.
    "jan.": "January", "feb.": "February", "mar.": "March", "apr.": "April", "jun.": "June", "jul.": "July",
    "aug.": "August", "sep.": "September", "sept.": "September", "oct.": "October", "nov.": "November",
    "dec.": "December", "mon.": "Monday", "tue.": "Tuesday", "tues.": "Tuesday", "wed.": "Wednesday",
    "weds.": "Wednesday", "thu.": "Thursday", "thur.": "Thursday", "thurs.": "Thursday", "fri.": "Friday",
    "sat.": "Saturday", "sun.": "Sunday",
}  # fmt: skip

ENGLISH_UNDOTTED: Mapping[str, str] = {
    "Dr": "Doctor", "Mr": "Mister", "Mrs": "Missus", "Messrs": "Messieurs", "Prof": "Professor", "Rev": "Reverend",
    "Sen": "Senator", "Gov": "Governor", "Gen": "General", "Col": "Colonel", "Maj": "Major", "Capt": "Captain",
    "Lt": "Lieutenant", "Sgt": "Sergeant", "Cpl": "Corporal", "Pvt": "Private", "Supt": "Superintendent",
    "Insp": "Inspector", "Cmdr": "Commander", "Adm": "Admiral", "Brig": "Brigadier", "St": "Saint", "Mt": "Mount",
    "Ft": "Fort", "Jr": "Junior", "Sr": "Senior", "Inc": "Incorporated", "Ltd": "Limited", "Corp": "Corporation",
    "Co": "Company", "Bros": "Brothers", "No": "number", "Nos": "numbers", "Fig": "Figure", "Vol": "volume",
    "Dept": "Department", "Univ": "University", "Det": "Detective",
    "Rt Hon": "Right Honourable", "Hon": "Honourable", "Rt Rev": "Right Reverend", "Rt Revd": "Right Reverend",
    "Revd": "Reverend", "Cllr": "Councillor", "Cllrs": "Councillors", "Sqn Ldr": "Squadron Leader",
    "Wg Cdr": "Wing Commander", "Flt Lt": "Flight Lieutenant", "Gp Capt": "Group Captain", "Air Cdre": "Air Commodore",
    "Cdr": "Commander", "Cdre": "Commodore", "Pte": "Private", "LCpl": "Lance Corporal", "L/Cpl": "Lance Corporal",
    "Ch Supt": "Chief Superintendent", "Ch Insp": "Chief Inspector", "Abp": "Archbishop", "Mme": "Madame",
    "Mlle": "Mademoiselle", "Asst": "Assistant",
}  # fmt: skip
"""Short forms as the British write them; said in full beside a name or number."""

ENGLISH_WORDS: Mapping[str, str] = {
    "aka": "also known as", "vs": "versus", "approx": "approximately", "w/": "with", "w/o": "without",
    "c/o": "care of", "w/c": "week commencing", "b/c": "because", "n/a": "N A", "N/A": "N A", "govt": "government",
    "etc": "et cetera", "gov't": "government", "Gov't": "Government", "int'l": "international",
    "Int'l": "International", "nat'l": "national", "Nat'l": "National", "dep't": "department", "Dep't": "Department",
    "AKA": "also known as", "hrs": "hours", "mins": "minutes", "secs": "seconds", "yrs": "years", "lbs": "pounds",
    "mph": "miles per hour", "Tues": "Tuesday", "Thurs": "Thursday", "Weds": "Wednesday", "Sept": "September",
    "dept": "department", "WWII": "World War two", "WWI": "World War one", "WW2": "World War two",
    "mmHg": "millimeters of mercury", "mgmt": "management", "YoY": "year over year", "yoy": "year over year",
    "y/y": "year over year", "q/q": "quarter over quarter", "m/m": "month over month",
}  # fmt: skip

GERMAN: Mapping[str, str] = {
    "z. b.": "zum Beispiel", "d. h.": "das heißt", "u. a.": "unter anderem", "bzw.": "beziehungsweise",
    "ca.": "circa", "dr.": "Doktor", "prof.": "Professor", "nr.": "Nummer", "nrn.": "Nummern", "str.": "Straße",
    "usw.": "und so weiter", "etc.": "et cetera", "ggf.": "gegebenenfalls", "inkl.": "inklusive",
    "exkl.": "exklusive", "zzgl.": "zuzüglich", "abzgl.": "abzüglich", "mio.": "Millionen", "mrd.": "Milliarden",
    "tsd.": "tausend", "bio.": "Billionen", "st.": "Sankt", "abs.": "Absatz", "art.": "Artikel",
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
    "mill.": "Millionen", "mrz.": "März", "jän.": "Jänner", "mind.": "mindestens", "bzgl.": "bezüglich",
    "abb.": "Abbildung", "abbn.": "Abbildungen", "tab.": "Tabelle", "v. a.": "vor allem", "v. l.": "von links",
    "v. r.": "von rechts", "v. l. n. r.": "von links nach rechts", "mwst.": "Mehrwertsteuer", "ust.": "Umsatzsteuer",
    "fa.": "Firma", "gebr.": "Gebrüder", "anm.": "Anmerkung", "d. red.": "der Redaktion",
    "anm. d. red.": "Anmerkung der Redaktion", "red.": "Redaktion", "p. a.": "per annum", "i. h. v.": "in Höhe von",
    "i. h. d.": "in Höhe der", "o. d. t.": "ob der Tauber", "i. br.": "im Breisgau", "a. rh.": "am Rhein",
    "a. d. o.": "an der Oder", "az.": "Aktenzeichen", "k. o.": "K O", "ggü.": "gegenüber",
    "n. v.": "nach Verlängerung", "i. e.": "im Elfmeterschießen", "n. e.": "nach Elfmeterschießen", "bhf.": "Bahnhof",
    "m. w.": "meines Wissens", "m. a. w.": "mit anderen Worten", "i. a.": "im Allgemeinen", "z. hd.": "zu Händen",
    "z. hdn.": "zu Händen", "o. j.": "ohne Jahr", "u. a. m.": "und anderes mehr", "u. v. a.": "und viele andere",
    "u. v. a. m.": "und viele andere mehr", "u. dgl.": "und dergleichen", "o. dgl.": "oder dergleichen",
    "i. s. d.": "im Sinne des", "i. s. v.": "im Sinne von", "i. d. f.": "in der Fassung", "h. c.": "honoris causa",
    "i. r.": "im Ruhestand", "ebd.": "ebenda", "a. a. o.": "am angegebenen Ort", "usf.": "und so fort",
    "u. s. w.": "und so weiter", "uvm.": "und vieles mehr", "u. z.": "und zwar", "bes.": "besonders",
    "entspr.": "entsprechend", "forts.": "Fortsetzung", "mag.": "Magister", "dres.": "Doktores",
    "bgm.": "Bürgermeister", "bez.": "Bezirk", "kr.": "Kreis", "pkt.": "Punkte", "jg.": "Jahrgang",
    "hg.": "Herausgeber", "übers.": "übersetzt", "sp.": "Spalte", "z.": "Zeile", "rn.": "Randnummer",
    "rdnr.": "Randnummer", "gez.": "gezeichnet", "jun.": "junior", "k. a.": "keine Angabe", "bsp.": "Beispiel",
    "z. bsp.": "zum Beispiel", "vorm.": "vormittags", "nachm.": "nachmittags", "kto.": "Konto", "bde.": "Bände",
    "rd.": "rund", "mtl.": "monatlich", "jhs.": "Jahrhunderts", "jhds.": "Jahrhunderts", "jts.": "Jahrtausends",
    "jt.": "Jahrtausend", "v. u. z.": "vor unserer Zeitrechnung", "stdl.": "stündlich", "wg.": "wegen", "od.": "oder",
    "zw.": "zwischen", "durchschn.": "durchschnittlich", "eigtl.": "eigentlich", "ersch.": "erschienen",
    "verm.": "vermutlich", "spez.": "speziell", "gegr.": "gegründet", "lfd.": "laufende", "ausg.": "Ausgabe",
    "einw.": "Einwohner", "ziff.": "Ziffer", "buchst.": "Buchstabe", "betr.": "betrifft", "kl.": "Klasse",
    "reg.-bez.": "Regierungsbezirk", "i. allg.": "im Allgemeinen", "wöch.": "wöchentlich", "u. g.": "unten genannte",
    "b. w.": "bitte wenden", "o. b.": "ohne Befund", "anl.": "Anlage", "univ.-prof.": "Universitätsprofessor",
    "univ.": "Universität", "etc. pp.": "et cetera P P", "o. k.": "okay",
    "i. v. m.": "in Verbindung mit", "p. p.": "pro Person", "s. s.": "siehe Seite", "hrsg. v.": "herausgegeben von",
    "hg. v.": "herausgegeben von", "d. i.": "das ist", "m. m.": "meiner Meinung",
}  # fmt: skip

_ALSO_WORDS = listed(
    "al. is. fl. mo. comm. ed. eds. art. arts. sat. sun. fig. figs. pop. temp. ref. admin. hon. max. min. fr. "
    "mar. wed. mon. est. inst. dia. orig. esp. sec. rep. feat. para. pg. ch. yr. hr. wk. lb. dist. elev. ens."
)
"""At a sentence's end these are more likely words, or a full stop is due anyway."""

ABBREVIATIONS: Mapping[str, Mapping[str, str]] = {
    "en": {key: said for key, said in ENGLISH.items() if key not in _ALSO_WORDS}
    | {"ave.": "Avenue", "blvd.": "Boulevard", "rd.": "Road", "fr.": "Father"},
    "de": {
        **GERMAN,
        "mon.": "Monate",
        "msp.": "Messerspitze",
        "pkg.": "Packung",
        "pck.": "Päckchen",
        "stck.": "Stück",
        "vol.": "Volumen",
        "ztr.": "Zentner",
        "pfd.": "Pfund",
        "pers.": "Personen",
        "wo.": "Wochen",
    },
}
"""What the sentences' divider knows of: a dot behind these needn't end a sentence."""

NEEDS_NUMBER = listed(
    "no. nos. vol. fig. p. pp. ch. art. ed. s. abs. bd. kap. min. std. sek. f. ff. a. m. max. u. figs. vols. "
    "arts. pg. sect. chap. chs. ext. yr. mo. wk. hr. lb. oz. mos. wks. para. ver. is."
)
"""Words of their own, or too short to be sure of: said in full only beside a number."""

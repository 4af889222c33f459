"""Which dots end no sentence: what the word before one, and the word behind it, tell by language."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.speakable.rules import listed

BEFORE_NAMES: Mapping[str, frozenset[str]] = {
    "en": listed(
        "dr drs rt mr mrs ms messrs prof profs rev revs hon sen sens rep reps gov govs gen gens col cols lt sgt "
        "cpl pvt capt cmdr adm maj brig pres supt insp det atty amb msgr mt pt vs e.g i.e jan feb mar apr aug sept "
        "oct nov dec approx cf"
    ),
    "de": listed(
        "dr prof nr bzw ca ggf inkl zzgl st vgl evtl sog geb hl dipl ing med phil jur bspw insb z.b d.h u.a z mio "
        "mrd tsd lt tel hrsg kap max ehem stv str bzgl mind stellv dt ev kath fa gebr hr hrn fr ggü verst frl "
        "mill insbes einschl exkl abzgl österr engl frz gleichn staatl städt tägl wöchentl monatl jährl franz "
        "ital span russ amerik europ folg gesetzl öffentl versch zust allg internat verst bayer sächs bd abb tab "
        "anl kfm psych päd biol phys volksw betriebsw univ röm luth"
    ),
    "fr": listed(
        "m mm mme mlle dr prof pr st ste env cf p.ex c.-à-d bd av mr apr janv févr fév avr juil sept oct nov déc"
    ),
    "es": listed(
        "sr sra srta sres dr dra ud uds prof gral mons sto sta núm d dña avda av pza pl ctra ee jj cc rr ff dd s "
        "ss p.ej aprox ene feb abr ago sept oct nov dic"
    ),
}  # fmt: skip
"""After these a sentence never ends, whatever follows."""

BEFORE_NUMBERS: Mapping[str, frozenset[str]] = {
    "en": listed(
        "no nos p pp vol vols fig figs art ch chap sec eq ca approx min max avg est pop elev temp ext apt ste rm "
        "bldg hwy rte ver para rs"
    ),
    "de": listed("nr nrn abs art bd kap abb tab ca approx ziff rn anm sfr mo di mi do fr sa so"),
    "fr": listed("p pp no art al fig vol chap ch t bât apt ép tél lun mar ven sam dim"),
    "es": listed("pág págs núm art fig vol cap t n.º tel tfno tlf"),
}  # fmt: skip
"""After these a sentence goes on when a digit follows."""

OFTEN_LAST = listed("etc usw inc ltd jr sr co corp plc ff uvm")
"""Abbreviations that end many sentences: a capital behind them begins the next."""

TOGETHER = frozenset(
    {("co", "KG"), ("co", "KGaA"), ("co", "OHG"), ("ee", "UU."), ("a", "C."), ("d", "C."), ("av", "J.-C."), ("p", "D.")}
)
"""Pairs that are one abbreviation, whatever stands behind."""

CLOCK = listed("a.m p.m")
BEHIND_CLOCK = listed(
    "ET EST EDT CT CST CDT MT MST PT PST PDT GMT BST UTC CET CEST Eastern Central Pacific Mountain Greenwich "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
"""`10 a.m. ET` goes on; any other capital behind a clock time begins a sentence."""

OPENERS = {
    "en": listed(
        "The A An It He She They We I You This That These Those In On At But And So If When While After Before "
        "For As There His Her Their Our My What Who Why How Where Its To By With From No Not Now Then Last Next"
    ),
    "de": listed(
        "Der Die Das Den Dem Des Ein Eine Einen Einem Es Er Sie Wir Ich Du Ihr Dies Diese Dieser Dieses Im In Am "
        "An Auf Bei Mit Nach Von Vor Zu Zum Zur Aber Und Doch So Wenn Als Für Da Dort Nun Sein Seine Ihre Was Wer "
        "Wie Warum Wo Auch Nur Noch Man Kein Keine Laut Seit Während"
    ),
    "fr": listed(
        "Le La Les Un Une Des Il Elle Ils Elles On Nous Vous Je Ce Cette Ces C'est Mais Et En Dans À Au Aux Pour "
        "Par Sur Avec Puis Quand Si Son Sa Ses Leur Selon"
    ),
    "es": listed(
        "El La Los Las Un Una Unos Unas Es Él Ella Ellos Se En Pero Y Con Por Para Su Sus Este Esta Esto Según "
        "Cuando Si No Luego Después Antes Al Del Era Llegó Nadie"
    ),
}  # fmt: skip
"""Words that begin sentences: behind them a doubtful dot is an end."""

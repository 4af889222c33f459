"""What lines of page furniture look like, in four languages: one pattern a line, for furniture.py.

Every repetition is bounded; the patterns see at most 160 characters, but for BEGINNINGS, which see 480.
"""

from __future__ import annotations

import re


def _any(lines: str) -> re.Pattern[str]:
    """Any of the lines as one pattern; a line that begins with "+ " goes on with the one before."""
    whole = re.sub(r"\n {1,20}\+ ", "", lines.strip())
    return re.compile("|".join(line.strip() for line in whole.splitlines()), re.IGNORECASE)


LABELS = _any(r"""
    share|share (?:this|on .{2,20}|this (?:article|story|page))|tweet|e-?mail|print|copy link|save|bookmark
    follow us|comments?|\d+ comments?|(?:show|view|add|leave a|add new|post a|jump to) comments?
    gift this article|get the app
    image|photo|video|gallery|view gallery|listen|watch|watch live|live|play|close|show more|load more
    advertisements?|advertisement feature|sponsored(?: content)?
    (?:the )?(?:article|story) continues (?:below|after)(?: (?:the |this )?(?:ad|advertisement))?\.?
    date|published|updated|byline|author|source|tags?|topics?|category|menu|search|reading time|\d+ min(?:ute)?s? read
    skip to (?:main )?content|sign in|log in|register|subscribe(?: now)?|home|back to (?:top|home(?:page)?)
    (?:next|previous) (?:article|story|post)
    teilen|(?:artikel|beitrag) teilen|auf .{2,20} teilen|drucken|seite drucken|merken|artikel (?:drucken|merken)
    kommentare?|\d+ kommentare?|kommentieren|kommentare anzeigen|mehr (?:anzeigen|laden)|artikel verschenken
    anzeige|werbung|datum|veröffentlicht|aktualisiert|autor(?:in)?|quelle|schlagwort(?:e|er)|schlagwörter|themen
    menü|suche|zum inhalt springen|anmelden|registrieren|einloggen|abonnieren|jetzt abonnieren
    startseite|zur startseite|zurück(?: zur startseite)?|nach oben|(?:nächster|vorheriger) (?:artikel|beitrag)
    bild|foto|bildergalerie|zur bildergalerie|anhören|vorlesen|abspielen|schließen|lesezeit
    lesezeit:? \d+ min(?:uten)?\.?
    log out|sign out|abmelden|ausloggen|se déconnecter|déconnexion|cerrar sesión
    partager|partager (?:cet article|sur .{2,20})|imprimer|commentaires|publicité|abonnez-vous|s.abonner|je m.abonne
    se connecter|s.identifier|écouter(?: l.article)?|retour (?:à l.accueil|en haut(?: de page)?)
    (?:lire|voir|afficher) les commentaires
    article (?:suivant|précédent)|mots-clés
    compartir|compartir (?:en .{2,20}|este artículo)|imprimir|comentarios|publicidad|suscríbete|suscribirse
    iniciar sesión|escuchar(?: el artículo)?|volver (?:al inicio|arriba)|(?:leer|ver) (?:los )?comentarios
    artículo (?:siguiente|anterior)|etiquetas
    facebook|twitter|x|whatsapp|linkedin|instagram|telegram|bluesky|mastodon|threads|reddit|pinterest|flipboard
""")
"""Labels of buttons and fields, without a content of their own."""

LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("reading time", _any(r"""
        (?:estimated |average |approximate )?read(?:ing)? time ?:? ?(?:about |approx\. |~ ?|< ?)?
        + \d{1,3} ?min(?:ute)?s?\.?
        (?:about |< ?|~ ?)?\d{1,3}[ -]?min(?:ute)?s?\.?[ -](?:read|reading time|to read)
        (?:geschätzte )?(?:lesezeit|lesedauer) ?:? ?(?:ca\. |etwa |circa |rund |~ ?|< ?)?\d{1,3} ?min(?:\.|uten?)?
        (?:ca\. |etwa |~ ?|< ?)?\d{1,3} ?min(?:\.|uten?)? (?:lesezeit|lesedauer)
        (?:(?:temps|durée) de )?lecture(?: estimée?)? ?:? ?(?:environ |~ ?|< ?)?\d{1,3} ?min(?:\.|utes?)?
        (?:environ |~ ?|< ?)?\d{1,3} ?min(?:\.|utes?)? de lecture
        (?:tiempo (?:estimado )?de )?lectura(?: estimad[ao])? ?:? ?(?:de |unos |~ ?|< ?)?\d{1,3} ?min(?:\.|utos?)?
        (?:unos |~ ?|< ?)?\d{1,3} ?min(?:\.|utos?)? de lectura
    """)),
    ("counts and ratings", _any(r"""
        {COUNT} ?(?:page ?)?(?:views?|shares?|likes?|hits|reactions?|claps|comments?|times (?:read|viewed|shared))
        (?:views?|shares?|likes|hits|(?:has been )?(?:viewed|read|shared)) ?:? ?{COUNT}(?: times)?
        {COUNT} ?(?:aufrufe?|klicks|ansichten|kommentare?|mal (?:gelesen|geteilt|angesehen|aufgerufen))
        (?:aufrufe|klicks|ansichten|gelesen|geteilt) ?:? ?{COUNT}(?: ?mal)?
        {COUNT} ?(?:vues?|partages?|commentaires?|réactions?)|(?:vues|partages|vu|lu|partagé) ?:? ?{COUNT}(?: fois)?
        {COUNT} ?(?:visitas?|visualizaciones|vistas|compartidos|comentarios?|me gusta)
        (?:visitas|vistas|visualizaciones|leído|compartido) ?:? ?{COUNT}(?: veces)?
    """.replace("{COUNT}", r"\d{1,3}(?:[.,'’  ]?\d{3}){0,3}(?:[.,]\d)? ?[km]?"))),
    ("player", _any(r"""
        (?:listen to|hear) (?:the|this) (?:article|story)(?: ?[(·|-]?.{0,20})?
        (?:diesen )?artikel (?:an)?hören(?: ?[(·|-]?.{0,20})?|(?:diesen )?(?:artikel|beitrag) vorlesen(?: lassen)?
        your browser does not support .{2,40}|ihr browser unterstützt .{2,60}
        (?:audio|video) (?:player|wird geladen)(?: .{0,30})?
    """)),
    ("read more", _any(r"""
        (?:read|see|find out|learn) more(?: ?(?:[:>»→…]|about|on|here|\.\.\.).{0,140})?(?:(?<![.!?])|(?<=here\.))
        see also ?:?.{0,140}(?<![.!?])
        (?:also read|read also|read next|up next|more on this(?: story)?|
        + more from .{2,40}) ?:?.{0,120}(?<![.!?])
        continue reading.{0,60}
        .{2,140}(?:[.!?] ?| )(?:mehr|weiter(?:lesen)?|read more|more|zum artikel) ?(?:\.{2,3}|…|»|›|→)
        (?:weiterlesen|mehr lesen|mehr dazu|mehr zum thema|lesen sie auch|lesen sie mehr|
        + lesen sie hier(?: mehr)?) ?[:>»→…]?.{0,140}(?<![.!?])
        (?:lire la suite|(?:à )?lire (?:aussi|également)|voir aussi|en savoir plus)(?: ?[:>»›→…].{0,140})?(?<![.!?])
        (?:leer más|seguir leyendo|(?:también )?te puede interesar|quizás te interese|(?:lee|lea|leer|ver) también|
        + más información)(?: ?[:>»›→…].{0,140})?(?<![.!?])
        (?:siehe auch|auch interessant|das könnte sie auch interessieren) ?[:>»→…]?.{0,140}(?<![.!?])
    """)),
    ("more information", _any(r"""
        (?:more information|send feedback|mehr infos|mehr informationen|feedback senden|fehler melden)
        + (?: ?[|·•/-] ?(?:more information|send feedback|mehr infos|feedback senden|fehler melden))?
    """)),
    ("picture credit", _any(r"""
        [(\[]?(?:photo(?:graph)?s?|images?|pictures?|(?:photo|image) credit|fotos?|bild(?:er)?|bildquelle|
        + fotoquelle)(?: by| von)? ?[:|©/] ?.{2,80}(?<![.!?])
    """)),
    ("tags", _any(r"""
        (?:tags?|topics?|keywords?|filed under|schlagw(?:orte|örter)|stichw(?:orte|örter)|
        + themen) ?: .{2,140}(?<![.!?])
    """)),
    ("embedded post", _any(r"""
        view this post on instagram\.?|a post shared by .{2,80}
        sieh dir diesen beitrag auf instagram an\.?|ein beitrag geteilt von .{2,80}
    """)),
    ("paywall", _any(r"""
        (?:subscribe|sign in|log in|register)(?: now| today)? to (?:continue|keep) reading.{0,60}
        you(?:.ve| have) (?:read )?\d{1,3} (?:free )?(?:articles?|stories)(?: (?:left|remaining|in|this|for)\b.{0,80})?
        (?:become a|join as a|be a) (?:subscriber|member|supporter)(?: today| now)?[.!]?|subscribe from .{2,60}
        already (?:a (?:subscriber|member)|subscribed|registered)\? ?.{0,40}
        this (?:article|story|content) is (?:for|only for|reserved for|available to) (?:our )?(?:paying |
        + registered )?(?:subscribers|members|readers)(?: only)?\.?
        (?:jetzt )?(?:weiterlesen|anmelden|abonnieren) (?:mit|und|um) .{2,60}
        (?:dieser|der) (?:artikel|beitrag|inhalt) ist (?:nur )?(?:für abonnent(?:en|innen).{0,30}|
        + exklusiv für .{2,30}|kostenpflichtig)\.?
        (?:cet article|ce contenu) est réservé (?:aux|à nos) abonnés.{0,20}|déjà abonnée? ?\? ?.{0,40}
        (?:este )?(?:artículo|contenido) (?:es )?(?:exclusivo|sol?o|sólo) para suscriptores.{0,20}
        ¿?ya (?:eres|es) suscriptora?\? ?.{0,40}
        sie haben (?:bereits|schon) ein abo\? ?.{0,40}|bereits abonnent(?:in)?\? ?.{0,40}
    """)),
    ("notice", _any(r"""
        this (?:post|article|page|story) (?:may|might) contain affiliate links\b.{0,120}
        (?:as an .{2,30} affiliate|we may earn|we earn) .{0,40}(?:commission|qualifying purchases).{0,80}
        dieser (?:artikel|beitrag) enthält (?:affiliate|werbe).{0,100}|(?:affiliate|werbe)-?links?:? .{0,100}
        über dieses thema berichtet(?:e|en) .{2,60} (?:am|um) \d.{2,40}
        (?:an dieser stelle (?:befindet sich|finden sie)|hier (?:finden sie|steht)) (?:ein(?:en)?|den)?
        +  ?externe[rn]? inhalt.{0,120}
        empfohlener (?:externer|redaktioneller) inhalt|externer inhalt|external content
        this content is hosted by a third party.{0,80}
        (?:with|mit) (?:material from|material von|reporting by|informationen von) .{2,60}(?<![.!?])
    """)),
    ("shortcode", _any(r"""
        \[caption [^\[\]]{0,140}\].{0,140}\[/caption\]
        \[/?[a-z][a-z0-9_-]{2,30} [a-z_]{2,20}=[^\[\]]{0,140}/?\]|\[/[a-z][a-z0-9_-]{2,30}\]
    """)),
    ("copyright", _any(r"""
        (?:©|\(c\)|copyright (?:©|\(c\)|\d{4}|by )).{0,150}|all rights reserved\.?|alle rechte vorbehalten\.?
    """)),
    ("contact", _any(r"""
        (?:(?:reach|contact|e-?mail|write to|get in touch with|follow) (?:the (?:author|writer|reporter)|.{2,60}?)
        +  (?:at|on|via) [^ ]{1,60}@[^ ]{2,60}.{0,60})
        (?:(?:ihre meinung|what do you think|your view)\? )?(?:schreiben sie (?:uns|an)|mailen sie|e-?mail us|email|
        + write to us|e-?mail) .{0,40}@[^ ]{2,60}
        [^ @]{1,60}@[^ @]{2,60}\.[a-z]{2,12}
        .{2,100} (?:tel(?:efon|ephone)?|phone|fon|mobil)\b[.:]? ?[+(]?\d[\d ()/.–-]{5,25}.{0,60}
        (?:(?:imprint|privacy(?: policy)?|terms(?: of use)?|contact(?: us)?|impressum|datenschutz|agb|
        + kontakt) ?[|·•/,-]? ?){1,6}
    """)),
)  # fmt: skip
"""Whole lines, by the reason why they are skipped."""

BEGINNINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("disclosure", _any(r"""
        (?:this|the) audio (?:version|of this article) (?:is|was|has been) (?:artificially |automatically |
        + ai.)?generated
        this (?:article|text) is read by (?:an? )?(?:synthetic|artificial|automated)
        diese audioversion wurde (?:künstlich|automatisch|maschinell) (?:generiert|erstellt|erzeugt)
        dieser (?:artikel|text|beitrag) wird von einer künstlichen stimme
    """)),
    ("cookie notice", _any(r"""
        (?:we|this (?:site|website)) (?:and our partners )?uses? cookies|by continuing to (?:use|
        + browse) (?:this|our|the) (?:web)?site
        accept (?:all )?cookies|cookie (?:settings|policy|preferences)|(?:manage|reject)(?: all)? cookies
        wir (?:und unsere partner )?(?:verwenden|nutzen|setzen) cookies|diese (?:website|seite) (?:verwendet|
        + nutzt) cookies
        (?:alle )?cookies (?:akzeptieren|ablehnen)|cookie-einstellungen
    """)),
    ("newsletter", _any(r"""
        (?:sign up|subscribe|register)(?: now| here| today)? (?:for|to) (?:our|the|my) .{0,40}(?:newsletter|
        + briefing|updates|alerts?)
        get (?:our|the) .{0,40}(?:newsletter|briefing)|join our (?:newsletter|mailing list)
        subscribe to our mailing list|newsletter [„“"'‚‘»«].{2,60}
        (?:receive|erhalten sie) .{2,60} (?:by e-?mail|in your inbox|per e-?mail)\b
        (?:melden sie sich|jetzt) .{0,40}newsletter .{0,30}(?:an|anmelden|abonnieren)|newsletter (?:abonnieren|
        + bestellen)
        abonnieren sie (?:unseren|den) .{0,40}newsletter
        (?:inscrivez-vous|abonnez-vous)(?: gratuitement)? à (?:notre|la|nos) .{0,40}(?:newsletter|infolettre)
        recevez .{2,60} (?:par e-?mail|dans votre boîte)\b
        (?:suscríbete|suscríbase|apúntate)(?: gratis)? a (?:nuestr[ao]|la|el) .{0,40}(?:newsletter|boletín)
        recib[ea] .{2,60} (?:en (?:tu|su) correo|por correo)\b
    """)),
    ("advertisement", _any(r"""
        (?:download|get) (?:our|the) .{0,30}app (?:from|on|in|now|for free|today)|laden sie (?:unsere|die) .{0,30}app
        support (?:our|independent|quality) .{0,20}journalism (?:from|for|today|now|with|by)
        follow us on (?:facebook|twitter|x|instagram|whatsapp|youtube|tiktok)\b|folgen sie uns (?:auf|
        + bei) (?:facebook|twitter|x|instagram|whatsapp|youtube|tiktok)\b
    """)),
)  # fmt: skip
"""How lines of any length begin, by the reason why they are skipped."""

GROUPS = _any(r"""
    (?:related|latest|recent|more|top|popular|trending|recommended|most[ -]read|most popular|further|other)
    +  (?:stories|news|articles|coverage|reading|
    + posts|releases|content|topics|links|headlines|videos)(?: .{0,30})?
    related|most[ -]read|most popular|recommended(?: for you)?|you (?:may|might) also (?:like|be interested in)
    te puede interesar|también te puede interesar|(?:lee|leer|lea) también|noticias relacionadas|más noticias
    (?:à )?lire aussi|à lire également|sur le même (?:sujet|thème)|articles (?:liés|similaires)|voir aussi
    editors?['’]s? picks?|on this topic|see also|read (?:more|next|also)|siehe auch|weiterlesen
    (?:mehr|weitere|ähnliche|verwandte|aktuelle|neueste|neuste|beliebte) (?:artikel|nachrichten|themen|
    + beiträge|meldungen|news)(?: .{0,30})?
    mehr zum thema|meistgelesen(?:e artikel)?|das könnte sie auch interessieren|auch interessant|empfohlene artikel
    zum thema|lesen sie auch|lesetipps?|empfehlungen der redaktion
""")
"""Lines that open a list of links to other articles."""

// What the player says. A page overrides single texts by the attribute `texts` (JSON); none of them can be emptied.

const TEXTS = {
  en: {
    title: "Listen to the article", minutes: "{n} min", notice: "This audio version is artificially generated.",
    more: "More information", feedback: "Send feedback", play: "Play", pause: "Pause", back: "Back 15 seconds",
    forward: "Forward 15 seconds", position: "Position", of: "{at} of {all}", speed: "Speed", volume: "Volume",
    chapters: "Chapters", share: "Share this moment", copied: "The address of this moment was copied.",
    download: "Download", next: "Next: {title}", nextPlain: "Next article",
    begin: "The audio is being made. Press play: it starts with the first sentence.",
    rendering: "Still being made: {done} of {total} sentences. You can listen already.",
    wait: "This part is still being made. It goes on by itself.", updated: "This audio was updated since you began.",
    playNew: "Play the new version", withdrawn: "This audio version is no longer available.", locked: "This audio is for subscribers.",
    failed: "The audio for this article could not be made.", lost: "The connection is lost. It goes on by itself.",
    silent: "This browser can't play the audio.", blocked: "Your browser asks you to press play yourself.",
    barred: "This page does not allow the audio to play here.", elsewhere: "Listen on a page of its own",
    follow: "Back to the sentence being read", noForm: "The form could not be loaded. Press again: it opens as a page.",
  },
  de: {
    title: "Artikel anhören", minutes: "{n} Min.", notice: "Diese Audioversion wurde künstlich generiert.",
    more: "Mehr Informationen", feedback: "Feedback senden", play: "Abspielen", pause: "Pause",
    back: "15 Sekunden zurück", forward: "15 Sekunden vor", position: "Position", of: "{at} von {all}", speed: "Tempo",
    volume: "Lautstärke", chapters: "Kapitel", share: "Diese Stelle teilen",
    copied: "Die Adresse dieser Stelle wurde kopiert.", download: "Herunterladen", next: "Als Nächstes: {title}",
    nextPlain: "Nächster Artikel",
    begin: "Die Audioversion entsteht gerade. Drücken Sie auf Abspielen: Sie beginnt mit dem ersten Satz.",
    rendering: "Entsteht gerade: {done} von {total} Sätzen. Sie können schon zuhören.",
    wait: "Diese Stelle entsteht gerade. Es geht von selbst weiter.",
    updated: "Diese Audioversion wurde erneuert, seit Sie begonnen haben.", playNew: "Neue Fassung abspielen",
    withdrawn: "Diese Audioversion ist nicht mehr verfügbar.", locked: "Diese Audioversion ist für Abonnenten.",
    failed: "Die Audioversion dieses Artikels konnte nicht erstellt werden.",
    lost: "Die Verbindung ist unterbrochen. Es geht von selbst weiter.",
    silent: "Dieser Browser kann den Ton nicht abspielen.",
    barred: "Diese Seite erlaubt nicht, den Ton hier abzuspielen.", elsewhere: "Auf einer eigenen Seite anhören",
    blocked: "Ihr Browser verlangt, dass Sie selbst auf Abspielen drücken.", follow: "Zurück zum gelesenen Satz",
    noForm: "Das Formular konnte nicht geladen werden. Drücken Sie noch einmal: Es öffnet sich als Seite.",
  },
  fr: {
    title: "Écouter l’article", minutes: "{n} min", notice: "Cette version audio a été générée artificiellement.",
    more: "Plus d’informations", feedback: "Signaler une erreur", play: "Lire", pause: "Pause",
    back: "Reculer de 15 secondes", forward: "Avancer de 15 secondes", position: "Position", of: "{at} sur {all}",
    speed: "Vitesse", volume: "Volume", chapters: "Chapitres", share: "Partager ce passage",
    copied: "L’adresse de ce passage a été copiée.", download: "Télécharger", next: "À suivre : {title}",
    nextPlain: "Article suivant",
    begin: "La version audio est en préparation. Appuyez sur Lire : elle commence dès la première phrase.",
    rendering: "En préparation : {done} phrases sur {total}. Vous pouvez déjà écouter.",
    wait: "Ce passage est en préparation. La lecture reprendra d’elle-même.",
    updated: "Cette version audio a changé depuis que vous l’avez commencée.", playNew: "Écouter la nouvelle version",
    withdrawn: "Cette version audio n’est plus disponible.", locked: "Cette version audio est réservée aux abonnés.",
    failed: "La version audio de cet article n’a pas pu être produite.",
    lost: "La connexion est interrompue. La lecture reprendra d’elle-même.",
    silent: "Ce navigateur ne peut pas lire le son.",
    barred: "Cette page n’autorise pas la lecture du son ici.", elsewhere: "Écouter sur une page à part",
    blocked: "Votre navigateur vous demande d’appuyer vous-même sur Lire.", follow: "Revenir à la phrase lue",
    noForm: "Le formulaire n’a pas pu être chargé. Appuyez encore une fois : il s’ouvre dans une page.",
  },
  es: {
    title: "Escuchar el artículo", minutes: "{n} min",
    notice: "Esta versión de audio ha sido generada artificialmente.", more: "Más información",
    feedback: "Enviar comentarios", play: "Reproducir", pause: "Pausa", back: "Retroceder 15 segundos",
    forward: "Avanzar 15 segundos", position: "Posición", of: "{at} de {all}", speed: "Velocidad", volume: "Volumen",
    chapters: "Capítulos", share: "Compartir este momento", copied: "Se ha copiado la dirección de este momento.",
    download: "Descargar", next: "A continuación: {title}", nextPlain: "Artículo siguiente",
    begin: "El audio se está preparando. Pulse reproducir: empieza con la primera frase.",
    rendering: "En preparación: {done} de {total} frases. Ya puede escuchar.",
    wait: "Esta parte se está preparando. Seguirá por sí sola.",
    updated: "Este audio se ha actualizado desde que usted empezó.", playNew: "Reproducir la nueva versión",
    withdrawn: "Esta versión de audio ya no está disponible.", locked: "Este audio es para suscriptores.", failed: "No se pudo crear el audio de este artículo.",
    lost: "Se ha perdido la conexión. Seguirá por sí solo.", silent: "Este navegador no puede reproducir el audio.",
    barred: "Esta página no permite reproducir el audio aquí.", elsewhere: "Escuchar en una página aparte",
    blocked: "Su navegador le pide que pulse reproducir.", follow: "Volver a la frase que se lee",
    noForm: "No se pudo cargar el formulario. Pulse otra vez: se abre como página.",
  },
};

/** The first language of some BCP 47 tags that the player has texts in; English when it has none in any of them. */
const spokenHere = (...tags) => tags.map((tag) => (tag || "").toLowerCase().split(/[-_]/)[0]).find((tag) => Object.hasOwn(TEXTS, tag)) || "en";

/** The texts for a BCP 47 tag, English where there are none, with a page's own ones above them. */
function textsFor(language, own, table = TEXTS) {
  const lang = spokenHere(language);
  const found = { ...table[lang], lang };
  for (const [name, text] of Object.entries(own || {})) {
    if (name in found && typeof text === "string" && text.trim()) found[name] = text;
  }
  return found;
}

const fill = (text, values) => text.replace(/\{(\w{1,9})\}/g, (all, name) => values[name] ?? all);

/** Seconds as m:ss or h:mm:ss. */
function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (h ? `${h}:${String(m).padStart(2, "0")}` : m) + ":" + String(s).padStart(2, "0");
}

// What the player says. A page overrides single texts by the attribute `texts` (JSON); none of them can be emptied.

const TEXTS = {
  en: {
    title: "Listen to the article", minutes: "{n} min", notice: "This audio version is artificially generated.",
    more: "More information", feedback: "Send feedback", play: "Play", pause: "Pause",
    back: "Back 15 seconds", forward: "Forward 15 seconds", position: "Position", of: "{at} of {all}",
    speed: "Speed", volume: "Volume", chapters: "Chapters", share: "Share this moment",
    copied: "The address of this moment was copied.", download: "Download", next: "Next: {title}", nextPlain: "Next article",
    begin: "The audio is being made. Press play: it starts with the first sentence.",
    rendering: "Still being made: {done} of {total} sentences. You can listen already.",
    wait: "This part is still being made. It goes on by itself.",
    updated: "This audio was updated since you began.", playNew: "Play the new version",
    withdrawn: "This audio version was withdrawn.", failed: "The audio for this article could not be made.",
    lost: "The connection is lost. It goes on by itself.", silent: "This browser can't play the audio.",
    blocked: "Your browser asks you to press play yourself.", follow: "Back to the sentence being read",
    ask: "What is wrong in the audio?", which: "Which word was it?", here: "Somewhere here",
    before: "Sentence before", after: "Sentence after", what: "What did you hear?",
    pronunciation: "A word is pronounced wrongly", number: "A number, date or abbreviation is read wrongly",
    missing: "Something is missing", extra: "Something is read that should not be",
    sound: "The voice or the sound is bad", other: "Something else", comment: "What should it be? (optional)",
    email: "E-mail, if you want an answer (optional)", send: "Send", close: "Close",
    choose: "Please choose what you heard.", long: "Your comment is {n} characters too long.",
    badEmail: "Please check the e-mail address.",
    thanks: "Thank you. Your report has arrived.", reference: "Reference: {ref}", see: "See what becomes of it",
    kept: "There is no connection. Your report is kept here and sent when there is one again.",
    refused: "The report was not accepted: {why}",
  },
  de: {
    title: "Artikel anhören", minutes: "{n} Min.", notice: "Diese Audioversion wurde künstlich generiert.",
    more: "Mehr Informationen", feedback: "Feedback senden", play: "Abspielen", pause: "Pause",
    back: "15 Sekunden zurück", forward: "15 Sekunden vor", position: "Position", of: "{at} von {all}",
    speed: "Tempo", volume: "Lautstärke", chapters: "Kapitel", share: "Diese Stelle teilen",
    copied: "Die Adresse dieser Stelle wurde kopiert.", download: "Herunterladen", next: "Als Nächstes: {title}",
    nextPlain: "Nächster Artikel",
    begin: "Die Audioversion entsteht gerade. Drücken Sie auf Abspielen: Sie beginnt mit dem ersten Satz.",
    rendering: "Entsteht gerade: {done} von {total} Sätzen. Sie können schon zuhören.",
    wait: "Diese Stelle entsteht gerade. Es geht von selbst weiter.",
    updated: "Diese Audioversion wurde erneuert, seit Sie begonnen haben.", playNew: "Neue Fassung abspielen",
    withdrawn: "Diese Audioversion wurde zurückgezogen.",
    failed: "Die Audioversion dieses Artikels konnte nicht erstellt werden.",
    lost: "Die Verbindung ist unterbrochen. Es geht von selbst weiter.", silent: "Dieser Browser kann den Ton nicht abspielen.",
    blocked: "Ihr Browser verlangt, dass Sie selbst auf Abspielen drücken.", follow: "Zurück zum gelesenen Satz",
    ask: "Was stimmt an der Audioversion nicht?", which: "Welches Wort war es?", here: "Irgendwo hier",
    before: "Satz davor", after: "Satz danach", what: "Was haben Sie gehört?",
    pronunciation: "Ein Wort ist falsch ausgesprochen",
    number: "Eine Zahl, ein Datum oder eine Abkürzung ist falsch gelesen", missing: "Es fehlt etwas",
    extra: "Es wird etwas gelesen, das nicht dazugehört", sound: "Stimme oder Ton sind schlecht", other: "Etwas anderes",
    comment: "Wie wäre es richtig? (freiwillig)", email: "E-Mail, wenn Sie eine Antwort möchten (freiwillig)",
    send: "Senden", close: "Schließen", choose: "Bitte wählen Sie, was Sie gehört haben.",
    long: "Ihre Anmerkung ist um {n} Zeichen zu lang.", badEmail: "Bitte prüfen Sie die E-Mail-Adresse.",
    thanks: "Danke. Ihre Meldung ist angekommen.", reference: "Kennung: {ref}", see: "Sehen, was daraus wird",
    kept: "Es besteht keine Verbindung. Ihre Meldung bleibt hier und wird gesendet, sobald es wieder geht.",
    refused: "Die Meldung wurde nicht angenommen: {why}",
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
    withdrawn: "Cette version audio a été retirée.", failed: "La version audio de cet article n’a pas pu être produite.",
    lost: "La connexion est interrompue. La lecture reprendra d’elle-même.", silent: "Ce navigateur ne peut pas lire le son.",
    blocked: "Votre navigateur vous demande d’appuyer vous-même sur Lire.", follow: "Revenir à la phrase lue",
    ask: "Qu’est-ce qui ne va pas dans l’audio ?", which: "De quel mot s’agit-il ?", here: "Quelque part ici",
    before: "Phrase précédente", after: "Phrase suivante", what: "Qu’avez-vous entendu ?",
    pronunciation: "Un mot est mal prononcé", number: "Un nombre, une date ou une abréviation est mal lu",
    missing: "Il manque quelque chose", extra: "Quelque chose est lu à tort", sound: "La voix ou le son est mauvais",
    other: "Autre chose", comment: "Que faudrait-il entendre ? (facultatif)",
    email: "Adresse e-mail, si vous souhaitez une réponse (facultatif)", send: "Envoyer", close: "Fermer",
    choose: "Choisissez ce que vous avez entendu.", long: "Votre commentaire a {n} caractères de trop.",
    badEmail: "Vérifiez l’adresse e-mail.",
    thanks: "Merci. Votre signalement est arrivé.", reference: "Référence : {ref}", see: "Voir la suite donnée",
    kept: "Pas de connexion. Votre signalement est gardé ici et partira dès que possible.",
    refused: "Le signalement n’a pas été accepté : {why}",
  },
  es: {
    title: "Escuchar el artículo", minutes: "{n} min", notice: "Esta versión de audio ha sido generada artificialmente.",
    more: "Más información", feedback: "Enviar comentarios", play: "Reproducir", pause: "Pausa",
    back: "Retroceder 15 segundos", forward: "Avanzar 15 segundos", position: "Posición", of: "{at} de {all}",
    speed: "Velocidad", volume: "Volumen", chapters: "Capítulos", share: "Compartir este momento",
    copied: "Se ha copiado la dirección de este momento.", download: "Descargar", next: "A continuación: {title}",
    nextPlain: "Artículo siguiente",
    begin: "El audio se está preparando. Pulse reproducir: empieza con la primera frase.",
    rendering: "En preparación: {done} de {total} frases. Ya puede escuchar.",
    wait: "Esta parte se está preparando. Seguirá por sí sola.",
    updated: "Este audio se ha actualizado desde que usted empezó.", playNew: "Reproducir la nueva versión",
    withdrawn: "Esta versión de audio se ha retirado.", failed: "No se pudo crear el audio de este artículo.",
    lost: "Se ha perdido la conexión. Seguirá por sí solo.", silent: "Este navegador no puede reproducir el audio.",
    blocked: "Su navegador le pide que pulse reproducir.", follow: "Volver a la frase que se lee",
    ask: "¿Qué está mal en el audio?", which: "¿Qué palabra era?", here: "En algún lugar de aquí",
    before: "Frase anterior", after: "Frase siguiente", what: "¿Qué ha oído?",
    pronunciation: "Una palabra está mal pronunciada", number: "Un número, una fecha o una abreviatura está mal leído",
    missing: "Falta algo", extra: "Se lee algo que no debería", sound: "La voz o el sonido es malo", other: "Otra cosa",
    comment: "¿Cómo debería ser? (opcional)", email: "Correo electrónico, si desea respuesta (opcional)",
    send: "Enviar", close: "Cerrar", choose: "Elija lo que ha oído.", long: "A su comentario le sobran {n} caracteres.",
    badEmail: "Compruebe el correo electrónico.",
    thanks: "Gracias. Su aviso ha llegado.", reference: "Referencia: {ref}", see: "Ver qué ocurre con él",
    kept: "No hay conexión. Su aviso se guarda aquí y se enviará cuando la haya.",
    refused: "El aviso no fue aceptado: {why}",
  },
};

/** The texts for a BCP 47 tag, English where there are none, with a page's own ones above them. */
function textsFor(language, own) {
  const tag = (language || "").toLowerCase().split(/[-_]/)[0];
  const found = { ...TEXTS[tag in TEXTS ? tag : "en"], lang: tag in TEXTS ? tag : "en" };
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

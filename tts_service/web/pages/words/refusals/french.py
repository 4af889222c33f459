"""What staff are refused, in French: by the English message, whose places `{0}`, `{1}` are filled."""

from __future__ import annotations

REFUSALS = {
    "This name and password don't belong together here.": "Ce nom et ce mot de passe ne vont pas ensemble.",
    "Passwords are not used here.": "Ici, on se connecte sans mot de passe.",
    "This link was used already, is too old or isn't ours: ask for another.": (
        "Ce lien a déjà servi, est trop ancien ou ne vient pas de nous : demandez-en un autre."
    ),
    "This invitation was used already, is too old or isn't ours: ask an admin for another.": (
        "Cette invitation a déjà servi, est trop ancienne ou ne vient pas de nous : demandez-en une "
        "autre à l’administration."
    ),
    "This account is shut out: ask an admin.": "L’accès à ce compte est bloqué : adressez-vous à l’administration.",
    "Nobody by this address works here: ask an admin for an invitation.": (
        "Personne ne travaille ici sous cette adresse : demandez une invitation à l’administration."
    ),
    "The issuer didn't let you in.": "Le service de connexion ne vous a pas laissé entrer.",
    "The issuer's answer can't be believed: begin again, or ask an admin to look into the log.": (
        "La réponse du service de connexion n’est pas fiable : recommencez, ou demandez à "
        "l’administration de regarder le journal."
    ),
    "This answer is not to a sign-in of this browser: begin again.": (
        "Cette réponse ne correspond à aucune connexion de ce navigateur : recommencez."
    ),
    "Nobody signs in elsewhere here: TTS_OIDC_ISSUER is not set.": (
        "Aucune connexion par un autre service ici : TTS_OIDC_ISSUER n’est pas défini."
    ),
    "The present password is another one.": "Le mot de passe actuel n’est pas celui-là.",
    "A password has {0} to {1} characters.": "Un mot de passe a de {0} à {1} caractères.",
    "This password is too easy to guess: take several words, and not your name.": (
        "Ce mot de passe est trop facile à deviner : prenez plusieurs mots, et pas votre nom."
    ),
    "A name has 1 to 200 characters, no blanks, quotes or angle brackets: an e-mail address.": (
        "Un nom a de 1 à 200 caractères, sans espaces, guillemets ni chevrons : une adresse e-mail."
    ),
    "A role is one of {0}.": "Ce rôle n’existe pas. Rôles possibles : {0}.",
    "There is somebody called {0} already.": "Il y a déjà quelqu’un du nom de {0}.",
    "There is nobody called {0} here.": "Il n’y a personne du nom de {0} ici.",
    "There is nobody with the id {0} here.": "Personne n’a ici l’identifiant {0}.",
    "This is the last admin: make somebody else one first.": (
        "C’est le dernier compte d’administration : donnez d’abord ce rôle à quelqu’un d’autre."
    ),
    "This is for admins.": "Ceci est réservé à l’administration.",
    "This form is not from this session: open the page again and send it from there.": (
        "Ce formulaire ne vient pas de cette session : rouvrez la page et envoyez-le de là."
    ),
    "This was sent from another site's page: send it from this service's own.": (
        "Ceci vient de la page d’un autre site : envoyez-le depuis une page de ce service."
    ),
    "Staff sign in over https: set TTS_PUBLIC_URL to the https:// address of this service.": (
        "La rédaction se connecte en https : donnez à TTS_PUBLIC_URL l’adresse https:// de ce service."
    ),
    "The form can't be read: send UTF-8.": "Le formulaire est illisible : envoyez de l’UTF-8.",
    "Name the revision by its number.": "Indiquez la révision par son numéro.",
    "A report is {0}; not {1}.": "Un signalement ne peut pas être {1}. États possibles : {0}.",
    "Clip {0} has no revision {1} that came after {2}.": (
        "Le clip {0} n’a pas de révision {1} postérieure à la révision {2}."
    ),
    "There is no report {0}.": "Il n’y a pas de signalement {0}.",
    "There is no event {0}.": "Il n’y a pas de webhook {0}.",
    "There is no delivery {0}.": "Il n’y a pas de rappel {0}.",
    "There is no clip {0}.": "Il n’y a pas de clip {0}.",
    "Clip {0} was withdrawn.": "Le clip {0} a été retiré.",
    "Site {0} has no articles here.": "Le site {0} n’a pas d’articles ici.",
    "Site {0} has no alarm.": "Le site {0} n’a pas d’alerte.",
    "There is nothing at {0}.": "Il n’y a rien à l’adresse {0}.",
    "Its hook isn't known: nothing says which site it is for.": (
        "Son hook est inconnu : rien ne dit de quel site il s’agit."
    ),
    "There is no body of it here: publish the article again in the CMS.": (
        "Le contenu n’est plus là : publiez à nouveau l’article dans le CMS."
    ),
    "The same event came again and was taken.": "Le même webhook est revenu et a été accepté.",
    "{0} is under way just now.": "{0} est en cours d’envoi.",
    "{0} is switched off ({1}): switch it on first.": "{0} est désactivé ({1}) : réactivez-le d’abord.",
    "At most {0} in {1} s: try again in {2} s.": "Au plus {0} en {1} s : réessayez dans {2} s.",
    "the signature is wrong": "la signature est fausse",
    "unsigned: no header {0}": "non signé : il manque l’en-tête {0}",
    "unsigned: Authorization has no bearer token": "non signé : Authorization ne contient pas de jeton Bearer",
    "too old: signed {0} s ago": "trop ancien : signé il y a {0} s",
    "from the future: signed {0} s ahead": "du futur : signé {0} s en avance",
    "{0} has the wrong form": "{0} n’a pas la bonne forme",
    "webhook-id or webhook-timestamp has the wrong form": "webhook-id ou webhook-timestamp n’a pas la bonne forme",
    "the time or the list of signed headers isn't signed": ("l’heure ou la liste des en-têtes signés n’est pas signée"),
    "The body is not UTF-8: byte {0} can't be read.": "Le contenu n’est pas en UTF-8 : l’octet {0} est illisible.",
    "The body is nested deeper than {0}.": "Le contenu est imbriqué sur plus de {0} niveaux.",
    "The body is not JSON: {0}.": "Le contenu n’est pas du JSON.",
}

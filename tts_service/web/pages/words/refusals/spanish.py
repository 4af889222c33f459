"""What staff are refused, in Spanish: by the English message, whose places `{0}`, `{1}` are filled."""

from __future__ import annotations

REFUSALS = {
    "This name and password don't belong together here.": "Este nombre y esta contraseña no se corresponden.",
    "Passwords are not used here.": "Aquí se inicia sesión sin contraseña.",
    "This link was used already, is too old or isn't ours: ask for another.": (
        "Este enlace ya se usó, es demasiado antiguo o no es nuestro: pida otro."
    ),
    "This invitation was used already, is too old or isn't ours: ask an admin for another.": (
        "Esta invitación ya se usó, es demasiado antigua o no es nuestra: pida otra a la administración."
    ),
    "This account is shut out: ask an admin.": "Esta cuenta no tiene acceso: diríjase a la administración.",
    "Nobody by this address works here: ask an admin for an invitation.": (
        "Nadie trabaja aquí con esa dirección: pida una invitación a la administración."
    ),
    "The issuer didn't let you in.": "El servicio de inicio de sesión no le dejó entrar.",
    "The issuer's answer can't be believed: begin again, or ask an admin to look into the log.": (
        "La respuesta del servicio de inicio de sesión no es fiable: empiece de nuevo o pida a la "
        "administración que mire el registro."
    ),
    "This answer is not to a sign-in of this browser: begin again.": (
        "Esta respuesta no es de un inicio de sesión de este navegador: empiece de nuevo."
    ),
    "Nobody signs in elsewhere here: TTS_OIDC_ISSUER is not set.": (
        "Aquí no se inicia sesión con otro servicio: TTS_OIDC_ISSUER no está definido."
    ),
    "The present password is another one.": "La contraseña actual es otra.",
    "A password has {0} to {1} characters.": "Una contraseña tiene de {0} a {1} caracteres.",
    "This password is too easy to guess: take several words, and not your name.": (
        "Esta contraseña es demasiado fácil de adivinar: use varias palabras, y no su nombre."
    ),
    "A name has 1 to 200 characters, no blanks, quotes or angle brackets: an e-mail address.": (
        "Un nombre tiene de 1 a 200 caracteres, sin espacios, comillas ni paréntesis angulares: un correo electrónico."
    ),
    "A role is one of {0}.": "Esa función no existe. Las posibles son: {0}.",
    "There is somebody called {0} already.": "Ya hay alguien que se llama {0}.",
    "There is nobody called {0} here.": "Aquí no hay nadie que se llame {0}.",
    "There is nobody with the id {0} here.": "Aquí no hay nadie con el identificador {0}.",
    "This is the last admin: make somebody else one first.": (
        "Es la última cuenta de administración: dé antes esa función a otra persona."
    ),
    "This is for admins.": "Esto es solo para la administración.",
    "This form is not from this session: open the page again and send it from there.": (
        "Este formulario no es de esta sesión: abra la página de nuevo y envíelo desde allí."
    ),
    "This was sent from another site's page: send it from this service's own.": (
        "Esto se envió desde la página de otro sitio: envíelo desde una página de este servicio."
    ),
    "Staff sign in over https: set TTS_PUBLIC_URL to the https:// address of this service.": (
        "La redacción inicia sesión por https: ponga en TTS_PUBLIC_URL la dirección https:// de este servicio."
    ),
    "The form can't be read: send UTF-8.": "El formulario no se puede leer: envíe UTF-8.",
    "Name the revision by its number.": "Indique la revisión con su número.",
    "A report is {0}; not {1}.": "Un aviso no puede ser {1}. Los estados posibles son: {0}.",
    "Clip {0} has no revision {1} that came after {2}.": ("El clip {0} no tiene una revisión {1} posterior a la {2}."),
    "There is no report {0}.": "No hay ningún aviso {0}.",
    "There is no event {0}.": "No hay ningún webhook {0}.",
    "There is no delivery {0}.": "No hay ninguna retrollamada {0}.",
    "There is no clip {0}.": "No hay ningún clip {0}.",
    "Clip {0} was withdrawn.": "El clip {0} se ha retirado.",
    "Site {0} has no articles here.": "El sitio {0} no tiene artículos aquí.",
    "Site {0} has no alarm.": "El sitio {0} no tiene ninguna alarma.",
    "There is nothing at {0}.": "No hay nada en {0}.",
    "Its hook isn't known: nothing says which site it is for.": "Su hook no se conoce: nada dice de qué sitio es.",
    "There is no body of it here: publish the article again in the CMS.": (
        "El contenido ya no está: publique el artículo de nuevo en el CMS."
    ),
    "The same event came again and was taken.": "El mismo webhook llegó otra vez y se aceptó.",
    "{0} is under way just now.": "{0} se está enviando en este momento.",
    "{0} is switched off ({1}): switch it on first.": "{0} está desactivada ({1}): actívela primero.",
    "At most {0} in {1} s: try again in {2} s.": "Como máximo {0} en {1} s: inténtelo de nuevo en {2} s.",
    "the signature is wrong": "la firma no es correcta",
    "unsigned: no header {0}": "sin firmar: falta la cabecera {0}",
    "unsigned: Authorization has no bearer token": "sin firmar: Authorization no lleva un token Bearer",
    "too old: signed {0} s ago": "demasiado antiguo: firmado hace {0} s",
    "from the future: signed {0} s ahead": "del futuro: firmado con {0} s de adelanto",
    "{0} has the wrong form": "{0} no tiene la forma correcta",
    "webhook-id or webhook-timestamp has the wrong form": ("webhook-id o webhook-timestamp no tiene la forma correcta"),
    "the time or the list of signed headers isn't signed": ("la hora o la lista de cabeceras firmadas no está firmada"),
    "The body is not UTF-8: byte {0} can't be read.": "El contenido no es UTF-8: el byte {0} no se puede leer.",
    "The body is nested deeper than {0}.": "El contenido tiene más de {0} niveles.",
    "The body is not JSON: {0}.": "El contenido no es JSON.",
}

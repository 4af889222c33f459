<?xml version="1.0" encoding="UTF-8"?>
<!-- Ein PLS-Dokument hat eine Sprache: die deutschen Einträge stehen darum für sich. -->
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" xmlns:tts="urn:tts-service:lexicon"
         alphabet="ipa" xml:lang="de">
  <lexeme tts:note="Betonung auf der dritten Silbe">
    <grapheme>Oberlinden</grapheme>
    <phoneme>ˌoːbɐˈlɪndən</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Lindenkogel</grapheme>
    <phoneme>ˈlɪndənˌkoːɡəl</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Amrein</grapheme>
    <alias>Amm-Rein</alias>
  </lexeme>
  <lexeme>
    <grapheme>Genf</grapheme>
    <grapheme>Genève</grapheme>
    <alias>Genf</alias>
  </lexeme>
  <lexeme tts:case-sensitive="false">
    <grapheme>E-Bike</grapheme>
    <grapheme>E-Bikes</grapheme>
    <alias>I-Beik</alias>
  </lexeme>
</lexicon>

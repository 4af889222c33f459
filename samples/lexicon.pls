<?xml version="1.0" encoding="UTF-8"?>
<!-- Names of the sample articles and a few words that voices stumble over. Import: tts-service lexicon import samples/lexicon.pls -->
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" xmlns:tts="urn:tts-service:lexicon"
         alphabet="ipa" xml:lang="en">
  <lexeme tts:note="The harbour town: stress on the first syllable">
    <grapheme>Port Ellery</grapheme>
    <phoneme>ˌpɔːt ˈɛləɹi</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Adeyemi</grapheme>
    <phoneme>ˌædɛˈjɛmi</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>Okafor</grapheme>
    <phoneme>oʊˈkɑːfɔː</phoneme>
    <example>Councillor Okafor asked for a second vote.</example>
  </lexeme>
  <lexeme>
    <grapheme>Piet Lammers</grapheme>
    <alias>Peet Lammers</alias>
  </lexeme>
  <lexeme tts:note="The parliament at the end of the Royal Mile">
    <grapheme>Holyrood</grapheme>
    <phoneme>ˈhɒlɪˌɹuːd</phoneme>
  </lexeme>
  <lexeme tts:case-sensitive="false">
    <grapheme>wi-fi</grapheme>
    <grapheme>wifi</grapheme>
    <alias>why fie</alias>
  </lexeme>
  <lexeme>
    <grapheme>HarbourCard</grapheme>
    <alias>Harbour Card</alias>
  </lexeme>
</lexicon>

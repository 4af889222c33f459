"""The Spanish sample article as it is said."""

from __future__ import annotations

from tests.parts.samples import said_of_sample


def test_nothing_in_the_sample_is_left_to_the_voice() -> None:
    said = said_of_sample("bibliobus-vuelve", "es")
    assert not any(character.isdigit() for character in said)
    assert "recorrerá veintiuna aldeas de la sierra" in said
    assert "siglo diecinueve, en tiempos de Alfonso doce" in said
    assert "se conservan doscientas treinta y una obras" in said
    assert "veinte céntimos por día de retraso" in said
    assert "en el teléfono quinientos cincuenta y cinco cero uno" in said
    assert "hasta el treinta y uno de diciembre de dos mil treinta" in said
    assert "doscientas novelas y treinta y un diccionarios" in said
    assert said.endswith("en el minuto noventa más cuatro y jugará en segunda división comarcal.")

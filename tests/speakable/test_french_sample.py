"""The French sample article as it is said."""

from __future__ import annotations

from tests.parts.samples import said_of_sample


def test_nothing_in_the_sample_is_left_to_the_voice() -> None:
    said = said_of_sample("phare-rallume", "fr")
    assert not any(character.isdigit() for character in said)
    assert "se rallume le premier mai" in said
    assert "de nouveau la baie vendredi à vingt et une heures trente" in said
    assert "deux virgule quatre millions d'euros, soit huit pour cent" in said
    assert "Construit au dix-neuvième siècle, sous le Second Empire, puis rehaussé de quatre mètres cinquante" in said
    assert "pour la première saison, logé au deuxième étage" in said
    assert said.endswith("les Bleus l'avaient emporté trois à un.")

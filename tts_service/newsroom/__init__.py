"""What a newsroom decides: its sites and their options, its pronunciations, and PLS files to exchange them."""

"""What a clip says of its making: one record, from which every disclosure is made, signed into the file."""

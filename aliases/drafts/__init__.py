"""What a draft says: its content as the catalogue has it, its contradictions, and its differences in words."""

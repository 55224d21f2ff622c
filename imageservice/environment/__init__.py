"""The variables of the environment: declared once, read with types."""

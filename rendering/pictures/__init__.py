"""Originals and derivatives: finding, reading, keying, keeping; and the focus of an original."""

"""Originals and derivatives: found, read, keyed, rendered and stored. Also the focus of an original."""

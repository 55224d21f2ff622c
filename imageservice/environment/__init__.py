"""Environment variables: each declared once, read and validated by its kind."""

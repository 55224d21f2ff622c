"""Kinds of fields: columns, the form fields that read what is typed into them, and how a value is shown."""

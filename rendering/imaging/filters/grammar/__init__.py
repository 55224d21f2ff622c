"""How filters are declared, read from text and written: the registry and the types of arguments."""

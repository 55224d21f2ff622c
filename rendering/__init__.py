"""The data plane: from a URL to a picture. It never touches the database."""

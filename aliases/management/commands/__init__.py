"""One module a command; what each prints is for people, and errors are sentences."""

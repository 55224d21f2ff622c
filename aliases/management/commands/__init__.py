"""One module for each command. They print for people, and their errors are sentences."""

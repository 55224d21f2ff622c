"""What each format's files say of themselves, read from their bytes before a reader opens them, and what is refused."""

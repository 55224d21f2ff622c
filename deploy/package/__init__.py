"""The zip that runs on Lambda: what goes in, how it is built, with which zlib."""

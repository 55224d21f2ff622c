"""The project: settings, URLs, and the entry points for servers, Lambda and commands."""

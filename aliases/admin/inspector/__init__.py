"""The admin's page on which any URL is inspected, and what can be done there."""

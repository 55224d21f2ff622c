"""What all pages of the admin share: error pages, request bodies, and keeping what was typed."""

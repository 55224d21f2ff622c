"""What all pages of the admin share: error pages, request bodies, forms that are held."""

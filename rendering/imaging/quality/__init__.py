"""Visual quality: how alike two pictures look, and the lowest quality that keeps them so."""

"""Papers, their blueprints and pools, as people may see them."""

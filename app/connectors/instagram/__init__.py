"""Instagram profiles linked to a page: containers laid ready, published, found again, and their numbers."""

"""The faces of articles: reading, commenting, the feed; writing and editing at the desk."""

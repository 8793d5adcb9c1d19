"""Chinese official prose to numeric claims. No Django."""

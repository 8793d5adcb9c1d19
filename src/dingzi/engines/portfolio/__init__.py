"""Which items a budget takes: projects of a plan, items of a zero-based budget."""

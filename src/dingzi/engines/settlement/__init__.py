"""What a health fund owes each medical alliance at the end of a year: global budgets settled."""

"""Who is awarded what in a round of volume-based bidding, under a rule book given as data."""

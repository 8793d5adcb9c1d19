"""What is worth a look in numbers: each screen with its false-alarm rate. It accuses nobody."""

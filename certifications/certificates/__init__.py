"""What a certificate is as a thing: its number, its words, its sheet, its PDF and its badge;
whether there is one is left to `cycles` and `awarding`."""

"""Who is to earn a certification: one person or many, by rule or by hand, and what they answer;
what a round then asks is left to `cycles`."""

"""Who is to earn a certification: one person or many, by rule or by hand, and what they answer;
what a cycle then asks is left to `cycles`."""

"""What earlier states of the product stored, kept for ever; today's code migrates and uses it."""

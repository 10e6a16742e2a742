"""What an app can offer, and who offers what; what it offers is left to each app."""

"""Whether what the product stands on answers, and the figures of what waits; what each app asks is
left to what it offers."""

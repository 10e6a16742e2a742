"""What pages of the administration are made of: acts, choices, filters, histories and lists; what
they administer is left to the modules beside this room."""

"""What people earn: certifications and their rounds, certificates and the public check; how they
showed what they can is left to who stands beside and below."""

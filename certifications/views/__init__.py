"""The pages of certifications and certificates: each fetches what its user may see, calls one
function, and shows or leads on."""

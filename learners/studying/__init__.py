"""Where somebody stands in what they learn and what follows from it: the study status, places,
programmes, points, terms and what is expected now; how they got in is left to `enrolling`."""

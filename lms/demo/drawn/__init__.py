"""Small real files that the demo draws itself: hand-outs, pictures, papers and a film; who gets
them is left to `chapters`."""

"""The product as a whole: walks through all of its pages, in every look and language."""

"""Tests of assignments, work and reviews."""

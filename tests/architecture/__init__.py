"""Tests of how the program is built: layers, start-up cost, sizes, seams."""

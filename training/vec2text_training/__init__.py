"""Trains and exports the models of vec2text for the JVM, one small set per embedding space."""

"""Every chat provider behind one protocol: a folder each, of the same five files."""

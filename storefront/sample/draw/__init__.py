"""The sample shop's pictures, drawn in code: garments as shaded outlines, lit from the upper left, on warm paper.

Coordinates are units of a frame 1000 wide and 1250 high, whatever the size of the picture that comes out.
"""

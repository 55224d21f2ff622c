"""Everything that relies on how Pillow works inside, or on what its readers raise.

Each function names the file of Pillow 13.0 that it relies on, and a test in tests/rendering/imaging/pillow fails if
Pillow changes there. No other module touches a private attribute of Pillow.
"""

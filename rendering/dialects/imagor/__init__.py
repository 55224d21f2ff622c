"""URLs of imagor, for those who move from it: Thumbor's slots and more, and filters that mean other things.

`url` reads a URL, by its parts as `slots` finds them; `filters` turns imagor's filters into those of this service, and
`overlays` those that lay pictures and text over another.
"""

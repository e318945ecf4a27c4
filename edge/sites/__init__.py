"""Site profiles: everything the program knows about a site is in one file each."""

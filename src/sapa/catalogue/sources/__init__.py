"""Where the catalogue comes from: one folder per kind of source, each with the face of `base.Reader`."""

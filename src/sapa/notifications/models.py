"""Telling officers and clients: in the page, by e-mail, by web push."""
